/**
 * StorageObjectInUseProtection: new claims and volumes get the finalizer that keeps them while they are in use.
 * Invariant: the controllers that take the finalizer away again are the only ones who do.
 * Counterpart: k8s.io/kubernetes/plugin/pkg/admission/storage/storageobjectinuseprotection.
 */
import type { AdmissionAttributes, AdmissionPlugin } from '../plugin.ts';

const FINALIZERS: ReadonlyMap<string, string> = new Map([
  ['persistentvolumeclaims', 'kubernetes.io/pvc-protection'],
  ['persistentvolumes', 'kubernetes.io/pv-protection'],
]);

export const storageObjectInUseProtection: AdmissionPlugin = { name: 'StorageObjectInUseProtection', admit };

function admit({ operation, strategy, subresource, object }: AdmissionAttributes): undefined {
  const finalizer = FINALIZERS.get(strategy.resource.plural);
  if (operation !== 'CREATE' || subresource !== '' || finalizer === undefined || object === undefined) return undefined;
  const finalizers = (object.metadata.finalizers ??= []);
  if (!finalizers.includes(finalizer)) finalizers.push(finalizer);
  return undefined;
}
