import assert from 'node:assert/strict';
import { limitProblems, type Demand } from '../../../../src/apiserver/admission/limitranger/constraints.ts';
import { pod, Wire } from '../support.ts';

const NS = '/api/v1/namespaces/default';

describe('the bounds of a LimitRange', () => {
  const rows: readonly (readonly [object, Partial<Demand>, readonly string[]])[] = [
    [{ min: { cpu: '1' } }, {}, ['minimum cpu usage per Container is 1.  No request is specified']],
    [
      { min: { cpu: '1' } },
      { requests: { cpu: '1' }, limits: { cpu: '500m' } },
      ['minimum cpu usage per Container is 1, but limit is 500m'],
    ],
    [{ max: { cpu: '1' } }, {}, ['maximum cpu usage per Container is 1.  No limit is specified']],
    [{ max: { cpu: '1' } }, { limits: { cpu: '1' }, requests: { cpu: '2' } }, ['maximum cpu usage per Container is 1, but request is 2']],
    [{ max: { storage: '1Gi' } }, { limits: undefined }, ['maximum storage usage per Container is 1Gi.  No request is specified']],
    [
      { maxLimitRequestRatio: { cpu: '1500m' } },
      { requests: { cpu: '100m' }, limits: { cpu: '160m' } },
      ['cpu max limit to request ratio per Container is 1500m, but provided ratio is 1.600000'],
    ],
    [
      { maxLimitRequestRatio: { cpu: '2' } },
      {},
      ['cpu max limit to request ratio per Container is 2, but no request is specified or request is 0'],
    ],
    [
      { maxLimitRequestRatio: { cpu: '2' } },
      { requests: { cpu: '1' } },
      ['cpu max limit to request ratio per Container is 2, but no limit is specified or limit is 0'],
    ],
    [{ min: { cpu: '1' }, max: { cpu: '2' } }, { requests: { cpu: '1' }, limits: { cpu: '2' } }, []],
  ];
  for (const [bounds, demand, expected] of rows)
    it(`${JSON.stringify(bounds)} find in ${JSON.stringify(demand)} ${expected.length} problems`, () =>
      assert.deepEqual(limitProblems({ type: 'Container', ...bounds }, { requests: {}, limits: {}, ...demand }), expected));
});

describe('a LimitRange', () => {
  const range = (item: object) => ({ apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'r' }, spec: { limits: [item] } });

  it('leaves what its defaults set to nobody, and a Pod that is there alone', () => {
    const wire = new Wire();
    wire.call('POST', `${NS}/limitranges`, range({ type: 'Container', default: { cpu: '1' } }));
    const { body } = wire.call('POST', `${NS}/pods`, pod('a'));
    assert.deepEqual(body.spec.containers[0].resources, { limits: { cpu: '1' }, requests: { cpu: '1' } });
    const fields = JSON.stringify(body.metadata.managedFields[0].fieldsV1);
    assert(!fields.includes('f:limits') && !fields.includes('limit-ranger'), fields);
    wire.call('PUT', `${NS}/limitranges/r`, range({ type: 'Container', max: { cpu: '500m' } }));
    assert.equal(
      wire.call('PATCH', `${NS}/pods/a`, { metadata: { labels: { x: 'y' } } }, { 'content-type': 'application/merge-patch+json' }).code,
      200,
    );
  });
});
