import assert from 'node:assert/strict';
import { NODES, STORAGECLASSES } from '../../../src/api/schema/resources.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';
import { PRESET_NAMES, type ClusterOptions, type Preset } from '../../../src/cluster/options.ts';
import manifest from '../../../package.json' with { type: 'json' };

function made(preset: Preset, options: Partial<ClusterOptions> = {}): Cluster {
  const cluster = Cluster.create({ seed: 'preset', startTime: Date.UTC(2026, 0, 1), preset, kubelet: 'fast', ...options });
  cluster.simulation.advance(cluster.simulation.now() + 30_000);
  return cluster;
}

interface Expected {
  readonly preset: Preset;
  readonly options?: Partial<ClusterOptions>;
  readonly nodes: readonly string[];
  /** Names of StorageClasses; the default one with a star. */
  readonly classes: readonly string[];
}

const workers = (name: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${name}-${i + 1}`);

const TABLE: readonly Expected[] = [
  { preset: 'default', nodes: ['control-plane-1', ...workers('worker', 3)], classes: [] },
  { preset: 'default', options: { nodes: 1, defaultStorageClass: 'fast' }, nodes: ['control-plane-1', 'worker-1'], classes: ['fast*'] },
  { preset: 'empty', nodes: [], classes: [] },
  { preset: 'empty', options: { nodes: 2 }, nodes: workers('worker', 2), classes: [] },
  { preset: 'eks', nodes: [...workers('ng-1', 2), ...workers('ng-2', 2)], classes: ['gp2'] },
  { preset: 'eks', options: { nodes: 5 }, nodes: [...workers('ng-1', 3), ...workers('ng-2', 2)], classes: ['gp2'] },
  { preset: 'eks', options: { nodes: 0, defaultStorageClass: 'standard' }, nodes: [], classes: ['gp2'] },
  { preset: 'kind', nodes: ['kind-control-plane', 'kind-worker', 'kind-worker2'], classes: ['standard*'] },
];

describe('applyPreset', () => {
  for (const { preset, options, nodes, classes } of TABLE) {
    it(`makes ${preset}${options === undefined ? '' : ` with ${JSON.stringify(options)}`}`, () => {
      const client = made(preset, options).admin();
      assert.deepEqual(
        client.list(NODES).map(({ metadata }) => metadata.name),
        nodes,
      );
      const found = client
        .list(STORAGECLASSES)
        .map(({ metadata: { name, annotations } }) => `${name}${annotations === undefined ? '' : '*'}`);
      assert.deepEqual(found, classes);
    });
  }

  it('gives EKS nodes the Pod limit, zone and labels of their group', () => {
    const nodes = made('eks').admin().list(NODES);
    assert.deepEqual(
      nodes.map(({ metadata: { labels = {} }, status }) => [
        labels['eks.amazonaws.com/nodegroup'],
        labels['topology.kubernetes.io/zone'],
        labels['node.kubernetes.io/instance-type'],
        status?.allocatable?.['pods'],
      ]),
      [
        ['ng-1', 'us-east-1a', 'm5.large', '29'],
        ['ng-1', 'us-east-1b', 'm5.large', '29'],
        ['ng-2', 'us-east-1a', 'm5.large', '29'],
        ['ng-2', 'us-east-1b', 'm5.large', '29'],
      ],
    );
  });

  it('makes 5,000 workers', function () {
    this.timeout(60_000);
    assert.equal(made('large').admin().list(NODES).length, 5_001);
  });

  it('is offered by the setting in full', () => {
    const { properties } = manifest.contributes.configuration;
    const setting = properties['kubepad.cluster.preset'];
    assert.deepEqual(setting.enum, [...PRESET_NAMES]);
    assert.equal(setting.enumDescriptions.length, PRESET_NAMES.length);
  });
});
