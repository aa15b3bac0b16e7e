import assert from 'node:assert/strict';
import { CONFIGMAPS, PODS, SECRETS, SERVICEACCOUNTS } from '../../../../src/api/schema/resources.ts';
import { parseDay } from '../../../../src/apiserver/authentication/serviceaccount/legacy.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { podTemplate, START } from '../support.ts';

const DAY_MS = 86_400_000;
const TRACKING = 'kube-apiserver-legacy-service-account-token-tracking';
const LAST_USED = 'kubernetes.io/legacy-token-last-used';
const INVALID_SINCE = 'kubernetes.io/legacy-token-invalid-since';

// Ten days stand for the year, so that a test has few of them to go through.
function newCluster(): Cluster {
  const options = {
    seed: 't',
    startTime: START,
    preset: 'empty',
    freeze: true,
    legacyServiceAccountTokenCleanUpPeriodMs: 10 * DAY_MS,
  } as const;
  const cluster = Cluster.create(options);
  advance(cluster, 1000);
  return cluster;
}

function advance(cluster: Cluster, ms: number): void {
  cluster.simulation.advance(cluster.simulation.now() + ms);
}

function createToken(cluster: Cluster, name: string, labels: Record<string, string> = {}): void {
  const annotations = { 'kubernetes.io/service-account.name': 'robot' };
  const metadata = { name, namespace: 'default', annotations, labels };
  cluster.admin().create(SECRETS, { apiVersion: 'v1', kind: 'Secret', metadata, type: 'kubernetes.io/service-account-token' });
}

function createAccount(cluster: Cluster, secrets: readonly string[]): void {
  const metadata = { name: 'robot', namespace: 'default' };
  cluster
    .admin()
    .create(SERVICEACCOUNTS, { apiVersion: 'v1', kind: 'ServiceAccount', metadata, secrets: secrets.map((name) => ({ name })) });
}

describe('the cleaner of token Secrets', () => {
  it('marks what nobody uses as void, and deletes it in the end', () => {
    const cluster = newCluster();
    createAccount(cluster, ['idle', 'used', 'mounted', 'garbled']);
    createToken(cluster, 'idle');
    createToken(cluster, 'used', { [LAST_USED]: '2026-01-12' });
    createToken(cluster, 'garbled', { [LAST_USED]: 'someday' });
    createToken(cluster, 'mounted');
    createToken(cluster, 'by-hand');
    const { spec } = podTemplate('web');
    cluster.admin().create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'default' },
      spec: { ...spec!, volumes: [{ name: 'token', projected: { sources: [{ secret: { name: 'mounted' } }] } }] },
    });
    const marks = () =>
      Object.fromEntries(
        cluster
          .admin()
          .list(SECRETS, 'default')
          .map(({ metadata }) => [metadata.name, metadata.labels?.[INVALID_SINCE] ?? '']),
      );
    advance(cluster, 10 * DAY_MS);
    assert.deepEqual(marks(), { idle: '', used: '', garbled: '', mounted: '', 'by-hand': '' });
    advance(cluster, 2 * DAY_MS);
    // Tracked since the 5th, counted from the 6th: the 16th is the day.
    assert.deepEqual(marks(), { idle: '2026-01-16', used: '', garbled: '', mounted: '', 'by-hand': '' });
    advance(cluster, 8 * DAY_MS);
    assert.deepEqual(marks(), { idle: '2026-01-16', used: '2026-01-23', garbled: '', mounted: '', 'by-hand': '' });
    advance(cluster, 4 * DAY_MS);
    assert.deepEqual(Object.keys(marks()).toSorted(), ['by-hand', 'garbled', 'mounted', 'used']);
  });
});

describe('the day since which the use of tokens is noted', () => {
  const since = (cluster: Cluster) => cluster.admin().get(CONFIGMAPS, 'kube-system', TRACKING)?.data?.['since'];

  it('is there from the beginning, and mended', () => {
    const cluster = newCluster();
    assert.equal(since(cluster), '2026-01-05');
    advance(cluster, DAY_MS);
    assert.equal(since(cluster), '2026-01-05');
    cluster.admin().modify(CONFIGMAPS, 'kube-system', TRACKING, (copy) => void (copy.data = { since: 'ever' }));
    advance(cluster, 1000);
    assert.equal(since(cluster), '2026-01-06');
  });

  it('is made anew after half an hour at the earliest', () => {
    const cluster = newCluster();
    cluster.admin().delete(CONFIGMAPS, 'kube-system', TRACKING);
    advance(cluster, 1_790_000);
    assert.equal(since(cluster), undefined);
    advance(cluster, 20_000);
    assert.equal(since(cluster), '2026-01-05');
  });

  for (const [text, valid] of [
    ['2026-01-31', true],
    ['2026-02-30', false],
    ['2026-1-3', false],
    ['2026-01-31T00:00:00Z', false],
    ['', false],
  ] as const) {
    it(`is ${valid ? '' : 'not '}"${text}"`, () => assert.equal(parseDay(text) !== undefined, valid));
  }
});
