import assert from 'node:assert/strict';
import { readClusterConfig } from '../../../../../src/api/kubepad/clusterconfig/read.ts';
import { NODES, PODS } from '../../../../../src/api/schema/resources.ts';
import { Cluster } from '../../../../../src/cluster/cluster.ts';
import { createApiJudge } from '../../../../../src/manifest/apiJudge.ts';
import { diagnoseText } from '../../../../../src/manifest/diagnose.ts';

const EKSCTL = `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata:
  name: shop
  region: eu-west-1
availabilityZones: [eu-west-1a, eu-west-1b]
managedNodeGroups:
  - name: web
    instanceType: t3.medium
    minSize: 1
    maxSize: 4
    desiredCapacity: 2
    volumeSize: 30
    maxPodsPerNode: 10
    labels: { tier: front }
    taints:
      - { key: spot, value: 'true', effect: NoSchedule }
    spot: true
  - name: db
    instanceTypes: [r6g.large]
    availabilityZones: [eu-west-1c]
nodeGroups:
  - name: old
    desiredCapacity: 1
`;

const KIND = `apiVersion: kind.x-k8s.io/v1alpha4
kind: Cluster
name: dev
nodes:
  - role: control-plane
    kubeadmConfigPatches:
      - |
        kind: InitConfiguration
        nodeRegistration:
          kubeletExtraArgs:
            node-labels: "ingress-ready=true"
    extraPortMappings:
      - { containerPort: 80, hostPort: 8080, protocol: TCP }
  - role: worker
    labels: { disk: ssd }
  - role: worker
  - role: worker
`;

