/**
 * The lists that are open on a screen, and what each of them has been told.
 * Invariant: `flush` sends a view only what is in its window and differs from the last message; without changes nothing.
 * Counterpart: the watch cache's per-watcher channel, with a window instead of a selector.
 */
import { jsonEqual } from '../../base/json.ts';
import type { Revision } from '../../apiserver/storage/revision.ts';
import type { Health, Row, RowPatch, ViewDiff, ViewId, ViewQuery } from '../protocol/view.ts';
import { fieldsThatDiffer, keyRuns } from '../../base/keyedRows.ts';
import { EventsProjection } from './eventsProjection.ts';
import type { ObjectSource } from './groups.ts';
import { FAULTS_RESOURCE } from './treeFaults.ts';
import { TreeProjection } from './treeProjection.ts';
import { findByName, rowsBetween } from './treeSearch.ts';

export interface ViewsOptions {
  readonly source: ObjectSource;
  readonly send: (view: ViewId, diff: ViewDiff) => void;
  /** Asked once when something is to be sent; the host calls `flush` within a frame. */
  readonly schedule: () => void;
}

type Projection = TreeProjection | EventsProjection;

interface View {
  readonly projection: Projection;
  query: ViewQuery;
  dirty: boolean;
  sequence: number;
  total: number;
  objects: number;
  first: number;
  keys: readonly string[];
  rows: ReadonlyMap<string, Row>;
  health: Health | undefined;
}

/** More rows than any screen has; a larger window is cut. */
const MAX_WINDOW = 500;
/** More rows than these are not chosen at once. */
const MAX_CHOSEN = 2_000;

export class Views {
  private readonly options: ViewsOptions;
  private readonly views = new Map<ViewId, View>();
  private scheduled = false;

  constructor(options: ViewsOptions) {
    this.options = options;
  }

  /** Opens a view, or changes what an open one asks for. */
  query(id: ViewId, query: ViewQuery): void {
    const known = this.views.get(id);
    const view = known !== undefined && known.query.surface === query.surface ? known : this.open(id, query);
    view.query = query;
    if (view.projection instanceof TreeProjection) {
      if (query.surface === 'cluster') view.projection.setQuery(query);
    } else if (query.surface === 'events') view.projection.setQuery(query);
    this.mark(view);
  }

  close(id: ViewId): void {
    this.views.delete(id);
  }

  /** Takes in one write of the store. */
  revision(entry: Revision): void {
    for (const view of this.views.values()) {
      if (!concerns(view.query.surface, entry.resource)) continue;
      view.projection.revision(entry);
      this.mark(view);
    }
  }

  /** Sends what changed since the last call. */
  flush(): void {
    this.scheduled = false;
    for (const [id, view] of this.views) {
      if (!view.dirty) continue;
      view.dirty = false;
      const diff = differenceOf(view);
      if (diff !== undefined) this.options.send(id, diff);
    }
  }

  locate(id: ViewId, key: string): number | undefined {
    return this.views.get(id)?.projection.locate(key);
  }

  /** The rows from one key to another, or all siblings of the first; a list of one kind of rows has no use for it. */
  between(id: ViewId, from: string, to: string | undefined): readonly Row[] {
    const projection = this.views.get(id)?.projection;
    return projection instanceof TreeProjection ? rowsBetween(projection, from, to, MAX_CHOSEN) : [];
  }

  find(id: ViewId, prefix: string, after: number): { readonly index: number; readonly key: string } | undefined {
    const projection = this.views.get(id)?.projection;
    return projection instanceof TreeProjection ? findByName(projection, prefix, after) : projection?.find(prefix, after);
  }

  private open(id: ViewId, query: ViewQuery): View {
    const projection = query.surface === 'cluster' ? new TreeProjection(this.options.source) : new EventsProjection(this.options.source);
    const view: View = {
      projection,
      query,
      dirty: true,
      sequence: 0,
      total: -1,
      objects: -1,
      first: 0,
      keys: [],
      rows: new Map(),
      health: undefined,
    };
    this.views.set(id, view);
    return view;
  }

  private mark(view: View): void {
    view.dirty = true;
    if (this.scheduled) return;
    this.scheduled = true;
    this.options.schedule();
  }
}

const OF_THE_TREE: ReadonlySet<string> = new Set(['pods', 'nodes', 'replicasets.apps', FAULTS_RESOURCE]);

function concerns(surface: ViewQuery['surface'], resource: string): boolean {
  return surface === 'events' ? resource === 'events' : OF_THE_TREE.has(resource);
}

function differenceOf(view: View): ViewDiff | undefined {
  const { projection, query } = view;
  const { total, objects } = projection;
  const count = Math.min(query.window.count, MAX_WINDOW);
  const first = Math.max(0, Math.min(query.window.first, total - count));
  const keys: string[] = [];
  const rows = new Map<string, Row>();
  const fresh: Row[] = [];
  const patches: RowPatch[] = [];
  for (let index = first; index < Math.min(total, first + count); index++) {
    const row = projection.row(index);
    if (row === undefined) break;
    const before = view.rows.get(row.key);
    if (before?.type !== row.type) fresh.push(row);
    else {
      const fields = fieldsThatDiffer(before, row);
      if (fields !== undefined) patches.push([keys.length, fields]);
    }
    keys.push(row.key);
    rows.set(row.key, row);
  }
  const health = projection instanceof TreeProjection ? projection.health() : undefined;
  const runs = view.sequence === 0 ? keys : keyRuns(view.keys, keys);
  const newHealth = !jsonEqual(health, view.health);
  const unchanged =
    runs === undefined &&
    first === view.first &&
    !newHealth &&
    fresh.length + patches.length === 0 &&
    total === view.total &&
    objects === view.objects;
  if (unchanged) return undefined;
  Object.assign(view, { total, objects, first, keys, rows, health });
  view.sequence++;
  return {
    sequence: view.sequence,
    total,
    objects,
    first,
    ...(runs === undefined ? {} : { keys: runs }),
    rows: fresh,
    patches,
    ...(newHealth && health !== undefined ? { health } : {}),
  };
}
