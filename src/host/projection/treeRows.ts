/**
 * The rows of the tree, each made of the objects it shows when it comes into a window.
 */
import type { Container, ContainerState, ContainerStatus, Node, Pod } from '../../api/schema/types/core/v1.ts';
import { milliValue, value } from '../../apimachinery/quantity/quantity.ts';
import { parseTime } from '../../apimachinery/meta/time.ts';
import type { ContainerRow, GroupRow, NodeRow, PodRow, RowPlace, Tone } from '../protocol/view.ts';
import { controllerOf, type GroupName } from './groups.ts';
import { isSidecar, summarise } from './podSummary.ts';
import type { Tally } from './order.ts';

const CONTROL_PLANE_LABEL = 'node-role.kubernetes.io/control-plane';
const ZONE_LABEL = 'topology.kubernetes.io/zone';
const UNREACHABLE = 'node.kubernetes.io/unreachable';
const NOT_READY = 'node.kubernetes.io/not-ready';

/** @param fault the type of the fault that is on the node */
export function nodeRow(place: RowPlace, node: Node | undefined, name: string, pods: Iterable<Pod>, fault: string | undefined): NodeRow {
  const labels = node?.metadata.labels ?? {};
  const controlPlane = labels[CONTROL_PLANE_LABEL] !== undefined;
  const ready = node?.status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
  const cordoned = node?.spec?.unschedulable === true;
  const zone = labels[ZONE_LABEL];
  const taint = node?.spec?.taints?.find(({ key, effect }) => effect === 'NoExecute' && (key === UNREACHABLE || key === NOT_READY));
  const since = taint?.timeAdded === undefined ? undefined : parseTime(taint.timeAdded);
  const sums = usage(pods, taint?.key ?? '');
  const allocatable = node?.status?.allocatable ?? {};
  return {
    ...place,
    type: 'node',
    ref: { apiVersion: 'v1', kind: 'Node', namespace: '', name },
    name,
    tone: nodeTone(node, ready, cordoned),
    status: node === undefined ? 'Deleted' : `${ready ? 'Ready' : 'NotReady'}${cordoned ? ',SchedulingDisabled' : ''}`,
    detail: [controlPlane ? 'control plane' : '', zoneText(zone)].filter((part) => part !== '').join(' · '),
    unreachableSince: since,
    evictsAt: since === undefined || sums.tolerationMs === undefined ? undefined : since + sums.tolerationMs,
    cordoned,
    fault,
    controlPlane,
    cpu: { requested: sums.cpu, used: undefined, capacity: milliValue(allocatable['cpu']) },
    memory: { requested: sums.memory, used: undefined, capacity: value(allocatable['memory']) },
    pods: { requested: sums.pods, used: undefined, capacity: value(allocatable['pods']) },
  };
}

/** `zone a`; many zones have the word in their name. */
function zoneText(zone: string | undefined): string {
  if (zone === undefined) return '';
  return zone.startsWith('zone') ? zone : `zone ${zone}`;
}

function nodeTone(node: Node | undefined, ready: boolean, cordoned: boolean): Tone {
  if (node === undefined) return 'error';
  // Before the first heartbeat a node is on its way, not broken.
  if (!ready) return (node.status?.conditions ?? []).length === 0 ? 'busy' : 'error';
  return cordoned ? 'warn' : 'ok';
}

function usage(pods: Iterable<Pod>, taint: string): { cpu: number; memory: number; pods: number; tolerationMs: number | undefined } {
  const sums: { cpu: number; memory: number; pods: number; tolerationMs: number | undefined } = {
    cpu: 0,
    memory: 0,
    pods: 0,
    tolerationMs: undefined,
  };
  for (const pod of pods) {
    const { cpu, memory, finished } = summarise(pod);
    if (finished) continue;
    sums.cpu += cpu;
    sums.memory += memory;
    sums.pods++;
    if (taint === '' || pod.metadata.deletionTimestamp !== undefined) continue;
    const seconds = pod.spec?.tolerations?.find(({ key }) => key === taint)?.tolerationSeconds;
    if (seconds !== undefined) sums.tolerationMs = Math.min(sums.tolerationMs ?? Number.POSITIVE_INFINITY, seconds * 1000);
  }
  return sums;
}

