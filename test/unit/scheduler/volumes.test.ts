import assert from 'node:assert/strict';
import {
  CSINODES,
  EVENTS,
  NODES,
  PERSISTENTVOLUMECLAIMS,
  PERSISTENTVOLUMES,
  PODS,
  SERVICEACCOUNTS,
  STORAGECLASSES,
} from '../../../src/api/schema/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim, PodSpec } from '../../../src/api/schema/types/core/v1.ts';
import type { Draft } from '../../../src/base/json.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';

const SELECTED_NODE = 'volume.kubernetes.io/selected-node';

class World {
  readonly cluster: Cluster;

  constructor() {
    const controllers = ['persistentvolume-binder-controller', 'ephemeral-volume-controller'];
    this.cluster = Cluster.create({ seed: 's', startTime: 0, preset: 'empty', kubelet: 'manual', controllers, freeze: true });
    const { client } = this;
    client.create(SERVICEACCOUNTS, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' } });
    for (const [name, zone] of [
      ['n1', 'a'],
      ['n2', 'b'],
    ] as const) {
      client.create(NODES, { apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { 'topology.kubernetes.io/zone': zone } } });
      client.modify(NODES, '', name, (node) => void (node.status = { allocatable: { cpu: '4', memory: '8Gi', pods: '110' } }), 'status');
      client.modify(NODES, '', name, (node) => void delete node.spec?.taints);
    }
    for (const [name, mode] of [
      ['now', 'Immediate'],
      ['late', 'WaitForFirstConsumer'],
    ] as const) {
      client.create(STORAGECLASSES, {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name },
        provisioner: 'some.example.com',
        volumeBindingMode: mode,
      });
    }
  }

  get client(): ReturnType<Cluster['admin']> {
    return this.cluster.admin();
  }

  volume(name: string, className: string, more: Partial<Draft<PersistentVolume>['spec'] & object> = {}, labels = {}): void {
    this.client.create(PERSISTENTVOLUMES, {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name, labels },
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        storageClassName: className,
        hostPath: { path: `/mnt/${name}` },
        ...more,
      },
    });
  }

  claim(name: string, className: string, more: Partial<Draft<PersistentVolumeClaim>['spec'] & object> = {}): void {
    this.client.create(PERSISTENTVOLUMECLAIMS, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, namespace: 'default' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: className, ...more },
    });
  }

  pod(name: string, volumes: Draft<PodSpec>['volumes'], nodeName?: string): void {
    const spec = { containers: [{ name: 'c', image: 'i' }], volumes: volumes ?? [], ...(nodeName === undefined ? {} : { nodeName }) };
    this.client.create(PODS, { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec });
  }

  run(ms: number): void {
    this.cluster.simulation.advance(this.cluster.simulation.now() + ms);
  }

  /** The node of a Pod, or what it is told. */
  verdict(name: string): string {
    const pod = this.client.get(PODS, 'default', name);
    const text = pod?.status?.conditions?.find(({ type }) => type === 'PodScheduled')?.message ?? '';
    return pod?.spec?.nodeName ?? text.replace(/(not found|no new claims to deallocate.*)$/, '').trim();
  }
}

const uses = (claimName: string): NonNullable<Draft<PodSpec>['volumes']> => [{ name: 'v', persistentVolumeClaim: { claimName } }];
const onZone = (zone: string): Partial<Draft<PersistentVolume>['spec'] & object> => ({
  nodeAffinity: {
    required: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: [zone] }] }],
    },
  },
});

