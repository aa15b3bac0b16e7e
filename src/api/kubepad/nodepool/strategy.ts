/**
 * NodePool: nodes of one kind, as many as it says.
 * Invariant: a fixed count, or bounds with the count that the autoscaler wants between them; what a node offers is said by an instance type or by resources.
 */
import { draft } from '../../../base/json.ts';
import {
  duplicate,
  forbidden,
  invalid,
  notSupported,
  required,
  tooLong,
  type ErrorList,
  type FieldError,
} from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { validateLabels } from '../../../apimachinery/labels/validation.ts';
import { parseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import { isDNS1123Label, isQualifiedName, isValidLabelValue } from '../../../apimachinery/validation/names.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { defaultPodTemplateSpec } from '../../core/pod/defaults.ts';
import { validatePodTemplateSpec } from '../../core/pod/validation.ts';
import type { PodTemplateSpec } from '../../schema/types/core/v1.ts';
import { age, AGE, integer, NAME, text } from '../../columns.ts';
import type { Strategy } from '../../strategy.ts';
import { INSTANCE_TYPES } from './instanceTypes.ts';
import { validateKubeletConfiguration } from './kubeletValidation.ts';
import { validateDriverName, validateQualifiedName } from '../../resource/names.ts';
import { validateDeviceAttribute } from '../../resource/resourceslice/attributes.ts';
import { parseDuration } from '../duration.ts';
import { NODEPOOLS, type NodePool, type NodePoolSpec, type PoolDevices } from '../types.ts';

export const NODEPOOL_STRATEGY: Strategy<NodePool> = {
  resource: NODEPOOLS,
  singular: 'nodepool',
  shortNames: ['np'],
  categories: [],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  prepareForCreate(pool) {
    delete pool.status;
  },
  validate: validateNodePool,
  validateUpdate: validateNodePool,
  status: { validateUpdate: () => [] },
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, text('Wanted'), integer('Nodes'), text('Instance Type'), AGE],
    cells: (pool, nowMs) => [
      pool.metadata.name ?? '',
      wanted(pool.spec),
      pool.status?.nodes ?? 0,
      pool.spec?.instanceType ?? '<none>',
      age(pool, nowMs),
    ],
  },
};

const SPEC = Path.of('spec');
const KUBELETS = ['fast', 'manual', 'realistic'];

function wanted({ count, min = 0, max }: NodePoolSpec = {}): string {
  return max === undefined ? String(count ?? 0) : `${count ?? min} (${min}-${max})`;
}

/** Machines are named POOL-N and carry their pool's name as a label, which holds 63 characters. */
const LONGEST_NAME = 57;

