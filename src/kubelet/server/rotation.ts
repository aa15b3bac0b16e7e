import type { Node, Pod } from '../../api/schema/types/core/v1.ts';
import type { KubeObject, ResourceType } from '../../apimachinery/meta/resource.ts';
import { groupResource, objectKey } from '../../apimachinery/meta/resource.ts';
import type { Store } from '../../apiserver/storage/store.ts';
import { fnv1a } from '../../base/fnv.ts';
import type { Rotation } from '../../runtime/logFile.ts';
import { settingsOf } from '../eviction/settings.ts';

/** How the kubelet of a Pod's node treats the logs of its containers. Each kubelet has its own moment. */
export function rotationOf(store: Store, { spec }: Pod): Rotation {
  const name = spec?.nodeName ?? '';
  const node = store.get('nodes', name) as Node | undefined;
  const get = <T extends KubeObject>(type: ResourceType<T>, namespace: string, key: string): T | undefined =>
    store.get(groupResource(type), objectKey(namespace, key)) as T | undefined;
  const { logs } = settingsOf({ get }, node ?? { metadata: {} });
  return { ...logs, phaseMs: (fnv1a(name) >>> 0) % logs.intervalMs };
}
