/** The objects of group kubepad.dev: the simulator's own controls, served like every other kind. */
import type { Condition, LabelSelector, ObjectMeta } from '../../apimachinery/meta/types.ts';
import type { ResourceType } from '../../apimachinery/meta/resource.ts';
import type { PodTemplateSpec, Taint } from '../schema/types/core/v1.ts';
import type { KubeletConfiguration } from './nodepool/kubeletConfiguration.ts';
import type { DeviceAttribute } from '../schema/types/resource/v1.ts';

/** How virtual time passes. There is one, named `cluster`. */
export interface Clock {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
  readonly spec?: ClockSpec;
  readonly status?: ClockStatus;
}

export interface ClockSpec {
  /** Time stands still but for what `step` and `runUntil` ask for. */
  readonly paused?: boolean;
  /** Virtual seconds per real second, or `max`. Default 1. */
  readonly speed?: number | string;
  /** A request: let so much time pass (`30s`, `400ms`). */
  readonly step?: string;
  /** A request: run until a time (RFC 3339), for a duration, until `settled` or until `stable`. */
  readonly runUntil?: string;
  /** How much time `runUntil` may take; default one hour. */
  readonly limit?: string;
  /** Names the request; a new name makes it a new request. */
  readonly requestID?: string;
}

export type ClockReason = 'Done' | 'LimitReached' | 'BudgetReached';

export interface ClockStatus {
  /** RFC 3339 in UTC, as of the last request or change of the clock. */
  readonly now?: string;
  readonly settled?: boolean;
  readonly stable?: boolean;
  readonly eventsWaiting?: number;
  readonly observedRequestID?: string;
  readonly reason?: ClockReason;
  readonly message?: string;
}

/** Nodes of one kind. */
export interface NodePool {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
  readonly spec?: NodePoolSpec;
  readonly status?: NodePoolStatus;
}

export interface NodePoolSpec {
  /** How many nodes. Where `max` is set, as many as the autoscaler last wanted: it writes them here, between `min` and `max`. */
  readonly count?: number;
  readonly min?: number;
  readonly max?: number;
  /** From the order of a further machine until it registers as a Node. Default: none, or 60s where `max` is set. */
  readonly provisioningDelay?: string;
  readonly instanceType?: string;
  /** What a node offers, where no instance type says it; with one, the size of its disk (`ephemeral-storage`). */
  readonly resources?: { readonly [name: string]: string };
  /** What the nodes are called, in turn; further ones go on from the last. Default: POOL-1, POOL-2, … */
  readonly nodeNames?: readonly string[];
  /** Nodes are spread over these in turn. */
  readonly zones?: readonly string[];
  readonly labels?: { readonly [name: string]: string };
  readonly taints?: readonly Taint[];
  /** What devices each node has, as a driver publishes them; default: the graphics cards of the instance type. */
  readonly devices?: readonly PoolDevices[];
  /** Who runs the Pods there; default: as the cluster says. */
  readonly kubelet?: 'realistic' | 'fast' | 'manual';
  /** How the kubelets there are configured. */
  readonly kubeletConfiguration?: KubeletConfiguration;
  /** The files in each machine's manifest directory: Pods that its kubelet runs by itself, by `metadata.name`. */
  readonly staticPods?: readonly PodTemplateSpec[];
}

/** Equal devices of one driver on every node of a pool. */
export interface PoolDevices {
  /** Also the name of the DeviceClass that is made for them. */
  readonly driver: string;
  /** Default 1. */
  readonly count?: number;
  readonly attributes?: { readonly [name: string]: DeviceAttribute };
  readonly capacity?: { readonly [name: string]: string };
}

export interface NodePoolStatus {
  readonly nodes?: number;
  /** Machines that are ordered and not there yet. */
  readonly pending?: number;
  readonly message?: string;
  /** What the cluster autoscaler found at its last look; only where `max` is set. */
  readonly autoscaler?: NodePoolAutoscalerStatus;
}

export interface NodePoolAutoscalerStatus {
  /** `NoActivity`, `InProgress` or `Backoff`. */
  readonly scaleUp?: string;
  /** Why the pool does not grow for Pods that wait: `2 Pods: Insufficient cpu`. */
  readonly notScaledUp?: readonly string[];
  /** Nodes that are not needed, since when: `worker-3 since 2026-01-05T10:20:00Z`. */
  readonly unneeded?: readonly string[];
  /** Nodes that are little used and must stay: `worker-2: BlockedByPod default/db (LocalStorageRequested)`. */
  readonly unremovable?: readonly string[];
}

export const FAULT_TYPES = [
  'ComponentDown',
  'CrashLoop',
  'DiskPressure',
  'ImagePullError',
  'MemoryLeak',
  'NodeDown',
  'NodeShutdown',
  'Partition',
  'ProbeFailure',
  'SlowStart',
  'ZoneDown',
] as const;
export type FaultType = (typeof FAULT_TYPES)[number];

