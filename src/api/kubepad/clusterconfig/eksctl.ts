/**
 * Reads an eksctl ClusterConfig: node groups as pools of machines.
 * Invariant: what it cannot read is a problem at a place, never an exception; members that say nothing about machines are left alone.
 * Counterpart: eksctl.io/v1alpha5 of eksctl.
 */
import { Path } from '../../../apimachinery/field/path.ts';
import type { Taint } from '../../schema/types/core/v1.ts';
import { INSTANCE_TYPES } from '../nodepool/instanceTypes.ts';
import type { NodePoolSpec } from '../types.ts';
import type { FargateOptions, FargateSelector } from './fargate.ts';
import { BOOLEAN, checkShape, INTEGER, known, LABELS, listOf, objectOf, TEXT, type ConfigProblem } from './shape.ts';

const TAINT = objectOf({ key: TEXT, value: TEXT, effect: TEXT });
const COMMON = {
  ...known(
    'ami amiFamily additionalVolumes asgSuspendProcesses bottlerocket capacityReservation containerRuntime disableASGTagPropagation ' +
      'disableIMDSv1 disablePodIMDS efaEnabled enableDetailedMonitoring iam instanceName instancePrefix instanceSelector ' +
      'kubeletExtraConfig localZones maxInstanceLifetime outpostARN overrideBootstrapCommand placement preBootstrapCommands ' +
      'propagateASGTags securityGroups ssh subnets tags updateConfig volumeEncrypted volumeIOPS volumeKmsKeyID volumeName ' +
      'volumeThroughput volumeType nodeRepairConfig',
  ),
  name: TEXT,
  availabilityZones: listOf(TEXT),
  desiredCapacity: INTEGER,
  instanceType: TEXT,
  labels: LABELS,
  maxPodsPerNode: INTEGER,
  maxSize: INTEGER,
  minSize: INTEGER,
  privateNetworking: BOOLEAN,
  volumeSize: INTEGER,
};
const MANAGED = objectOf({
  ...COMMON,
  ...known('launchTemplate releaseVersion capacityReservation nodeRepairConfig'),
  instanceTypes: listOf(TEXT),
  spot: BOOLEAN,
  taints: listOf(TAINT),
});
const UNMANAGED = objectOf({
  ...COMMON,
  ...known('clusterDNS cpuCredits classicLoadBalancerNames ebsOptimized instancesDistribution targetGroupARNs asgMetricsCollection taints'),
});
const CLUSTER_CONFIG = objectOf({
  ...known(
    'accessConfig addons addonsConfig autoModeConfig availabilityZones cloudWatch gitops git iam iamIdentityMappings identityProviders ' +
      'karpenter kubernetesNetworkConfig localZones outpost privateCluster remoteNetworkConfig secretsEncryption upgradePolicy vpc ' +
      'zonalShiftConfig deletionProtection',
  ),
  apiVersion: TEXT,
  kind: TEXT,
  metadata: objectOf({ ...known('tags annotations accountID'), name: TEXT, region: TEXT, version: TEXT }),
  availabilityZones: listOf(TEXT),
  managedNodeGroups: listOf(MANAGED),
  nodeGroups: listOf(UNMANAGED),
  fargateProfiles: listOf(
    objectOf({
      ...known('podExecutionRoleARN subnets tags status'),
      name: TEXT,
      selectors: listOf(objectOf({ namespace: TEXT, labels: LABELS })),
    }),
  ),
});

interface NodeGroup {
  readonly name?: string;
  readonly availabilityZones?: readonly string[];
  readonly desiredCapacity?: number;
  readonly instanceType?: string;
  readonly instanceTypes?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly maxPodsPerNode?: number;
  readonly maxSize?: number;
  readonly minSize?: number;
  readonly spot?: boolean;
  readonly taints?: readonly Taint[] | Readonly<Record<string, string>>;
  readonly volumeSize?: number;
}

interface ClusterConfig {
  readonly metadata?: { readonly name?: string; readonly region?: string };
  readonly availabilityZones?: readonly string[];
  readonly managedNodeGroups?: readonly NodeGroup[];
  readonly nodeGroups?: readonly NodeGroup[];
  readonly fargateProfiles?: readonly { readonly name?: string; readonly selectors?: readonly Partial<FargateSelector>[] }[];
}

/** eksctl's own defaults: two machines, m5.large, 80 GiB. */
const DEFAULT_TYPE = 'm5.large';
const DEFAULT_SIZE = 2;

export function checkEksctl(value: unknown): readonly ConfigProblem[] {
  const shape = checkShape(value, CLUSTER_CONFIG);
  if (shape.length > 0) return shape;
  const config = value as ClusterConfig;
  const problems: ConfigProblem[] = [];
  if ((config.metadata?.name ?? '') === '') problems.push({ path: Path.of('metadata', 'name'), message: 'must be set' });
  if ((config.metadata?.region ?? '') === '') problems.push({ path: Path.of('metadata', 'region'), message: 'must be set' });
  const names = new Set<string>();
  for (const field of ['managedNodeGroups', 'nodeGroups'] as const)
    for (const [index, group] of (config[field] ?? []).entries()) {
      const path = Path.of(field).index(index);
      const name = group.name ?? '';
      if (name === '') problems.push({ path: path.child('name'), message: 'must be set' });
      else if (names.has(name)) problems.push({ path: path.child('name'), message: `is the name of another node group: "${name}"` });
      names.add(name);
      problems.push(...checkGroup(group, path));
    }
  problems.push(...checkProfiles(config));
  return problems;
}

/** A profile has at most so many selectors. */
const MAX_SELECTORS = 5;

