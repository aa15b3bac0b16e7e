import assert from 'node:assert/strict';
import {
  CSIDRIVERS,
  CSINODES,
  EVENTS,
  NODES,
  PERSISTENTVOLUMECLAIMS,
  PERSISTENTVOLUMES,
  PODS,
  STORAGECLASSES,
  VOLUMEATTACHMENTS,
} from '../../../../src/api/schema/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../../../src/api/schema/types/core/v1.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';

const CLASS = 'standard';
const DRIVER = 'csi.kubepad.dev';

describe('the storage driver', () => {
  const start = (installed = true): Cluster => {
    const options = installed ? { defaultStorageClass: CLASS } : {};
    const cluster = Cluster.create({ seed: 's', startTime: 0, preset: 'empty', nodes: 3, kubelet: 'realistic', freeze: true, ...options });
    run(cluster, 5_000);
    return cluster;
  };
  const run = (cluster: Cluster, ms: number): void => void cluster.simulation.advance(cluster.simulation.now() + ms);
  const claim = (cluster: Cluster): PersistentVolumeClaim => {
    const found = cluster.admin().get(PERSISTENTVOLUMECLAIMS, 'default', 'data');
    assert.ok(found);
    return found;
  };
  const volume = (cluster: Cluster): PersistentVolume | undefined =>
    cluster.admin().get(PERSISTENTVOLUMES, '', claim(cluster).spec?.volumeName ?? '');
  const makeClaim = (cluster: Cluster, className?: string): void =>
    void cluster.admin().create(PERSISTENTVOLUMECLAIMS, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: 'default' },
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '1Gi' } },
        ...(className === undefined ? {} : { storageClassName: className }),
      },
    });
  const makePod = (cluster: Cluster): void =>
    void cluster.admin().create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'default' },
      spec: {
        containers: [{ name: 'c', image: 'registry.k8s.io/pause:3.10' }],
        volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }],
      },
    });
  const said = (cluster: Cluster, kind: string): readonly string[] =>
    cluster
      .admin()
      .list(EVENTS, 'default')
      .filter(({ involvedObject }) => involvedObject.kind === kind)
      .toSorted((a, b) => (a.firstTimestamp ?? '').localeCompare(b.firstTimestamp ?? ''))
      .map(({ reason }) => reason ?? '');

  it('registers on every node', () => {
    const cluster = start();
    const nodes = cluster.admin().list(CSINODES);
    assert.equal(nodes.length, 3);
    for (const { metadata, spec } of nodes) {
      assert.deepEqual(spec.drivers, [
        { name: DRIVER, nodeID: metadata.name, topologyKeys: ['topology.kubernetes.io/zone'], allocatable: { count: 25 } },
      ]);
    }
    cluster.admin().delete(CSIDRIVERS, '', DRIVER);
    run(cluster, 10);
    assert.deepEqual(
      cluster
        .admin()
        .list(CSINODES)
        .map(({ spec }) => spec.drivers),
      [[], [], []],
    );
  });

  it('makes a volume in the zone of the node that the Pod was given, and takes it back', () => {
    const cluster = start();
    makeClaim(cluster);
    run(cluster, 5_000);
    assert.equal(claim(cluster).spec?.storageClassName, CLASS);
    assert.equal(claim(cluster).status?.phase, 'Pending');
    makePod(cluster);
    run(cluster, 20_000);
    const pod = cluster.admin().get(PODS, 'default', 'p');
    const zone = cluster.admin().get(NODES, '', pod?.spec?.nodeName ?? '')?.metadata.labels?.['topology.kubernetes.io/zone'];
    assert.equal(pod?.status?.phase, 'Running');
    assert.equal(claim(cluster).status?.phase, 'Bound');
    const made = volume(cluster);
    assert.equal(made?.metadata.name, `pvc-${claim(cluster).metadata.uid ?? ''}`);
    assert.deepEqual(made?.spec?.nodeAffinity?.required?.nodeSelectorTerms, [
      { matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: [zone] }] },
    ]);
    assert.deepEqual(said(cluster, 'PersistentVolumeClaim').toSorted(), [
      'ExternalProvisioning',
      'Provisioning',
      'ProvisioningSucceeded',
      'WaitForFirstConsumer',
    ]);
    cluster.admin().delete(PODS, 'default', 'p', { gracePeriodSeconds: 0 });
    cluster.admin().delete(PERSISTENTVOLUMECLAIMS, 'default', 'data');
    run(cluster, 40_500);
    assert.deepEqual(cluster.admin().list(PERSISTENTVOLUMES), []);
    assert.deepEqual(cluster.admin().list(VOLUMEATTACHMENTS), []);
    assert.equal(cluster.simulation.stable, true);
  });

  it('makes volumes of immediate classes at once, where the class allows', () => {
    const cluster = start();
    cluster.admin().create(STORAGECLASSES, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'zonal' },
      provisioner: DRIVER,
      reclaimPolicy: 'Retain',
      volumeBindingMode: 'Immediate',
      allowedTopologies: [{ matchLabelExpressions: [{ key: 'topology.kubernetes.io/zone', values: ['zone-c'] }] }],
    });
    makeClaim(cluster, 'zonal');
    run(cluster, 5_000);
    assert.equal(claim(cluster).status?.phase, 'Bound');
    const expression = volume(cluster)?.spec?.nodeAffinity?.required?.nodeSelectorTerms[0]?.matchExpressions?.[0];
    assert.deepEqual(expression?.values, ['zone-c']);
    const name = claim(cluster).spec?.volumeName ?? '';
    cluster.admin().delete(PERSISTENTVOLUMECLAIMS, 'default', 'data');
    run(cluster, 10_000);
    assert.equal(cluster.admin().get(PERSISTENTVOLUMES, '', name)?.status?.phase, 'Released');
  });

  it('tries again where no node was in a zone that the class allows', () => {
    const cluster = start();
    const client = cluster.admin();
    client.create(STORAGECLASSES, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'far' },
      provisioner: DRIVER,
      volumeBindingMode: 'Immediate',
      allowedTopologies: [{ matchLabelExpressions: [{ key: 'topology.kubernetes.io/zone', values: ['zone-z'] }] }],
    });
    makeClaim(cluster, 'far');
    run(cluster, 20_000);
    assert.equal(claim(cluster).status?.phase, 'Pending');
    const [node] = client.list(NODES);
    client.modify(
      NODES,
      '',
      node?.metadata.name ?? '',
      ({ metadata }) => void ((metadata.labels ??= {})['topology.kubernetes.io/zone'] = 'zone-z'),
    );
    run(cluster, 60_000);
    assert.equal(claim(cluster).status?.phase, 'Bound');
  });

  it('leaves claims of other provisioners, and all claims while it is not installed, alone', () => {
    const cluster = start(false);
    cluster.admin().create(STORAGECLASSES, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'later' },
      provisioner: DRIVER,
      volumeBindingMode: 'Immediate',
    });
    makeClaim(cluster, 'later');
    run(cluster, 20_000);
    assert.equal(claim(cluster).status?.phase, 'Pending');
    assert.deepEqual(said(cluster, 'PersistentVolumeClaim'), ['ExternalProvisioning']);
    cluster.admin().create(CSIDRIVERS, { apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', metadata: { name: DRIVER }, spec: {} });
    run(cluster, 5_000);
    assert.equal(claim(cluster).status?.phase, 'Bound');
  });

  it('lets a volume grow: the storage at once, the file system where a Pod runs with it', () => {
    const cluster = start();
    makeClaim(cluster);
    makePod(cluster);
    run(cluster, 20_000);
    const before = said(cluster, 'PersistentVolumeClaim').length;
    cluster
      .admin()
      .modify(PERSISTENTVOLUMECLAIMS, 'default', 'data', ({ spec }) => void ((spec ?? {}).resources = { requests: { storage: '2Gi' } }));
    run(cluster, 1_000);
    assert.deepEqual(claim(cluster).status?.allocatedResourceStatuses, { storage: 'ControllerResizeInProgress' });
    assert.equal(claim(cluster).status?.conditions?.[0]?.type, 'Resizing');
    run(cluster, 1_000);
    assert.equal(claim(cluster).status?.conditions?.[0]?.type, 'FileSystemResizePending');
    assert.equal(volume(cluster)?.spec?.capacity?.['storage'], '2Gi');
    assert.equal(claim(cluster).status?.capacity?.['storage'], '1Gi');
    run(cluster, 5_000);
    assert.equal(claim(cluster).status?.capacity?.['storage'], '2Gi');
    assert.equal(claim(cluster).status?.conditions, undefined);
    assert.deepEqual(said(cluster, 'PersistentVolumeClaim').slice(before).toSorted(), [
      'ExternalExpanding',
      'FileSystemResizeRequired',
      'FileSystemResizeSuccessful',
      'Resizing',
    ]);
    assert.ok(said(cluster, 'Pod').includes('FileSystemResizeSuccessful'));
    assert.equal(cluster.simulation.stable, true);
  });

  it('lets the file system of a volume that no Pod uses grow when the next one does', () => {
    const cluster = start();
    makeClaim(cluster);
    makePod(cluster);
    run(cluster, 20_000);
    cluster.admin().delete(PODS, 'default', 'p', { gracePeriodSeconds: 0 });
    run(cluster, 30_000);
    cluster
      .admin()
      .modify(PERSISTENTVOLUMECLAIMS, 'default', 'data', ({ spec }) => void ((spec ?? {}).resources = { requests: { storage: '2Gi' } }));
    run(cluster, 120_000);
    const { conditions, allocatedResourceStatuses } = claim(cluster).status ?? {};
    assert.deepEqual(
      conditions?.map(({ type, message }) => [type, message]),
      [['FileSystemResizePending', 'Waiting for user to (re-)start a pod to finish file system resize of volume on node.']],
    );
    assert.deepEqual(allocatedResourceStatuses, { storage: 'NodeResizePending' });
    makePod(cluster);
    run(cluster, 20_000);
    assert.equal(claim(cluster).status?.capacity?.['storage'], '2Gi');
    assert.equal(claim(cluster).status?.conditions, undefined);
    assert.equal(cluster.simulation.stable, true);
  });

  it('goes on after a fork in the middle', () => {
    const cluster = start();
    makeClaim(cluster);
    makePod(cluster);
    run(cluster, 1_000);
    const fork = cluster.fork();
    for (const each of [cluster, fork]) {
      run(each, 10_000);
      assert.equal(claim(each).status?.phase, 'Bound');
    }
    assert.deepEqual(volume(fork), volume(cluster));
  });
});
