/** The flags of the cluster-autoscaler that decide something here, by the names of the real program. */
export interface AutoscalerOptions {
  /** What is preferred first, second, …; the rest is chance. Default `least-waste`. */
  readonly expander?: readonly Expander[];
  /** Whether equal pools grow evenly. Default false. */
  readonly balanceSimilarNodeGroups?: boolean;
  /** Default true. */
  readonly scaleDownEnabled?: boolean;
  /** Default 10 min. */
  readonly scaleDownUnneededTimeMs?: number;
  /** Default 20 min. */
  readonly scaleDownUnreadyTimeMs?: number;
  /** Default 10 min. */
  readonly scaleDownDelayAfterAddMs?: number;
  /** Default: the scan interval, 10 s. */
  readonly scaleDownDelayAfterDeleteMs?: number;
  /** Default 3 min. */
  readonly scaleDownDelayAfterFailureMs?: number;
  /** Requests over what a node has for Pods, below which it is a candidate. Default 0.5. */
  readonly scaleDownUtilizationThreshold?: number;
  /** Default false. */
  readonly ignoreDaemonSetsUtilization?: boolean;
  /** Default true. */
  readonly skipNodesWithSystemPods?: boolean;
  /** Default true. */
  readonly skipNodesWithLocalStorage?: boolean;
  /** Default 15 min. */
  readonly maxNodeProvisionTimeMs?: number;
  /** In the whole cluster; default 0: no limit. */
  readonly maxNodesTotal?: number;
  /** Pods of a lower priority make no node appear and keep none. Default -10. */
  readonly expendablePodsPriorityCutoff?: number;
  /** Default 0. */
  readonly newPodScaleUpDelayMs?: number;
  /** Labels in which nodes of similar groups may differ, beside those that always may. Default none. */
  readonly balancingIgnoreLabels?: readonly string[];
  /** Whether Pods of controllers that nobody knows hold a node. Default true. */
  readonly skipNodesWithCustomControllerPods?: boolean;
  /** The longest grace period of a Pod that is evicted. Default 600. */
  readonly maxGracefulTerminationSec?: number;
  /** So many nodes go at once in all (default 10), and of those with Pods (default 1). */
  readonly maxScaleDownParallelism?: number;
  readonly maxDrainParallelism?: number;
  /** So long an eviction that is refused is asked for again. Default 2 min. */
  readonly maxPodEvictionTimeMs?: number;
  /** A node that could not be emptied is not tried again for so long. Default 5 min. */
  readonly unremovableNodeRecheckTimeoutMs?: number;
  /** So many nodes of a group may be missing or not ready whatever their share (default 3), or that share (default 45 per cent). */
  readonly okTotalUnreadyCount?: number;
  readonly maxTotalUnreadyPercentage?: number;
  /** How long a group is left alone after a failure: from 5 to 30 min, until the failure is 3 h old. */
  readonly initialNodeGroupBackoffDurationMs?: number;
  readonly maxNodeGroupBackoffDurationMs?: number;
  readonly nodeGroupBackoffResetTimeoutMs?: number;
}

export const EXPANDERS = ['least-nodes', 'least-waste', 'most-pods', 'priority', 'random'] as const;
export type Expander = (typeof EXPANDERS)[number];

const MINUTE_MS = 60_000;
export const SCAN_INTERVAL_MS = 10_000;

export const AUTOSCALER_DEFAULTS: Required<AutoscalerOptions> = {
  expander: ['least-waste'],
  balanceSimilarNodeGroups: false,
  scaleDownEnabled: true,
  scaleDownUnneededTimeMs: 10 * MINUTE_MS,
  scaleDownUnreadyTimeMs: 20 * MINUTE_MS,
  scaleDownDelayAfterAddMs: 10 * MINUTE_MS,
  scaleDownDelayAfterDeleteMs: SCAN_INTERVAL_MS,
  scaleDownDelayAfterFailureMs: 3 * MINUTE_MS,
  scaleDownUtilizationThreshold: 0.5,
  ignoreDaemonSetsUtilization: false,
  skipNodesWithSystemPods: true,
  skipNodesWithLocalStorage: true,
  maxNodeProvisionTimeMs: 15 * MINUTE_MS,
  maxNodesTotal: 0,
  expendablePodsPriorityCutoff: -10,
  newPodScaleUpDelayMs: 0,
  balancingIgnoreLabels: [],
  skipNodesWithCustomControllerPods: true,
  maxGracefulTerminationSec: 600,
  maxScaleDownParallelism: 10,
  maxDrainParallelism: 1,
  maxPodEvictionTimeMs: 2 * MINUTE_MS,
  unremovableNodeRecheckTimeoutMs: 5 * MINUTE_MS,
  okTotalUnreadyCount: 3,
  maxTotalUnreadyPercentage: 45,
  initialNodeGroupBackoffDurationMs: 5 * MINUTE_MS,
  maxNodeGroupBackoffDurationMs: 30 * MINUTE_MS,
  nodeGroupBackoffResetTimeoutMs: 180 * MINUTE_MS,
};
