import assert from 'node:assert/strict';
import { NODES, PODS } from '../../../../src/api/schema/resources.ts';
import type { Container, Pod, PodSpec } from '../../../../src/api/schema/types/core/v1.ts';
import type { FargateOptions } from '../../../../src/api/kubepad/clusterconfig/fargate.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { profileOf } from '../../../../src/cloud/fargate/profiles.ts';
import { sizeFor, sizeText } from '../../../../src/cloud/fargate/sizes.ts';
import { unsupported } from '../../../../src/cloud/fargate/unsupported.ts';
import { readyCluster, run } from '../../kubelet/support.ts';

const podOf = (spec: Partial<PodSpec>): Pod => ({
  metadata: { name: 'p', namespace: 'default' },
  spec: { containers: [{ name: 'a', image: 'a' }], ...spec },
});
const asking = (cpu: string, memory: string): Pod =>
  podOf({ containers: [{ name: 'a', image: 'a', resources: { requests: { cpu, memory } } }] });

describe('a Fargate profile', () => {
  const profiles = [
    { name: 'z-all', selectors: [{ namespace: 'team-*' }] },
    { name: 'labelled', selectors: [{ namespace: 'other' }, { namespace: 'team-?', labels: { 'tier*': 'w?b' } }] },
  ];
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, string | undefined])[] = [
    ['default', {}, undefined],
    ['other', {}, 'labelled'],
    ['team-a', {}, 'z-all'],
    ['team-a', { tier: 'web' }, 'labelled'],
    ['team-a', { 'tier-1': 'wxb' }, 'labelled'],
    ['team-ab', { tier: 'web' }, 'z-all'],
    ['team-a', { tier: 'web', 'eks.amazonaws.com/fargate-profile': 'z-all' }, 'z-all'],
    ['team-a', { 'eks.amazonaws.com/fargate-profile': 'labelled' }, undefined],
  ];
  for (const [namespace, labels, expected] of cases)
    it(`${namespace} ${JSON.stringify(labels)}: ${expected ?? 'none'}`, () =>
      assert.equal(profileOf(profiles, namespace, labels), expected));
});

describe('a Fargate machine', () => {
  const sizes: readonly (readonly [string, string, string | undefined])[] = [
    ['0', '0', '0.25vCPU 0.5GB'],
    ['250m', '256Mi', '0.25vCPU 0.5GB'],
    ['250m', '257Mi', '0.25vCPU 1GB'],
    ['100m', '1792Mi', '0.25vCPU 2GB'],
    ['100m', '2Gi', '0.5vCPU 3GB'],
    ['251m', '0', '0.5vCPU 1GB'],
    ['1', '8Gi', '2vCPU 9GB'],
    ['5', '17Gi', '8vCPU 20GB'],
    ['16', '119Gi', '16vCPU 120GB'],
    ['16', '120Gi', undefined],
    ['17', '1Gi', undefined],
  ];
  for (const [cpu, memory, expected] of sizes)
    it(`for ${cpu} and ${memory}: ${expected ?? 'none'}`, () => {
      const size = sizeFor(asking(cpu, memory));
      assert.equal(size && sizeText(size), expected);
    });

  const container = (more: Partial<Container>): Partial<PodSpec> => ({ containers: [{ name: 'a', image: 'a', ...more }] });
  const refused: readonly (readonly [Partial<PodSpec>, string | undefined])[] = [
    [{}, undefined],
    [{ hostNetwork: true, hostPID: true }, 'fields not supported: HostNetwork, HostPID'],
    [container({ ports: [{ containerPort: 80, hostPort: 80 }] }), 'fields not supported: HostPort'],
    [container({ securityContext: { privileged: true } }), 'invalid SecurityContext fields: Privileged'],
    [{ volumes: [{ name: 'logs', hostPath: { path: '/var/log' } }] }, 'volumes not supported: logs is of an unsupported volume Type'],
    [{ volumes: [{ name: 'scratch', emptyDir: {} }] }, undefined],
  ];
  for (const [spec, reason] of refused)
    it(`${JSON.stringify(spec)}: ${reason ?? 'is fine'}`, () =>
      assert.equal(unsupported(podOf(spec)), reason && `Pod not supported on Fargate: ${reason}`));
});