function validateNodePool({ metadata, spec = {} }: NodePool): ErrorList {
  const errors: FieldError[] = [];
  if ((metadata.name ?? '').length > LONGEST_NAME) errors.push(tooLong(Path.of('metadata', 'name'), LONGEST_NAME));
  const { count, min, max, zones = [], taints = [] } = spec;
  for (const field of ['count', 'min', 'max'] as const) {
    const value = spec[field];
    if (value !== undefined && value < 0) errors.push(invalid(SPEC.child(field), value, 'must be greater than or equal to 0'));
  }
  if (count === undefined && max === undefined) errors.push(required(SPEC.child('count'), 'must specify `count`, or `min` and `max`'));
  if (max === undefined && min !== undefined) errors.push(required(SPEC.child('max'), 'must be specified when `min` is specified'));
  if (count !== undefined && max !== undefined && (count > max || count < (min ?? 0)))
    errors.push(invalid(SPEC.child('count'), count, 'must be between `min` and `max`, inclusive'));
  if (spec.provisioningDelay !== undefined && parseDuration(spec.provisioningDelay) === undefined)
    errors.push(invalid(SPEC.child('provisioningDelay'), spec.provisioningDelay, 'must be a duration, as `90s`'));
  if (min !== undefined && max !== undefined && min > max)
    errors.push(invalid(SPEC.child('min'), min, 'must be less than or equal to `max`'));
  if (spec.instanceType !== undefined && Object.keys(spec.resources ?? {}).some((name) => name !== 'ephemeral-storage'))
    errors.push(forbidden(SPEC.child('resources'), 'may not be set together with `instanceType`, but for `ephemeral-storage`'));
  if (spec.instanceType !== undefined && !INSTANCE_TYPES.has(spec.instanceType))
    errors.push(notSupported(SPEC.child('instanceType'), spec.instanceType, [...INSTANCE_TYPES.keys()]));
  spec.nodeNames?.forEach((name, index) => {
    const path = SPEC.child('nodeNames').index(index);
    for (const text of nameIsDNSSubdomain(name, false)) errors.push(invalid(path, name, text));
    if (spec.nodeNames?.indexOf(name) !== index) errors.push(duplicate(path, name));
  });
  zones.forEach((zone, index) => {
    const path = SPEC.child('zones').index(index);
    if (zone === '') errors.push(required(path, ''));
    for (const text of isValidLabelValue(zone)) errors.push(invalid(path, zone, text));
  });
  errors.push(...validateLabels(spec.labels, SPEC.child('labels')));
  for (const [name, amount] of Object.entries(spec.resources ?? {})) {
    const parsed = parseQuantity(amount);
    if ('error' in parsed) errors.push(invalid(SPEC.child('resources').key(name), amount, parsed.error));
  }
  taints.forEach(({ key, value = '', effect }, index) => {
    const path = SPEC.child('taints').index(index);
    if (key === '') errors.push(required(path.child('key'), ''));
    else for (const text of isQualifiedName(key)) errors.push(invalid(path.child('key'), key, text));
    for (const text of isValidLabelValue(value)) errors.push(invalid(path.child('value'), value, text));
    if (!EFFECTS.includes(effect)) errors.push(notSupported(path.child('effect'), effect, EFFECTS));
  });
  validateDevices(errors, spec.devices ?? []);
  if (spec.kubelet !== undefined && !KUBELETS.includes(spec.kubelet))
    errors.push(notSupported(SPEC.child('kubelet'), spec.kubelet, KUBELETS));
  if (spec.kubeletConfiguration !== undefined)
    validateKubeletConfiguration(errors, spec.kubeletConfiguration, SPEC.child('kubeletConfiguration'));
  spec.staticPods?.forEach((template, index) => {
    const path = SPEC.child('staticPods').index(index);
    const { name, namespace } = template.metadata ?? {};
    if (name === undefined) errors.push(required(path.child('metadata', 'name'), ''));
    else for (const text of nameIsDNSSubdomain(name, false)) errors.push(invalid(path.child('metadata', 'name'), name, text));
    if (namespace !== undefined)
      for (const text of isDNS1123Label(namespace)) errors.push(invalid(path.child('metadata', 'namespace'), namespace, text));
    const filled = draft({ ...template, spec: template.spec ?? { containers: [] } });
    defaultPodTemplateSpec(filled);
    errors.push(...validatePodTemplateSpec(filled as PodTemplateSpec, path));
  });
  return errors;
}

const EFFECTS: readonly string[] = ['NoExecute', 'NoSchedule', 'PreferNoSchedule'];

/** A slice holds so many devices. */
const MAX_DEVICES = 128;

function validateDevices(errors: FieldError[], list: readonly PoolDevices[]): void {
  for (const [index, { driver = '', count = 1, attributes = {}, capacity = {} }] of (list as readonly Partial<PoolDevices>[]).entries()) {
    const path = SPEC.child('devices').index(index);
    validateDriverName(errors, driver, path.child('driver'));
    if (list.findIndex((other) => other.driver === driver) < index) errors.push(duplicate(path.child('driver'), driver));
    if (count < 1 || count > MAX_DEVICES)
      errors.push(invalid(path.child('count'), count, `must be between 1 and ${MAX_DEVICES}, inclusive`));
    for (const [name, attribute] of Object.entries(attributes)) {
      validateQualifiedName(errors, name, path.child('attributes'));
      validateDeviceAttribute(errors, attribute, path.child('attributes').key(name));
    }
    for (const [name, amount] of Object.entries(capacity)) {
      validateQualifiedName(errors, name, path.child('capacity'));
      const parsed = parseQuantity(amount);
      if ('error' in parsed) errors.push(invalid(path.child('capacity').key(name), amount, parsed.error));
    }
  }
}
