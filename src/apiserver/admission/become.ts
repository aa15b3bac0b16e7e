import type { Draft } from '../../base/json.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';

/** Gives an object of a request another content. The request holds on to the object and its metadata, so both stay the ones that they are. */
export function become(object: Draft<KubeObject>, wanted: Draft<KubeObject>): void {
  const { metadata, ...rest } = wanted;
  replace(object.metadata, metadata);
  replace(object, { ...rest, metadata: object.metadata });
}

function replace(target: object, source: object): void {
  for (const key of Object.keys(target)) if (!Object.hasOwn(source, key)) delete (target as Record<string, unknown>)[key];
  Object.assign(target, source);
}