export function groupRow(place: RowPlace, group: GroupName, members: number, tally: Readonly<Tally>): GroupRow {
  const wanted = members - tally.finished - tally.leaving;
  return {
    ...place,
    type: 'group',
    ref: group.ref,
    name: group.name,
    detail: group.ref === undefined || group.ref.kind === 'Namespace' ? '' : `${group.ref.kind} · ${group.ref.namespace}`,
    tone: tally.failing > 0 ? 'error' : tally.ready === wanted ? 'ok' : 'busy',
    status: wanted === 0 && tally.leaving > 0 ? 'terminating' : `${tally.ready}/${wanted} ready`,
  };
}

/** @param sameDetail the Pod above says the same: it need not be said again */
export function podRow(place: RowPlace, pod: Pod, sameDetail: boolean): PodRow {
  const { name, namespace, creationTimestamp } = pod.metadata;
  const summary = summarise(pod);
  return {
    ...place,
    type: 'pod',
    ref: { apiVersion: 'v1', kind: 'Pod', namespace: namespace ?? '', name: name ?? '' },
    name: name ?? '',
    tone: summary.tone,
    status: summary.status,
    ready: summary.ready,
    restarts: summary.restarts,
    reason: summary.detail,
    detail: sameDetail && summary.detail !== '' ? 'same reason' : summary.detail,
    nodeName: pod.spec?.nodeName ?? '',
    podIP: pod.status?.podIP ?? '',
    createdAt: creationTimestamp === undefined ? 0 : parseTime(creationTimestamp),
    bare: controllerOf(pod) === undefined,
  };
}

export interface PodContainer {
  readonly name: string;
  readonly role: ContainerRow['role'];
  readonly image: string;
}

export function containersOf(pod: Pod): readonly PodContainer[] {
  const { spec } = pod;
  const from = (list: readonly Container[] | undefined, role: (container: Container) => ContainerRow['role']): readonly PodContainer[] =>
    (list ?? []).map((container) => ({ name: container.name, role: role(container), image: container.image ?? '' }));
  const ephemeral = (spec?.ephemeralContainers ?? []).map(({ name, image }): PodContainer => ({
    name,
    role: 'ephemeral',
    image: image ?? '',
  }));
  return [
    ...from(spec?.initContainers, (container) => (isSidecar(container) ? 'sidecar' : 'init')),
    ...from(spec?.containers, () => 'container'),
    ...ephemeral,
  ];
}

/** How many rows `containersOf` gives, without making them. */
export function containerCount(pod: Pod): number {
  const { spec } = pod;
  return (spec?.initContainers?.length ?? 0) + (spec?.containers.length ?? 0) + (spec?.ephemeralContainers?.length ?? 0);
}

export function containerRow(place: RowPlace, pod: Pod, container: PodContainer): ContainerRow {
  const own = statusOfContainer(pod, container.name);
  const { tone, text } = containerState(own);
  const { name, namespace } = pod.metadata;
  return {
    ...place,
    type: 'container',
    ref: { apiVersion: 'v1', kind: 'Pod', namespace: namespace ?? '', name: name ?? '' },
    name: container.name,
    role: container.role,
    tone,
    status: text,
    image: container.image,
    restarts: own?.restartCount ?? 0,
  };
}

export function statusOfContainer({ status }: Pod, container: string): ContainerStatus | undefined {
  const all = [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ];
  return all.find(({ name }) => name === container);
}

/** How a container is, in a word. */
export function containerState(status: ContainerStatus | undefined): { readonly tone: Tone; readonly text: string } {
  const state: ContainerState = status?.state ?? {};
  if (state.running !== undefined)
    return status?.ready === true ? { tone: 'ok', text: 'Running' } : { tone: 'idle', text: 'Running, not ready' };
  if (state.terminated !== undefined) {
    const { exitCode, reason } = state.terminated;
    return { tone: exitCode === 0 ? 'idle' : 'error', text: `${reason ?? 'Terminated'} (exit ${exitCode})` };
  }
  const reason = state.waiting?.reason ?? '';
  if (reason === '' || reason === 'ContainerCreating' || reason === 'PodInitializing')
    return { tone: 'busy', text: reason === '' ? 'Waiting' : reason };
  return { tone: 'error', text: reason };
}
