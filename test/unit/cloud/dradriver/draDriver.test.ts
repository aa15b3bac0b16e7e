import assert from 'node:assert/strict';
import { NODEPOOLS, type NodePoolSpec } from '../../../../src/api/kubepad/types.ts';
import { NODEPOOL_STRATEGY } from '../../../../src/api/kubepad/nodepool/strategy.ts';
import { DEVICECLASSES, NODES, RESOURCESLICES } from '../../../../src/api/schema/resources.ts';
import type { ResourceSlice } from '../../../../src/api/schema/types/resource/v1.ts';
import { draft } from '../../../../src/base/json.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';

function clusterWith(spec: NodePoolSpec): Cluster {
  const cluster = Cluster.create({ seed: 's', startTime: 0, preset: 'empty', kubelet: 'fast', freeze: true });
  cluster.admin().create(NODEPOOLS, { apiVersion: 'kubepad.dev/v1', kind: 'NodePool', metadata: { name: 'pool' }, spec: draft(spec) });
  cluster.simulation.runUntil('settled');
  return cluster;
}

const slicesOf = (cluster: Cluster): readonly ResourceSlice[] => cluster.admin().list(RESOURCESLICES);
const shown = (cluster: Cluster): readonly string[] =>
  slicesOf(cluster).map(({ metadata, spec }) => `${metadata.name ?? ''}: ${(spec.devices ?? []).map(({ name }) => name).join(' ')}`);

describe('the drivers of devices', () => {
  it('publish what a pool says, and a class for it', () => {
    const cluster = clusterWith({ count: 2, devices: [{ driver: 'nic.example.com', count: 2, capacity: { bandwidth: '10G' } }] });
    assert.deepEqual(shown(cluster), ['pool-1-nic.example.com: nic-0 nic-1', 'pool-2-nic.example.com: nic-0 nic-1']);
    assert.deepEqual(slicesOf(cluster)[0]?.spec.devices?.[1], {
      name: 'nic-1',
      attributes: { index: { int: 1 } },
      capacity: { bandwidth: { value: '10G' } },
    });
    assert.equal(
      cluster.admin().get(DEVICECLASSES, '', 'nic.example.com')?.spec.selectors?.[0]?.cel?.expression,
      'device.driver == "nic.example.com"',
    );
  });

  it('publish the cards of an instance type', () => {
    const cluster = clusterWith({ count: 1, instanceType: 'g4dn.12xlarge' });
    assert.deepEqual(shown(cluster), ['pool-1-gpu.kubepad.dev: gpu-0 gpu-1 gpu-2 gpu-3']);
    const [device] = slicesOf(cluster)[0]?.spec.devices ?? [];
    assert.deepEqual([device?.attributes?.['model'], device?.capacity?.['memory']], [{ string: 'T4' }, { value: '16Gi' }]);
  });

  it('publish nothing where there is nothing', () => {
    assert.deepEqual(shown(clusterWith({ count: 1, instanceType: 'm5.large' })), []);
    assert.deepEqual(shown(clusterWith({ count: 1, instanceType: 'g5.xlarge', devices: [] })), []);
  });

  it('follow the pool, bring deleted slices back, and go with the machine', () => {
    const cluster = clusterWith({ count: 2, devices: [{ driver: 'nic.example.com' }] });
    const client = cluster.admin();
    client.modify(
      NODEPOOLS,
      '',
      'pool',
      ({ spec }) => void (spec !== undefined && (spec.devices = [{ driver: 'nic.example.com', count: 3 }])),
    );
    cluster.simulation.runUntil('settled');
    assert.deepEqual(
      slicesOf(cluster).map(({ spec }) => [spec.devices?.length, spec.pool.generation]),
      [
        [3, 2],
        [3, 2],
      ],
    );
    client.delete(RESOURCESLICES, '', 'pool-1-nic.example.com');
    cluster.simulation.runUntil('settled');
    assert.equal(slicesOf(cluster).length, 2);
    client.modify(NODEPOOLS, '', 'pool', ({ spec }) => void (spec !== undefined && (spec.count = 1)));
    cluster.simulation.runUntil('settled');
    assert.deepEqual(client.list(NODES).length, 1);
    assert.equal(slicesOf(cluster).length, 1);
    client.modify(NODEPOOLS, '', 'pool', ({ spec }) => void (spec !== undefined && (spec.devices = [])));
    cluster.simulation.runUntil('settled');
    assert.deepEqual(slicesOf(cluster), []);
  });
});

describe('devices of a NodePool', () => {
  const paths = (devices: NodePoolSpec['devices'] & object): readonly string[] =>
    NODEPOOL_STRATEGY.validate({ metadata: { name: 'p' }, spec: { count: 1, devices } }).map(({ path }) => path.toString());

  it('are what a slice can hold', () => {
    assert.deepEqual(paths([{ driver: 'a.example.com', count: 128, attributes: { model: { string: 'x' } } }]), []);
    assert.deepEqual(paths([{ driver: 'not one!' }, { driver: 'b', count: 0 }, { driver: 'b', count: 129 }]), [
      'spec.devices[0].driver',
      'spec.devices[1].count',
      'spec.devices[2].driver',
      'spec.devices[2].count',
    ]);
    assert.deepEqual(paths([{ driver: 'b', attributes: { model: {} }, capacity: { memory: 'lots' } }]), [
      'spec.devices[0].attributes[model]',
      'spec.devices[0].capacity[memory]',
    ]);
  });
});
