import { BETA_STORAGE_PROVISIONER, claimClass, NO_PROVISIONER, STORAGE_PROVISIONER } from '../../api/core/persistentvolume/matching.ts';
import { PERSISTENTVOLUMECLAIMS, STORAGECLASSES } from '../../api/schema/resources.ts';
import type { PersistentVolumeClaim } from '../../api/schema/types/core/v1.ts';
import { youngestDefault } from '../../apiserver/admission/defaultClass.ts';
import { objectReference } from '../../client/client.ts';
import type { ControllerContext } from '../runtime/environment.ts';

const DEFAULT_CLASS = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];

/** In-tree provisioners of old; their drivers outside have taken over. */
const MIGRATED: Readonly<Record<string, string>> = {
  'kubernetes.io/aws-ebs': 'ebs.csi.aws.com',
  'kubernetes.io/azure-disk': 'disk.csi.azure.com',
  'kubernetes.io/azure-file': 'file.csi.azure.com',
  'kubernetes.io/cinder': 'cinder.csi.openstack.org',
  'kubernetes.io/gce-pd': 'pd.csi.storage.gke.io',
  'kubernetes.io/portworx-volume': 'pxd.portworx.com',
  'kubernetes.io/vsphere-volume': 'csi.vsphere.vmware.com',
};

/**
 * Asks for a new volume: the class's provisioner is written on the claim, and whoever plays it makes the volume.
 * Counterpart: provisionClaim and provisionClaimOperationExternal of k8s.io/kubernetes/pkg/controller/volume/persistentvolume.
 */
export function provision({ client, events }: ControllerContext, claim: PersistentVolumeClaim): void {
  const className = claimClass(claim);
  const about = objectReference(PERSISTENTVOLUMECLAIMS, claim);
  const storageClass = client.get(STORAGECLASSES, '', className);
  if (storageClass === undefined) {
    events.event(about, 'Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io "${className}" not found`);
    return;
  }
  const provisioner = MIGRATED[storageClass.provisioner] ?? storageClass.provisioner;
  if (provisioner === NO_PROVISIONER || provisioner.startsWith('kubernetes.io/')) {
    events.event(about, 'Warning', 'ProvisioningFailed', `no volume plugin matched name: ${provisioner}`);
    return;
  }
  client.modify(PERSISTENTVOLUMECLAIMS, claim.metadata.namespace ?? '', claim.metadata.name ?? '', (copy) => {
    const annotations = (copy.metadata.annotations ??= {});
    annotations[BETA_STORAGE_PROVISIONER] = provisioner;
    annotations[STORAGE_PROVISIONER] = provisioner;
  });
  const text = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
  events.event(about, 'Normal', 'ExternalProvisioning', text);
}

/** A claim that says nothing of a class gets the default one when there is one, however late. */
export function assignDefaultClass({ client }: ControllerContext, claim: PersistentVolumeClaim): boolean {
  if (claim.spec?.storageClassName !== undefined || claimClass(claim) !== '') return false;
  const found = youngestDefault(client.list(STORAGECLASSES), DEFAULT_CLASS);
  const name = found?.metadata.name;
  if (name === undefined) return false;
  client.modify(PERSISTENTVOLUMECLAIMS, claim.metadata.namespace ?? '', claim.metadata.name ?? '', (copy) => {
    if (copy.spec !== undefined) copy.spec.storageClassName = name;
  });
  return true;
}
