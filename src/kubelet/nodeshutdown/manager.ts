/**
 * A machine that is shut down in order: its kubelet says so, takes no Pods any more, and ends those that run, the important ones last.
 * Invariant: the machine goes off when all Pods have ended or their time is over, and not before.
 * Counterpart: k8s.io/kubernetes/pkg/kubelet/nodeshutdown.
 */
import type { Fault } from '../../api/kubepad/types.ts';
import { configurationOf } from '../eviction/settings.ts';
import { failedFastStatus } from '../fast.ts';
import type { KubeletHost } from '../kubelets.ts';
import type { Refusal } from '../lifecycle/admission.ts';
import { terminate } from '../podWorkers.ts';
import type { KillReason, NodeState, PodState } from '../state.ts';
import { isTerminal } from '../status/generate.ts';
import { updateStatus } from '../status/manager.ts';
import { groupOf, shutdownGroups } from './groups.ts';

const TERMINATED: KillReason = {
  reason: 'Terminated',
  message: 'Pod was terminated in response to imminent node shutdown.',
};
const NOT_ADMITTED: Refusal = { reason: 'NodeShutdown', message: 'Pod was rejected as the node is shutting down.' };
const POLL_MS = 1_000;

/** Why a node that is shutting down takes no Pod. */
export function refusedByShutdown({ shutdown }: NodeState): Refusal | undefined {
  return shutdown === null ? undefined : NOT_ADMITTED;
}

export function beginShutdown(host: KubeletHost, node: NodeState, { spec }: Fault): void {
  node.shutdown = { groups: shutdownGroups(spec, configurationOf(host, host.nodeObject(node.name))), index: -1, untilMs: 0, done: false };
  host.nodeEvent(node.name, 'Normal', 'NodeShutdown', 'Shutdown manager detected shutdown event');
  host.keeper.reportReadiness(node);
  if (node.mode === 'fast') endFastPods(host, node);
  continueShutdown(host, node.name);
}

/** The wish was taken back before the machine went off. What was ended stays ended. */
export function cancelShutdown(host: KubeletHost, node: NodeState): void {
  node.shutdown = null;
  host.nodeEvent(node.name, 'Normal', 'NodeShutdown', 'Shutdown manager detected shutdown cancellation');
  host.keeper.reportReadiness(node);
}

/** One look: goes over to the next group of Pods when the one before has ended or its time is over. */
export function continueShutdown(host: KubeletHost, name: string): void {
  const node = host.findNode(name);
  const shutdown = node?.shutdown ?? null;
  if (node === undefined || shutdown === null || shutdown.done || node.down) return;
  const nowMs = host.now();
  // A kubelet that does not run holds nothing up.
  if (node.link !== 'stopped') {
    while (shutdown.index < shutdown.groups.length) {
      const waits = nowMs < shutdown.untilMs && podsOfGroup(host, node, shutdown.index).length > 0;
      if (waits) {
        host.scheduleOwn('shutdown', Math.min(nowMs + POLL_MS, shutdown.untilMs), { node: name }, false);
        return;
      }
      shutdown.index++;
      const group = shutdown.groups[shutdown.index];
      if (group === undefined) continue;
      shutdown.untilMs = nowMs + group.seconds * 1000;
      for (const state of podsOfGroup(host, node, shutdown.index)) end(host, state, group.seconds);
    }
  }
  shutdown.done = true;
  host.keeper.reviewNode(name);
}

function podsOfGroup(host: KubeletHost, node: NodeState, index: number): readonly PodState[] {
  const groups = node.shutdown?.groups ?? [];
  return host
    .podsOf(node.name)
    .filter((state) => state.work !== 'finished' && groupOf(groups, host.pod(state).spec?.priority ?? 0) === index);
}

/** The Pod fails at once, and gets the shorter of its own grace period and its group's. */
function end(host: KubeletHost, state: PodState, seconds: number): void {
  if (state.work !== 'syncing') return;
  state.killed = TERMINATED;
  updateStatus(host, state, state.cacheAtMs, false);
  state.graceSeconds = Math.min(host.pod(state).spec?.terminationGracePeriodSeconds ?? seconds, seconds);
  terminate(host, state);
}

function endFastPods(host: KubeletHost, node: NodeState): void {
  for (const pod of host.clientOf('').podsOnNode(node.name)) {
    if (isTerminal(pod.status?.phase) || pod.metadata.deletionTimestamp !== undefined) continue;
    const { namespace = '', name = '' } = pod.metadata;
    host.writePodStatus(node.name, namespace, name, failedFastStatus(pod, TERMINATED, host.now()));
  }
}
