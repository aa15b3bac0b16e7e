/** Who may use the devices of a claim, which ones were found, and how they are. */
import type { Draft } from '../../../base/json.ts';
import { jsonEqual } from '../../../base/json.ts';
import {
  forbidden,
  invalid,
  notSupported,
  required,
  tooLong,
  tooMany,
  Printed,
  type ErrorList,
  type FieldError,
} from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { formatIP, parseCIDR } from '../../../apimachinery/net/ip.ts';
import { validateConditions } from '../../../apimachinery/validation/conditions.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/objectMeta.ts';
import { byteLength } from '../../../apimachinery/validation/text.ts';
import { validateNodeSelector } from '../../core/pod/affinity.ts';
import { internalValue } from '../../core/pod/internal.ts';
import type {
  AllocatedDeviceStatus,
  AllocationResult,
  DeviceAllocationConfiguration,
  DeviceRequestAllocationResult,
  NetworkDeviceData,
  ResourceClaim,
  ResourceClaimConsumerReference,
  ResourceClaimStatus,
} from '../../schema/types/resource/v1.ts';
import { MAX_CONFIGURATIONS, validateConfiguration, validateRawObject } from '../configuration.ts';
import { gatherRequestNames, validateRequestReference, validateRequestReferences, type RequestNames } from '../deviceClaim.ts';
import { validateList, validateSet } from '../lists.ts';
import { validateDriverName, validateLabel, validatePoolName, validateUID } from '../names.ts';
import { validateBindingParameters, validateDeviceTolerations } from '../taints.ts';

const STATUS = Path.of('status');
const MAX_CONSUMERS = 256;
const MAX_RESULTS = 32;
const MAX_CONDITIONS = 8;
const MAX_DATA_BYTES = 10 * 1024;
const MAX_IPS = 16;
const MAX_INTERFACE_NAME = 256;
const MAX_HARDWARE_ADDRESS = 128;

/** The state of a device goes with its allocation. */
export function dropDeallocatedDevices(claim: Draft<ResourceClaim>, old: ResourceClaim): void {
  const { status } = claim;
  if (status?.devices === undefined) return;
  const kept = allocatedDevices(status);
  const gone = new Set([...allocatedDevices(old.status)].filter((device) => !kept.has(device)));
  const devices = status.devices.filter((device) => !gone.has(deviceKey(device)));
  if (devices.length > 0) status.devices = devices;
  else delete status.devices;
}

export function validateResourceClaimStatusUpdate(claim: ResourceClaim, old: ResourceClaim): ErrorList {
  const errors: FieldError[] = [];
  const status = claim.status ?? {};
  validateSet(errors, status.reservedFor, MAX_CONSUMERS, STATUS.child('reservedFor'), validateConsumer, ({ uid = '' }) => uid);
  const allocated = allocatedDevices(status);
  validateSet(
    errors,
    status.devices,
    undefined,
    STATUS.child('devices'),
    (to, device, path) => validateDeviceStatus(to, device, path, allocated),
    deviceKey,
    (key) => new Printed(key),
  );
  validateReservations(errors, claim, old);
  const { allocation } = status;
  const path = STATUS.child('allocation');
  const before = old.status?.allocation;
  if (allocation === undefined) return errors;
  if (before === undefined) validateAllocation(errors, allocation, path, gatherRequestNames(claim.spec?.devices));
  else if (!jsonEqual(allocation, before)) errors.push(invalid(path, internalValue('AllocationResult', allocation), FIELD_IMMUTABLE));
  return errors;
}

interface DeviceID {
  readonly driver: string;
  readonly pool: string;
  readonly device: string;
  readonly shareID?: string;
}

function deviceKey({ driver, pool, device, shareID }: DeviceID): string {
  return `${driver}/${pool}/${device}${shareID === undefined ? '' : `/${shareID}`}`;
}

function allocatedDevices(status: ResourceClaimStatus | undefined): ReadonlySet<string> {
  return new Set((status?.allocation?.devices?.results ?? []).map(deviceKey));
}

function validateConsumer(errors: FieldError[], consumer: ResourceClaimConsumerReference, path: Path): void {
  const { resource = '', name = '', uid = '' } = consumer;
  if (resource === '') errors.push(required(path.child('resource'), ''));
  if (name === '') errors.push(required(path.child('name'), ''));
  if (uid === '') errors.push(required(path.child('uid'), ''));
}

