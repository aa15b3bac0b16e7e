import assert from 'node:assert/strict';
import { handleRequest } from '../../../../src/apiserver/endpoints/handle.ts';
import { ADMIN } from '../../../../src/apiserver/authentication/users.ts';
import { createRestHost } from '../../../../src/host/http/restHost.ts';
import { Wire, type Parsed } from '../support.ts';

const ACCOUNTS = '/api/v1/namespaces/default/serviceaccounts';

describe('tokens of ServiceAccounts', () => {
  let wire: Wire;
  let host: ReturnType<typeof createRestHost>;
  const post = (path: string, body: object): { readonly code: number; readonly body: Parsed } => {
    const answer = handleRequest(
      wire.cluster.api,
      { method: 'POST', path, query: new URLSearchParams(), headers: {}, body: JSON.stringify(body), user: ADMIN },
      host,
    );
    assert(answer.kind === 'response');
    return { code: answer.code, body: JSON.parse(answer.body) };
  };
  const token = (spec: object = {}): string => post(`${ACCOUNTS}/default/token`, { spec }).body.status.token;

  beforeEach(() => {
    wire = new Wire();
    host = createRestHost({ api: wire.cluster.api, adminToken: 'secret' });
  });

  it('stand for the account and its groups', () => {
    const user = host.userOfToken(token());
    assert.equal(user?.name, 'system:serviceaccount:default:default');
    assert.deepEqual(user.groups, ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated']);
  });

  it('expire in virtual time', () => {
    const issued = token({ expirationSeconds: 600 });
    wire.advance(599_000);
    assert.notEqual(host.userOfToken(issued), undefined);
    wire.advance(1_000);
    assert.equal(host.userOfToken(issued), undefined);
  });

  it('die with the account, although it is made again', () => {
    const issued = token();
    wire.call('DELETE', `${ACCOUNTS}/default`);
    wire.advance(1000);
    assert.equal(wire.call('GET', `${ACCOUNTS}/default`).code, 200);
    assert.equal(host.userOfToken(issued), undefined);
  });

  it('are not taken when forged, signed by another key, or meant for others', () => {
    const issued = token();
    const [header = '', claims = '', signature = ''] = issued.split('.');
    const other = createRestHost({ api: wire.cluster.api, adminToken: 'secret' });
    assert.equal(host.userOfToken(`${header}.${claims}x.${signature}`), undefined);
    assert.equal(host.userOfToken(`${header}.${claims}.`), undefined);
    assert.equal(other.userOfToken(issued), undefined);
    assert.equal(host.userOfToken(token({ audiences: ['vault'] })), undefined);
  });

  it('are refused for less than ten minutes and for a Pod of another account', () => {
    const short = post(`${ACCOUNTS}/default/token`, { spec: { expirationSeconds: 60 } });
    assert.equal(short.code, 422);
    assert.match(short.body.message, /spec\.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes/);
    const missing = post(`${ACCOUNTS}/default/token`, { spec: { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'p' } } });
    assert.deepEqual([missing.code, missing.body.message], [404, 'pods "p" not found']);
  });

  it('are reviewed for the audiences that the reviewer names', () => {
    const issued = token({ audiences: ['vault'] });
    const review = (spec: object): Parsed => post('/apis/authentication.k8s.io/v1/tokenreviews', { spec }).body.status;
    assert.deepEqual(review({ token: 'rubbish' }), { user: {}, error: 'invalid bearer token' });
    assert.equal(review({ token: issued }).authenticated, undefined);
    assert.deepEqual(review({ token: issued, audiences: ['vault', 'x'] }).audiences, ['vault']);
    assert.equal(review({ token: 'secret' }).user.username, 'admin');
  });
});
