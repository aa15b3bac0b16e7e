import type { NodeAffinity, TopologySpreadConstraint } from '../../../api/schema/types/core/v1.ts';

/** `kubescheduler.config.k8s.io/v1`, as far as it decides anything here. What was given stays plain data. */
export interface KubeSchedulerConfiguration {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly parallelism?: number;
  /** 0 or absent: the larger the cluster, the smaller the share. */
  readonly percentageOfNodesToScore?: number;
  readonly podInitialBackoffSeconds?: number;
  readonly podMaxBackoffSeconds?: number;
  readonly profiles?: readonly SchedulerProfile[];
}

export interface SchedulerProfile {
  readonly schedulerName?: string;
  readonly percentageOfNodesToScore?: number;
  readonly plugins?: { readonly [Point in ExtensionPoint]?: PluginSet };
  readonly pluginConfig?: readonly PluginConfig[];
}

export interface PluginSet {
  readonly enabled?: readonly PluginReference[];
  /** `*`: all. */
  readonly disabled?: readonly PluginReference[];
}

export interface PluginReference {
  readonly name: string;
  readonly weight?: number;
}

export interface PluginConfig {
  readonly name: string;
  readonly args?: unknown;
}

/** In the order in which the real framework checks them. */
export const EXTENSION_POINTS = [
  'preFilter',
  'filter',
  'postFilter',
  'reserve',
  'preScore',
  'score',
  'preBind',
  'bind',
  'postBind',
  'permit',
  'preEnqueue',
  'queueSort',
] as const;
export type ExtensionPoint = (typeof EXTENSION_POINTS)[number] | 'multiPoint';

export interface WeightedResource {
  readonly name: string;
  readonly weight?: number;
}

export interface ShapePoint {
  readonly utilization?: number;
  readonly score?: number;
}

export const STRATEGIES = ['LeastAllocated', 'MostAllocated', 'RequestedToCapacityRatio'] as const;

export interface NodeResourcesFitArgs {
  readonly ignoredResources?: readonly string[];
  readonly ignoredResourceGroups?: readonly string[];
  readonly scoringStrategy?: {
    readonly type?: (typeof STRATEGIES)[number];
    readonly resources?: readonly WeightedResource[];
    readonly requestedToCapacityRatio?: { readonly shape?: readonly ShapePoint[] };
  };
}

export interface InterPodAffinityArgs {
  readonly hardPodAffinityWeight?: number;
  readonly ignorePreferredTermsOfExistingPods?: boolean;
}

export interface NodeAffinityArgs {
  readonly addedAffinity?: NodeAffinity;
}

export interface PodTopologySpreadArgs {
  readonly defaultConstraints?: readonly TopologySpreadConstraint[];
  readonly defaultingType?: 'System' | 'List';
}

export interface DefaultPreemptionArgs {
  /** Of the nodes, how many candidates are enough; at least `minCandidateNodesAbsolute`. */
  readonly minCandidateNodesPercentage?: number;
  readonly minCandidateNodesAbsolute?: number;
}

export interface BalancedAllocationArgs {
  readonly resources?: readonly WeightedResource[];
}

export interface VolumeBindingArgs {
  readonly bindTimeoutSeconds?: number;
}

export interface DynamicResourcesArgs {
  /** How long the search on one node may take; it sets its number of steps. `0s`: as long as it likes. */
  readonly filterTimeout?: string;
  /** How long devices may take to be made ready for a node: `10m0s`. */
  readonly bindingTimeout?: string;
}

/** The arguments of one profile's plugins, those that have any. */
export interface PluginArgs {
  readonly DefaultPreemption?: DefaultPreemptionArgs;
  readonly DynamicResources?: DynamicResourcesArgs;
  readonly NodeResourcesBalancedAllocation?: BalancedAllocationArgs;
  readonly VolumeBinding?: VolumeBindingArgs;
  readonly NodeResourcesFit?: NodeResourcesFitArgs;
  readonly InterPodAffinity?: InterPodAffinityArgs;
  readonly NodeAffinity?: NodeAffinityArgs;
  readonly PodTopologySpread?: PodTopologySpreadArgs;
}

export const GROUP_VERSION = 'kubescheduler.config.k8s.io/v1';

export function argsOf({ pluginConfig = [] }: SchedulerProfile): PluginArgs {
  return Object.fromEntries(pluginConfig.map(({ name, args }) => [name, args ?? {}]));
}
