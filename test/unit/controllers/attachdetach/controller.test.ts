import assert from 'node:assert/strict';
import {
  CSIDRIVERS,
  CSINODES,
  EVENTS,
  NODES,
  PERSISTENTVOLUMECLAIMS,
  PERSISTENTVOLUMES,
  PODS,
  VOLUMEATTACHMENTS,
} from '../../../../src/api/schema/resources.ts';
import type { PersistentVolumeSpec } from '../../../../src/api/schema/types/core/v1.ts';
import { FAULTS } from '../../../../src/api/kubepad/types.ts';
import { attachmentName } from '../../../../src/api/storage/volumeattachment/names.ts';
import { draft, type Draft } from '../../../../src/base/json.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import type { ClusterOptions } from '../../../../src/cluster/options.ts';

const DRIVER = 'csi.kubepad.dev';
const UNIQUE = 'kubernetes.io/csi/csi.kubepad.dev^vol-1';

function start(options: Partial<ClusterOptions> = {}): Cluster {
  const cluster = Cluster.create({
    seed: 'attach',
    startTime: 0,
    preset: 'empty',
    nodes: 2,
    kubelet: 'realistic',
    freeze: true,
    defaultStorageClass: 'standard',
    ...options,
  });
  run(cluster, 5);
  return cluster;
}

function run(cluster: Cluster, seconds: number): void {
  cluster.simulation.advance(cluster.simulation.now() + seconds * 1000);
}

/** A volume `disk` that is made by hand, and a claim `data` that is bound to it. */
function makeVolume(cluster: Cluster, spec: Partial<Draft<PersistentVolumeSpec>> = {}, driver = DRIVER): void {
  cluster.admin().create(PERSISTENTVOLUMES, {
    metadata: { name: 'disk' },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'c',
      csi: { driver, volumeHandle: 'vol-1' },
      ...spec,
    },
  });
  cluster.admin().create(PERSISTENTVOLUMECLAIMS, {
    metadata: { name: 'data', namespace: 'default' },
    spec: {
      accessModes: spec.accessModes ?? ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
      storageClassName: 'c',
      volumeName: 'disk',
    },
  });
  run(cluster, 1);
}

function makePod(cluster: Cluster, name: string, node = 'worker-1'): void {
  cluster.admin().create(PODS, {
    metadata: { name, namespace: 'default' },
    spec: {
      nodeName: node,
      terminationGracePeriodSeconds: 0,
      containers: [{ name: 'c', image: 'registry.k8s.io/pause:3.10' }],
      volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }],
    },
  });
}

/** The Pod `p` runs on worker-1 with the volume. */
function startWithPod(): Cluster {
  const cluster = start();
  makeVolume(cluster);
  makePod(cluster, 'p');
  run(cluster, 20);
  return cluster;
}

const phase = (cluster: Cluster, pod: string): string | undefined => cluster.admin().get(PODS, 'default', pod)?.status?.phase;

const attachments = (cluster: Cluster): readonly string[] =>
  cluster
    .admin()
    .list(VOLUMEATTACHMENTS)
    .map(({ spec, status, metadata }) => `${spec.nodeName} ${status?.attached === true} ${metadata.deletionTimestamp !== undefined}`);

const volumesOf = (cluster: Cluster, node: string): readonly [readonly string[] | undefined, readonly string[] | undefined] => {
  const status = cluster.admin().get(NODES, '', node)?.status;
  return [status?.volumesAttached?.map(({ name }) => name), status?.volumesInUse];
};

const said = (cluster: Cluster, pod: string, reason: string): readonly string[] =>
  cluster
    .admin()
    .list(EVENTS, 'default')
    .filter((event) => event.involvedObject.name === pod && event.reason === reason)
    .map((event) => `${event.message ?? ''}${event.count === 1 ? '' : ` x${event.count}`}`);