/** Nobody is let in before there are devices, nor once the claim is on its way out. */
function validateReservations(errors: FieldError[], claim: ResourceClaim, old: ResourceClaim): void {
  const consumers = claim.status?.reservedFor ?? [];
  if (consumers.length === 0) return;
  const path = STATUS.child('reservedFor');
  if (claim.status?.allocation === undefined) {
    errors.push(forbidden(path, 'may not be specified when `allocated` is not set'));
    return;
  }
  const before = old.status?.reservedFor ?? [];
  const added = consumers.some((consumer) => !before.some((other) => jsonEqual(other, consumer)));
  if (claim.metadata.deletionTimestamp !== undefined && added)
    errors.push(forbidden(path, 'new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set'));
}

function validateAllocation(errors: FieldError[], allocation: AllocationResult, path: Path, names: RequestNames): void {
  const { results, config } = allocation.devices ?? {};
  const at = path.child('devices');
  validateList(errors, results, MAX_RESULTS, at.child('results'), (to, result, item) => validateResult(to, result, item, names));
  validateList(errors, config, 2 * MAX_CONFIGURATIONS, at.child('config'), (to, one, item) =>
    validateSourcedConfiguration(to, one, item, names),
  );
  if (allocation.nodeSelector) validateNodeSelector(errors, allocation.nodeSelector, path.child('nodeSelector'), false);
}

function validateResult(errors: FieldError[], result: DeviceRequestAllocationResult, path: Path, names: RequestNames): void {
  const { request = '', driver = '', pool = '', device = '' } = result;
  validateRequestReference(errors, request, path.child('request'), names);
  validateDriverName(errors, driver, path.child('driver'));
  validatePoolName(errors, pool, path.child('pool'));
  validateLabel(errors, device, path.child('device'));
  validateBindingParameters(errors, result, path);
  validateDeviceTolerations(errors, result.tolerations, path);
  if (result.shareID !== undefined) validateUID(errors, result.shareID, path.child('shareID'));
}

function validateSourcedConfiguration(
  errors: FieldError[],
  configuration: DeviceAllocationConfiguration,
  path: Path,
  names: RequestNames,
): void {
  const source = (configuration.source as string | undefined) ?? '';
  if (source === '') errors.push(required(path.child('source'), ''));
  else if (source !== 'FromClaim' && source !== 'FromClass')
    errors.push(notSupported(path.child('source'), source, ['FromClaim', 'FromClass']));
  validateRequestReferences(errors, configuration.requests, path, names);
  validateConfiguration(errors, configuration, path, {});
}

function validateDeviceStatus(errors: FieldError[], status: AllocatedDeviceStatus, path: Path, allocated: ReadonlySet<string>): void {
  const { driver = '', pool = '', device = '', conditions = [] } = status;
  validateDriverName(errors, driver, path.child('driver'));
  validatePoolName(errors, pool, path.child('pool'));
  validateLabel(errors, device, path.child('device'));
  if (status.shareID !== undefined) validateUID(errors, status.shareID, path.child('shareID'));
  if (!allocated.has(deviceKey(status))) {
    errors.push(invalid(path, new Printed(deviceKey(status)), 'must be an allocated device in the claim'));
  }
  if (conditions.length > MAX_CONDITIONS) errors.push(tooMany(path.child('conditions'), conditions.length, MAX_CONDITIONS));
  errors.push(...validateConditions(conditions, path.child('conditions')));
  if (status.data !== undefined) validateRawObject(errors, status.data, path.child('data'), MAX_DATA_BYTES);
  if (status.networkData !== undefined) validateNetworkData(errors, status.networkData, path.child('networkData'));
}

function validateNetworkData(errors: FieldError[], data: NetworkDeviceData, path: Path): void {
  if (byteLength(data.interfaceName ?? '') > MAX_INTERFACE_NAME) errors.push(tooLong(path.child('interfaceName'), MAX_INTERFACE_NAME));
  if (byteLength(data.hardwareAddress ?? '') > MAX_HARDWARE_ADDRESS)
    errors.push(tooLong(path.child('hardwareAddress'), MAX_HARDWARE_ADDRESS));
  validateSet(errors, data.ips, MAX_IPS, path.child('ips'), validateInterfaceAddress, (address) => address);
}

/** `10.9.8.7/24`: an address together with its network, written in the usual way. */
function validateInterfaceAddress(errors: FieldError[], text: string, path: Path): void {
  const cidr = parseCIDR(text);
  if (cidr === undefined) {
    errors.push(invalid(path, text, 'must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)'));
    return;
  }
  const usual = `${formatIP(cidr.address.family, cidr.address.value)}/${cidr.prefixLength}`;
  if (text !== usual) errors.push(invalid(path, text, `must be in canonical form ("${usual}")`));
}
