/**
 * All objects as they were at one revision: what differs from the present, laid over the present.
 * Invariant: costs what was written between the revision and now (or the revision before it), never the whole cluster; a write of
 * the present costs one entry. Counterpart: a list at an exact resourceVersion, for all resources at once.
 */
import { keyOf, type KubeObject } from '../../apimachinery/meta/resource.ts';
import type { Revision } from '../../apiserver/storage/revision.ts';

/** The present. The Store satisfies it. */
export interface Present {
  readonly revision: number;
  get(resource: string, key: string): KubeObject | undefined;
  list(resource: string, namespace?: string): readonly KubeObject[];
  count(resource: string): number;
}

/** Where revisions are kept. */
export interface Record {
  between(after: number, upTo: number): readonly Revision[];
}

/** How one object differs between two revisions. */
export interface Change {
  readonly resource: string;
  readonly key: string;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
}

/** The writes of one object that are met first and last on the way. */
interface Met {
  readonly first: Revision;
  last: Revision;
}

interface Overlay {
  /** Objects that are, or were, others than now; undefined: was not there. */
  readonly objects: Map<string, KubeObject | undefined>;
  /** The whole list; undefined: to be made. */
  listed: readonly KubeObject[] | undefined;
}

export class PastView {
  private readonly present: Present;
  private readonly record: Record;
  private readonly overlays = new Map<string, Overlay>();
  private at: number;

  constructor(present: Present, record: Record, revision: number) {
    this.present = present;
    this.record = record;
    this.at = present.revision;
    this.move(revision);
  }

  get revision(): number {
    return this.at;
  }

  get(resource: string, key: string): KubeObject | undefined {
    const overlay = this.overlays.get(resource)?.objects;
    return overlay?.has(key) === true ? overlay.get(key) : this.present.get(resource, key);
  }

  /** Sorted by key, as the store lists them. */
  list(resource: string, namespace?: string): readonly KubeObject[] {
    const overlay = this.overlays.get(resource);
    if (overlay === undefined) return this.present.list(resource, namespace);
    overlay.listed ??= merged(this.present.list(resource), overlay.objects);
    if (namespace === undefined || namespace === '') return overlay.listed;
    return overlay.listed.filter(({ metadata }) => metadata.namespace === namespace);
  }

  count(resource: string): number {
    return this.overlays.has(resource) ? this.list(resource).length : this.present.count(resource);
  }

  /** A write of the present: what it replaced stays as it was here. */
  take({ resource, key, previous }: Revision): void {
    const overlay = this.overlay(resource);
    if (!overlay.objects.has(key)) overlay.objects.set(key, previous);
    overlay.listed = undefined;
  }

  /** Shows another revision. Returns which objects differ from before, each once. */
  move(revision: number): readonly Change[] {
    const { at } = this;
    this.at = revision;
    const forward = revision > at;
    const entries = this.record.between(Math.min(at, revision), Math.max(at, revision));
    const met = new Map<string, Map<string, Met>>();
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[forward ? i : entries.length - 1 - i] as Revision;
      let objects = met.get(entry.resource);
      if (objects === undefined) met.set(entry.resource, (objects = new Map()));
      const known = objects.get(entry.key);
      if (known === undefined) objects.set(entry.key, { first: entry, last: entry });
      else known.last = entry;
    }
    const changes: Change[] = [];
    for (const [resource, objects] of met) {
      const overlay = this.overlay(resource);
      overlay.listed = undefined;
      for (const [key, { first, last }] of objects) {
        const [before, now] = forward ? [first.previous, after(last)] : [after(first), last.previous];
        overlay.objects.set(key, now);
        if (before !== now) changes.push({ resource, key, before, after: now });
      }
    }
    return changes;
  }

  private overlay(resource: string): Overlay {
    let overlay = this.overlays.get(resource);
    if (overlay === undefined) this.overlays.set(resource, (overlay = { objects: new Map(), listed: undefined }));
    return overlay;
  }
}

function after({ type, object }: Revision): KubeObject | undefined {
  return type === 'DELETED' ? undefined : object;
}

function merged(now: readonly KubeObject[], overlay: ReadonlyMap<string, KubeObject | undefined>): readonly KubeObject[] {
  const others = [...overlay].sort(([a], [b]) => (a < b ? -1 : 1));
  const result: KubeObject[] = [];
  let next = 0;
  const takeOthers = (before: string | undefined): void => {
    for (let other = others[next]; other !== undefined && (before === undefined || other[0] < before); other = others[++next])
      if (other[1] !== undefined) result.push(other[1]);
  };
  for (const object of now) {
    const key = keyOf(object);
    takeOthers(key);
    if (!overlay.has(key)) result.push(object);
  }
  takeOthers(undefined);
  return result;
}
