import assert from 'node:assert/strict';
import { draft } from '../../../../src/base/json.ts';
import type { Endpoint, EndpointSlice } from '../../../../src/api/schema/types/discovery/v1.ts';
import { packSlices, portKey } from '../../../../src/controllers/endpointslice/packing.ts';

const PORTS = [{ name: '', port: 80, protocol: 'TCP' as const }];
const endpoint = (number: number): Endpoint => ({
  addresses: [`10.0.${Math.floor(number / 256)}.${number % 256}`],
  conditions: { ready: true },
});
const range = (from: number, to: number): Endpoint[] => Array.from({ length: to - from }, (_, index) => endpoint(from + index));
const slice = (name: string, endpoints: readonly Endpoint[], ports = PORTS): EndpointSlice => ({
  metadata: { name },
  addressType: 'IPv4',
  ports,
  endpoints,
});

function pack(existing: readonly EndpointSlice[], endpoints: readonly Endpoint[]) {
  const groups = new Map(endpoints.length === 0 ? [] : [[portKey(PORTS), { ports: PORTS, endpoints }]]);
  const plan = packSlices(
    existing,
    groups,
    (ports) => ({ metadata: { generateName: 'web-' }, addressType: 'IPv4', ports: draft(ports), endpoints: [] }),
    draft,
  );
  const sizes = (slices: readonly { metadata: { name?: string }; endpoints?: readonly unknown[] }[]) =>
    slices.map(({ metadata, endpoints: all }) => `${metadata.name ?? 'new'}:${all?.length ?? 0}`);
  return { create: sizes(plan.create), update: sizes(plan.update), remove: plan.remove.map(({ metadata }) => metadata.name) };
}

describe('packSlices', () => {
  const nothing = { create: [], update: [], remove: [] };
  const cases: readonly [string, readonly EndpointSlice[], readonly Endpoint[], object][] = [
    ['makes an empty slice for a Service without addresses', [], [], { ...nothing, create: ['new:0'] }],
    ['keeps that empty slice', [slice('a', [], [])], [], nothing],
    ['fills the empty slice with the first address', [slice('a', [], [])], range(0, 1), { ...nothing, update: ['a:1'] }],
    ['splits at 100', [], range(0, 250), { ...nothing, create: ['new:100', 'new:100', 'new:50'] }],
    ['writes nothing if all is there', [slice('a', range(0, 5))], range(0, 5), nothing],
    ['adds to a slice with room', [slice('a', range(0, 5))], range(0, 6), { ...nothing, update: ['a:6'] }],
    ['takes away in place', [slice('a', range(0, 5))], range(1, 5), { ...nothing, update: ['a:4'] }],
    [
      'fills changed slices before it touches others',
      [slice('a', range(0, 100)), slice('b', range(100, 160))],
      [...range(1, 160), ...range(200, 203)],
      { ...nothing, update: ['a:100', 'b:62'] },
    ],
    ['empties into the placeholder', [slice('a', range(0, 1))], [], { ...nothing, update: ['a:0'] }],
  ];
  for (const [title, existing, endpoints, expected] of cases) {
    it(title, () => assert.deepEqual(pack(existing, endpoints), expected));
  }
});
