import { concernsPod } from '../../api/kubepad/fault/match.ts';
import type { Fault, FaultType } from '../../api/kubepad/types.ts';
import { isRunning } from '../../runtime/container.ts';
import type { Change } from '../../client/watchCursor.ts';
import { findContainer, newest } from '../containers.ts';
import type { KubeletHost } from '../kubelets.ts';
import type { PodState } from '../state.ts';
import { faultsOn, plannedExit } from './podFaults.ts';

const OF_NODES: ReadonlySet<FaultType> = new Set(['ComponentDown', 'DiskPressure', 'NodeDown', 'NodeShutdown', 'Partition', 'ZoneDown']);
/** These change when running containers end. */
const OF_RUNNING: readonly FaultType[] = ['CrashLoop', 'MemoryLeak'];

/** A fault began, ended or was changed: whoever feels it is told. */
export function onFaultChange(host: KubeletHost, change: Pick<Change, 'type' | 'object'>): void {
  const felt = host.faults.apply(change);
  if (change.type === 'DELETED') host.hits.forget(change.object.metadata.uid ?? '');
  if (felt === undefined) return;
  const types = [felt.before?.spec?.type, felt.after?.spec?.type];
  if (types.some((type) => type !== undefined && OF_NODES.has(type))) host.keeper.onFault(felt);
  if (!types.some((type) => type !== undefined && OF_RUNNING.includes(type))) return;
  const concerned = (fault: Fault | undefined, state: Readonly<PodState>): boolean => {
    const namespace = fault?.spec?.target?.pods?.namespace;
    if (fault === undefined || (namespace !== undefined && namespace !== state.namespace)) return false;
    return concernsPod(fault, host.pod(state as PodState));
  };
  for (const pod of host.everyPod()) {
    if (pod.work !== 'syncing' || !(concerned(felt.before, pod) || concerned(felt.after, pod))) continue;
    const state = host.state(pod.uid);
    if (state !== undefined) replan(host, state);
  }
}

/** The ends of running containers are planned anew. A container that is being stopped ends as it was told. */
function replan(host: KubeletHost, state: PodState): void {
  const pod = host.pod(state);
  if (state.step?.kind === 'run' && state.step.wait?.for === 'kill') return;
  const nowMs = host.now();
  let changed = false;
  for (const name of new Set(state.records.map((record) => record.name))) {
    const record = newest(state, name);
    const container = findContainer(pod, name)?.spec;
    if (record === undefined || container === undefined || !isRunning(record, nowMs)) continue;
    for (const type of OF_RUNNING) for (const fault of faultsOn(host, type, pod, container)) host.hit(fault, pod);
    const exit = plannedExit(host, pod, container, record);
    if (exit?.atMs === record.exit?.atMs && exit?.exitCode === record.exit?.exitCode) continue;
    record.exit = exit;
    changed = true;
  }
  if (changed) host.requestSync(state);
}
