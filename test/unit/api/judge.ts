/** One check for all kinds: a manifest goes in, the API server's texts come out. */
import { cloneJson, deepFreeze } from '../../../src/base/json.ts';
import { errorText } from '../../../src/apimachinery/field/error.ts';
import type { KubeObject } from '../../../src/apimachinery/meta/resource.ts';
import { decodeValue } from '../../../src/api/decodeBody.ts';
import { prepareCreate, prepareUpdate } from '../../../src/api/pipeline.ts';
import type { Strategy } from '../../../src/api/strategy.ts';

export interface Judged<T> {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly object: T;
}

type Manifest = Readonly<Record<string, unknown>>;

/** Metadata defaults to the name `x` in the namespace `default`. */
export function judgeCreate<T extends KubeObject>(strategy: Strategy<T>, manifest: Manifest): Judged<T> {
  const { object, errors, warnings } = prepareCreate(strategy as unknown as Strategy, decoded(strategy, manifest), {
    namespace: 'default',
  });
  return { errors: errors.map(errorText), warnings, object: object as T };
}

/** @param changes of what `before` became on creation, by path: `{ 'spec/ports/0/port': 81 }`; undefined takes away */
export function judgeUpdate<T extends KubeObject>(strategy: Strategy<T>, before: Manifest, changes: Manifest): Judged<T> {
  const created = judgeCreate(strategy, before);
  if (created.errors.length > 0) throw new Error(created.errors.join(', '));
  const old = deepFreeze({ ...created.object, metadata: { ...created.object.metadata, resourceVersion: '1' } });
  const wanted = cloneJson(old) as unknown as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) setAt(wanted, path.split('/'), value);
  const { object, errors, warnings } = prepareUpdate(strategy as unknown as Strategy, decoded(strategy, wanted), old);
  return { errors: errors.map(errorText), warnings, object: object as T };
}

function decoded(strategy: { readonly resource: Strategy['resource'] }, manifest: Manifest) {
  const body = decodeValue(strategy.resource, { ...manifest, metadata: manifest['metadata'] ?? { name: 'x' } }, 'Strict');
  if (!body.ok) throw new Error(body.status.message);
  return body.object;
}

function setAt(object: Record<string, unknown>, [first = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length > 0) setAt((object[first] ??= {}) as Record<string, unknown>, rest, value);
  else if (value === undefined) delete object[first];
  else object[first] = value;
}