function checkProfiles({ fargateProfiles = [] }: ClusterConfig): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const [index, { name = '', selectors = [] }] of fargateProfiles.entries()) {
    const path = Path.of('fargateProfiles').index(index);
    if (name === '') problems.push({ path: path.child('name'), message: 'must be set' });
    else if (name.startsWith('eks-')) problems.push({ path: path.child('name'), message: 'must not begin with "eks-"' });
    else if (fargateProfiles.findIndex((other) => other.name === name) < index)
      problems.push({ path: path.child('name'), message: `is the name of another profile: "${name}"` });
    if (selectors.length === 0) problems.push({ path: path.child('selectors'), message: 'must have at least one selector' });
    if (selectors.length > MAX_SELECTORS)
      problems.push({ path: path.child('selectors'), message: `must have at most ${MAX_SELECTORS} selectors` });
    for (const [place, { namespace = '' }] of selectors.entries())
      if (namespace === '') problems.push({ path: path.child('selectors').index(place).child('namespace'), message: 'must be set' });
  }
  return problems;
}

/** Undefined: no Pods run on Fargate. */
export function eksctlFargate(value: unknown): FargateOptions | undefined {
  const config = value as ClusterConfig;
  if ((config.fargateProfiles ?? []).length === 0) return undefined;
  const profiles = (config.fargateProfiles ?? []).map(({ name = '', selectors = [] }) => ({
    name,
    selectors: selectors.map(({ namespace = '', labels }) => ({ namespace, ...(labels === undefined ? {} : { labels }) })),
  }));
  return { profiles, zones: zonesOf(config) };
}

function zonesOf({ metadata, availabilityZones }: ClusterConfig): readonly string[] {
  return availabilityZones ?? ['a', 'b', 'c'].map((letter) => `${metadata?.region ?? 'us-east-1'}${letter}`);
}

function checkGroup(group: NodeGroup, path: Path): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const { desiredCapacity, minSize, maxSize, instanceType, instanceTypes = [] } = group;
  const types = instanceType === undefined || instanceType === 'mixed' ? [] : [[instanceType, path.child('instanceType')] as const];
  for (const [type, at] of [...types, ...instanceTypes.map((each, index) => [each, path.child('instanceTypes').index(index)] as const)])
    if (!INSTANCE_TYPES.has(type)) problems.push({ path: at, message: `is no instance type that is known here: "${type}"` });
  if (minSize !== undefined && maxSize !== undefined && minSize > maxSize)
    problems.push({ path: path.child('minSize'), message: 'cannot be greater than maxSize' });
  if (desiredCapacity !== undefined && desiredCapacity < (minSize ?? 0))
    problems.push({ path: path.child('desiredCapacity'), message: 'cannot be less than minSize' });
  if (desiredCapacity !== undefined && maxSize !== undefined && desiredCapacity > maxSize)
    problems.push({ path: path.child('desiredCapacity'), message: 'cannot be greater than maxSize' });
  return problems;
}

/** The pools of a file without problems, by name. */
export function eksctlPools(value: unknown): Readonly<Record<string, NodePoolSpec>> {
  const config = value as ClusterConfig;
  const zones = zonesOf(config);
  const cluster = config.metadata?.name ?? '';
  const pools: Record<string, NodePoolSpec> = {};
  for (const group of config.managedNodeGroups ?? []) pools[group.name ?? ''] = poolOf(group, zones, cluster, true);
  for (const group of config.nodeGroups ?? []) pools[group.name ?? ''] = poolOf(group, zones, cluster, false);
  return pools;
}

/** A group whose bounds differ is one that an autoscaler may change. */
function poolOf(group: NodeGroup, zones: readonly string[], cluster: string, managed: boolean): NodePoolSpec {
  const { name = '', labels, availabilityZones, desiredCapacity, spot = false } = group;
  const min = group.minSize ?? desiredCapacity ?? DEFAULT_SIZE;
  const max = Math.max(min, group.maxSize ?? desiredCapacity ?? min);
  const count = desiredCapacity ?? min;
  const taints = Array.isArray(group.taints)
    ? (group.taints as readonly Taint[])
    : taintsOf(group.taints as Readonly<Record<string, string>>);
  return {
    ...(min === max ? { count } : { count, min, max }),
    ...machineOf(group),
    zones: [...(availabilityZones ?? zones)],
    labels: {
      'alpha.eksctl.io/cluster-name': cluster,
      'alpha.eksctl.io/nodegroup-name': name,
      ...(managed ? { 'eks.amazonaws.com/capacityType': spot ? 'SPOT' : 'ON_DEMAND', 'eks.amazonaws.com/nodegroup': name } : {}),
      ...labels,
    },
    ...(taints.length === 0 ? {} : { taints: [...taints] }),
  };
}

/** Of several types the first one; the disk and the number of Pods are chosen apart from the type. */
function machineOf({ instanceType, instanceTypes, maxPodsPerNode, volumeSize }: NodeGroup): NodePoolSpec {
  const type = instanceTypes?.[0] ?? (instanceType === undefined || instanceType === 'mixed' ? DEFAULT_TYPE : instanceType);
  return {
    instanceType: type,
    ...(volumeSize === undefined ? {} : { resources: { 'ephemeral-storage': `${volumeSize}Gi` } }),
    ...(maxPodsPerNode === undefined ? {} : { kubeletConfiguration: { maxPods: maxPodsPerNode } }),
  };
}

/** The old way to write them: `key: "value:NoSchedule"`. */
function taintsOf(taints: Readonly<Record<string, string>> = {}): readonly Taint[] {
  return Object.entries(taints).map(([key, text]) => {
    const [value = '', effect = 'NoSchedule'] = text.split(':');
    return { key, ...(value === '' ? {} : { value }), effect: effect as Taint['effect'] };
  });
}
