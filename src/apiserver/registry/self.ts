import type { Draft } from '../../base/json.ts';
import type { KubeObject, ResourceType } from '../../apimachinery/meta/resource.ts';

/** What the API server writes in its own name in the course of a request. What is refused is left as it is. */
export interface SelfClient {
  readonly now: () => number;
  readonly list: <T extends KubeObject>(type: ResourceType<T>) => readonly T[];
  readonly create: <T extends KubeObject>(type: ResourceType<T>, namespace: string, object: Draft<T>) => void;
  readonly updateStatus: <T extends KubeObject>(
    type: ResourceType<T>,
    namespace: string,
    name: string,
    change: (object: Draft<T>) => void,
  ) => void;
  readonly remove: (type: ResourceType, namespace: string, name: string) => void;
}
