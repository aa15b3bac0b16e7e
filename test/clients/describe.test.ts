// The editor's descriptions beside those of the real kubectl.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { root } from '../../scripts/support/process.ts';
import { describeObject } from '../../src/kubectl/describe/describe.ts';
import { getObject, type Rest } from '../../src/kubectl/rest.ts';
import { findBinaries } from './support/binaries.ts';
import { ClientSession, succeeded } from './support/session.ts';

const binaries = findBinaries();
const FILES = [
  'services/web.yaml',
  'services/services.yaml',
  'services/ingress.yaml',
  'stateful/db.yaml',
  'drain/guarded.yaml',
  'one-per-node/agent.yaml',
  'configuration/1-pod.yaml',
  'load/1-shop.yaml',
  'jobs/jobs.yaml',
];

describe('a description', function () {
  this.timeout(120_000);
  if (binaries === undefined) {
    it('of kubectl cannot be had here');
    return;
  }
  const session = new ClientSession(binaries);
  const kubectl = async (args: string | readonly string[]): Promise<string> => succeeded(await session.kubectl(args));
  const rest: Rest = {
    request: async ({ path, query = {} }) => {
      const { code, out, err } = await session.kubectl(['get', '--raw', `${path}?${new URLSearchParams(query).toString()}`]);
      return code === 0
        ? { code: 200, body: JSON.parse(out) as unknown, warnings: [] }
        : { code: 404, body: { message: err }, warnings: [] };
    },
  };
  before(async () => {
    await session.start('--speed', '10');
    for (const file of FILES) await kubectl(['apply', '-f', join(root, 'samples', file)]);
    await kubectl('rollout status deployment/hello --timeout=60s');
    await kubectl(['patch', 'clock', 'cluster', '--type=merge', '-p', '{"spec":{"paused":true}}']);
  });
  after(() => session.stop());

  /** Without what only the editor says: the reasons in conditions of Pods and Jobs, and what follows. */
  const common = (text: string): string =>
    text
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n')
      .replace(/^Conditions:\n(?: .*\n)*/m, '')
      .replace(/^Failed Indexes:.*\n/m, '')
      .replace(/^ +Message:.*\n/m, '')
      .replace(/^Events:[^]*/m, '');

  for (const [apiVersion, kind, name] of [
    ['apps/v1', 'Deployment', 'hello'],
    ['apps/v1', 'StatefulSet', 'db'],
    ['apps/v1', 'DaemonSet', 'agent'],
    ['batch/v1', 'Job', 'import'],
    ['v1', 'Pod', 'painter'],
    ['v1', 'Service', 'hello'],
    ['v1', 'Service', 'hello-port'],
    ['v1', 'Service', 'hello-pods'],
    ['v1', 'Service', 'elsewhere'],
    ['v1', 'PersistentVolumeClaim', 'data-db-0'],
    ['networking.k8s.io/v1', 'Ingress', 'hello'],
    ['autoscaling/v2', 'HorizontalPodAutoscaler', 'busy'],
    ['policy/v1', 'PodDisruptionBudget', 'guarded'],
  ] as const)
    it(`of ${kind} ${name} is the one of kubectl`, async () => {
      const found = await getObject(rest, { apiVersion, kind, namespace: 'default', name });
      assert.ok(found.ok);
      const own = await describeObject(rest, found.value, Date.now());
      assert.equal(common(own), common(await kubectl(['describe', kind, name])));
    });
});
