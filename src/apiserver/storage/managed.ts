/**
 * Who owns the fields of a stored object. It goes with the very object that is stored and is no member of it: the parts of
 * the cluster copy, compare and write objects all the time and never look at it. Only answers show it, as
 * metadata.managedFields, so it is worked out when somebody asks.
 * Invariant: entries are never changed, so objects share them; a copy of an object has none.
 * Counterpart: the encoded managedFields of k8s.io/apimachinery, which a real server works out at every write.
 */
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import type { ManagedFieldsEntry } from '../../apimachinery/meta/types.ts';
import { showEntries, type ManagedFields, type Writer } from '../../apimachinery/managedfields/managers.ts';

const MANAGED = Symbol('managedFields');

interface Carrier {
  [MANAGED]?: Owners;
}

const NONE: ManagedFields = [];

/** Entries, or the writes that they follow from. */
export type Owners = ManagedFields | PendingOwners;

/** A write whose effect on the owners nobody has asked for yet. */
export interface OwnedWrite {
  readonly old: KubeObject;
  readonly object: KubeObject;
  readonly writer: Writer;
  /** Works out the entries after the write from those before it. */
  readonly settle: (write: OwnedWrite, entries: ManagedFields) => ManagedFields;
}

/** So many writers may follow each other before the first of them is worked out: each keeps an old object in memory. */
const MAX_PENDING = 3;

/**
 * Owners that follow from earlier ones and one write. Writes of one writer in a row count as one, from the object before the
 * first to the object after the last: a writer that repeats itself costs nothing, however often it does.
 */
export class PendingOwners {
  private base: Owners;
  private write: OwnedWrite | undefined;
  private readonly depth: number;

  private constructor(base: Owners, write: OwnedWrite, depth: number) {
    this.base = base;
    this.write = write;
    this.depth = depth;
  }

  static after(owners: Owners, write: OwnedWrite): Owners {
    if (!(owners instanceof PendingOwners)) return owners.length === 0 ? owners : new PendingOwners(owners, write, 1);
    const { write: last, base, depth } = owners;
    if (last !== undefined && isSameWriter(last.writer, write.writer)) return new PendingOwners(base, { ...write, old: last.old }, depth);
    if (depth >= MAX_PENDING || last === undefined) {
      const entries = owners.resolve();
      return entries.length === 0 ? entries : new PendingOwners(entries, write, 1);
    }
    return new PendingOwners(owners, write, depth + 1);
  }

  resolve(): ManagedFields {
    const { base, write } = this;
    const entries = base instanceof PendingOwners ? base.resolve() : base;
    if (write === undefined) return entries;
    const settled = write.settle(write, entries);
    this.base = settled;
    // The old objects are needed no more.
    this.write = undefined;
    return settled;
  }

  /** Texts hold entries; what is read from one goes on as this does from then on. */
  toJSON(): ManagedFields {
    return this.resolve();
  }
}

function isSameWriter(left: Writer, right: Writer): boolean {
  return left.manager === right.manager && left.subresource === right.subresource && left.apiVersion === right.apiVersion;
}

export function managedOf(object: KubeObject): ManagedFields {
  return resolveOwners(ownersOf(object));
}

export function ownersOf(object: KubeObject): Owners {
  return (object as Carrier)[MANAGED] ?? NONE;
}

export function resolveOwners(owners: Owners): ManagedFields {
  return owners instanceof PendingOwners ? owners.resolve() : owners;
}

/** To be called by whoever made the object, before it is handed out. */
export function attachManaged<T extends KubeObject>(object: T, owners: Owners): T {
  if (owners instanceof PendingOwners || owners.length > 0) Object.defineProperty(object, MANAGED, { value: owners });
  return object;
}

/** The object as answers show it. `form` is another form of the same object, if it is not shown as it is stored. */
export function withManagedFields(object: KubeObject, form: KubeObject = object): KubeObject {
  const entries = managedOf(object);
  return entries.length === 0 ? form : { ...form, metadata: { ...form.metadata, managedFields: shownEntries(entries) } };
}

/** Entries in the form of the API; made once. */
export function shownEntries(entries: ManagedFields): readonly ManagedFieldsEntry[] {
  let shown = SHOWN.get(entries);
  if (shown === undefined) SHOWN.set(entries, (shown = showEntries(entries)));
  return shown;
}

const SHOWN = new WeakMap<ManagedFields, readonly ManagedFieldsEntry[]>();
