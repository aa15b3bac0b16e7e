/**
 * A kubelet that loses its API server and finds it again. Until then it goes on with the Pods as it saw them last, and keeps what it
 * would write.
 * Invariant: `seen` is set for every Pod of a node that is cut off, and for no other.
 * Counterpart: the kubelet's Pod cache, and the versions of its status manager that the API server has not got yet.
 */
import type { Draft } from '../../base/json.ts';
import { PODS } from '../../api/schema/resources.ts';
import type { Pod, PodStatus } from '../../api/schema/types/core/v1.ts';
import { expandVolumes } from '../expandVolume.ts';
import type { KubeletHost } from '../kubelets.ts';
import { adopt, onRemoval, onUpdate, runFast } from '../podEvents.ts';
import type { NodeState, PodState } from '../state.ts';
import { KUBELET_CONDITIONS } from '../status/conditions.ts';

export function loseSight(host: KubeletHost, node: NodeState): void {
  for (const state of host.podsOf(node.name)) state.seen = host.pod(state);
}

/** Looks at everything that may have changed meanwhile, and says what happened to the Pods. */
export function catchUp(host: KubeletHost, node: NodeState): void {
  for (const state of host.podsOf(node.name)) {
    resume(host, node, state);
    if (state.volumesMounted && state.work === 'syncing') expandVolumes(host, state, host.pod(state));
    // What a kubelet was about to end when it stopped, it ends now.
    if (state.work === 'terminating' || state.work === 'terminated') host.requestSync(state);
  }
  for (const pod of host.clientOf('').podsOnNode(node.name)) {
    if (node.mode === 'fast') runFast(host, node, pod);
    else if (host.state(pod.metadata.uid ?? '') === undefined) adopt(host, node, pod);
  }
}

function resume(host: KubeletHost, node: NodeState, state: PodState): void {
  const { seen } = state;
  state.seen = null;
  if (seen === null) return;
  if (state.orphan !== null) return onRemoval(host, node, state.orphan, state);
  const stored = host.clientOf('').get(PODS, state.namespace, state.name);
  if (stored === undefined || stored.metadata.uid !== state.uid) return onRemoval(host, node, seen, state);
  // A Pod that is over is not looked at again; of the others the next look says how they are.
  if (state.work === 'finished' && seen.status !== stored.status) host.writeStatus(state, merged(seen, stored));
  onUpdate(host, state, stored);
}

/** What others wrote while the kubelet was away stays. */
function merged({ status = {} }: Pod, stored: Pod): Draft<PodStatus> {
  const others = (stored.status?.conditions ?? []).filter(({ type }) => !KUBELET_CONDITIONS.has(type));
  const own = (status.conditions ?? []).filter(({ type }) => KUBELET_CONDITIONS.has(type));
  return { ...status, conditions: [...others, ...own] } as Draft<PodStatus>;
}
