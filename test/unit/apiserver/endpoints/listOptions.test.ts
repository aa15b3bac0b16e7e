import assert from 'node:assert/strict';
import { decodeContinue, encodeContinue } from '../../../../src/apiserver/endpoints/continueToken.ts';
import { Wire } from '../support.ts';

const MAPS = '/api/v1/namespaces/default/configmaps';

describe('what a list or watch cannot be asked', () => {
  const invalid = (text: string): string => `ListOptions.meta.k8s.io "" is invalid: ${text}`;
  const unsupported = 'resourceVersionMatch: Unsupported value: "Other": supported values: "Exact", "NotOlderThan", ""';
  const rows: readonly (readonly [string, number, string])[] = [
    ['limit=x', 400, 'strconv.ParseInt: parsing "x": invalid syntax'],
    ['watch=1&timeoutSeconds=', 400, 'strconv.ParseInt: parsing "": invalid syntax'],
    [
      'resourceVersionMatch=Exact',
      422,
      invalid('resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided'),
    ],
    ['resourceVersion=1&resourceVersionMatch=Other', 422, invalid(unsupported)],
    [
      'resourceVersion=0&resourceVersionMatch=Exact&sendInitialEvents=1',
      422,
      invalid(
        '[resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0", sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list]',
      ),
    ],
    [
      'watch=true&resourceVersionMatch=NotOlderThan',
      422,
      invalid('resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'),
    ],
    [
      'watch=true&sendInitialEvents=false',
      422,
      invalid('resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'),
    ],
    ['continue=a.b', 400, 'invalid continue token: continue key is not valid: illegal base64 data at input byte 1'],
    ['continue=e30', 400, 'invalid continue token: continue key is not valid: server does not recognize this encoded version '],
    [
      `continue=${encodeContinue({ revision: 1, start: 'a' })}&resourceVersion=5`,
      400,
      'specifying resource version is not allowed when using continue',
    ],
  ];
  let wire: Wire;
  before(() => {
    wire = new Wire();
  });
  for (const [query, code, message] of rows)
    it(query, () => {
      const got = wire.call('GET', `${MAPS}?${query}`);
      assert.deepEqual([got.code, got.body.message], [code, message]);
    });

  it('a token cannot lead out of the collection', () => {
    const token = encodeContinue({ revision: 1, start: '../secrets/a' });
    assert('error' in decodeContinue(token));
    assert.deepEqual(decodeContinue(encodeContinue({ revision: 7, start: 'ns/a' })), { revision: 7, start: 'ns/a' });
  });

  it('nothing is newer than the newest version', () => {
    for (const query of [
      'resourceVersion=99999',
      'resourceVersion=99999&resourceVersionMatch=NotOlderThan',
      'resourceVersion=99999&limit=1',
    ]) {
      const { code, body } = wire.call('GET', `${MAPS}?${query}`);
      assert.deepEqual([code, body.reason, body.details.retryAfterSeconds], [504, 'Timeout', 1], query);
    }
    assert.equal(wire.call('GET', `${MAPS}/kube-root-ca.crt?resourceVersion=99999`).code, 504);
  });

  it('everything but 0 and false is a yes', () => assert.equal(wire.watch(`${MAPS}?watch=yes`).kind, 'watch'));
});
