/** Counterpart: ValidateResourceSlice of k8s.io/kubernetes/pkg/apis/resource/validation. */
import { invalid, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { isDNS1123Subdomain } from '../../../apimachinery/validation/names.ts';
import { validateImmutable } from '../../../apimachinery/validation/objectMeta.ts';
import { validateNodeSelector } from '../../core/pod/affinity.ts';
import { internalValue } from '../../core/pod/internal.ts';
import { invalidEach } from '../../core/pod/sink.ts';
import type { ResourcePool, ResourceSlice, ResourceSliceSpec } from '../../schema/types/resource/v1.ts';
import { validateSet } from '../lists.ts';
import { validateDriverName, validatePoolName } from '../names.ts';
import { validateCounterSet, validateDevice } from './device.ts';

type Spec = Partial<ResourceSliceSpec>;

export function validateResourceSlice(slice: ResourceSlice): ErrorList {
  return validateSpec(slice.spec ?? {}, undefined);
}

/** Driver, pool and node stay; the devices come and go. */
export function validateResourceSliceUpdate(slice: ResourceSlice, old: ResourceSlice): ErrorList {
  return validateSpec(slice.spec ?? {}, old.spec ?? {});
}

function validateSpec(spec: Spec, old: Spec | undefined): ErrorList {
  const errors: FieldError[] = [];
  const { driver = '' } = spec;
  validateDriverName(errors, driver, SPEC.child('driver'));
  validatePool(errors, spec.pool ?? {}, SPEC.child('pool'));
  if (old !== undefined) {
    errors.push(...validateImmutable(spec.pool?.name ?? '', old.pool?.name ?? '', SPEC.child('pool', 'name')));
    errors.push(...validateImmutable(driver, old.driver ?? '', SPEC.child('driver')));
    errors.push(...validateImmutable(spec.nodeName ?? null, old.nodeName ?? null, SPEC.child('nodeName')));
  }
  validatePlace(errors, spec);
  if (spec.sharedCounters !== undefined && spec.devices !== undefined)
    errors.push(invalid(SPEC, '', 'only one of `sharedCounters` or `devices` is allowed'));
  const isCostly = (spec.devices ?? []).some(({ taints = [], consumesCounters = [] }) => taints.length > 0 || consumesCounters.length > 0);
  validateSet(
    errors,
    spec.devices,
    isCostly ? MAX_COSTLY_DEVICES : MAX_DEVICES,
    SPEC.child('devices'),
    (to, device, path) => {
      const before = old?.devices?.find(({ name }) => name === device.name);
      validateDevice(to, device, before, path, spec.perDeviceNodeSelection === true);
    },
    ({ name = '' }) => name,
  );
  validateSet(errors, spec.sharedCounters, MAX_COUNTER_SETS, SPEC.child('sharedCounters'), validateCounterSet, ({ name = '' }) => name);
  return errors;
}

function validatePool(errors: FieldError[], pool: Partial<ResourcePool>, path: Path): void {
  const { name = '', resourceSliceCount = 0, generation = 0 } = pool;
  validatePoolName(errors, name, path.child('name'));
  if (resourceSliceCount <= 0) errors.push(invalid(path.child('resourceSliceCount'), resourceSliceCount, 'must be greater than zero'));
  if (generation < 0) errors.push(invalid(path.child('generation'), generation, 'must be greater than or equal to zero'));
}

/** Which nodes have the devices: said in exactly one way. */
function validatePlace(errors: FieldError[], spec: Spec): void {
  const { nodeName, nodeSelector } = spec;
  const set: string[] = [];
  if (nodeName === '') errors.push(invalid(SPEC.child('nodeName'), nodeName, 'must be either unset or set to a non-empty string'));
  else if (nodeName !== undefined) {
    set.push('`nodeName`');
    invalidEach(errors, SPEC.child('nodeName'), nodeName, isDNS1123Subdomain(nodeName));
  }
  if (nodeSelector !== undefined) {
    set.push('`nodeSelector`');
    const path = SPEC.child('nodeSelector');
    validateNodeSelector(errors, nodeSelector, path, false);
    if ((nodeSelector.nodeSelectorTerms ?? []).length !== 1) {
      const printed = internalValue('NodeSelector', nodeSelector) as { readonly NodeSelectorTerms: unknown };
      errors.push(invalid(path.child('nodeSelectorTerms'), printed.NodeSelectorTerms, 'must have exactly one node selector term'));
    }
  }
  for (const field of ['allNodes', 'perDeviceNodeSelection'] as const) {
    if (spec[field] === true) set.push(`\`${field}\``);
    else if (spec[field] === false) errors.push(invalid(SPEC.child(field), false, 'must be either unset or set to true'));
  }
  const text = 'exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required';
  if (set.length === 0) errors.push(required(SPEC, text));
  else if (set.length > 1) errors.push(invalid(SPEC, `{${set.join(', ')}}`, `${text}, but multiple fields are set`));
}

const SPEC = Path.of('spec');
const MAX_DEVICES = 128;
const MAX_COSTLY_DEVICES = 64;
const MAX_COUNTER_SETS = 8;