describe('attaching a volume', () => {
  it('asks the driver, tells the node, and lets the Pod start when its kubelet has said that it uses it', () => {
    const cluster = startWithPod();
    const [attachment] = cluster.admin().list(VOLUMEATTACHMENTS);
    assert.equal(attachment?.metadata.name, attachmentName({ driver: DRIVER, volumeHandle: 'vol-1' }, 'worker-1'));
    assert.deepEqual(attachment?.spec, { attacher: DRIVER, nodeName: 'worker-1', source: { persistentVolumeName: 'disk' } });
    assert.deepEqual(attachment?.metadata.finalizers, ['external-attacher/csi-kubepad-dev']);
    assert.equal(attachment?.metadata.annotations?.['csi.alpha.kubernetes.io/node-id'], 'worker-1');
    assert.deepEqual(cluster.admin().get(PERSISTENTVOLUMES, '', 'disk')?.metadata.finalizers, [
      'kubernetes.io/pv-protection',
      'external-attacher/csi-kubepad-dev',
    ]);
    assert.deepEqual(volumesOf(cluster, 'worker-1'), [[UNIQUE], [UNIQUE]]);
    assert.equal(phase(cluster, 'p'), 'Running');
    assert.deepEqual(said(cluster, 'p', 'SuccessfulAttachVolume'), ['AttachVolume.Attach succeeded for volume "disk" ']);
    assert.deepEqual(said(cluster, 'p', 'FailedMount'), []);
    assert.equal(cluster.simulation.stable, true);
  });

  it('takes it off when the last Pod of the node is gone', () => {
    const cluster = start();
    makeVolume(cluster);
    makePod(cluster, 'p');
    makePod(cluster, 'q');
    run(cluster, 20);
    cluster.admin().delete(PODS, 'default', 'p');
    run(cluster, 30);
    assert.deepEqual(attachments(cluster), ['worker-1 true false']);
    cluster.admin().delete(PODS, 'default', 'q');
    run(cluster, 30);
    assert.deepEqual(attachments(cluster), []);
    assert.deepEqual(volumesOf(cluster, 'worker-1'), [undefined, undefined]);
    // The guard of the attacher stays until the volume itself goes.
    cluster.admin().delete(PERSISTENTVOLUMECLAIMS, 'default', 'data');
    cluster.admin().delete(PERSISTENTVOLUMES, '', 'disk');
    run(cluster, 5);
    assert.equal(cluster.admin().get(PERSISTENTVOLUMES, '', 'disk'), undefined);
  });

  it('is not needed where the driver says so', () => {
    const cluster = start({ preset: 'kind' });
    const [node = ''] = cluster
      .admin()
      .list(NODES)
      .map(({ metadata }) => metadata.name ?? '')
      .filter((name) => name.includes('worker'));
    makeVolume(cluster);
    makePod(cluster, 'p', node);
    run(cluster, 5);
    assert.equal(phase(cluster, 'p'), 'Running');
    assert.deepEqual(attachments(cluster), []);
  });

  it('is given up after two minutes without an answer and tried again', () => {
    const cluster = start();
    makeVolume(cluster, {}, 'ebs.csi.aws.com');
    makePod(cluster, 'p');
    run(cluster, 130);
    const text = 'timed out waiting for external-attacher of ebs.csi.aws.com CSI driver to attach volume vol-1';
    assert.deepEqual(said(cluster, 'p', 'FailedAttachVolume'), [`AttachVolume.Attach failed for volume "disk" : ${text}`]);
    run(cluster, 130);
    assert.deepEqual(said(cluster, 'p', 'FailedAttachVolume'), [`AttachVolume.Attach failed for volume "disk" : ${text} x2`]);
    assert.deepEqual(said(cluster, 'p', 'FailedMount'), []);
    assert.equal(phase(cluster, 'p'), 'Pending');
    cluster.admin().delete(PODS, 'default', 'p');
    run(cluster, 300);
    assert.deepEqual(attachments(cluster), []);
  });

  it('tells what the driver says, as long as it says so', () => {
    const cluster = start();
    cluster.admin().modify(CSINODES, '', 'worker-1', ({ spec }) => void (spec.drivers = []));
    makeVolume(cluster);
    makePod(cluster, 'p');
    run(cluster, 3);
    const [first = ''] = said(cluster, 'p', 'FailedAttachVolume');
    assert.match(first, /^AttachVolume.Attach failed for volume "disk" : CSINode worker-1 does not contain driver csi.kubepad.dev/);
    cluster.admin().modify(CSINODES, '', 'worker-1', ({ spec }) => void (spec.drivers = [{ name: DRIVER, nodeID: 'worker-1' }]));
    run(cluster, 60);
    assert.equal(phase(cluster, 'p'), 'Running');
  });

  it('mounts nothing of a driver that is not on the node', () => {
    const cluster = start();
    const driver = { metadata: { name: 'nfs.test' }, spec: { attachRequired: false } };
    cluster.admin().create(CSIDRIVERS, driver);
    makeVolume(cluster, {}, 'nfs.test');
    makePod(cluster, 'p');
    run(cluster, 1);
    const problem = 'driver name nfs.test not found in the list of registered CSI drivers';
    assert.match(
      said(cluster, 'p', 'FailedMount')[0] ?? '',
      new RegExp(
        `^MountVolume.MountDevice failed for volume "disk" : kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: ${problem}`,
      ),
    );
  });

  it('fails where the machine can have no more, and the kubelet gives the Pod up after two minutes', () => {
    const cluster = start();
    for (let index = 0; index < 25; index++) {
      const [name, spec] = [`other-${index}`, { attacher: DRIVER, nodeName: 'worker-1', source: { persistentVolumeName: `o-${index}` } }];
      cluster.admin().create(PERSISTENTVOLUMES, {
        metadata: { name: `o-${index}` },
        spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], csi: { driver: DRIVER, volumeHandle: name } },
      });
      cluster.admin().create(VOLUMEATTACHMENTS, { metadata: { name }, spec });
    }
    makeVolume(cluster);
    makePod(cluster, 'p');
    run(cluster, 100);
    const text = 'rpc error: code = ResourceExhausted desc = node worker-1 has 25 volumes attached and can have no more';
    assert.match(said(cluster, 'p', 'FailedAttachVolume')[0] ?? '', new RegExp(`^AttachVolume.Attach failed for volume "disk" : ${text}`));
    assert.equal(phase(cluster, 'p'), 'Pending');
    run(cluster, 30);
    const { status } = cluster.admin().get(PODS, 'default', 'p') ?? {};
    assert.deepEqual([status?.phase, status?.reason], ['Failed', 'VolumeAttachmentLimitExceeded']);
    run(cluster, 30);
    assert.deepEqual(volumesOf(cluster, 'worker-1')[1], undefined);
    assert.equal(attachments(cluster).length, 25);
  });

  it('asks again within a minute or so when somebody has taken the attachment away', () => {
    const cluster = startWithPod();
    cluster.admin().delete(VOLUMEATTACHMENTS, '', cluster.admin().list(VOLUMEATTACHMENTS)[0]?.metadata.name ?? '');
    run(cluster, 3);
    assert.deepEqual(attachments(cluster), []);
    run(cluster, 70);
    assert.deepEqual(attachments(cluster), ['worker-1 true false']);
    assert.deepEqual(volumesOf(cluster, 'worker-1'), [[UNIQUE], [UNIQUE]]);
  });

  it('goes on after a fork in the middle', () => {
    const cluster = start();
    makeVolume(cluster);
    makePod(cluster, 'p');
    run(cluster, 1);
    const fork = cluster.fork();
    for (const each of [cluster, fork]) run(each, 20);
    assert.equal(phase(fork, 'p'), 'Running');
    assert.deepEqual(fork.admin().list(VOLUMEATTACHMENTS), cluster.admin().list(VOLUMEATTACHMENTS));
  });
});

