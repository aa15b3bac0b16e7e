// Forks of a cluster in which everything goes on at once: whatever a part of it remembers must be in its checkpoint.
import assert from 'node:assert/strict';
import { ADMIN } from '../../../src/apiserver/authentication/users.ts';
import { handleRequest } from '../../../src/apiserver/endpoints/handle.ts';
import { NODES, PODS } from '../../../src/api/schema/resources.ts';
import { Cluster, type ClusterCheckpoint } from '../../../src/cluster/cluster.ts';
import { RandomStream } from '../../../src/sim/random.ts';

const START = Date.UTC(2026, 0, 1);
/** KUBEPAD_FORK_SEEDS: how many clusters are forked, for a longer look. */
const SEEDS = Number(process.env['KUBEPAD_FORK_SEEDS'] ?? 4);
const PROGRAMS = [
  'image present; run',
  'image present; sleep 7; exit 1',
  'image missing; run',
  'image pull 3s; serve 8080 503 until 9s then 200; run',
  'image present; on-term exit 0 after 5s; run',
  'image present; exec ok until 12s then fail; run',
];

type Spec = Readonly<Record<string, unknown>>;

/** A template whose Pods all behave in one of the ways above. */
function template(name: string, chance: RandomStream, more: Spec = {}): Spec {
  const program = PROGRAMS[chance.int(PROGRAMS.length)] ?? '';
  const container = {
    name: 'app',
    image: `registry.test/${name}:${chance.int(3)}`,
    resources: { requests: { cpu: `${chance.int(8) * 100}m` } },
    ...(program.includes('serve') ? { readinessProbe: { httpGet: { port: 8080 }, periodSeconds: 3 } } : {}),
    ...(program.includes('exec') ? { livenessProbe: { exec: { command: ['check'] }, periodSeconds: 4 } } : {}),
  };
  const annotations = { 'kubepad.dev/program.app': program };
  return { metadata: { labels: { app: name }, annotations }, spec: { containers: [container], ...more } };
}

const KINDS: readonly (readonly [apiVersion: string, kind: string, path: string, spec: (name: string, chance: RandomStream) => Spec])[] = [
  ['v1', 'Pod', '/api/v1/namespaces/NS/pods', (name, chance) => template(name, chance)['spec'] as Spec],
  [
    'apps/v1',
    'Deployment',
    '/apis/apps/v1/namespaces/NS/deployments',
    (name, chance) => ({ replicas: chance.int(4), selector: { matchLabels: { app: name } }, template: template(name, chance) }),
  ],
  [
    'apps/v1',
    'StatefulSet',
    '/apis/apps/v1/namespaces/NS/statefulsets',
    (name, chance) => ({
      replicas: chance.int(3),
      serviceName: name,
      selector: { matchLabels: { app: name } },
      template: template(name, chance),
    }),
  ],
  [
    'apps/v1',
    'DaemonSet',
    '/apis/apps/v1/namespaces/NS/daemonsets',
    (name, chance) => ({ selector: { matchLabels: { app: name } }, template: template(name, chance) }),
  ],
  [
    'batch/v1',
    'Job',
    '/apis/batch/v1/namespaces/NS/jobs',
    (name, chance) => ({
      completions: 1 + chance.int(3),
      backoffLimit: 2,
      ttlSecondsAfterFinished: 20,
      template: template(name, chance, { restartPolicy: 'Never' }),
    }),
  ],
  [
    'batch/v1',
    'CronJob',
    '/apis/batch/v1/namespaces/NS/cronjobs',
    (name, chance) => ({
      schedule: '* * * * *',
      jobTemplate: { spec: { template: template(name, chance, { restartPolicy: 'OnFailure' }) } },
    }),
  ],
  [
    'v1',
    'Service',
    '/api/v1/namespaces/NS/services',
    (_name, chance) => ({ selector: { app: `x${chance.int(6)}` }, ports: [{ port: 80 }], trafficDistribution: 'PreferSameZone' }),
  ],
  [
    'policy/v1',
    'PodDisruptionBudget',
    '/apis/policy/v1/namespaces/NS/poddisruptionbudgets',
    (_name, chance) => ({ minAvailable: 1, selector: { matchLabels: { app: `x${chance.int(6)}` } } }),
  ],
];

