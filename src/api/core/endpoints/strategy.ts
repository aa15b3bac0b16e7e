/**
 * Endpoints: the addresses behind a Service as they were listed before EndpointSlices; deprecated and still served.
 * Invariant: subsets are stored as they were given, apart from defaults.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/endpoint.
 */
import { invalid, notSupported, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { validateIP, validateNonSpecialIP } from '../../../apimachinery/net/validation.ts';
import { isDNS1123Label, isDNS1123Subdomain, isQualifiedName, isValidPortNum } from '../../../apimachinery/validation/names.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { jsonEqual } from '../../../base/json.ts';
import { age, AGE, NAME, text } from '../../columns.ts';
import { ENDPOINTS } from '../../schema/resources.ts';
import type { EndpointAddress, EndpointPort, Endpoints, EndpointSubset } from '../../schema/types/core/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { PROTOCOLS } from '../service/ports.ts';

export const ENDPOINTS_STRATEGY: Strategy<Endpoints> = {
  resource: ENDPOINTS,
  singular: 'endpoints',
  shortNames: ['ep'],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults(endpoints) {
    for (const subset of endpoints.subsets ?? []) {
      for (const port of subset.ports ?? []) if (((port.protocol as string | undefined) ?? '') === '') port.protocol = 'TCP';
    }
  },
  validate: (endpoints) => validateSubsets(endpoints.subsets ?? [], []),
  // What was stored under older rules may stay as it is.
  validateUpdate: (endpoints, old) =>
    jsonEqual(endpoints.subsets ?? [], old.subsets ?? []) ? [] : validateSubsets(endpoints.subsets ?? [], addressesOf(old)),
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, text('Endpoints'), AGE],
    cells: (endpoints, nowMs) => [endpoints.metadata.name ?? '', formatEndpoints(endpoints), age(endpoints, nowMs)],
  },
};

function validateSubsets(subsets: readonly EndpointSubset[], known: readonly string[]): ErrorList {
  const errors: FieldError[] = [];
  subsets.forEach((subset, index) => {
    const path = Path.of('subsets').index(index);
    const { addresses = [], notReadyAddresses = [], ports = [] } = subset;
    if (addresses.length + notReadyAddresses.length === 0) errors.push(required(path, 'must specify `addresses` or `notReadyAddresses`'));
    addresses.forEach((address, at) => {
      validateAddress(errors, address, path.child('addresses').index(at), known);
    });
    notReadyAddresses.forEach((address, at) => {
      validateAddress(errors, address, path.child('notReadyAddresses').index(at), known);
    });
    ports.forEach((port, at) => {
      validatePort(errors, port, ports.length > 1, path.child('ports').index(at));
    });
  });
  return errors;
}

function validateAddress(errors: FieldError[], address: EndpointAddress, path: Path, known: readonly string[]): void {
  const { ip = '', hostname = '', nodeName } = address as Partial<EndpointAddress>;
  errors.push(...validateIP(path.child('ip'), ip, known));
  if (hostname !== '') for (const problem of isDNS1123Label(hostname)) errors.push(invalid(path.child('hostname'), hostname, problem));
  if (nodeName !== undefined)
    for (const problem of isDNS1123Subdomain(nodeName)) errors.push(invalid(path.child('nodeName'), nodeName, problem));
  errors.push(...validateNonSpecialIP(path.child('ip'), ip));
}

function validatePort(errors: FieldError[], port: EndpointPort, nameRequired: boolean, path: Path): void {
  const { name = '', protocol = '', appProtocol } = port;
  const number = (port.port as number | undefined) ?? 0;
  if (name !== '') for (const problem of isDNS1123Label(name)) errors.push(invalid(path.child('name'), name, problem));
  else if (nameRequired) errors.push(required(path.child('name'), ''));
  for (const problem of isValidPortNum(number)) errors.push(invalid(path.child('port'), number, problem));
  if ((protocol as string) === '') errors.push(required(path.child('protocol'), ''));
  else if (!PROTOCOLS.includes(protocol)) errors.push(notSupported(path.child('protocol'), protocol, PROTOCOLS));
  if (appProtocol === undefined) return;
  for (const problem of isQualifiedName(appProtocol)) errors.push(invalid(path.child('appProtocol'), appProtocol, problem));
}

function addressesOf(endpoints: Endpoints): readonly string[] {
  return (endpoints.subsets ?? []).flatMap(({ addresses = [], notReadyAddresses = [] }) =>
    [...addresses, ...notReadyAddresses].map(({ ip }) => ip),
  );
}

/** The first three with their ports, then how many more. */
function formatEndpoints(endpoints: Endpoints): string {
  const all = (endpoints.subsets ?? []).flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0 ? addresses.map(({ ip }) => ip) : ports.flatMap(({ port }) => addresses.map(({ ip }) => `${hostOf(ip)}:${port}`)),
  );
  if (all.length === 0) return '<none>';
  return all.length <= SHOWN ? all.join(',') : `${all.slice(0, SHOWN).join(',')} + ${all.length - SHOWN} more...`;
}

function hostOf(ip: string): string {
  return ip.includes(':') ? `[${ip}]` : ip;
}

const SHOWN = 3;
