import type { Draft, Json } from '../base/json.ts';
import { jsonEqual } from '../base/json.ts';
import { PODS } from '../api/schema/resources.ts';
import type { Pod, PodStatus } from '../api/schema/types/core/v1.ts';
import { formatTime } from '../apimachinery/meta/time.ts';
import type { Change } from '../client/watchCursor.ts';
import { acquire, release } from '../runtime/ipam.ts';
import { programOf } from '../runtime/programs/programOf.ts';
import { pullEnded } from './images.ts';
import { findContainer } from './containers.ts';
import { fastStatus } from './fast.ts';
import type { PodTimer } from './kubelet.ts';
import type { KubeletHost } from './kubelets.ts';
import { admit, hostPorts, type Refusal } from './lifecycle/admission.ts';
import { accumulate, podRequests } from './lifecycle/resources.ts';
import { goOn, requestSync, terminate } from './podWorkers.ts';
import { refusedByShutdown } from './nodeshutdown/manager.ts';
import { runProbe } from './prober/worker.ts';
import { isActive, newPodState, type NodeState, type PodState, type Pull } from './state.ts';
import { afterMirror, keepMirror } from './staticpods/manager.ts';
import { KUBELET_CONDITIONS } from './status/conditions.ts';
import { isTerminal } from './status/generate.ts';
import { resume, runPlan } from './syncPod.ts';
import { checkLocalStorage } from './eviction/localStorage.ts';
import { advanceStops } from './stopping.ts';
import { finishTerminating } from './terminate.ts';
import { resumeMount } from './volumes.ts';

/** A Pod was made, changed or removed; only the node that it is bound to is concerned. */
export function onPodChange(host: KubeletHost, change: Change): void {
  const pod = change.object as Pod;
  const node = host.findNode(pod.spec?.nodeName ?? '');
  if (node === undefined || node.mode === 'manual') return;
  // Nobody tells a kubelet that is cut off; it looks at everything again when it is back.
  if (node.link !== 'up') return;
  const state = host.state(pod.metadata.uid ?? '');
  if (change.type === 'DELETED') {
    if (keepMirror(host, node, pod, state)) return;
    onRemoval(host, node, pod, state);
    afterMirror(host, node, pod);
  } else if (node.down || (state !== undefined && state.orphan !== null)) return;
  else if (pod.metadata.deletionTimestamp !== undefined && keepMirror(host, node, pod, state)) return;
  else if (node.mode === 'fast') runFast(host, node, pod);
  else if (state === undefined) adopt(host, node, pod);
  else if (concerns(pod, change.previous as Pod | undefined)) onUpdate(host, state, pod);
}

/** Takes a Pod in that is bound to the node: runs it, or refuses it. */
export function adopt(host: KubeletHost, node: NodeState, pod: Pod): void {
  if (isTerminal(pod.status?.phase) && pod.metadata.deletionTimestamp === undefined) return;
  const stored = host.clientOf('').get(PODS, pod.metadata.namespace ?? '', pod.metadata.name ?? '');
  if (stored?.metadata.uid !== pod.metadata.uid) return;
  const requests = podRequests(pod);
  const object = host.nodeObject(node.name);
  if (object === undefined) return;
  const deleted = pod.metadata.deletionTimestamp !== undefined;
  const refusal = deleted ? undefined : (admit(pod, object, requests, node.used, () => usedPorts(host, node)) ?? refusedByShutdown(node));
  if (refusal !== undefined) return refuse(host, node, pod, refusal);
  const state = newPodState(pod, node.name, requests);
  accumulate(node.used, requests, 1);
  host.remember(state);
  learnImages(host, pod);
  if (deleted) terminate(host, state);
  else requestSync(host, state);
}

/** A timer of the Pod came due. */
export function onPodTimer(host: KubeletHost, state: PodState, what: PodTimer, detail: Json): void {
  const node = host.node(state.node);
  // Containers go on without their kubelet.
  if (node.down || (node.link === 'stopped' && what !== 'process')) return;
  switch (what) {
    case 'look':
      state.look = null;
      return requestSync(host, state);
    case 'resync':
      state.resync = null;
      return requestSync(host, state);
    case 'deadline':
      state.deadline = null;
      // A Pod that waits for its volumes would never be looked at.
      if (state.step?.kind === 'volumes') {
        host.cancel(state.stepTimer);
        state.stepTimer = null;
        goOn(host, state, { started: false, changed: false });
      }
      return requestSync(host, state);
    case 'step':
      state.stepTimer = null;
      return onStep(host, state);
    case 'pull': {
      pullEnded(host.node(state.node), state.uid, detail as unknown as NonNullable<Pull['outcome']>);
      return goOn(host, state, resume(host, state));
    }
    case 'probe': {
      const { index, ticked } = detail as { readonly index: number; readonly ticked: boolean };
      return runProbe(host, state, index, ticked);
    }
    case 'effect':
      return showEffects(host, state);
    case 'stop':
      return onStop(host, state);
    case 'disk':
      state.diskTimer = null;
      return checkLocalStorage(host, state);
    case 'process':
      return wake(host, state, detail as string);
  }
}

/** The processes of a container go on. */
function wake(host: KubeletHost, state: PodState, id: string): void {
  delete state.wakes[id];
  const record = state.records.find((each) => each.id === id);
  const container = record === undefined ? undefined : findContainer(host.pod(state), record.name)?.spec;
  if (record !== undefined && container !== undefined) host.programs.run({ pod: host.pod(state), container, record });
}

