import { duplicate, invalid, notSupported, required, tooMany, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { validateLabels } from '../../../apimachinery/labels/validation.ts';
import { familyOf } from '../../../apimachinery/net/ip.ts';
import { validateIP, validateNonSpecialIP } from '../../../apimachinery/net/validation.ts';
import {
  isDNS1123Label,
  isDNS1123Subdomain,
  isQualifiedName,
  isValidLabelValue,
  type Problems,
} from '../../../apimachinery/validation/names.ts';
import { validateImmutable } from '../../../apimachinery/validation/objectMeta.ts';
import type { Endpoint, EndpointHints, EndpointPort, EndpointSlice } from '../../schema/types/discovery/v1.ts';

export function validateEndpointSlice(slice: EndpointSlice): ErrorList {
  return validate(slice, new Set());
}

export function validateEndpointSliceUpdate(slice: EndpointSlice, old: EndpointSlice): ErrorList {
  const addresses = new Set((old.endpoints ?? []).flatMap((endpoint) => endpoint.addresses));
  return [...validate(slice, addresses), ...validateImmutable(slice.addressType, old.addressType, Path.of('addressType'))];
}

/** @param known addresses that the replaced slice holds; their odd forms may stay */
function validate(slice: EndpointSlice, known: ReadonlySet<string>): ErrorList {
  const errors: FieldError[] = [];
  const type: string = (slice.addressType as string | undefined) ?? '';
  const path = Path.of('addressType');
  if (type === '') errors.push(required(path, ''));
  else if (!ADDRESS_TYPES.includes(type)) errors.push(notSupported(path, type, ADDRESS_TYPES));
  validateEndpoints(errors, slice.endpoints ?? [], type, known);
  validatePorts(errors, slice.ports ?? []);
  return errors;
}

function validateEndpoints(errors: FieldError[], endpoints: readonly Endpoint[], type: string, known: ReadonlySet<string>): void {
  const list = Path.of('endpoints');
  if (endpoints.length > MAX_ENDPOINTS) {
    errors.push(tooMany(list, endpoints.length, MAX_ENDPOINTS));
    return;
  }
  endpoints.forEach((endpoint, index) => {
    const path = list.index(index);
    const addresses = (endpoint.addresses as readonly string[] | undefined) ?? [];
    const at = path.child('addresses');
    if (addresses.length === 0) errors.push(required(at, 'must contain at least 1 address'));
    else if (addresses.length > MAX_ADDRESSES) errors.push(tooMany(at, addresses.length, MAX_ADDRESSES));
    addresses.forEach((address, position) => {
      validateAddress(errors, address, type, at, position, known);
    });
    if (endpoint.nodeName !== undefined) each(errors, path.child('nodeName'), endpoint.nodeName, isDNS1123Subdomain(endpoint.nodeName));
    const topology = endpoint.deprecatedTopology ?? {};
    const topologyPath = path.child('deprecatedTopology');
    const keys = Object.keys(topology).length;
    if (keys > MAX_TOPOLOGY_LABELS) errors.push(tooMany(topologyPath, keys, MAX_TOPOLOGY_LABELS));
    errors.push(...validateLabels(topology, topologyPath));
    if (endpoint.hostname !== undefined) each(errors, path.child('hostname'), endpoint.hostname, isDNS1123Label(endpoint.hostname));
    if (endpoint.hints !== undefined) validateHints(errors, endpoint.hints, path.child('hints'));
  });
}

function validateAddress(errors: FieldError[], address: string, type: string, list: Path, index: number, known: ReadonlySet<string>): void {
  const path = list.index(index);
  if (type === 'FQDN') {
    errors.push(...validateFullyQualified(path, address));
    return;
  }
  if (type !== 'IPv4' && type !== 'IPv6') return;
  const malformed = validateIP(path, address, known.has(address) ? [address] : []);
  errors.push(...malformed);
  if (malformed.length > 0) return;
  // The path of this one names the list, not the address.
  if (familyOf(address) !== type) errors.push(invalid(list, address, `must be an ${type} address`));
  errors.push(...validateNonSpecialIP(path, address));
}

/** Counterpart: IsFullyQualifiedDomainName. A trailing dot is allowed, a name of one label is not. */
function validateFullyQualified(path: Path, name: string): ErrorList {
  if (name === '') return [required(path, '')];
  const bare = name.endsWith('.') ? name.slice(0, -1) : name;
  const problems = isDNS1123Subdomain(bare);
  if (problems.length > 0) return [invalid(path, bare, problems.join(','))];
  const labels = bare.split('.');
  if (labels.length < 2) return [invalid(path, bare, 'should be a domain with at least two segments separated by dots')];
  const errors: FieldError[] = [];
  for (const label of labels) each(errors, path, label, isDNS1123Label(label));
  return errors;
}

function validatePorts(errors: FieldError[], ports: readonly EndpointPort[]): void {
  const list = Path.of('ports');
  if (ports.length > MAX_PORTS) {
    errors.push(tooMany(list, ports.length, MAX_PORTS));
    return;
  }
  const names = new Set<string>();
  ports.forEach((port, index) => {
    const path = list.index(index);
    const name = port.name ?? '';
    if (name !== '') each(errors, path.child('name'), name, isDNS1123Label(name));
    if (names.has(name)) errors.push(duplicate(path.child('name'), name));
    names.add(name);
    if (port.protocol === undefined) errors.push(required(path.child('protocol'), ''));
    else if (!PROTOCOLS.includes(port.protocol)) errors.push(notSupported(path.child('protocol'), port.protocol, PROTOCOLS));
    if (port.appProtocol !== undefined) each(errors, path.child('appProtocol'), port.appProtocol, isQualifiedName(port.appProtocol));
  });
}

function validateHints(errors: FieldError[], hints: EndpointHints, path: Path): void {
  validateHint(errors, hints.forZones ?? [], path.child('forZones'), isValidLabelValue);
  validateHint(errors, hints.forNodes ?? [], path.child('forNodes'), isDNS1123Subdomain);
}

function validateHint(
  errors: FieldError[],
  hints: readonly { readonly name: string }[],
  path: Path,
  rule: (name: string) => Problems,
): void {
  if (hints.length > MAX_HINTS) {
    errors.push(tooMany(path, hints.length, MAX_HINTS));
    return;
  }
  const names = new Set<string>();
  hints.forEach((hint, index) => {
    const name = (hint.name as string | undefined) ?? '';
    const at = path.index(index).child('name');
    if (names.has(name)) errors.push(duplicate(at, name));
    names.add(name);
    each(errors, at, name, rule(name));
  });
}

function each(errors: FieldError[], path: Path, value: string, problems: Problems): void {
  for (const text of problems) errors.push(invalid(path, value, text));
}

const ADDRESS_TYPES: readonly string[] = ['FQDN', 'IPv4', 'IPv6'];
const PROTOCOLS: readonly string[] = ['SCTP', 'TCP', 'UDP'];
const MAX_ENDPOINTS = 1000;
const MAX_ADDRESSES = 100;
const MAX_PORTS = 20000;
const MAX_TOPOLOGY_LABELS = 16;
const MAX_HINTS = 8;
