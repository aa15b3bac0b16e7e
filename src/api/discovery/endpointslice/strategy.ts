/**
 * EndpointSlices: the addresses behind a Service.
 * Invariant: what v1beta1 called topology is not kept; node name and zone have fields of their own.
 * Counterpart: k8s.io/kubernetes/pkg/registry/discovery/endpointslice.
 */
import { Path } from '../../../apimachinery/field/path.ts';
import { ipWarnings } from '../../../apimachinery/net/validation.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { jsonEqual, type Draft } from '../../../base/json.ts';
import { age, AGE, NAME, text } from '../../columns.ts';
import { ENDPOINTSLICES } from '../../schema/resources.ts';
import type { EndpointSlice } from '../../schema/types/discovery/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { validateEndpointSlice, validateEndpointSliceUpdate } from './validation.ts';

export const ENDPOINTSLICE_STRATEGY: Strategy<EndpointSlice> = {
  resource: ENDPOINTSLICES,
  singular: 'endpointslice',
  shortNames: [],
  categories: [],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults: defaultEndpointSlice,
  prepareForCreate: dropTopology,
  prepareForUpdate(slice, old) {
    if (!jsonEqual(slice.endpoints, old.endpoints)) dropTopology(slice);
    // There is no spec; changed labels count as a new generation too.
    if (!jsonEqual(slice.metadata.labels ?? {}, old.metadata.labels ?? {})) slice.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
  validate: validateEndpointSlice,
  validateUpdate: validateEndpointSliceUpdate,
  warnings: endpointSliceWarnings,
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, text('AddressType'), text('Ports'), text('Endpoints'), AGE],
    cells: (slice, nowMs) => [slice.metadata.name ?? '', slice.addressType, formatPorts(slice), formatEndpoints(slice), age(slice, nowMs)],
  },
};

function defaultEndpointSlice(slice: Draft<EndpointSlice>): void {
  for (const port of slice.ports ?? []) {
    port.name ??= '';
    port.protocol ??= 'TCP';
  }
}

function dropTopology(slice: Draft<EndpointSlice>): void {
  for (const endpoint of slice.endpoints ?? []) delete endpoint.deprecatedTopology;
}

function endpointSliceWarnings(slice: EndpointSlice): readonly string[] {
  if (slice.addressType === 'FQDN') return ['spec.addressType: FQDN endpoints are deprecated'];
  const path = Path.of('endpoints');
  return (slice.endpoints ?? []).flatMap((endpoint, index) =>
    endpoint.addresses.flatMap((address, position) => ipWarnings(path.index(index).child('addresses').index(position), address)),
  );
}

/** The first three, then how many more. */
function formatPorts(slice: EndpointSlice): string {
  const ports = (slice.ports ?? []).map((port) => String(port.port ?? '*'));
  return ports.length === 0 ? '<unset>' : shorten(ports);
}

function formatEndpoints(slice: EndpointSlice): string {
  const addresses = (slice.endpoints ?? []).flatMap((endpoint) => endpoint.addresses);
  return addresses.length === 0 ? '<unset>' : shorten(addresses);
}

function shorten(texts: readonly string[]): string {
  if (texts.length <= SHOWN) return texts.join(',');
  return `${texts.slice(0, SHOWN).join(',')} + ${texts.length - SHOWN} more...`;
}

const SHOWN = 3;
