/** One device of a slice. Counterpart: validateDevice of k8s.io/kubernetes/pkg/apis/resource/validation. */
import { jsonEqual } from '../../../base/json.ts';
import { invalid, required } from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import { isDNS1123Subdomain } from '../../../apimachinery/validation/names.ts';
import { validateNodeSelector } from '../../core/pod/affinity.ts';
import { invalidEach, type Sink } from '../../core/pod/sink.ts';
import type { Counter, CounterSet, Device, DeviceCounterConsumption } from '../../schema/types/resource/v1.ts';
import { validateList, validateMap, validateSet } from '../lists.ts';
import { MAX_LABEL, MAX_QUALIFIED_NAME, validateLabel, validateQualifiedName } from '../names.ts';
import { validateBindingParameters, validateDeviceTaint } from '../taints.ts';
import { validateDeviceAttribute, validateDeviceCapacity } from './attributes.ts';

const MAX_PROPERTIES = 32;
const MAX_TAINTS = 16;
const MAX_CONSUMED_SETS = 2;
const MAX_COUNTERS = 32;

/** @param old the device of that name in the stored slice; what did not change there is not judged again */
export function validateDevice(sink: Sink, device: Device, old: Device | undefined, path: Path, selectsNodes: boolean): void {
  validateLabel(sink, device.name ?? '', path.child('name'));
  const { attributes = {}, capacity = {} } = device;
  const count = Object.keys(attributes).length + Object.keys(capacity).length;
  if (count > MAX_PROPERTIES)
    sink.push(invalid(path, count, `the total number of attributes and capacities must not exceed ${MAX_PROPERTIES}`));
  validateProperties(sink, attributes, path.child('attributes'), validateDeviceAttribute);
  if (old === undefined || !jsonEqual(old.capacity ?? {}, capacity)) {
    const shared = device.allowMultipleAllocations === true;
    validateProperties(sink, capacity, path.child('capacity'), (to, one, at) => validateDeviceCapacity(to, one, at, shared));
  }
  if (old === undefined || !jsonEqual(old.taints ?? [], device.taints ?? []))
    validateList(sink, device.taints, MAX_TAINTS, path.child('taints'), validateDeviceTaint);
  validateSet(
    sink,
    device.consumesCounters,
    MAX_CONSUMED_SETS,
    path.child('consumesCounters'),
    validateConsumption,
    ({ counterSet = '' }) => counterSet,
  );
  validatePlace(sink, device, path, selectsNodes);
  validateBindingParameters(sink, device, path);
}

export function validateCounterSet(sink: Sink, set: CounterSet, path: Path): void {
  validateCounters(sink, set.name, 'name', set.counters, path);
}

function validateConsumption(sink: Sink, consumption: DeviceCounterConsumption, path: Path): void {
  validateCounters(sink, consumption.counterSet, 'counterSet', consumption.counters, path);
}

function validateCounters(
  sink: Sink,
  name: string | undefined,
  field: string,
  counters: Readonly<Record<string, Counter>> | undefined,
  path: Path,
): void {
  if ((name ?? '') === '') sink.push(required(path.child(field), ''));
  else validateLabel(sink, name ?? '', path.child(field));
  // Any amount that can be read is fine.
  if (Object.keys(counters ?? {}).length === 0) sink.push(required(path.child('counters'), ''));
  else validateMap(sink, counters, MAX_COUNTERS, MAX_LABEL, path.child('counters'), validateLabel, () => undefined);
}

function validateProperties<T>(
  sink: Sink,
  properties: Readonly<Record<string, T>>,
  path: Path,
  check: (sink: Sink, property: T, path: Path) => void,
): void {
  validateMap(sink, properties, undefined, MAX_QUALIFIED_NAME, path, validateQualifiedName, check);
}

/** Where the device can be used, if the slice leaves that to its devices. */
function validatePlace(sink: Sink, device: Device, path: Path, selectsNodes: boolean): void {
  const { nodeName, nodeSelector, allNodes } = device;
  if (!selectsNodes) {
    if (nodeName === undefined && nodeSelector === undefined && allNodes === undefined) return;
    sink.push(invalid(path, null, NOT_SELECTING));
    return;
  }
  const set: string[] = [];
  if (nodeName === '') sink.push(invalid(path.child('nodeName'), nodeName, 'must not be empty'));
  else if (nodeName !== undefined) {
    set.push('`nodeName`');
    invalidEach(sink, path.child('nodeName'), nodeName, isDNS1123Subdomain(nodeName));
  }
  if (nodeSelector !== undefined) {
    set.push('`nodeSelector`');
    validateNodeSelector(sink, nodeSelector, path.child('nodeSelector'), false);
  }
  if (allNodes === true) set.push('`allNodes`');
  else if (allNodes === false) sink.push(invalid(path.child('allNodes'), false, 'must be either unset or set to true'));
  if (set.length === 0) sink.push(required(path, SELECTING));
  else if (set.length > 1) sink.push(invalid(path, `{${set.join(', ')}}`, SELECTING));
}

const NOT_SELECTING =
  '`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec';
const SELECTING =
  'exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec';
