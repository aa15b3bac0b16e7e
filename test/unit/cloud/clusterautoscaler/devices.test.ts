import assert from 'node:assert/strict';
import { DEPLOYMENTS, PODS, RESOURCECLAIMS, RESOURCECLAIMTEMPLATES } from '../../../../src/api/schema/resources.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { run } from '../../kubelet/support.ts';
import { autoscaled, deploy, nodes, scale, SMALL, told } from './support.ts';

/** Machines with two devices each, and one without any, of which there always is one. */
function withDevices(max: number): Cluster {
  const cluster = autoscaled({
    plain: SMALL,
    gpu: { ...SMALL, min: 0, max, devices: [{ driver: 'gpu.example.com', count: 2 }] },
  });
  cluster.admin().create(RESOURCECLAIMTEMPLATES, {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaimTemplate',
    metadata: { name: 'one', namespace: 'default' },
    spec: { metadata: {}, spec: { devices: { requests: [{ name: 'gpu', exactly: { deviceClassName: 'gpu.example.com' } }] } } },
  });
  return cluster;
}

function train(cluster: Cluster, replicas: number): void {
  const image = 'registry.k8s.io/pause:3.10';
  deploy(cluster, 'train', replicas, '100m', {
    spec: {
      containers: [{ name: 'app', image, resources: { requests: { cpu: '100m' }, claims: [{ name: 'gpu' }] } }],
      resourceClaims: [{ name: 'gpu', resourceClaimTemplateName: 'one' }],
    },
  });
}

const placed = (cluster: Cluster): readonly string[] =>
  cluster
    .admin()
    .list(PODS, 'default')
    .map(({ spec }) => spec?.nodeName ?? '')
    .toSorted();

describe('the autoscaler and devices', () => {
  it('adds as many machines as the devices of Pods need, from none on', () => {
    const cluster = withDevices(5);
    assert.equal(nodes(cluster), 'plain-1');
    train(cluster, 3);
    run(cluster, 120);
    assert.equal(nodes(cluster), 'gpu-1 gpu-2 plain-1');
    assert.deepEqual([...new Set(placed(cluster))], ['gpu-1', 'gpu-2']);
  });

  it('fills what is there, and what is on its way, before it adds another machine', () => {
    const cluster = withDevices(5);
    train(cluster, 1);
    run(cluster, 30);
    scale(cluster, 'train', 2);
    run(cluster, 120);
    assert.deepEqual([nodes(cluster), placed(cluster)], ['gpu-1 plain-1', ['gpu-1', 'gpu-1']]);
    scale(cluster, 'train', 3);
    run(cluster, 120);
    assert.deepEqual([nodes(cluster), placed(cluster)], ['gpu-1 gpu-2 plain-1', ['gpu-1', 'gpu-1', 'gpu-2']]);
  });

  it('says why no group helps, and leaves claims as they are', () => {
    const cluster = withDevices(1);
    train(cluster, 3);
    run(cluster, 200);
    assert.deepEqual(placed(cluster), ['', 'gpu-1', 'gpu-1']);
    assert.deepEqual(
      told(cluster, 'NotTriggerScaleUp').filter((text) => text.includes('max')),
      ["pod didn't trigger scale-up: 1 cannot allocate all claims, 1 max node group size reached"],
    );
    const claims = cluster.admin().list(RESOURCECLAIMS, 'default');
    assert.deepEqual([claims.length, claims.filter(({ status }) => status?.allocation !== undefined).length], [3, 2]);
  });

  it('takes the machine away when nobody needs its devices any more', () => {
    const cluster = withDevices(2);
    train(cluster, 1);
    run(cluster, 120);
    cluster.admin().delete(DEPLOYMENTS, 'default', 'train');
    run(cluster, 1500);
    assert.equal(nodes(cluster), 'plain-1');
  });
});