describe('Pods with volumes', () => {
  const cases: readonly (readonly [string, (world: World) => void, string])[] = [
    [
      'wait for a claim that is not there',
      (world) => world.pod('p', uses('data')),
      '0/2 nodes are available: persistentvolumeclaim "data" not found.',
    ],
    [
      'wait for claims that need no consumer',
      (world) => {
        world.claim('data', 'now');
        world.pod('p', uses('data'));
      },
      '0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.',
    ],
    [
      'do not use a claim of their ephemeral volume that somebody else made',
      (world) => {
        world.claim('p-scratch', 'late');
        world.pod('p', [
          {
            name: 'scratch',
            ephemeral: {
              volumeClaimTemplate: { metadata: {}, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
            },
          },
        ]);
      },
      '0/2 nodes are available: PVC default/p-scratch was not created for pod default/p (pod is not owner).',
    ],
    [
      'do not use a claim that is being deleted',
      (world) => {
        world.claim('data', 'late');
        world.client.modify(PERSISTENTVOLUMECLAIMS, 'default', 'data', ({ metadata }) => void (metadata.finalizers = ['example.com/keep']));
        world.client.delete(PERSISTENTVOLUMECLAIMS, 'default', 'data');
        world.pod('p', uses('data'));
      },
      '0/2 nodes are available: persistentvolumeclaim "data" is being deleted.',
    ],
    [
      'do not use a claim that lost its volume',
      (world) => {
        world.volume('pv', 'now');
        world.claim('data', 'now');
        world.run(1_000);
        world.client.modify(PERSISTENTVOLUMES, '', 'pv', ({ metadata }) => void delete metadata.finalizers);
        world.client.delete(PERSISTENTVOLUMES, '', 'pv');
        world.run(1_000);
        world.pod('p', uses('data'));
      },
      '0/2 nodes are available: persistentvolumeclaim "data" bound to non-existent persistentvolume "pv".',
    ],
    [
      'go where their volume can be used',
      (world) => {
        world.volume('pv', 'now', onZone('b'));
        world.claim('data', 'now');
        world.run(1_000);
        world.pod('p', uses('data'));
      },
      'n2',
    ],
    [
      'go where the label of their volume says',
      (world) => {
        world.volume('pv', 'now', {}, { 'topology.kubernetes.io/zone': 'b__c' });
        world.claim('data', 'now');
        world.run(1_000);
        world.pod('p', uses('data'));
      },
      'n2',
    ],
    [
      'find a volume for each claim',
      (world) => {
        world.volume('large', 'late', { capacity: { storage: '5Gi' }, ...onZone('b') });
        world.volume('small', 'late', onZone('b'));
        world.volume('lonely', 'late', { capacity: { storage: '5Gi' }, ...onZone('a') });
        world.claim('wide', 'late', { resources: { requests: { storage: '2Gi' } } });
        world.claim('slim', 'late');
        world.client.delete(STORAGECLASSES, '', 'late');
        world.client.create(STORAGECLASSES, {
          apiVersion: 'storage.k8s.io/v1',
          kind: 'StorageClass',
          metadata: { name: 'late' },
          provisioner: 'kubernetes.io/no-provisioner',
          volumeBindingMode: 'WaitForFirstConsumer',
        });
        world.pod('p', [...uses('wide'), { name: 'w', persistentVolumeClaim: { claimName: 'slim' } }]);
      },
      'n2',
    ],
    [
      'share no claim of one Pod',
      (world) => {
        world.volume('pv', 'now', { accessModes: ['ReadWriteOncePod'] });
        world.claim('data', 'now', { accessModes: ['ReadWriteOncePod'] });
        world.run(1_000);
        world.pod('first', uses('data'), 'n1');
        world.run(1_000);
        world.pod('p', uses('data'));
      },
      '0/2 nodes are available: 2 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod.',
    ],
    [
      'share no disk of one writer',
      (world) => {
        world.client.delete(NODES, '', 'n2');
        world.pod('first', [{ name: 'd', iscsi: { targetPortal: '10.0.0.1', iqn: 'iqn.2001-04.com.example:disk', lun: 0 } }], 'n1');
        world.run(1_000);
        world.pod('p', [{ name: 'd', iscsi: { targetPortal: '10.0.0.1', iqn: 'iqn.2001-04.com.example:disk', lun: 0, readOnly: true } }]);
      },
      '0/1 nodes are available: 1 node(s) had no available disk.',
    ],
    [
      'keep to what the driver can attach, counting a volume once',
      (world) => {
        world.client.delete(NODES, '', 'n2');
        world.client.create(CSINODES, {
          apiVersion: 'storage.k8s.io/v1',
          kind: 'CSINode',
          metadata: { name: 'n1' },
          spec: { drivers: [{ name: 'csi.example.com', nodeID: 'n1', allocatable: { count: 1 } }] },
        });
        for (const name of ['one', 'two']) {
          const csi = { driver: 'csi.example.com', volumeHandle: name };
          world.client.create(PERSISTENTVOLUMES, {
            apiVersion: 'v1',
            kind: 'PersistentVolume',
            metadata: { name },
            spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], storageClassName: name, csi },
          });
          world.claim(name, name);
        }
        world.run(1_000);
        world.pod('first', uses('one'));
        world.pod('again', uses('one'));
        world.run(1_000);
        assert.equal(world.verdict('again'), 'n1');
        world.pod('p', uses('two'));
      },
      '0/1 nodes are available: 1 node(s) exceed max volume count.',
    ],
  ];
  for (const [title, prepare, expected] of cases) {
    it(title, () => {
      const world = new World();
      prepare(world);
      world.run(3_000);
      assert.equal(world.verdict('p'), expected);
    });
  }

  it('do not choose a volume twice', () => {
    const world = new World();
    world.volume('pv', 'late');
    world.claim('a', 'late');
    world.claim('b', 'late');
    world.run(1_000);
    world.pod('first', uses('a'));
    world.pod('second', uses('b'));
    world.run(2_000);
    assert.notEqual(world.verdict('first'), '');
    // The other claim is for the provisioner now.
    assert.notEqual(world.client.get(PERSISTENTVOLUMECLAIMS, 'default', 'b')?.metadata.annotations?.[SELECTED_NODE], undefined);
  });
});