function call(cluster: Cluster, method: string, path: string, body?: unknown, type = 'application/json'): number {
  const answer = handleRequest(cluster.api, {
    method,
    path,
    query: new URLSearchParams(),
    headers: { 'content-type': type },
    body: body === undefined ? '' : JSON.stringify(body),
    user: ADMIN,
  });
  return answer.kind === 'response' ? answer.code : 0;
}

/** One of the things that people and machines do; the same for the same chance and the same cluster. Returns whether it was let. */
function act(cluster: Cluster, chance: RandomStream): boolean {
  const namespace = chance.int(4) === 0 ? 'team' : 'default';
  const name = `x${chance.int(6)}`;
  const [apiVersion, kind, path, spec] = KINDS[chance.int(KINDS.length)] ?? KINDS[0]!;
  const collection = path.replace('NS', namespace);
  const node = `worker-${1 + chance.int(3)}`;
  const merge = 'application/merge-patch+json';
  switch (chance.int(10)) {
    case 0:
      return (
        call(cluster, 'DELETE', `${collection}/${name}`, { propagationPolicy: ['Background', 'Foreground', 'Orphan'][chance.int(3)] }) < 300
      );
    case 1: {
      const pods = cluster.admin().list(PODS);
      const pod = pods[chance.int(Math.max(1, pods.length))];
      return pod !== undefined && call(cluster, 'DELETE', `/api/v1/namespaces/${pod.metadata.namespace}/pods/${pod.metadata.name}`) < 300;
    }
    case 2: {
      const fault = chance.int(2) === 0 ? 'NodeDown' : null;
      return call(cluster, 'PATCH', `/api/v1/nodes/${node}`, { metadata: { annotations: { 'kubepad.dev/fault': fault } } }, merge) < 300;
    }
    case 3: {
      const taints = chance.int(2) === 0 ? [{ key: 'k', effect: 'NoExecute' }] : null;
      return call(cluster, 'PATCH', `/api/v1/nodes/${node}`, { spec: { taints } }, merge) < 300;
    }
    case 4:
      return (
        call(
          cluster,
          'PATCH',
          `${collection}/${name}`,
          { spec: { replicas: chance.int(5), template: { metadata: { labels: { v: name } } } } },
          merge,
        ) < 300
      );
    case 5:
      if (chance.int(3) > 0) return call(cluster, 'POST', '/api/v1/namespaces', { metadata: { name: 'team' } }) < 300;
      return call(cluster, 'DELETE', chance.int(2) === 0 ? '/api/v1/namespaces/team' : `/api/v1/nodes/${node}`) < 300;
    default: {
      const made = spec(name, chance);
      return call(cluster, 'POST', collection, { apiVersion, kind, metadata: { name, labels: { app: name } }, spec: made }) < 300;
    }
  }
}

/** Everything that is and was, and everything that is still to come. */
function memory(cluster: Cluster): unknown {
  return JSON.parse(JSON.stringify(cluster.checkpoint()));
}

/** Where two memories differ first: a whole one is too long to be read. The order of keys says nothing. */
function difference(left: unknown, right: unknown, path = ''): string | undefined {
  if (left === right) return undefined;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null)
    return `${path}: ${JSON.stringify(left)} and ${JSON.stringify(right)}`;
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const found = difference((left as Spec)[key], (right as Spec)[key], `${path}/${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

describe('a cluster in which everything goes on at once', () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    it(`goes on from a checkpoint exactly as without one, seed ${seed}`, function () {
      this.timeout(60_000);
      const chance = new RandomStream(`everything/${seed}`);
      let cluster = Cluster.create({ seed: String(seed), startTime: START, preset: 'default', freeze: true });
      let acts = 0;
      for (let step = 0; step < 60; step++) {
        cluster.simulation.advance(cluster.simulation.now() + chance.int(9_000), { events: 50 + chance.int(3_000) });
        if (act(cluster, chance)) acts++;
        if (step % 10 !== 9) continue;
        const copy = Cluster.restore(memory(cluster) as ClusterCheckpoint);
        const until = cluster.simulation.now() + chance.int(120_000);
        for (const each of [cluster, copy]) each.simulation.advance(until);
        assert.equal(difference(memory(cluster), memory(copy)), undefined);
        // The copy goes on, so that what it lost shows later at the latest.
        cluster = copy;
      }
      assert.ok(acts > 15, `only ${acts} acts were let`);
      assert.ok(cluster.admin().list(NODES).length > 0);
    });
  }
});
