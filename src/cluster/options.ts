import type { FargateOptions } from '../api/kubepad/clusterconfig/fargate.ts';
import type { ClusterPlan } from '../api/kubepad/clusterconfig/read.ts';
import type { NodePoolSpec } from '../api/kubepad/types.ts';
import type { AutoscalerOptions } from '../cloud/clusterautoscaler/options.ts';
import type { KubeSchedulerConfiguration } from '../scheduler/apis/config/types.ts';

/** Who runs Pods on a node that says nothing by annotation; see the flag `--kubelet`. */
export type KubeletMode = 'realistic' | 'fast' | 'manual';

/** What a new cluster can consist of; see presets.ts. */
export const PRESET_NAMES = ['default', 'empty', 'eks', 'kind', 'large'] as const;
export type Preset = (typeof PRESET_NAMES)[number];

/** Everything that decides how a cluster behaves; with the seed and the inputs it decides every byte of history. */
export interface ClusterOptions {
  readonly name?: string;
  readonly seed: string;
  /** Virtual time of the start, milliseconds since 1970. */
  readonly startTime: number;
  readonly preset: Preset;
  /** The machines, by pool, instead of those of the preset. */
  readonly nodePools?: Readonly<Record<string, NodePoolSpec>>;
  /** Whose Pods get machines of their own. */
  readonly fargate?: FargateOptions;
  /** Overrides the preset's number of worker nodes; shared out where it has several groups of them. */
  readonly nodes?: number;
  readonly kubelet?: KubeletMode;
  /** kube-controller-manager's `--controllers`: `*`, `name`, `-name`. Default: all. */
  readonly controllers?: readonly string[];
  readonly nodeMonitorGracePeriodMs?: number;
  readonly nodeMonitorPeriodMs?: number;
  readonly nodeStartupGracePeriodMs?: number;
  readonly terminatedPodGcThreshold?: number;
  readonly legacyServiceAccountTokenCleanUpPeriodMs?: number;
  readonly allocateNodeCidrs?: boolean;
  readonly clusterCidr?: string;
  /** Default 10.96.0.0/12. */
  readonly serviceClusterIpRange?: string;
  /** What Pods check the API server's certificate with: PEM. */
  readonly rootCertificate?: string;
  /** Installs the storage driver `csi.kubepad.dev`, with a default StorageClass of this name, where the preset has no class. */
  readonly defaultStorageClass?: string;
  /** Makes an IngressClass of this name, the default one, that the cluster's Ingress controller serves. */
  readonly ingressClass?: string;
  /** Whether the use of Pods is measured, for metrics.k8s.io and autoscalers. Default true. */
  readonly metrics?: boolean;
  /** Whether the scheduler writes its results on every Pod; else only where an annotation asks for it. Default false. */
  readonly explainScheduling?: boolean;
  /** kube-scheduler's `--config`. */
  readonly schedulerConfiguration?: KubeSchedulerConfiguration;
  /** Flags of the cluster-autoscaler, which looks after the NodePools that have bounds. */
  readonly clusterAutoscaler?: AutoscalerOptions;
  /** Freeze stored objects; for tests. */
  readonly freeze?: boolean;
}

/** What a person's cluster has from the beginning, in the editor and wherever else one is made to try something; `serve` is asked for it. */
export const ADDONS = { defaultStorageClass: 'standard', ingressClass: 'nginx' } as const satisfies Partial<ClusterOptions>;

/** What a configuration of eksctl or kind decides of a new cluster. */
export function plannedOptions({ preset, pools, fargate }: ClusterPlan): Pick<ClusterOptions, 'preset' | 'nodePools' | 'fargate'> {
  return { preset, nodePools: pools, ...(fargate === undefined ? {} : { fargate }) };
}
