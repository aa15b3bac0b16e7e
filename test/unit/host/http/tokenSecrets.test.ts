import assert from 'node:assert/strict';
import { SECRETS, SERVICEACCOUNTS } from '../../../../src/api/schema/resources.ts';
import type { Secret } from '../../../../src/api/schema/types/core/v1.ts';
import { INVALID_SINCE, LAST_USED } from '../../../../src/apiserver/authentication/serviceaccount/legacy.ts';
import type { Disposable } from '../../../../src/base/lifecycle.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { createRestHost, type ServingHost } from '../../../../src/host/http/restHost.ts';
import { fillTokenSecrets } from '../../../../src/host/http/tokenSecrets.ts';

const START = Date.parse('2026-01-05T10:00:00Z');
const DAY_MS = 86_400_000;

describe('token Secrets of a cluster that is served', () => {
  let cluster: Cluster;
  let host: ServingHost;
  let work: Disposable;
  const advance = (ms: number): void => void cluster.simulation.advance(cluster.simulation.now() + ms);
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const secret = (name = 'robot-token'): Secret | undefined => cluster.admin().get(SECRETS, 'default', name);
  const tokenOf = (name?: string): string => atob(secret(name)?.data?.['token'] ?? '');
  const ask = async (annotations: Readonly<Record<string, string>>, name = 'robot-token'): Promise<void> => {
    const metadata = { name, namespace: 'default', annotations };
    cluster.admin().create(SECRETS, { apiVersion: 'v1', kind: 'Secret', metadata, type: 'kubernetes.io/service-account-token' });
    advance(1000);
    await turn();
  };
  const OWN = { 'kubernetes.io/service-account.name': 'robot' };

  beforeEach(() => {
    cluster = Cluster.create({ seed: 't', startTime: START, preset: 'empty', freeze: true, rootCertificate: 'PEM' });
    host = createRestHost({ api: cluster.api, adminToken: 'secret' });
    work = fillTokenSecrets({ cluster, before: () => {}, after: () => {} }, host.tokens);
    cluster
      .admin()
      .create(SERVICEACCOUNTS, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot', namespace: 'default' } });
    advance(1000);
  });
  afterEach(() => work.dispose());

  it('get certificate, namespace, uid and a token that stands for the account without an end', async () => {
    await ask(OWN);
    const { data, metadata } = secret()!;
    assert.deepEqual([atob(data?.['ca.crt'] ?? ''), atob(data?.['namespace'] ?? '')], ['PEM', 'default']);
    const account = cluster.admin().get(SERVICEACCOUNTS, 'default', 'robot');
    assert.equal(metadata.annotations?.['kubernetes.io/service-account.uid'], account?.metadata.uid);
    const user = host.userOfToken(tokenOf());
    assert.equal(user?.name, 'system:serviceaccount:default:robot');
    assert.deepEqual(user.groups, ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated']);
    advance(DAY_MS * 400);
    assert.equal(host.userOfToken(tokenOf())?.uid, account?.metadata.uid);
  });

  it('are marked with the day on which the token was used last', async () => {
    await ask(OWN);
    assert.equal(secret()?.metadata.labels?.[LAST_USED], undefined);
    host.userOfToken(tokenOf());
    assert.equal(secret()?.metadata.labels?.[LAST_USED], '2026-01-05');
    const { resourceVersion } = secret()!.metadata;
    host.userOfToken(tokenOf());
    assert.equal(secret()?.metadata.resourceVersion, resourceVersion);
    advance(DAY_MS);
    host.userOfToken(tokenOf());
    assert.equal(secret()?.metadata.labels?.[LAST_USED], '2026-01-06');
  });

  it('are void once they are marked so, hold another token, or are gone', async () => {
    await ask(OWN);
    await ask(OWN, 'other');
    const [first, second] = [tokenOf(), tokenOf('other')];
    cluster.admin().modify(SECRETS, 'default', 'robot-token', (copy) => void (copy.metadata.labels = { [INVALID_SINCE]: '2026-01-05' }));
    assert.equal(host.userOfToken(first), undefined);
    cluster.admin().modify(SECRETS, 'default', 'other', (copy) => void ((copy.data ??= {})['token'] = btoa('forged')));
    assert.equal(host.userOfToken(second), undefined);
    cluster.admin().modify(SECRETS, 'default', 'other', (copy) => void delete copy.data?.['token']);
    advance(1000);
    await turn();
    const third = tokenOf('other');
    assert.notEqual(host.userOfToken(third), undefined, 'a token that is taken out is made anew');
    cluster.admin().delete(SECRETS, 'default', 'other');
    assert.equal(host.userOfToken(third), undefined);
  });

  it('go with their account, and with one that is not the same any more', async () => {
    await ask(OWN);
    await ask({ ...OWN, 'kubernetes.io/service-account.uid': 'another' }, 'stale');
    await ask({ 'kubernetes.io/service-account.name': 'nobody' }, 'orphan');
    assert.deepEqual(
      ['robot-token', 'stale', 'orphan'].map((name) => secret(name) !== undefined),
      [true, false, false],
    );
    const token = tokenOf();
    cluster.admin().delete(SERVICEACCOUNTS, 'default', 'robot');
    assert.equal(host.userOfToken(token), undefined);
    advance(1000);
    assert.equal(secret(), undefined);
  });
});