/** Something has happened to a container that is being stopped. */
function onStop(host: KubeletHost, state: PodState): void {
  state.stopTimer = null;
  if (state.stops.length === 0) return;
  advanceStops(host, state);
  if (state.stops.length > 0 || state.stepTimer === null) return;
  host.cancel(state.stepTimer);
  state.stepTimer = null;
  onStep(host, state);
}

function onStep(host: KubeletHost, state: PodState): void {
  const { step } = state;
  if (state.stops.length > 0 && (step?.kind === 'terminating' || (step?.kind === 'run' && step.wait?.for === 'kill'))) {
    const untilMs = advanceStops(host, state);
    if (state.stops.length > 0) {
      state.stepTimer = host.schedule(state, 'step', untilMs);
      return;
    }
  }
  if (step?.kind === 'volumes') {
    const progress = resumeMount(host, state);
    if (progress === 'mounted') goOn(host, state, runPlan(host, state, step.cacheAtMs));
    else if (progress === 'rejected') {
      refuse(host, host.node(state.node), host.pod(state), NO_ROOM_FOR_VOLUMES);
      goOn(host, state, { started: false, changed: false, next: 'terminating' });
    } else if (progress === 'failed') goOn(host, state, { started: false, changed: false, again: 'retry' });
  } else if (step?.kind === 'terminating') goOn(host, state, finishTerminating(host, state));
  else goOn(host, state, resume(host, state));
}

function showEffects(host: KubeletHost, state: PodState): void {
  const nowMs = host.now();
  const due = state.effects.filter(({ atMs }) => atMs <= nowMs);
  state.effects = state.effects.filter(({ atMs }) => atMs > nowMs);
  for (const { reason, message, container } of due) host.event(state, 'Warning', reason, message, container);
}

export function onUpdate(host: KubeletHost, state: PodState, pod: Pod): void {
  learnImages(host, pod);
  if (pod.metadata.deletionTimestamp === undefined) requestSync(host, state);
  else if (state.work === 'finished') host.deletePod(state);
  else terminate(host, state);
}

/** The object is gone. A Pod that still runs is stopped with the least grace. */
export function onRemoval(host: KubeletHost, node: NodeState, pod: Pod, state: PodState | undefined): void {
  if (state === undefined) return release(node.pool, pod.metadata.uid ?? '');
  if (state.work === 'finished') return host.forget(state);
  state.orphan = pod;
  state.graceSeconds = FORCED_GRACE_SECONDS;
  if (!node.down) terminate(host, state);
}

const FORCED_GRACE_SECONDS = 2;
const NO_ROOM_FOR_VOLUMES: Refusal = {
  reason: 'VolumeAttachmentLimitExceeded',
  message: 'Node has reached its volume attachment limit, rejecting pod',
};

/** Status writes, the kubelet's own among them, are no reason to look; readiness gates are. */
function concerns(pod: Pod, previous: Pod | undefined): boolean {
  if (previous === undefined) return true;
  const [now, before] = [pod.metadata, previous.metadata];
  if (now.generation !== before.generation || now.deletionTimestamp !== before.deletionTimestamp) return true;
  if (!jsonEqual(now.annotations, before.annotations)) return true;
  return (pod.spec?.readinessGates ?? []).some(({ conditionType }) => gate(pod, conditionType) !== gate(previous, conditionType));
}

function gate(pod: Pod, type: string): string | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type)?.status;
}

function refuse(host: KubeletHost, node: NodeState, pod: Pod, { reason, message }: Refusal): void {
  const { namespace = '', name = '', generation } = pod.metadata;
  host.podEvent(pod, node.name, 'Warning', reason, message);
  const conditions = (pod.status?.conditions ?? []).filter(({ type }) => !KUBELET_CONDITIONS.has(type));
  const status: Draft<PodStatus> = {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    phase: 'Failed',
    reason,
    message: `Pod was rejected: ${message}`,
    ...(conditions.length === 0 ? {} : { conditions: conditions.map((condition) => ({ ...condition })) }),
    ...(pod.status?.qosClass === undefined ? {} : { qosClass: pod.status.qosClass }),
    startTime: pod.status?.startTime ?? formatTime(host.now()),
  };
  host.writePodStatus(node.name, namespace, name, status);
}

function usedPorts(host: KubeletHost, node: NodeState): ReadonlySet<string> {
  return new Set(host.podsOf(node.name).flatMap((state) => (isActive(state) ? hostPorts(host.pod(state)) : [])));
}

function learnImages(host: KubeletHost, pod: Pod): void {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = pod.spec ?? {};
  for (const list of [initContainers, containers, ephemeralContainers]) {
    for (const container of list) host.catalog.learn(container.image ?? '', programOf(pod, container).image, host.now());
  }
}

export function runFast(host: KubeletHost, node: NodeState, pod: Pod): void {
  const { namespace = '', name = '', uid = '', deletionTimestamp } = pod.metadata;
  if (deletionTimestamp !== undefined) {
    if ((pod.metadata.deletionGracePeriodSeconds ?? 0) > 0) host.deleteObject(node.name, namespace, name, uid);
    return;
  }
  if (pod.status?.startTime !== undefined || isTerminal(pod.status?.phase)) return;
  const refusal = refusedByShutdown(node);
  if (refusal !== undefined) return refuse(host, node, pod, refusal);
  host.writePodStatus(node.name, namespace, name, fastStatus(pod, acquire(node.pool, uid), node.address, host.now()));
}
