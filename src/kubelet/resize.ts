import type { Container, Node, Pod, ResourceRequirements } from '../api/schema/types/core/v1.ts';
import type { Kubelet } from './kubelet.ts';
import { insufficient } from './lifecycle/admission.ts';
import { accumulate, podRequests } from './lifecycle/resources.ts';
import type { NodeState, PodState } from './state.ts';

/** A change of resources that the runtime has not applied yet. */
export interface Resize {
  /** Containers that ask to be restarted for it: they have the new amounts when they have started again. */
  readonly restarts: readonly string[];
  /** What the others get as they run. */
  readonly applied: Readonly<Record<string, string>>;
}

/** A resize that the node has set the amounts aside for, until all containers have them. */
export interface OngoingResize {
  readonly generation: number;
  /** The texts of the events carry the new resources as JSON. */
  readonly text: string;
}

/**
 * Looks at the Pod's resize before a sync: it begins if the node has room, waits if not, and is over when every container has what
 * the spec says. Worked example: memory grows and asks for a restart; ResizeStarted, then Killing and Started, then ResizeCompleted.
 */
export function reviewResize(kubelet: Kubelet, state: PodState): void {
  const pod = kubelet.pod(state);
  const { resizing } = state;
  if (resizeOf(pod, state) === undefined) {
    // What was taken back does not wait any more.
    state.deferredResize = null;
    if (resizing === null) return;
    state.resizing = null;
    kubelet.event(state, 'Normal', 'ResizeCompleted', `Pod resize completed: ${resizing.text}`);
    return retryResizes(kubelet, state.node);
  }
  const generation = pod.metadata.generation ?? 1;
  if (resizing?.generation === generation) return;
  const node = kubelet.node(state.node);
  const refusal = resizeRefusal(pod, state, node, kubelet.nodeObject(state.node));
  if (refusal !== undefined) {
    if (state.deferredResize === refusal) return;
    state.deferredResize = refusal;
    return kubelet.event(state, 'Warning', 'ResizeDeferred', `Pod resize Deferred: ${resizeText(pod, refusal)}`);
  }
  allocateResize(pod, state, node);
  state.deferredResize = null;
  state.resizing = { generation, text: resizeText(pod, undefined) };
  kubelet.event(state, 'Normal', 'ResizeStarted', `Pod resize started: ${state.resizing.text}`);
}

/**
 * Why the node cannot carry out a resize now: its other Pods leave too little. Undefined if it can.
 * Example: 4 CPU, other Pods 3; a Pod of 500m that wants 2 waits, one that wants 1 does not.
 */
function resizeRefusal(pod: Pod, state: PodState, node: NodeState, object: Node | undefined): string | undefined {
  const others = { ...node.used };
  accumulate(others, state.requests, -1);
  return object === undefined ? undefined : insufficient(object, podRequests(pod), others)?.message;
}

/** The resize is carried out: from now on the node sets the new amounts aside. */
function allocateResize(pod: Pod, state: PodState, node: NodeState): void {
  accumulate(node.used, state.requests, -1);
  state.requests = podRequests(pod);
  accumulate(node.used, state.requests, 1);
}

/** Room has come free on a node: resizes that waited are tried again. */
export function retryResizes(kubelet: Kubelet, node: string): void {
  for (const other of kubelet.podsOf(node)) if (other.deferredResize !== null) kubelet.requestSync(other);
}

/** The resources that a container has while a resize of its Pod waits or goes on; undefined if it has those of the spec. */
export function actualResources(state: PodState, container: string): ResourceRequirements | undefined {
  const text = state.deferredResize === null && state.resizing === null ? undefined : state.resized[container];
  return text === undefined ? undefined : (JSON.parse(text) as ResourceRequirements);
}

/** A container was started: it has what its Pod's resize gives it. */
export function applyResources(state: PodState, pod: Pod, { name, resources }: Container): void {
  if (Object.keys(state.resized).length === 0) state.resized = appliedResources(pod);
  else if (state.resizing !== null && state.resized[name] !== undefined) state.resized[name] = describe(resources);
}

/** Undefined if every running container has the resources of the spec. */
export function resizeOf(pod: Pod, state: PodState): Resize | undefined {
  const restarts: string[] = [];
  const applied: Record<string, string> = {};
  let changed = false;
  for (const container of pod.spec?.containers ?? []) {
    const wanted = describe(container.resources);
    const before = state.resized[container.name];
    if (before === undefined || before === wanted) continue;
    changed = true;
    const differs = (name: string): boolean => part(before, name) !== part(wanted, name);
    if (
      (container.resizePolicy ?? []).some(
        ({ resourceName, restartPolicy }) => restartPolicy === 'RestartContainer' && differs(resourceName),
      )
    ) {
      restarts.push(container.name);
    } else applied[container.name] = wanted;
  }
  return changed ? { restarts, applied } : undefined;
}

/** Whether a resize that goes on has the container started again. */
export function restartsForResize(pod: Pod, state: PodState, container: string): boolean {
  return state.resizing !== null && resizeOf(pod, state)?.restarts.includes(container) === true;
}

/** What events about a resize say of it. @param error why it has to wait */
function resizeText(pod: Pod, error: string | undefined): string {
  const containers = (pod.spec?.containers ?? []).map(({ name, resources }) => ({ name, resources: sorted(resources) }));
  return JSON.stringify({ containers, generation: pod.metadata.generation ?? 1, error });
}

/** What the containers were started with. Only kept for Pods whose containers have resources: others cannot be resized in place. */
function appliedResources(pod: Pod): Record<string, string> {
  return Object.fromEntries(
    (pod.spec?.containers ?? [])
      .filter(({ resources }) => resources?.requests !== undefined)
      .map(({ name, resources }) => [name, describe(resources)]),
  );
}

function describe(resources: ResourceRequirements | undefined): string {
  return JSON.stringify(sorted(resources));
}

function sorted(resources: ResourceRequirements | undefined): {
  readonly limits?: Record<string, string>;
  readonly requests?: Record<string, string>;
} {
  const order = (list: Readonly<Record<string, string>> | undefined): Record<string, string> | undefined =>
    list === undefined ? undefined : Object.fromEntries(Object.entries(list).sort(([a], [b]) => (a < b ? -1 : 1)));
  const limits = order(resources?.limits);
  const requests = order(resources?.requests);
  return { ...(limits === undefined ? {} : { limits }), ...(requests === undefined ? {} : { requests }) };
}

/** One resource's request and limit out of a description. */
function part(description: string, name: string): string {
  const { limits, requests } = JSON.parse(description) as {
    readonly limits?: Record<string, string>;
    readonly requests?: Record<string, string>;
  };
  return `${limits?.[name] ?? ''}/${requests?.[name] ?? ''}`;
}
