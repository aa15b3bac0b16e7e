/**
 * The status of a Pod as the kubelet makes it up from the spec, what it has seen of the runtime, and the probes.
 * Invariant: reads only; the same inputs give the same status.
 * Counterpart: generateAPIPodStatus of k8s.io/kubernetes/pkg/kubelet/kubelet_pods.go.
 */
import type { Draft } from '../../base/json.ts';
import type { ContainerStatus, Pod, PodStatus } from '../../api/schema/types/core/v1.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';
import type { PodState } from '../state.ts';
import { isMirror } from '../staticpods/mirror.ts';
import { judge, mergeConditions, type Judgement } from './conditions.ts';
import { containerStatus } from './containerStatus.ts';
import { phaseOf, type Phase } from './phase.ts';
import { podResources } from './podResources.ts';

export interface GenerateInput {
  readonly pod: Pod;
  readonly state: PodState;
  /** What the kubelet knows of the runtime is as old as this. */
  readonly cacheAtMs: number;
  readonly nowMs: number;
  readonly nodeAddress: string;
  /** The containers are stopped for good. */
  readonly terminal: boolean;
  /** The Pod is made to fail: a deadline, an eviction. */
  readonly failure?: { readonly reason: string; readonly message: string; readonly condition?: Judgement } | undefined;
}

export function generateStatus(input: GenerateInput): Draft<PodStatus> {
  const { pod, state, cacheAtMs, nowMs, nodeAddress, terminal, failure } = input;
  const { spec, metadata, status: stored = {} } = pod;
  const init = (spec?.initContainers ?? []).map((container) =>
    containerStatus(
      pod,
      state,
      container,
      'init',
      cacheAtMs,
      stored.initContainerStatuses?.find(({ name }) => name === container.name),
    ),
  );
  const main = (spec?.containers ?? []).map((container) =>
    containerStatus(
      pod,
      state,
      container,
      'main',
      cacheAtMs,
      stored.containerStatuses?.find(({ name }) => name === container.name),
    ),
  );
  const ephemeral = (spec?.ephemeralContainers ?? []).map((container) =>
    containerStatus(
      pod,
      state,
      container,
      'ephemeral',
      cacheAtMs,
      stored.ephemeralContainerStatuses?.find(({ name }) => name === container.name),
    ),
  );
  const initialized = main.some(({ containerID }) => containerID !== undefined);
  const phase = failure === undefined ? settled(stored, phaseOf({ pod, init, main, terminal, initialized })) : 'Failed';
  const sandboxReady = state.sandbox?.ready === true;
  const conditions = judge({
    pod,
    phase,
    init,
    main,
    sandboxReady,
    deferredResize: state.deferredResize,
    resizing: state.resizing !== null,
    stored: stored.conditions ?? [],
  });
  const ip = state.sandbox === null ? stored.podIP : spec?.hostNetwork === true ? nodeAddress : state.sandbox.ip;
  const reason = failure ?? (isTerminal(stored.phase) ? stored : {});
  // What a file says has no generation.
  const generation = isMirror(pod) ? undefined : metadata.generation;
  return {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    phase,
    conditions: mergeConditions(
      failure?.condition === undefined ? conditions : [failure.condition, ...conditions],
      stored.conditions ?? [],
      generation,
      formatTime(nowMs),
    ),
    ...(reason.message === undefined ? {} : { message: reason.message }),
    ...(reason.reason === undefined ? {} : { reason: reason.reason }),
    hostIP: nodeAddress,
    hostIPs: [{ ip: nodeAddress }],
    ...(ip === undefined ? {} : { podIP: ip, podIPs: [{ ip }] }),
    startTime: stored.startTime ?? formatTime(nowMs),
    ...(init.length === 0 ? {} : { initContainerStatuses: init }),
    containerStatuses: byName(main),
    ...(stored.qosClass === undefined ? {} : { qosClass: stored.qosClass }),
    ...(ephemeral.length === 0 ? {} : { ephemeralContainerStatuses: byName(ephemeral) }),
    ...podResources(pod, state, stored),
    ...kept(stored),
  };
}

/** Init containers keep the order of the spec, the others have their names'; so the STATUS column is about the first of these. */
function byName(statuses: Draft<ContainerStatus>[]): Draft<ContainerStatus>[] {
  return statuses.length < 2 ? statuses : statuses.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

export function isTerminal(phase: string | undefined): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}

/** A Pod that has ended stays as it ended. */
function settled(stored: PodStatus, phase: Phase): Phase {
  return stored.phase !== undefined && isTerminal(stored.phase) ? stored.phase : phase;
}

/** What other parts of the cluster write into the status. */
function kept({ nominatedNodeName, resourceClaimStatuses }: PodStatus): Draft<PodStatus> {
  return {
    ...(nominatedNodeName === undefined ? {} : { nominatedNodeName }),
    ...(resourceClaimStatuses === undefined ? {} : { resourceClaimStatuses: [...resourceClaimStatuses] }),
  } as Draft<PodStatus>;
}
