/**
 * What a configuration of the scheduler may not say. Pure; errors in the order of the real checks.
 * Invariant: a configuration without errors makes profiles. Counterpart: pkg/scheduler/apis/config/validation.
 */
import { validateNodeSelector } from '../../../api/core/pod/affinity.ts';
import { duplicate, forbidden, invalid, notSupported, required, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { durationError, durationNanoseconds } from '../../../apimachinery/meta/goDuration.ts';
import {
  argsOf,
  STRATEGIES,
  type KubeSchedulerConfiguration,
  type DefaultPreemptionArgs,
  type DynamicResourcesArgs,
  type NodeAffinityArgs,
  type NodeResourcesFitArgs,
  type PodTopologySpreadArgs,
  type SchedulerProfile,
} from './types.ts';

export function validateConfiguration(configuration: KubeSchedulerConfiguration): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { parallelism = 16, profiles = [], percentageOfNodesToScore } = configuration;
  if (parallelism <= 0) errors.push(invalid(Path.of('parallelism'), parallelism, 'should be an integer value greater than zero'));
  const names: string[] = [];
  for (const [index, profile] of profiles.entries()) {
    const path = Path.of('profiles').index(index);
    validateProfile(errors, profile, path, profiles.length);
    const { schedulerName = '' } = profile;
    if (schedulerName !== '' && names.includes(schedulerName)) errors.push(duplicate(path.child('schedulerName'), schedulerName));
    names.push(schedulerName);
  }
  validatePercentage(errors, percentageOfNodesToScore, Path.of('percentageOfNodesToScore'));
  const { podInitialBackoffSeconds = 1, podMaxBackoffSeconds = 10 } = configuration;
  if (podInitialBackoffSeconds <= 0)
    errors.push(invalid(Path.of('podInitialBackoffSeconds'), podInitialBackoffSeconds, 'must be greater than 0'));
  if (podMaxBackoffSeconds < podInitialBackoffSeconds) {
    const text = 'must be greater than or equal to PodInitialBackoffSeconds';
    errors.push(invalid(Path.of('podMaxBackoffSeconds'), podMaxBackoffSeconds, text));
  }
  return errors;
}

function validateProfile(errors: FieldError[], profile: SchedulerProfile, path: Path, count: number): void {
  // The only profile is the default one unless it has a name.
  if ((profile.schedulerName ?? '') === '' && count > 1) errors.push(required(path.child('schedulerName'), ''));
  validatePercentage(errors, profile.percentageOfNodesToScore, path.child('percentageOfNodesToScore'));
  const seen = new Set<string>();
  for (const [index, { name }] of (profile.pluginConfig ?? []).entries()) {
    const at = path.child('pluginConfig').index(index);
    if (seen.has(name)) errors.push(duplicate(at, name));
    seen.add(name);
  }
  const args = argsOf(profile);
  const argsPath = (name: string): Path =>
    path
      .child('pluginConfig')
      .index((profile.pluginConfig ?? []).findIndex((each) => each.name === name))
      .child('args');
  if (args.NodeResourcesFit !== undefined) validateFit(errors, args.NodeResourcesFit, argsPath('NodeResourcesFit'));
  const { hardPodAffinityWeight = 1 } = args.InterPodAffinity ?? {};
  if (hardPodAffinityWeight < 0 || hardPodAffinityWeight > 100)
    errors.push(invalid(argsPath('InterPodAffinity').child('hardPodAffinityWeight'), hardPodAffinityWeight, 'not in valid range [0-100]'));
  if (args.DefaultPreemption !== undefined) validatePreemption(errors, args.DefaultPreemption, argsPath('DefaultPreemption'));
  for (const [index, { weight = 1 }] of (args.NodeResourcesBalancedAllocation?.resources ?? []).entries()) {
    const at = argsPath('NodeResourcesBalancedAllocation').child('resources').index(index).child('weight');
    if (weight !== 1) errors.push(invalid(at, weight, 'resource weight of NodeResourcesBalancedAllocation can only be 1'));
  }
  const { bindTimeoutSeconds = 600 } = args.VolumeBinding ?? {};
  if (bindTimeoutSeconds < 0) {
    const text = 'invalid BindTimeoutSeconds, should not be a negative value';
    errors.push(invalid(argsPath('VolumeBinding').child('bindTimeoutSeconds'), bindTimeoutSeconds, text));
  }
  if (args.DynamicResources !== undefined) validateTimeouts(errors, args.DynamicResources, argsPath('DynamicResources'));
  if (args.NodeAffinity !== undefined) validateAddedAffinity(errors, args.NodeAffinity, argsPath('NodeAffinity'));
  if (args.PodTopologySpread !== undefined) validateSpread(errors, args.PodTopologySpread, argsPath('PodTopologySpread'));
}

function validatePercentage(errors: FieldError[], percentage: number | undefined, path: Path): void {
  if (percentage !== undefined && (percentage < 0 || percentage > 100))
    errors.push(invalid(path, percentage, 'not in valid range [0-100]'));
}

