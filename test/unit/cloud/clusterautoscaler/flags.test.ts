import assert from 'node:assert/strict';
import { DEPLOYMENTS } from '../../../../src/api/schema/resources.ts';
import { readFlags } from '../../../../src/cloud/clusterautoscaler/flags.ts';
import type { AutoscalerOptions } from '../../../../src/cloud/clusterautoscaler/options.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { run } from '../../kubelet/support.ts';
import { autoscaled, deploy, nodes, scale, SMALL, told } from './support.ts';

describe('flags of the cluster autoscaler', () => {
  const rows: readonly (readonly [words: string, options: AutoscalerOptions, problems?: number])[] = [
    ['./cluster-autoscaler --v=4 --cloud-provider=aws --node-group-auto-discovery=asg:tag=a,b', {}],
    ['--expander=least-waste,random', { expander: ['least-waste', 'random'] }],
    [
      '--balance-similar-node-groups --skip-nodes-with-system-pods=false',
      { balanceSimilarNodeGroups: true, skipNodesWithSystemPods: false },
    ],
    [
      '--balance-similar-node-groups=false -scale-down-unneeded-time=1m30s',
      { balanceSimilarNodeGroups: false, scaleDownUnneededTimeMs: 90_000 },
    ],
    ['--max-node-provision-time 5m --max-nodes-total 7', { maxNodeProvisionTimeMs: 300_000, maxNodesTotal: 7 }],
    ['--scale-down-utilization-threshold=0.65', { scaleDownUtilizationThreshold: 0.65 }],
    ['--expendable-pods-priority-cutoff=-100', { expendablePodsPriorityCutoff: -100 }],
    ['--balancing-ignore-label=team --balancing-ignore-label=cost', { balancingIgnoreLabels: ['team', 'cost'] }],
    ['--expander=cheapest', {}, 1],
    ['--scale-down-unneeded-time=10', {}, 1],
    ['--scale-down-enabled=perhaps --max-nodes-total=many', {}, 2],
  ];
  for (const [words, options, problems = 0] of rows)
    it(`reads ${words}`, () => {
      const read = readFlags(words.split(' '));
      assert.deepEqual(read.options, options);
      assert.equal(read.problems.length, problems);
    });

  function install(cluster: Cluster, flags: readonly string[], replicas = 1): void {
    const labels = { app: 'cluster-autoscaler' };
    cluster.admin().create(DEPLOYMENTS, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'cluster-autoscaler', namespace: 'kube-system' },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              {
                name: 'cluster-autoscaler',
                image: 'registry.k8s.io/autoscaling/cluster-autoscaler:v1.36.0',
                command: ['./cluster-autoscaler', '--cloud-provider=aws', ...flags],
              },
            ],
          },
        },
      },
    });
  }

  it('count when somebody installs its Deployment, from the next look on', () => {
    const cluster = autoscaled({ web: SMALL });
    install(cluster, [
      '--scale-down-unneeded-time=1m',
      '--scale-down-delay-after-add=1m',
      '--skip-nodes-with-system-pods=false',
      '--expander=best',
    ]);
    deploy(cluster, 'web', 3, '900m');
    run(cluster, 120);
    assert.equal(nodes(cluster), 'web-1 web-2');
    scale(cluster, 'web', 1);
    run(cluster, 150);
    assert.equal(nodes(cluster).split(' ').length, 1);
    assert.deepEqual(told(cluster, 'InvalidFlag'), ['invalid argument "best" for "--expander" flag: its default counts']);
  });

  it('say nothing where no Pod of it is to run: then nothing grows', () => {
    const cluster = autoscaled({ web: SMALL });
    install(cluster, [], 0);
    deploy(cluster, 'web', 4, '900m');
    run(cluster, 300);
    assert.equal(nodes(cluster), 'web-1');
  });
});
