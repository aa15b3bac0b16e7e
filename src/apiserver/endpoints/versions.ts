/**
 * Resources that two APIs serve out of one storage. Until conversion is written each is kept as it is.
 */
import type { KubeObject, ResourceType } from '../../apimachinery/meta/resource.ts';

export function fromStorage(_type: ResourceType, object: KubeObject): KubeObject {
  return object;
}