export const IMAGE_ERRORS = ['denied', 'missing', 'refused'] as const;
export const PROBE_TYPES = ['liveness', 'readiness', 'startup'] as const;

/** Something that goes wrong, for as long as the object is there or its duration lasts. */
export interface Fault {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
  readonly spec?: FaultSpec;
  readonly status?: FaultStatus;
}

export interface FaultSpec {
  readonly type: FaultType;
  readonly target?: FaultTarget;
  /** When it begins: a time (RFC 3339), or a duration after the object was made. Default: at once. */
  readonly from?: string;
  /** How long it lasts. Default: until the object is deleted. */
  readonly duration?: string;
  /** ImagePullError: what the registry says. Default `refused`: nothing, it cannot be reached. */
  readonly error?: (typeof IMAGE_ERRORS)[number];
  /** SlowStart: how long a container answers no probe after its start. Default 30s. */
  readonly latency?: string;
  /** CrashLoop: what containers end with. Default 1. */
  readonly exitCode?: number;
  /** CrashLoop: how long a container runs after its start. Default 1s. */
  readonly after?: string;
  /** MemoryLeak: by how much each container's memory grows a minute. Default 64Mi. */
  readonly rate?: string;
  /** ProbeFailure: which probes fail. Default: all. */
  readonly probes?: readonly (typeof PROBE_TYPES)[number][];
  /** DiskPressure: what is left of the disk, a quantity or a percentage. Default 5%. */
  readonly available?: string;
  /** NodeShutdown: how long the machine waits for its Pods, in the kubelet's words. Default 30s. */
  readonly shutdownGracePeriod?: string;
  /** NodeShutdown: which part of that is kept for critical Pods. Default 10s, or all if that is less. */
  readonly shutdownGracePeriodCriticalPods?: string;
  /** NodeShutdown: instead of the two, how long the Pods of each priority get. */
  readonly shutdownGracePeriodByPodPriority?: readonly ShutdownGracePeriod[];
}

export interface ShutdownGracePeriod {
  readonly priority?: number;
  readonly shutdownGracePeriodSeconds?: number;
}

/** What goes wrong; where several fields are set, all must fit. */
export interface FaultTarget {
  readonly node?: string;
  readonly zone?: string;
  readonly pods?: FaultPods;
  /** An image's name as Pods write it, with `*` for any part. */
  readonly image?: string;
  readonly component?: string;
}

/** Pods of a namespace (default: of all) by name or labels. */
export interface FaultPods {
  readonly namespace?: string;
  readonly name?: string;
  readonly selector?: LabelSelector;
  /** One container of them. Default: all but init containers that end. */
  readonly container?: string;
}

export type FaultPhase = 'Pending' | 'Active' | 'Ended';

export interface FaultStatus {
  readonly phase?: FaultPhase;
  readonly activeSince?: string;
  readonly endsAt?: string;
  /** How many objects felt it so far, and the first of them: `Node worker-1`, `Pod default/web`. */
  readonly hits?: number;
  readonly hit?: readonly string[];
  readonly conditions?: readonly Condition[];
}

/** A value that autoscalers read, set by the user. Without `pods` and `describedObject` it is of something outside the cluster. */
export interface Metric {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
  readonly spec?: MetricSpec;
}

export interface MetricSpec {
  /** How autoscalers call it. Default: the name of the object. */
  readonly name?: string;
  /** What selectors of metrics look at. */
  readonly labels?: { readonly [name: string]: string };
  /** A quantity: of each Pod, of the object, or of all. */
  readonly value?: string;
  /** Every Pod of the namespace that fits has the value. */
  readonly pods?: { readonly selector?: LabelSelector };
  /** This object has the value. */
  readonly describedObject?: MetricObject;
}

export interface MetricObject {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly name: string;
}

export const METRICS: ResourceType<Metric> = { group: 'kubepad.dev', version: 'v1', plural: 'metrics', kind: 'Metric', namespaced: true };
export const FAULTS: ResourceType<Fault> = { group: 'kubepad.dev', version: 'v1', plural: 'faults', kind: 'Fault', namespaced: false };
export const CLOCKS: ResourceType<Clock> = { group: 'kubepad.dev', version: 'v1', plural: 'clocks', kind: 'Clock', namespaced: false };
export const NODEPOOLS: ResourceType<NodePool> = {
  group: 'kubepad.dev',
  version: 'v1',
  plural: 'nodepools',
  kind: 'NodePool',
  namespaced: false,
};

/** The name of the one Clock. */
export const CLUSTER_CLOCK = 'cluster';