describe('a Node that is deleted and made again at once', () => {
  it('is told anew what is attached, and keeps its drivers', () => {
    const cluster = startWithPod();
    const { metadata, spec, status } = draft(cluster.admin().get(NODES, '', 'worker-1')!);
    cluster.admin().delete(NODES, '', 'worker-1');
    cluster.admin().create(NODES, {
      metadata: { name: 'worker-1', labels: metadata.labels ?? {}, ownerReferences: metadata.ownerReferences ?? [] },
      spec: spec ?? {},
      status: { capacity: status?.capacity ?? {}, allocatable: status?.allocatable ?? {} },
    });
    run(cluster, 60);
    assert.equal(phase(cluster, 'p'), 'Running');
    assert.deepEqual(volumesOf(cluster, 'worker-1'), [[UNIQUE], [UNIQUE]]);
    assert.deepEqual(
      cluster
        .admin()
        .get(CSINODES, '', 'worker-1')
        ?.spec.drivers.map(({ name }) => name),
      [DRIVER],
    );
  });
});

describe('a volume that two nodes want', () => {
  const refusals: readonly [what: string, modes: NonNullable<Draft<PersistentVolumeSpec>['accessModes']>, text: string | undefined][] = [
    ['of one node', ['ReadWriteOnce'], 'Multi-Attach error for volume "disk" Volume is already used by pod(s) p, q'],
    ['that many may write', ['ReadWriteMany'], undefined],
    ['that many may read', ['ReadWriteOnce', 'ReadOnlyMany'], undefined],
  ];
  for (const [what, accessModes, text] of refusals) {
    it(`${what} is ${text === undefined ? 'attached to both' : 'refused once'}`, () => {
      const cluster = start();
      makeVolume(cluster, { accessModes });
      makePod(cluster, 'p');
      makePod(cluster, 'q');
      run(cluster, 20);
      makePod(cluster, 'r', 'worker-2');
      run(cluster, 200);
      assert.deepEqual(said(cluster, 'r', 'FailedAttachVolume'), text === undefined ? [] : [text]);
      assert.equal(phase(cluster, 'r'), text === undefined ? 'Running' : 'Pending');
      assert.equal(attachments(cluster).length, text === undefined ? 2 : 1);
    });
  }

  it('of one Pod is not mounted for a second one, even on the same node', () => {
    const cluster = start();
    makeVolume(cluster, { accessModes: ['ReadWriteOncePod'] });
    makePod(cluster, 'p');
    run(cluster, 20);
    makePod(cluster, 'q');
    run(cluster, 5);
    const text = 'volume uses the ReadWriteOncePod access mode and is already in use by another pod';
    assert.match(said(cluster, 'q', 'FailedMount')[0] ?? '', new RegExp(`^MountVolume.SetUp failed for volume "disk" : ${text}`));
    cluster.admin().delete(PODS, 'default', 'p');
    run(cluster, 30);
    assert.equal(phase(cluster, 'q'), 'Running');
  });

  it('comes when the other node lets go', () => {
    const cluster = startWithPod();
    makePod(cluster, 'r', 'worker-2');
    cluster.admin().delete(PODS, 'default', 'p');
    run(cluster, 40);
    assert.equal(phase(cluster, 'r'), 'Running');
    assert.deepEqual(attachments(cluster), ['worker-2 true false']);
  });
});

