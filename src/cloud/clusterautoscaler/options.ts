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
};
