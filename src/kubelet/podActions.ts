/**
 * What a sync has to do for a Pod: which containers to kill, whether a sandbox is needed, which containers to start.
 * Invariant: reads only; decides on what the kubelet has seen, not on what the runtime may know by now.
 * Counterpart: computePodActions of k8s.io/kubernetes/pkg/kubelet/kuberuntime.
 */
import type { Container, Pod } from '../api/schema/types/core/v1.ts';
import type { ContainerRecord } from '../runtime/container.ts';
import { isRegularInit, restarts, restartsAll, seenExited, type ContainerKind } from './containers.ts';
import { isSidecar } from './lifecycle/resources.ts';
import { resizeOf, type Resize } from './resize.ts';
import type { Action, PodState } from './state.ts';
import { resultKey } from './status/containerStatus.ts';

export function podActions(pod: Pod, state: PodState, cacheAtMs: number): readonly Action[] {
  if (state.sandbox?.ready !== true) return freshSandbox(pod, state, cacheAtMs);
  const view = { pod, state, cacheAtMs, sandbox: state.sandbox.attempt };
  if (wantsRestartOfAll(view)) return [{ do: 'restartAll' }];
  const plan: Action[] = [];
  for (const container of pod.spec?.ephemeralContainers ?? []) {
    if (seen(view, container) === undefined) plan.push({ do: 'start', container: container.name, gate: false });
  }
  if (!initActions(view, plan)) return plan;
  let kept = 0;
  // Amounts that the node has set aside are given before containers start.
  const resize = state.resizing === null ? undefined : resizeOf(pod, state);
  if (resize !== undefined) plan.push({ do: 'resize' });
  for (const container of pod.spec?.containers ?? []) if (containerActions(view, container, 'main', plan, resize)) kept++;
  if (kept === 0 && !plan.some((action) => action.do === 'start')) return [{ do: 'killPod' }];
  return plan;
}

/** A rule of a container that ended asks for all containers to start again, the init containers first. */
function wantsRestartOfAll(view: View): boolean {
  return [...(view.pod.spec?.initContainers ?? []), ...(view.pod.spec?.containers ?? [])].some((container) => {
    const record = seen(view, container);
    return record !== undefined && seenExited(record, view.cacheAtMs) && restartsAll(container, record.exit?.exitCode ?? 0);
  });
}

interface View {
  readonly pod: Pod;
  readonly state: PodState;
  readonly cacheAtMs: number;
  readonly sandbox: number;
}

/** The newest start of the container that the kubelet has seen in this sandbox. */
function seen(view: View, container: Pick<Container, 'name'>): ContainerRecord | undefined {
  return view.state.records.find(
    (record) => record.name === container.name && record.sandbox === view.sandbox && record.createdAtMs <= view.cacheAtMs,
  );
}

/** Without a sandbox everything begins anew, with the first init container. */
function freshSandbox(pod: Pod, state: PodState, cacheAtMs: number): readonly Action[] {
  const plan: Action[] = [{ do: 'sandbox' }];
  const [first] = pod.spec?.initContainers ?? [];
  if (first !== undefined) return [...plan, { do: 'start', container: first.name, gate: !isSidecar(first) }];
  for (const container of pod.spec?.containers ?? []) {
    const before = state.records.find((record) => record.name === container.name);
    if (before !== undefined && before.exit !== null && seenExited(before, cacheAtMs) && !restarts(pod, container, before.exit.exitCode)) {
      continue;
    }
    plan.push({ do: 'start', container: container.name, gate: false });
  }
  return plan;
}

/** Plans the init containers; true if the regular containers' turn has come. */
function initActions(view: View, plan: Action[]): boolean {
  const { pod, state } = view;
  const begun = (pod.spec?.containers ?? []).some((container) => seen(view, container) !== undefined);
  const inits = pod.spec?.initContainers ?? [];
  for (const [index, container] of inits.entries()) {
    if (isSidecar(container)) {
      const isUp = containerActions(view, container, 'init', plan);
      if (begun) continue;
      const later = inits.slice(index + 1).some((other) => seen(view, other) !== undefined);
      if (!later && !(isUp && hasStarted(state, container, seen(view, container)))) return false;
      continue;
    }
    if (begun) continue;
    const record = seen(view, container);
    if (record?.exit?.exitCode === 0 && seenExited(record, view.cacheAtMs)) continue;
    containerActions(view, container, 'init', plan);
    return false;
  }
  return true;
}

function hasStarted(state: PodState, container: Container, record: ContainerRecord | undefined): boolean {
  return container.startupProbe === undefined || (record !== undefined && state.results[resultKey('startup', record.id)] === 'success');
}

/** Plans one container; true if it runs and is left alone. */
function containerActions(view: View, container: Container, kind: ContainerKind, plan: Action[], resize?: Resize): boolean {
  const { pod, cacheAtMs } = view;
  const record = seen(view, container);
  const start: Action = { do: 'start', container: container.name, gate: isRegularInit(container, kind) };
  if (record === undefined) {
    plan.push(start);
    return false;
  }
  if (seenExited(record, cacheAtMs)) {
    if (restarts(pod, container, record.exit?.exitCode ?? 0)) plan.push(start);
    return false;
  }
  const reason = killReason(view, container, record, resize);
  if (reason === undefined) return true;
  const again = reason.always || restarts(pod, container, 1);
  const named = kind === 'init' ? `Init container ${container.name}` : `Container ${container.name}`;
  const message = `${named} ${reason.text}${again && kind === 'main' && reason.silent !== true ? ', will be restarted' : ''}`;
  plan.push({ do: 'kill', container: container.name, message, graceSeconds: reason.graceSeconds });
  if (again) plan.push(start);
  return false;
}

interface KillReason {
  readonly text: string;
  /** The container starts again whatever its policy. */
  readonly always: boolean;
  readonly graceSeconds: number | null;
  /** The event does not say that it starts again. */
  readonly silent?: boolean;
}

function killReason({ state }: View, container: Container, record: ContainerRecord, resize: Resize | undefined): KillReason | undefined {
  if (record.image !== (container.image ?? '')) return { text: 'definition changed', always: true, graceSeconds: null };
  for (const type of ['liveness', 'startup'] as const) {
    if (state.results[resultKey(type, record.id)] !== 'failure') continue;
    const probe = type === 'liveness' ? container.livenessProbe : container.startupProbe;
    return { text: `failed ${type} probe`, always: false, graceSeconds: probe?.terminationGracePeriodSeconds ?? null };
  }
  if (resize?.restarts.includes(container.name) === true)
    return { text: 'resize requires restart', always: true, silent: true, graceSeconds: null };
  return undefined;
}