describe('a node that does not answer', () => {
  const lose = (cluster: Cluster, node: string): void =>
    void cluster.admin().modify(NODES, '', node, ({ metadata }) => void ((metadata.annotations ??= {})['kubepad.dev/fault'] = 'NodeDown'));
  const force = (cluster: Cluster, pod: string): void => void cluster.admin().delete(PODS, 'default', pod, { gracePeriodSeconds: 0 });

  it('keeps its volume for six minutes', () => {
    const cluster = startWithPod();
    lose(cluster, 'worker-1');
    run(cluster, 60);
    force(cluster, 'p');
    run(cluster, 355);
    assert.deepEqual(attachments(cluster), ['worker-1 true false']);
    run(cluster, 15);
    assert.deepEqual(attachments(cluster), []);
  });

  it('keeps it although it is ready as long as it says that it uses it', () => {
    const cluster = startWithPod();
    cluster.admin().create(FAULTS, {
      metadata: { name: 'cut' },
      spec: { type: 'Partition', target: { node: 'worker-1' } },
    });
    force(cluster, 'p');
    run(cluster, 30);
    assert.deepEqual(attachments(cluster), ['worker-1 true false']);
    cluster.admin().delete(FAULTS, '', 'cut');
    run(cluster, 30);
    assert.deepEqual(attachments(cluster), []);
  });

  it('loses it at once when it is declared out of service', () => {
    const cluster = startWithPod();
    lose(cluster, 'worker-1');
    run(cluster, 60);
    cluster.admin().modify(NODES, '', 'worker-1', ({ spec }) => {
      (spec ?? {}).taints = [...(spec?.taints ?? []), { key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' }];
    });
    run(cluster, 30);
    assert.equal(cluster.admin().get(PODS, 'default', 'p'), undefined);
    assert.deepEqual(attachments(cluster), []);
  });

  it('has its volume taken off by a controller that was away meanwhile', () => {
    const cluster = startWithPod();
    const name = 'persistentvolume-attach-detach-controller';
    cluster.simulation.switchOff(name);
    cluster.admin().delete(PODS, 'default', 'p');
    run(cluster, 60);
    assert.deepEqual(attachments(cluster), ['worker-1 true false']);
    cluster.simulation.switchOn(name);
    run(cluster, 5);
    assert.deepEqual(attachments(cluster), []);
    assert.deepEqual(volumesOf(cluster, 'worker-1'), [undefined, undefined]);
  });
});