describe('configurations of clusters', () => {
  it('read node groups of eksctl', () => {
    const plan = readClusterConfig(EKSCTL);
    assert.equal('pools' in plan, true);
    if (!('pools' in plan)) return;
    assert.equal(plan.preset, 'eks');
    const { web, db, old } = plan.pools;
    assert.deepEqual(web, {
      count: 2,
      min: 1,
      max: 4,
      instanceType: 't3.medium',
      resources: { 'ephemeral-storage': '30Gi' },
      kubeletConfiguration: { maxPods: 10 },
      zones: ['eu-west-1a', 'eu-west-1b'],
      labels: {
        'alpha.eksctl.io/cluster-name': 'shop',
        'alpha.eksctl.io/nodegroup-name': 'web',
        'eks.amazonaws.com/capacityType': 'SPOT',
        'eks.amazonaws.com/nodegroup': 'web',
        tier: 'front',
      },
      taints: [{ key: 'spot', value: 'true', effect: 'NoSchedule' }],
    });
    assert.deepEqual([db?.count, db?.instanceType, db?.zones], [2, 'r6g.large', ['eu-west-1c']]);
    assert.deepEqual([old?.count, old?.instanceType, old?.labels?.['eks.amazonaws.com/nodegroup']], [1, 'm5.large', undefined]);
  });

  it('read nodes of kind', () => {
    const plan = readClusterConfig(KIND);
    if (!('pools' in plan)) assert.fail(plan.error);
    assert.deepEqual(
      Object.entries(plan.pools).map(([name, { count }]) => `${name} ${count}`),
      ['dev-control-plane 1', 'dev-worker 1', 'dev-worker2 2'],
    );
    assert.equal(plan.pools['dev-control-plane']?.labels?.['ingress-ready'], 'true');
    assert.equal(plan.pools['dev-control-plane']?.taints?.length, 1);
    assert.equal(plan.pools['dev-worker']?.labels?.['disk'], 'ssd');
  });

  for (const [title, text, nodes] of [
    ['eksctl', EKSCTL, 'db-1 db-2 old-1 web-1 web-2'],
    ['kind', KIND, 'dev-control-plane dev-worker dev-worker2 dev-worker3'],
  ] as const)
    it(`make a cluster: ${title}`, () => {
      const plan = readClusterConfig(text);
      if (!('pools' in plan)) assert.fail(plan.error);
      const cluster = Cluster.create({ seed: 's', startTime: 0, preset: plan.preset, nodePools: plan.pools });
      cluster.simulation.advance(10_000);
      const made = cluster.admin().list(NODES);
      assert.equal(made.map(({ metadata }) => metadata.name).join(' '), nodes);
      const control = cluster
        .admin()
        .list(PODS, 'kube-system')
        .map(({ metadata }) => metadata.name ?? '');
      assert.equal(control.includes('kube-apiserver-dev-control-plane'), title === 'kind');
      if (title !== 'eksctl') return;
      const { capacity } = made.find(({ metadata }) => metadata.name === 'web-1')?.status ?? {};
      assert.deepEqual([capacity?.['pods'], capacity?.['ephemeral-storage']], ['10', '30Gi']);
    });

  it('say whose Pods run on Fargate, in which zones', () => {
    const text = `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: shop, region: eu-west-1 }
fargateProfiles:
  - name: batch
    selectors:
      - namespace: batch
      - namespace: team-*
        labels: { compute: serverless }
`;
    const plan = readClusterConfig(text);
    if (!('pools' in plan)) assert.fail(plan.error);
    assert.deepEqual(plan.fargate, {
      profiles: [
        {
          name: 'batch',
          selectors: [{ namespace: 'batch' }, { namespace: 'team-*', labels: { compute: 'serverless' } }],
        },
      ],
      zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
    });
    const faults = [
      [text.replace('name: batch', 'name: eks-batch'), 'fargateProfiles[0].name: must not begin with "eks-"'],
      [text.replace('namespace: batch', 'labels: {}'), 'fargateProfiles[0].selectors[0].namespace: must be set'],
      [text.slice(0, text.indexOf('    selectors')), 'fargateProfiles[0].selectors: must have at least one selector'],
    ] as const;
    for (const [wrongText, error] of faults) assert.deepEqual(readClusterConfig(wrongText), { error });
  });

  const wrong: readonly (readonly [string, string, string, number, string])[] = [
    ['an unknown member', EKSCTL.replace('spot: true', 'sopt: true'), 'unknown field "sopt"', 17, 'managedNodeGroups[0].sopt'],
    ['a wrong type', EKSCTL.replace('minSize: 1', 'minSize: one'), 'must be a whole number', 9, 'managedNodeGroups[0].minSize'],
    [
      'a type that is none',
      EKSCTL.replace('t3.medium', 't3.tiny'),
      'is no instance type that is known here: "t3.tiny"',
      8,
      'managedNodeGroups[0].instanceType',
    ],
    [
      'too many',
      EKSCTL.replace('desiredCapacity: 2', 'desiredCapacity: 9'),
      'cannot be greater than maxSize',
      11,
      'managedNodeGroups[0].desiredCapacity',
    ],
    [
      'a role that is none',
      KIND.replace('role: worker\n    labels', 'role: wrker\n    labels'),
      'invalid role: "wrker"',
      13,
      'nodes[1].role',
    ],
    [
      'a port that is none',
      KIND.replace('containerPort: 80', 'containerPort: 0'),
      'invalid port number: 0',
      12,
      'nodes[0].extraPortMappings[0].containerPort',
    ],
  ];
  const judge = createApiJudge();
  for (const [title, text, message, line, path] of wrong)
    it(`is told of ${title} at its line`, () => {
      const found = diagnoseText(judge, text, 0);
      assert.deepEqual(
        found.map((each) => [each.message, each.path, each.range.start.line]),
        [[message, path, line]],
      );
      assert.equal('error' in readClusterConfig(text), true);
    });

  it('are not judged as manifests', () => {
    for (const text of [EKSCTL, KIND]) assert.deepEqual(diagnoseText(judge, text, 0), []);
  });

  it('never throw', () => {
    for (const text of [
      '',
      '[',
      'a: b',
      'apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\nnodes: 3',
      'apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmanagedNodeGroups: [null]',
    ])
      assert.equal('error' in readClusterConfig(text), true, text);
  });
});
