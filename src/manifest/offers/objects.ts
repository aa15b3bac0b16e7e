/** The objects that offers are made of, those of the workspace first. */
import { groupKindOf, type World } from '../references/world.ts';
import { isClusterScoped } from '../references/fields.ts';
import { sameNamespace } from '../references/workspaceIndex.ts';
import { isRecord } from '../recognise.ts';

export interface Offer {
  readonly value: string;
  /** Where it comes from. */
  readonly detail: string;
  /** Of a key: a value that stands beside it elsewhere. */
  readonly pair?: string;
}

/** More objects than this tell nothing new; a list of offers must not wait for a large cluster. */
const MAX_OBJECTS = 500;

/** @param namespace empty: the one of objects that name none */
export function objectsOf(world: World, kind: string, namespace: string): readonly unknown[] {
  const scoped = isClusterScoped(kind);
  const written: unknown[] = [];
  for (const { facts } of world.index.kind(groupKindOf(kind))) {
    if (scoped || sameNamespace(facts.namespace, namespace)) written.push(facts.value);
    if (written.length >= MAX_OBJECTS) break;
  }
  const own = scoped ? undefined : namespace === '' ? world.namespace : namespace;
  const live = world.cluster?.serves(kind) === true ? world.cluster.list(kind, own).slice(0, MAX_OBJECTS) : [];
  return [...written, ...live];
}

/** The value at names and indexes; undefined if there is none. */
export function found(root: unknown, names: readonly (string | number)[]): unknown {
  let at = root;
  for (const name of names) {
    if (Array.isArray(at)) at = (at as readonly unknown[])[Number(name)];
    else if (isRecord(at)) at = at[String(name)];
    else return undefined;
  }
  return at;
}

/** The first of each value, without empty ones. */
export function unique(offers: readonly Offer[]): readonly Offer[] {
  const known = new Map<string, Offer>();
  for (const offer of offers) if (offer.value !== '' && !known.has(offer.value)) known.set(offer.value, offer);
  return [...known.values()];
}
