/** The class of a volume or a claim; once it was an annotation, which still goes first. */
import type { KubeObject } from '../../apimachinery/meta/resource.ts';

export const BETA_STORAGE_CLASS = 'volume.beta.kubernetes.io/storage-class';

export const BETA_STORAGE_CLASS_WARNING = `metadata.annotations[${BETA_STORAGE_CLASS}]: deprecated since v1.8; use "storageClassName" attribute instead`;

/** Empty where it has none. */
export function storageClassOf(object: KubeObject & { readonly spec?: { readonly storageClassName?: string } }): string {
  return object.metadata.annotations?.[BETA_STORAGE_CLASS] ?? object.spec?.storageClassName ?? '';
}
