import { draft, type Draft } from '../../base/json.ts';
import type { ManagedFields } from '../../apimachinery/managedfields/managers.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import { succeeded, type Outcome } from '../request.ts';

/** Makes the new object of the stored one: changes the copy that it is given, or returns another object or a refusal. */
export type Updater = (object: Draft<KubeObject>, stored: KubeObject) => Outcome<KubeObject> | undefined;

/** An object with the owners that its fields have then, if that is decided. */
export interface Owned {
  readonly object: Draft<KubeObject>;
  readonly owners: ManagedFields | undefined;
}

/** Lays a configuration over the stored object, undefined if there is none yet. */
export type Applier = (stored: KubeObject | undefined) => Outcome<Owned>;

/** A change of the stored object, the whole new object or a new status (which become the registry's own), or an apply. */
export type Change =
  Updater | { readonly replacement: Draft<KubeObject> } | { readonly status: Draft<object> } | { readonly apply: Applier };

/** The object as the change wants it. */
export function makeWanted(old: KubeObject, change: Change): Outcome<Owned> {
  if (typeof change !== 'function') {
    if ('apply' in change) return change.apply(old);
    const object = 'status' in change ? withStatus(old, change.status) : change.replacement;
    return succeeded({ object, owners: undefined });
  }
  const working = draft(old);
  const made = change(working, old);
  if (made === undefined) return succeeded({ object: working, owners: undefined });
  return made.ok ? succeeded({ object: made.object as Draft<KubeObject>, owners: undefined }) : made;
}

/** An update of the status takes all but that and the metadata from the stored object anyway; here it only has its place. */
function withStatus(old: KubeObject, status: Draft<object>): Draft<KubeObject> {
  const object: Record<string, unknown> = {};
  for (const key of Object.keys(old)) object[key] = undefined;
  object['metadata'] = { ...old.metadata };
  object['status'] = status;
  return object as unknown as Draft<KubeObject>;
}
