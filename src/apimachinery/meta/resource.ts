import type { ObjectMeta } from './types.ts';

/** What every API object has. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
}

/** Any object, where the kind is only known at run time. Members other than the meta ones are reached by narrowing. */
export interface UnknownObject extends KubeObject {
  readonly [field: string]: unknown;
}

/** A served resource and the type of its objects; plain data, the type parameter exists for the compiler only. */
export interface ResourceType<T extends KubeObject = KubeObject> {
  /** API group; empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Never set. Ties the handle to its object type. */
  readonly objectType?: T;
}

/** `pods`, `deployments.apps`: names a resource in the store, in watches and in messages. Versions share storage. */
export function groupResource(resource: { readonly group: string; readonly plural: string }): string {
  if (resource.group === '') return resource.plural;
  let name = GROUP_RESOURCES.get(resource);
  if (name === undefined) GROUP_RESOURCES.set(resource, (name = `${resource.plural}.${resource.group}`));
  return name;
}

/** A text that is put together anew is hashed anew by each map that is asked with it, and each write asks dozens. */
const GROUP_RESOURCES = new WeakMap<object, string>();

/** `v1`, `apps/v1`. */
export function apiVersion(resource: { readonly group: string; readonly version: string }): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}

/** The key within a resource: `namespace/name`, or `name` where there is no namespace. */
export function objectKey(namespace: string | undefined, name: string): string {
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
}

/** The key of an object, see `objectKey`. */
export function keyOf(object: KubeObject): string {
  return objectKey(object.metadata.namespace, object.metadata.name ?? '');
}

/** Splits what `objectKey` made. */
export function splitKey(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf('/');
  return slash < 0 ? { namespace: '', name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
