/**
 * What the word under the cursor stands for beyond its own document: an object, a key of its data, a pair of a label.
 * Invariant: a symbol is plain data and does not depend on which of its places it was found at.
 * Counterpart: none; the relations are those that Kubernetes' controllers follow by name and by label.
 */
import type { Path } from '../../apimachinery/field/path.ts';
import { fieldAfter, samePath } from './paths.ts';
import { hitsOf } from '../references/fieldPattern.ts';
import { groupKindOf } from '../references/world.ts';
import type { IndexedObject } from '../references/workspaceIndex.ts';
import { labelPlaces } from './labels.ts';

export type Symbol =
  | { readonly type: 'object'; readonly groupKind: string; readonly namespace: string; readonly name: string }
  | { readonly type: 'key'; readonly groupKind: string; readonly namespace: string; readonly name: string; readonly key: string }
  | { readonly type: 'label'; readonly namespace: string; readonly key: string; readonly value: string };

export const DATA_FIELDS: readonly string[] = ['data', 'binaryData', 'stringData'];

/** The symbol at a path of an object; undefined: the word means nothing elsewhere. */
export function symbolAt(object: IndexedObject, path: Path): Symbol | undefined {
  const { facts } = object;
  const { groupKind, namespace, name } = facts;
  const own = facts.at();
  if (samePath(path, own.child('metadata', 'name'))) return name === '' ? undefined : { type: 'object', groupKind, namespace, name };
  if (samePath(path, own.child('metadata', 'namespace'))) return { type: 'object', groupKind: 'Namespace', namespace: '', name: namespace };
  if (groupKind === 'ConfigMap' || groupKind === 'Secret') {
    for (const field of DATA_FIELDS) {
      const key = fieldAfter(own.child(field), path);
      if (key !== undefined) return { type: 'key', groupKind, namespace, name, key };
    }
  }
  return ofReference(object, path) ?? ofLabel(object, path);
}

function ofReference({ facts }: IndexedObject, path: Path): Symbol | undefined {
  for (const reference of facts.references) {
    const target = {
      groupKind: groupKindOf(reference.to),
      namespace: reference.namespace ?? facts.namespace,
      name: reference.name,
    };
    if (samePath(reference.path(), path)) return { type: 'object', ...target };
    if (reference.part !== 'key') continue;
    const key = reference.keys.find((hit) => samePath(hit.path(), path));
    if (key !== undefined) return { type: 'key', ...target, key: String(key.value) };
  }
  return undefined;
}

function ofLabel(object: IndexedObject, path: Path): Symbol | undefined {
  const found = labelPlaces(object).find((place) => samePath(place.path(), path));
  if (found === undefined) return undefined;
  return { type: 'label', namespace: object.facts.namespace, key: found.key, value: found.value };
}

/** All keys of a ConfigMap's or Secret's data, with their paths. */
export function keyPath({ facts }: IndexedObject, key: string): Path | undefined {
  const field = DATA_FIELDS.find((each) => {
    const held = hitsOf(facts.value, each)[0]?.value;
    return typeof held === 'object' && held !== null && Object.hasOwn(held, key);
  });
  return field === undefined ? undefined : facts.at().child(field).child(key);
}
