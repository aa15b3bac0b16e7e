/**
 * DefaultStorageClass: a claim that names no class (not even the empty one) gets the class that is marked as default.
 * Invariant: of several defaults the youngest counts, then the first by name.
 * Counterpart: k8s.io/kubernetes/plugin/pkg/admission/storage/storageclass/setdefault.
 */
import type { Draft } from '../../../base/json.ts';
import type { PersistentVolumeClaim } from '../../../api/schema/types/core/v1.ts';
import { youngestDefault } from '../defaultClass.ts';
import type { AdmissionAttributes, AdmissionPlugin, AdmissionWorld } from '../plugin.ts';

const IS_DEFAULT = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];
const LEGACY_CLASS = 'volume.beta.kubernetes.io/storage-class';

export const defaultStorageClass: AdmissionPlugin = { name: 'DefaultStorageClass', admit };

function admit({ operation, strategy, subresource, object }: AdmissionAttributes, world: AdmissionWorld): undefined {
  if (operation !== 'CREATE' || strategy.resource.plural !== 'persistentvolumeclaims' || subresource !== '') return undefined;
  const claim = object as Draft<PersistentVolumeClaim>;
  if (claim.spec?.storageClassName !== undefined || claim.metadata.annotations?.[LEGACY_CLASS] !== undefined) return undefined;
  const found = youngestDefault(world.store.list('storageclasses.storage.k8s.io'), IS_DEFAULT);
  if (found !== undefined) (claim.spec ??= {}).storageClassName = found.metadata.name ?? '';
  return undefined;
}
