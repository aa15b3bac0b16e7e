import assert from 'node:assert/strict';
import { NAMESPACES, NODES, PODS } from '../../../src/api/schema/resources.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';
import type { ClusterOptions } from '../../../src/cluster/options.ts';

const EXPLAIN = 'kubepad.dev/explain-scheduling';
const PREFIX = 'kube-scheduler-simulator.sigs.k8s.io';

function newCluster(options: Partial<ClusterOptions> = {}): Cluster {
  const cluster = Cluster.create({
    seed: 'explain',
    startTime: Date.UTC(2026, 0, 1),
    preset: 'empty',
    nodes: 3,
    kubelet: 'fast',
    freeze: true,
    ...options,
  });
  wait(cluster, 10);
  return cluster;
}

function wait(cluster: Cluster, seconds: number): void {
  cluster.simulation.advance(cluster.simulation.now() + seconds * 1000);
}

function createPod(cluster: Cluster, annotations?: Record<string, string>, spec: object = {}): void {
  cluster.admin().create(PODS, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default', labels: { app: 'web' }, ...(annotations === undefined ? {} : { annotations }) },
    spec: { containers: [{ name: 'main', image: 'nginx:1.29' }], ...spec },
  });
  wait(cluster, 5);
}

function results(cluster: Cluster): Readonly<Record<string, string>> {
  const { annotations = {} } = cluster.admin().get(PODS, 'default', 'web')?.metadata ?? {};
  const own = Object.entries(annotations).filter(([key]) => key.startsWith(PREFIX));
  return Object.fromEntries(own.map(([key, text]) => [key.slice(PREFIX.length + 1), text]));
}

interface Asked {
  readonly what: string;
  readonly options?: Partial<ClusterOptions>;
  readonly namespace?: string;
  readonly pod?: string;
  readonly expected: boolean;
}

const TABLE: readonly Asked[] = [
  { what: 'nothing', expected: false },
  { what: 'the Pod', pod: 'true', expected: true },
  { what: 'another word', pod: 'yes', expected: false },
  { what: 'the Namespace', namespace: 'true', expected: true },
  { what: 'the Namespace, but not the Pod', namespace: 'true', pod: 'false', expected: false },
  { what: 'the option', options: { explainScheduling: true }, expected: true },
  { what: 'the option, but not the Pod', options: { explainScheduling: true }, pod: 'false', expected: false },
];

describe('explanations on Pods', () => {
  for (const { what, options, namespace, pod, expected } of TABLE) {
    it(`are ${expected ? '' : 'not '}written when asked by ${what}`, () => {
      const cluster = newCluster(options);
      if (namespace !== undefined)
        cluster.admin().modify(NAMESPACES, '', 'default', ({ metadata }) => void ((metadata.annotations ??= {})[EXPLAIN] = namespace));
      createPod(cluster, pod === undefined ? undefined : { [EXPLAIN]: pod });
      assert.equal(Object.keys(results(cluster)).length, expected ? 5 : 0);
    });
  }

  it('say of each node which plugins let it pass and how it scored', () => {
    const cluster = newCluster();
    cluster.admin().modify(NODES, '', 'worker-2', ({ spec }) => void (spec!.unschedulable = true));
    createPod(cluster, { [EXPLAIN]: 'true' });
    const found = results(cluster);
    const filter = JSON.parse(found['filter-result'] ?? '') as Record<string, Record<string, string>>;
    assert.deepEqual(filter['worker-2'], { NodeUnschedulable: 'node(s) were unschedulable' });
    assert.equal(filter['worker-1']?.['NodeResourcesFit'], 'passed');
    assert.equal(filter['worker-1']?.['NodePorts'], undefined);
    const selected = cluster.admin().get(PODS, 'default', 'web')?.spec?.nodeName;
    assert.equal(found['selected-node'], selected);
    const taints = (key: string): unknown =>
      (JSON.parse(found[key] ?? '') as Record<string, Record<string, string>>)['worker-1']?.['TaintToleration'];
    assert.deepEqual([taints('score-result'), taints('finalscore-result')], ['0', '300']);
    assert.equal((JSON.parse(found['result-history'] ?? '') as unknown[]).length, 1);
  });

  it('keep what every attempt came to, and let the cluster come to rest', () => {
    const cluster = newCluster();
    const { simulation } = cluster;
    // Refused by a plugin that any change of a Pod in the namespace may help.
    const spread = { maxSkew: 1, topologyKey: 'rack', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app: 'web' } } };
    createPod(cluster, { [EXPLAIN]: 'true' }, { topologySpreadConstraints: [spread] });
    assert.equal(simulation.runUntil('stable').reason, 'Done');
    const refused = results(cluster);
    assert.equal(refused['selected-node'], '');
    assert.equal((JSON.parse(refused['result-history'] ?? '') as unknown[]).length, 1);
    cluster.admin().modify(NODES, '', 'worker-3', ({ metadata }) => void (metadata.labels!['rack'] = 'a'));
    wait(cluster, 30);
    const placed = results(cluster);
    assert.equal(placed['selected-node'], 'worker-3');
    const history = JSON.parse(placed['result-history'] ?? '') as Record<string, string>[];
    assert.deepEqual(
      history.map((attempt) => attempt[`${PREFIX}/selected-node`]),
      ['', 'worker-3'],
    );
  });
});
