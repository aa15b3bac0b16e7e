/**
 * Volumes of a real cluster, whose drivers nobody plays here: the simulation's own driver stands in for all of them.
 * Invariant: claims, volumes and classes keep names, sizes and places; only who serves them is another one.
 */
import { CSIDRIVERS } from '../../api/schema/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../api/schema/types/core/v1.ts';
import type { CSIDriver, StorageClass } from '../../api/schema/types/storage/v1.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import { driverNamed, KUBEPAD_DRIVER } from '../../cloud/csidriver/drivers.ts';
import type { Cluster } from '../cluster.ts';

const NOBODY = 'kubernetes.io/no-provisioner';
const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';
const PROVISIONER = 'volume.kubernetes.io/storage-provisioner';

/** The object with the simulation's driver in place of one that nobody plays. */
export function withPlayedDriver(resource: string, object: KubeObject): KubeObject {
  switch (resource) {
    case 'persistentvolumes':
      return volume(object as PersistentVolume);
    case 'storageclasses.storage.k8s.io':
      return storageClass(object as StorageClass);
    case 'persistentvolumeclaims':
      return renamed(object as PersistentVolumeClaim, PROVISIONER);
    default:
      return object;
  }
}

/** Installs the driver where something wants it. @param drivers those of the other cluster */
export function installPlayedDriver(cluster: Cluster, drivers: readonly KubeObject[]): void {
  const { store } = cluster.api;
  const isThere = store.get('csidrivers.storage.k8s.io', KUBEPAD_DRIVER) !== undefined;
  const isWanted =
    (store.list('storageclasses.storage.k8s.io') as readonly StorageClass[]).some(({ provisioner }) => provisioner === KUBEPAD_DRIVER) ||
    (store.list('persistentvolumes') as readonly PersistentVolume[]).some(({ spec }) => spec?.csi?.driver === KUBEPAD_DRIVER);
  if (isThere || !isWanted) return;
  // As theirs are: disks are attached unless all drivers say that theirs are not.
  const attachRequired = drivers.length === 0 || drivers.some((driver) => (driver as CSIDriver).spec.attachRequired !== false);
  cluster.admin().create(CSIDRIVERS, {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name: KUBEPAD_DRIVER },
    spec: { attachRequired, podInfoOnMount: false, volumeLifecycleModes: ['Persistent'] },
  });
}

function volume(object: PersistentVolume): PersistentVolume {
  const { csi } = object.spec ?? {};
  if (csi === undefined || driverNamed(csi.driver) !== undefined) return object;
  const { volumeHandle, fsType } = csi;
  const finalizers = object.metadata.finalizers?.filter((finalizer) => !finalizer.startsWith('external-'));
  const { metadata } = renamed(object, PROVISIONED_BY);
  return {
    ...object,
    metadata: { ...metadata, ...(finalizers === undefined ? {} : { finalizers }) },
    spec: { ...object.spec, csi: { driver: KUBEPAD_DRIVER, volumeHandle, ...(fsType === undefined ? {} : { fsType }) } },
  };
}

function storageClass(object: StorageClass): StorageClass {
  if (object.provisioner === NOBODY || driverNamed(object.provisioner) !== undefined) return object;
  // Parameters and topologies are the other driver's own words.
  const { parameters: _parameters, allowedTopologies: _topologies, ...rest } = object;
  return { ...rest, provisioner: KUBEPAD_DRIVER };
}

function renamed<T extends KubeObject>(object: T, annotation: string): T {
  const driver = object.metadata.annotations?.[annotation];
  if (driver === undefined || driver === NOBODY || driverNamed(driver) !== undefined) return object;
  return { ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [annotation]: KUBEPAD_DRIVER } } };
}
