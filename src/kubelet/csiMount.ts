import { claimsOf } from '../api/core/pod/claims.ts';
import { CSINODES, PERSISTENTVOLUMECLAIMS } from '../api/schema/resources.ts';
import type { PersistentVolume, Pod } from '../api/schema/types/core/v1.ts';
import { persistentVolumes } from './attachable.ts';
import type { Kubelet } from './kubelet.ts';
import type { PodState } from './state.ts';

const IN_USE = 'volume uses the ReadWriteOncePod access mode and is already in use by another pod';

/** What keeps volumes of storage drivers from being mounted, once they are attached. Counterpart: k8s.io/kubernetes/pkg/volume/csi. */
export function csiErrors(kubelet: Kubelet, state: PodState, pod: Pod): readonly string[] {
  const errors: string[] = [];
  for (const { name, csi } of pod.spec?.volumes ?? []) {
    if (csi === undefined || isRegistered(kubelet, state.node, csi.driver)) continue;
    const problem = `mounter.SetUpAt failed to get CSI client: ${notRegistered(csi.driver)}`;
    errors.push(`MountVolume.SetUp failed for volume "${name}" : kubernetes.io/csi: ${problem}`);
  }
  for (const volume of persistentVolumes(kubelet, pod)) {
    const name = volume.metadata.name ?? '';
    const driver = volume.spec?.csi?.driver;
    if (driver !== undefined && !isRegistered(kubelet, state.node, driver)) {
      const problem = `attacher.MountDevice failed to create newCsiDriverClient: ${notRegistered(driver)}`;
      errors.push(`MountVolume.MountDevice failed for volume "${name}" : kubernetes.io/csi: ${problem}`);
    } else if (isTaken(kubelet, state, volume)) errors.push(`MountVolume.SetUp failed for volume "${name}" : ${IN_USE}`);
  }
  return errors;
}

function isRegistered(kubelet: Kubelet, node: string, driver: string): boolean {
  return kubelet.get(CSINODES, '', node)?.spec.drivers.some(({ name }) => name === driver) === true;
}

function notRegistered(driver: string): string {
  return `driver name ${driver} not found in the list of registered CSI drivers`;
}

/** Whether another Pod of the node runs with a volume that one Pod may use at a time. */
function isTaken(kubelet: Kubelet, state: PodState, { metadata, spec }: PersistentVolume): boolean {
  if (spec?.accessModes?.includes('ReadWriteOncePod') !== true) return false;
  return kubelet.podsOf(state.node).some((other) => {
    if (other.uid === state.uid || !other.volumesMounted || other.work === 'finished') return false;
    return claimsOf(kubelet.pod(other)).some(({ name }) => {
      const claim = kubelet.get(PERSISTENTVOLUMECLAIMS, other.namespace, name);
      return claim?.spec?.volumeName === metadata.name;
    });
  });
}
