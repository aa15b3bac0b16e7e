/** How evenly the Pods of a group are to be spread over zones, hosts and the like. */
import { duplicate, invalid, notSupported, required } from '../../../apimachinery/field/error.ts';
import { validateLabelSelector } from '../../../apimachinery/labels/validation.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { TopologySpreadConstraint } from '../../schema/types/core/v1.ts';
import { validateMatchLabelKeys } from './affinity.ts';
import { optionalOneOf, type Sink } from './sink.ts';
import type { PodValidationOptions } from './options.ts';

const ACTIONS: readonly string[] = ['DoNotSchedule', 'ScheduleAnyway'];
const POLICIES = ['Honor', 'Ignore'];

export function validateTopologySpread(
  sink: Sink,
  constraints: readonly TopologySpreadConstraint[],
  path: Path,
  options: PodValidationOptions,
): void {
  for (const [index, constraint] of constraints.entries()) {
    const at = path.index(index);
    const action: string = constraint.whenUnsatisfiable ?? '';
    const key = constraint.topologyKey ?? '';
    const skew = constraint.maxSkew ?? 0;
    if (skew <= 0) sink.push(invalid(at.child('maxSkew'), skew, 'must be greater than zero'));
    if (key === '') sink.push(required(at.child('topologyKey'), 'can not be empty'));
    if (!ACTIONS.includes(action)) sink.push(notSupported(at.child('whenUnsatisfiable'), action, ACTIONS));
    const repeated = constraints
      .slice(index + 1)
      .some((other) => (other.topologyKey ?? '') === key && (other.whenUnsatisfiable ?? '') === action);
    if (repeated) sink.push(duplicate(at.child('{topologyKey, whenUnsatisfiable}'), `{${key}, ${action}}`));
    validateMinDomains(sink, constraint.minDomains, action, at.child('minDomains'));
    optionalOneOf(sink, constraint.nodeAffinityPolicy, POLICIES, at, 'nodeAffinityPolicy');
    optionalOneOf(sink, constraint.nodeTaintsPolicy, POLICIES, at, 'nodeTaintsPolicy');
    validateMatchLabelKeys(sink, constraint, at);
    if (!options.allowInvalidTopologySpreadSelector)
      sink.push(...validateLabelSelector(constraint.labelSelector, at.child('labelSelector')));
  }
}

function validateMinDomains(sink: Sink, minDomains: number | undefined, action: string, path: Path): void {
  if (minDomains === undefined) return;
  if (minDomains <= 0) sink.push(invalid(path, minDomains, 'must be greater than zero'));
  if (action !== 'DoNotSchedule')
    sink.push(invalid(path, minDomains, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`));
}