describe('fargate-scheduler', () => {
  const fargate: FargateOptions = {
    profiles: [{ name: 'all', selectors: [{ namespace: 'default' }] }],
    zones: ['us-east-2a', 'us-east-2b'],
  };
  const machines = (cluster: Cluster): readonly string[] =>
    cluster
      .admin()
      .list(NODES)
      .map(({ metadata }) => metadata.name ?? '')
      .filter((name) => name.startsWith('fargate-'));
  const create = (cluster: Cluster, name: string): Pod =>
    cluster.admin().create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default' },
      spec: { containers: [{ name: 'a', image: 'nginx:1.29' }] },
    });
  const pod = (cluster: Cluster, name: string): Pod | undefined => cluster.admin().get(PODS, 'default', name);

  it('gives each Pod a node with label and taint', () => {
    const cluster = readyCluster({ preset: 'eks', fargate });
    assert.equal(create(cluster, 'one').spec?.schedulerName, 'fargate-scheduler');
    create(cluster, 'two');
    run(cluster, 30);
    assert.deepEqual(machines(cluster), []);
    run(cluster, 60);
    const [one, two] = [pod(cluster, 'one'), pod(cluster, 'two')];
    assert.equal(one?.status?.phase, 'Running');
    assert.equal(one.metadata.annotations?.['CapacityProvisioned'], '0.25vCPU 0.5GB');
    assert.notEqual(one.spec?.nodeName, two?.spec?.nodeName);
    const node = cluster.admin().get(NODES, '', one.spec?.nodeName ?? '');
    assert.match(node?.metadata.name ?? '', /^fargate-ip-192-168-\d+-\d+\.us-east-2\.compute\.internal$/);
    assert.equal(node?.metadata.labels?.['eks.amazonaws.com/compute-type'], 'fargate');
    assert.ok(node?.spec?.taints?.some(({ key, effect }) => key === 'eks.amazonaws.com/compute-type' && effect === 'NoSchedule'));
  });

  it('takes the machine away with its Pod, also one that was on its way', () => {
    const cluster = readyCluster({ preset: 'eks', fargate });
    create(cluster, 'one');
    create(cluster, 'two');
    run(cluster, 20);
    cluster.admin().delete(PODS, 'default', 'two');
    run(cluster, 70);
    assert.equal(machines(cluster).length, 1);
    cluster.admin().delete(PODS, 'default', 'one');
    run(cluster, 60);
    assert.deepEqual(machines(cluster), []);
  });

  it('orders another machine when one is gone before its Pod came', () => {
    const cluster = readyCluster({ preset: 'eks', fargate });
    create(cluster, 'one');
    while (machines(cluster).length === 0) run(cluster, 1);
    const [first = ''] = machines(cluster);
    cluster.admin().delete(NODES, '', first);
    run(cluster, 90);
    assert.notEqual(machines(cluster)[0], first);
    assert.equal(pod(cluster, 'one')?.status?.phase, 'Running');
  });

  it('goes on after a checkpoint and after a restart of the program', () => {
    const ways = [(from: Cluster) => Cluster.restore(from.checkpoint()), (from: Cluster) => Cluster.restart(from.checkpoint())];
    for (const again of ways) {
      const before = readyCluster({ preset: 'eks', fargate });
      create(before, 'one');
      run(before, 80);
      create(before, 'two');
      run(before, 10);
      const cluster = again(before);
      run(cluster, 120);
      assert.deepEqual([pod(cluster, 'one')?.status?.phase, pod(cluster, 'two')?.status?.phase], ['Running', 'Running']);
      assert.equal(machines(cluster).length, 2);
      cluster.admin().delete(PODS, 'default', 'one');
      run(cluster, 60);
      assert.equal(machines(cluster).length, 1);
    }
  });
});