function validatePreemption(errors: FieldError[], args: DefaultPreemptionArgs, path: Path): void {
  const { minCandidateNodesPercentage: percentage = 10, minCandidateNodesAbsolute: absolute = 100 } = args;
  const [percentagePath, absolutePath] = [path.child('minCandidateNodesPercentage'), path.child('minCandidateNodesAbsolute')];
  if (percentage < 0 || percentage > 100) errors.push(invalid(percentagePath, percentage, 'not in valid range [0, 100]'));
  if (absolute < 0) errors.push(invalid(absolutePath, absolute, 'not in valid range [0, inf)'));
  if (percentage !== 0 || absolute !== 0) return;
  errors.push(invalid(percentagePath, percentage, 'cannot be zero at the same time as minCandidateNodesAbsolute'));
  errors.push(invalid(absolutePath, absolute, 'cannot be zero at the same time as minCandidateNodesPercentage'));
}

const SECOND_NANOSECONDS = 1e9;

function validateTimeouts(errors: FieldError[], { filterTimeout, bindingTimeout }: DynamicResourcesArgs, path: Path): void {
  if (filterTimeout !== undefined) {
    const at = path.child('filterTimeout');
    const problem = durationError(filterTimeout);
    if (problem !== undefined) errors.push(invalid(at, filterTimeout, problem));
    else if ((durationNanoseconds(filterTimeout) ?? 0) < 0) errors.push(invalid(at, filterTimeout, 'must be zero or positive'));
  }
  if (bindingTimeout !== undefined) {
    const at = path.child('bindingTimeout');
    const problem = durationError(bindingTimeout);
    if (problem !== undefined) errors.push(invalid(at, bindingTimeout, problem));
    else if ((durationNanoseconds(bindingTimeout) ?? 0) < SECOND_NANOSECONDS)
      errors.push(invalid(at, bindingTimeout, 'must be at least 1 second'));
  }
}

function validateFit(errors: FieldError[], { scoringStrategy, ignoredResources = [] }: NodeResourcesFitArgs, path: Path): void {
  for (const [index, name] of ignoredResources.entries())
    if (!name.includes('/'))
      errors.push(invalid(path.child('ignoredResources').index(index), name, 'only extended resources can be ignored'));
  if (scoringStrategy === undefined) return;
  const at = path.child('scoringStrategy');
  const { type = 'LeastAllocated', resources = [], requestedToCapacityRatio } = scoringStrategy;
  if (!STRATEGIES.includes(type)) errors.push(notSupported(at.child('type'), type, STRATEGIES));
  for (const [index, { name, weight = 1 }] of resources.entries()) {
    if (weight <= 0 || weight > 100)
      errors.push(
        invalid(at.child('resources').index(index).child('weight'), weight, `resource weight of ${name} not in valid range [1, 100]`),
      );
  }
  if (type !== 'RequestedToCapacityRatio') return;
  const shape = requestedToCapacityRatio?.shape ?? [];
  const shapePath = at.child('shape');
  if (shape.length === 0) errors.push(required(shapePath, 'at least one point must be specified'));
  for (const [index, { utilization = 0, score = 0 }] of shape.entries()) {
    const point = shapePath.index(index);
    const before = shape[index - 1]?.utilization ?? 0;
    if (utilization < 0 || utilization > 100) errors.push(invalid(point.child('utilization'), utilization, 'not in valid range [0-100]'));
    if (index > 0 && before >= utilization)
      errors.push(invalid(point.child('utilization'), utilization, 'utilization values must be sorted in increasing order'));
    if (score < 0 || score > 10) errors.push(invalid(point.child('score'), score, 'not in valid range [0-10]'));
  }
}

function validateAddedAffinity(errors: FieldError[], { addedAffinity }: NodeAffinityArgs, path: Path): void {
  const at = path.child('addedAffinity');
  const terms = addedAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (terms !== undefined) validateNodeSelector(errors, terms, at.child('requiredDuringSchedulingIgnoredDuringExecution'), false);
  for (const [index, { weight }] of (addedAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).entries()) {
    const term = at.child('preferredDuringSchedulingIgnoredDuringExecution').index(index);
    if (weight <= 0 || weight > 100) errors.push(invalid(term.child('weight'), weight, 'must be in the range 1-100'));
  }
}

const ACTIONS = ['DoNotSchedule', 'ScheduleAnyway'] as const;

function validateSpread(errors: FieldError[], { defaultConstraints = [], defaultingType }: PodTopologySpreadArgs, path: Path): void {
  const type = defaultingType ?? (defaultConstraints.length === 0 ? 'System' : 'List');
  if (type !== 'System' && type !== 'List') errors.push(notSupported(path.child('defaultingType'), type, ['System', 'List']));
  if (type === 'System' && defaultConstraints.length > 0)
    errors.push(invalid(path.child('defaultingType'), type, 'when .defaultConstraints are not empty'));
  const seen = new Set<string>();
  for (const [index, { maxSkew, topologyKey, whenUnsatisfiable, labelSelector }] of defaultConstraints.entries()) {
    const at = path.child('defaultConstraints').index(index);
    if (!(maxSkew > 0)) errors.push(invalid(at.child('maxSkew'), maxSkew, 'not in valid range (0, inf)'));
    if (topologyKey === '') errors.push(required(at.child('topologyKey'), 'can not be empty'));
    if (!ACTIONS.includes(whenUnsatisfiable)) errors.push(notSupported(at.child('whenUnsatisfiable'), whenUnsatisfiable, ACTIONS));
    if (labelSelector !== undefined)
      errors.push(forbidden(at.child('labelSelector'), 'constraint must not define a selector, as they deduced for each pod'));
    const key = `${topologyKey}, ${whenUnsatisfiable}`;
    if (seen.has(key)) errors.push(duplicate(at.child('{topologyKey, whenUnsatisfiable}'), `{${key}}`));
    seen.add(key);
  }
}
