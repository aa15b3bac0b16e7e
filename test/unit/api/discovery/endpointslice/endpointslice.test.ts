import assert from 'node:assert/strict';
import { ENDPOINTSLICE_STRATEGY } from '../../../../../src/api/discovery/endpointslice/strategy.ts';
import { judgeCreate, judgeUpdate } from '../../judge.ts';

const SLICE = { addressType: 'IPv4', endpoints: [{ addresses: ['192.0.2.1'], deprecatedTopology: { k: 'v' } }], ports: [{ port: 80 }] };

describe('EndpointSlice', () => {
  it('names and protocols default, topology goes', () => {
    const { object, errors } = judgeCreate(ENDPOINTSLICE_STRATEGY, SLICE);
    assert.deepEqual(errors, []);
    assert.deepEqual(object.ports, [{ port: 80, name: '', protocol: 'TCP' }]);
    assert.equal(object.endpoints?.[0]?.deprecatedTopology, undefined);
  });
  const addresses: readonly (readonly [type: string, address: string, errors: readonly string[]])[] = [
    ['IPv4', '2001:db8::5', ['endpoints[0].addresses: Invalid value: "2001:db8::5": must be an IPv4 address']],
    ['IPv6', '2001:db8::5', []],
    [
      'IPv4',
      '127.0.0.1',
      ['endpoints[0].addresses[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)'],
    ],
    ['FQDN', 'a.example.com.', []],
    [
      'FQDN',
      'single',
      ['endpoints[0].addresses[0]: Invalid value: "single": should be a domain with at least two segments separated by dots'],
    ],
  ];
  for (const [addressType, address, errors] of addresses) {
    it(`${addressType} with ${address}`, () => {
      assert.deepEqual(judgeCreate(ENDPOINTSLICE_STRATEGY, { addressType, endpoints: [{ addresses: [address] }] }).errors, errors);
    });
  }
  it('has limits', () => {
    const endpoints = Array.from({ length: 1001 }, () => ({ addresses: [] }));
    assert.deepEqual(judgeCreate(ENDPOINTSLICE_STRATEGY, { addressType: 'IPv4', endpoints }).errors, [
      'endpoints: Too many: 1001: must have at most 1000 items',
    ]);
  });
  it('counts generations of content and of labels', () => {
    const generation = (changes: Readonly<Record<string, unknown>>) =>
      judgeUpdate(ENDPOINTSLICE_STRATEGY, SLICE, changes).object.metadata.generation;
    assert.equal(generation({}), 1);
    assert.equal(generation({ 'metadata/labels': { a: 'b' } }), 2);
    assert.equal(generation({ 'endpoints/0/addresses': ['192.0.2.2'] }), 2);
    assert.equal(generation({ 'metadata/annotations': { a: 'b' } }), 1);
  });
  it('shows three endpoints and how many more', () => {
    const endpoints = ['1', '2', '3', '4', '5'].map((last) => ({ addresses: [`192.0.2.${last}`] }));
    const { object } = judgeCreate(ENDPOINTSLICE_STRATEGY, { addressType: 'IPv4', endpoints });
    assert.deepEqual(ENDPOINTSLICE_STRATEGY.table?.cells(object, 0), [
      'x',
      'IPv4',
      '<unset>',
      '192.0.2.1,192.0.2.2,192.0.2.3 + 2 more...',
      '<unknown>',
    ]);
  });
});
