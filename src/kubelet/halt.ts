/**
 * Pods whose work ends without an end of their own: the machine loses power, the kubelet stops, the object is gone for good.
 * Invariant: no timer of the Pod is left. Counterpart: none; a real kubelet's memory is simply gone.
 */
import { PODS } from '../api/schema/resources.ts';
import { release } from '../runtime/ipam.ts';
import { leaveVolumes } from './attachable.ts';
import { abandonPull } from './images.ts';
import type { KubeletHost } from './kubelets.ts';
import { accumulate } from './lifecycle/resources.ts';
import { isActive, type PodState } from './state.ts';

/** Forgets a Pod at once, with what it holds on its node. */
export function abandon(host: KubeletHost, state: PodState): void {
  const node = host.node(state.node);
  loseState(host, state);
  if (isActive(state)) accumulate(node.used, state.requests, -1);
  release(node.pool, state.uid);
  leaveVolumes(host, state);
  host.forget(state);
}

/** The machine lost power: nothing runs, nothing is waited for. Nobody is told. */
export function loseState(host: KubeletHost, state: PodState): void {
  haltWork(host, state);
  const nowMs = host.now();
  for (const record of state.records) {
    if (record.exit === null || record.exit.atMs > nowMs) record.exit = { atMs: nowMs, exitCode: 255, reason: 'Unknown', message: '' };
  }
  host.programs.lose(state);
  if (state.sandbox !== null) state.sandbox.ready = false;
  state.volumesMounted = false;
  if (state.seen === null) return;
  const stored = host.clientOf('').get(PODS, state.namespace, state.name);
  if (stored?.metadata.uid !== state.uid) state.orphan ??= state.seen;
  state.seen = null;
}

/** The kubelet ends: what it was about to do is forgotten, containers are not touched. */
export function haltWork(host: KubeletHost, state: PodState): void {
  const ofPod = [state.look, state.resync, state.stepTimer, state.stopTimer, state.diskTimer, state.deadline];
  for (const timer of [...ofPod, ...state.probes.map(({ timer: own }) => own)]) host.cancel(timer);
  state.look = state.resync = state.stepTimer = state.stopTimer = state.diskTimer = state.deadline = null;
  Object.assign(state, {
    step: null,
    stops: [],
    probes: [],
    results: {},
    effects: [],
    failures: {},
    pending: false,
    refreshed: false,
    syncedAtMs: -1,
  });
  abandonPull(host, state);
}
