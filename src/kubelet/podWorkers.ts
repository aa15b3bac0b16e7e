/**
 * One worker per Pod: decides when the Pod is looked at and which of its three kinds of work is done.
 * Invariant: at most one sync of a Pod goes on; a sync that follows another waits until the runtime was looked at again.
 * Counterpart: pod_workers.go and the work queue of k8s.io/kubernetes/pkg/kubelet.
 */
import { nextLook, lastLook, nextQueueTick, type Kubelet } from './kubelet.ts';
import type { PodState, SyncOutcome, SyncResult } from './state.ts';
import { deadlineOf } from './status/manager.ts';
import { syncPod } from './syncPod.ts';
import { abandonPull } from './images.ts';
import { syncTerminatedPod, syncTerminatingPod } from './terminate.ts';

const RETRY_MS = 10_000;
const LONGEST_WAIT_MS = 60_000;
const JITTER = 0.5;

/** Something happened that concerns the Pod: it is looked at as soon as that is possible. */
export function requestSync(kubelet: Kubelet, state: PodState): void {
  if (state.work === 'finished') return;
  const { down, link } = kubelet.node(state.node);
  // Nobody looks; whoever starts the kubelet looks at every Pod.
  if (down || link === 'stopped') return;
  state.pending = true;
  drain(kubelet, state);
}

/** The Pod is to end: by deletion, or because it is over. A sync that waits for a start is given up, one that kills goes on. */
export function terminate(kubelet: Kubelet, state: PodState): void {
  if (state.work !== 'syncing') return;
  state.work = 'terminating';
  const { step } = state;
  if (step !== null && (step.kind === 'volumes' || (step.kind === 'run' && step.wait !== null && step.wait.for !== 'kill'))) {
    kubelet.cancel(state.stepTimer);
    state.stepTimer = null;
    abandonPull(kubelet, state);
    completeSync(kubelet, state, { started: step.kind === 'run' && step.started, changed: true });
  }
  requestSync(kubelet, state);
}

/** Works off what is pending, as far as it goes without waiting. */
function drain(kubelet: Kubelet, state: PodState): void {
  while (state.pending && state.step === null && state.work !== 'finished') {
    const cacheAtMs = freshCache(kubelet, state);
    if (cacheAtMs === undefined) {
      lookAt(kubelet, state, nextLook(kubelet.node(state.node), kubelet.now()));
      return;
    }
    state.pending = false;
    if (state.work === 'syncing') {
      settle(kubelet, state, syncPod(kubelet, state, cacheAtMs));
      armDeadline(kubelet, state);
    } else if (state.work === 'terminating') settle(kubelet, state, syncTerminatingPod(kubelet, state, cacheAtMs));
    else syncTerminatedPod(kubelet, state);
  }
}

/** A sync that was waiting has gone on; what it came to decides what is next. */
export function goOn(kubelet: Kubelet, state: PodState, outcome: SyncOutcome): void {
  settle(kubelet, state, outcome);
  drain(kubelet, state);
}

function settle(kubelet: Kubelet, state: PodState, outcome: SyncOutcome): void {
  if (outcome !== 'waits') completeSync(kubelet, state, outcome);
}

/** Ends the sync that is going on and plans the next one. */
function completeSync(kubelet: Kubelet, state: PodState, result: SyncResult): void {
  const nowMs = kubelet.now();
  const node = kubelet.node(state.node);
  state.step = null;
  state.syncedAtMs = nowMs;
  state.refreshed = result.started;
  kubelet.cancel(state.resync);
  state.resync = null;
  // A deletion that came meanwhile has set the work already.
  if (result.next !== undefined) state.work = result.next;
  if (result.started || result.next !== undefined) state.pending = true;
  else if (result.changed) lookAt(kubelet, state, nextLook(node, nowMs));
  for (const { exit } of state.records) if (exit !== null && exit.atMs > nowMs) lookAt(kubelet, state, nextLook(node, exit.atMs));
  if (result.again !== undefined) {
    const delay = result.again === 'retry' ? RETRY_MS : Math.min(Math.max(result.again - nowMs, 0), LONGEST_WAIT_MS);
    state.resync = kubelet.schedule(state, 'resync', nextQueueTick(node, nowMs + kubelet.random(state.node).jitter(delay, JITTER)));
  }
}

/** A container has ended by itself: the next look at the runtime shows it. */
export function noticeExit(kubelet: Kubelet, state: PodState, atMs: number): void {
  if (state.work !== 'finished') lookAt(kubelet, state, nextLook(kubelet.node(state.node), atMs));
}

/** The runtime is looked at for this Pod at that time, or earlier. */
function lookAt(kubelet: Kubelet, state: PodState, atMs: number): void {
  if (state.look !== null) {
    if (state.look.atMs <= atMs) return;
    kubelet.cancel(state.look);
  }
  state.look = kubelet.schedule(state, 'look', atMs);
}

function armDeadline(kubelet: Kubelet, state: PodState): void {
  if (state.deadline !== null || state.work !== 'syncing') return;
  const deadline = deadlineOf(kubelet.pod(state));
  if (deadline !== undefined) state.deadline = kubelet.schedule(state, 'deadline', nextQueueTick(kubelet.node(state.node), deadline));
}

/** How old the kubelet's picture of the runtime is; undefined: older than the last sync, so that it has to wait. */
function freshCache(kubelet: Kubelet, state: PodState): number | undefined {
  const look = lastLook(kubelet.node(state.node), kubelet.now());
  if (state.refreshed) return Math.max(look, state.syncedAtMs);
  return look > state.syncedAtMs ? look : undefined;
}