describe('a Pod whose volume is yet to be made', () => {
  const prepare = (): World => {
    const world = new World();
    world.claim('data', 'late');
    world.pod('p', uses('data'));
    world.run(5_000);
    return world;
  };
  const nominated = (world: World): string => world.client.get(PODS, 'default', 'p')?.status?.nominatedNodeName ?? '';
  const selected = (world: World): string =>
    world.client.get(PERSISTENTVOLUMECLAIMS, 'default', 'data')?.metadata.annotations?.[SELECTED_NODE] ?? '';

  it('says where it will be, and tells the provisioner', () => {
    const world = prepare();
    assert.match(nominated(world), /^n[12]$/);
    assert.equal(selected(world), nominated(world));
    assert.equal(world.verdict('p'), '');
  });

  it('is bound in the second after its claim, also in a fork', () => {
    const original = prepare();
    const fork = original.cluster.fork();
    for (const cluster of [original.cluster, fork]) {
      const client = cluster.admin();
      const node = client.get(PODS, 'default', 'p')?.status?.nominatedNodeName ?? '';
      const { uid = '' } = client.get(PERSISTENTVOLUMECLAIMS, 'default', 'data')?.metadata ?? {};
      const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'default', name: 'data', uid };
      client.create(PERSISTENTVOLUMES, {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: 'made' },
        spec: {
          capacity: { storage: '1Gi' },
          accessModes: ['ReadWriteOnce'],
          storageClassName: 'late',
          claimRef,
          csi: { driver: 'some.example.com', volumeHandle: 'made' },
          ...onZone(node === 'n1' ? 'a' : 'b'),
        },
      });
      cluster.simulation.advance(cluster.simulation.now() + 1_000);
      const pod = client.get(PODS, 'default', 'p');
      assert.equal(pod?.spec?.nodeName, node);
      assert.equal(pod?.status?.nominatedNodeName, undefined);
    }
  });

  it('is tried anew when the provisioner gives the node up', () => {
    const world = prepare();
    world.client.modify(PERSISTENTVOLUMECLAIMS, 'default', 'data', ({ metadata }) => void (metadata.annotations = { note: 'x' }));
    world.run(1_000);
    const event = world.client.list(EVENTS, 'default').find(({ reason }) => reason === 'FailedScheduling');
    assert.equal(event?.message, 'running PreBind plugin "VolumeBinding": binding volumes: provisioning failed for PVC "data"');
    world.run(5_000);
    assert.match(selected(world), /^n[12]$/);
  });

  it('is tried anew after ten minutes', () => {
    const world = prepare();
    world.run(600_000);
    const event = world.client.list(EVENTS, 'default').find(({ reason }) => reason === 'FailedScheduling');
    assert.equal(event?.message, 'running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded');
  });

  it('takes its place on the node until it is deleted', () => {
    const world = prepare();
    world.client.modify(
      NODES,
      '',
      selected(world),
      ({ status }) => void ((status ?? {}).allocatable = { cpu: '4', memory: '8Gi', pods: '1' }),
      'status',
    );
    const other = nominated(world) === 'n1' ? 'n2' : 'n1';
    world.client.modify(NODES, '', other, (node) => void ((node.spec ??= {}).unschedulable = true));
    world.pod('late', []);
    world.run(1_000);
    assert.match(world.verdict('late'), /1 Too many pods/);
    world.client.delete(PODS, 'default', 'p');
    world.run(10_000);
    assert.equal(world.verdict('late'), selected(world));
  });
});
