/**
 * The editor panels that are open, and what each of them has been told.
 * Invariant: a panel is worked out anew only after a write that concerns it, or after time went on if it shows what moves with time;
 * it is told what differs from the last message, and nothing without a difference.
 * Counterpart: the views of the sidebar (projection/views.ts), for pictures in parts instead of windows of a list.
 */
import type { Revision } from '../../apiserver/storage/revision.ts';
import { difference, type Parts } from '../../base/parts.ts';
import type { PanelChange, PanelId, PanelQuery, PanelSurface } from './model.ts';

/** One kind of panel. */
export interface PanelSource<Q extends PanelQuery> {
  /** Undefined: what the panel is about is not there. */
  picture(query: Q): Parts | undefined;
  /** Whether a write may change the picture. */
  concerns(query: Q, revision: Revision): boolean;
  /** Whether the picture changes with time, without a write. */
  moves(query: Q): boolean;
  /** The last panel of its surface is closed or hidden: what was kept for the next picture is of no use. */
  rest?(): void;
  /** Another cluster is shown: what was kept of the former one would keep that, too. */
  leave?(): void;
}

export type PanelSources = { readonly [S in PanelSurface]: PanelSource<Extract<PanelQuery, { readonly surface: S }>> };

export interface PanelsOptions {
  readonly sources: PanelSources;
  readonly send: (panel: PanelId, change: PanelChange) => void;
  /** Asked once when something is to be sent; the host calls `flush` soon. */
  readonly schedule: () => void;
}

interface Panel {
  query: PanelQuery;
  dirty: boolean;
  sequence: number;
  gone: boolean;
  told: Parts;
}

export class Panels {
  private readonly options: PanelsOptions;
  private readonly panels = new Map<PanelId, Panel>();
  private scheduled = false;

  constructor(options: PanelsOptions) {
    this.options = options;
  }

  /** Opens a panel, or changes what an open one asks for. */
  query(id: PanelId, query: PanelQuery): void {
    const panel = this.panels.get(id) ?? { query, dirty: true, sequence: 0, gone: false, told: {} };
    panel.query = query;
    this.panels.set(id, panel);
    this.mark(panel);
  }

  close(id: PanelId): void {
    const panel = this.panels.get(id);
    this.panels.delete(id);
    if (panel === undefined || [...this.panels.values()].some(({ query }) => query.surface === panel.query.surface)) return;
    this.sourceOf(panel.query).rest?.();
  }

  /** Takes in one write of the store. */
  revision(entry: Revision): void {
    for (const panel of this.panels.values()) if (!panel.dirty && this.sourceOf(panel.query).concerns(panel.query, entry)) this.mark(panel);
  }

  /** Time or the processes in containers went on. */
  advanced(): void {
    for (const panel of this.panels.values()) if (!panel.dirty && this.sourceOf(panel.query).moves(panel.query)) this.mark(panel);
  }

  /** The cluster is another one. */
  another(): void {
    const sources: readonly PanelSource<never>[] = Object.values(this.options.sources);
    for (const source of sources) source.leave?.();
    this.markAll();
  }

  /** What is shown of it is something else. */
  markAll(): void {
    for (const panel of this.panels.values()) this.mark(panel);
  }

  /** Sends what changed since the last call. */
  flush(): void {
    this.scheduled = false;
    for (const [id, panel] of this.panels) {
      if (!panel.dirty) continue;
      panel.dirty = false;
      this.tell(id, panel);
    }
  }

  private tell(id: PanelId, panel: Panel): void {
    const picture = this.sourceOf(panel.query).picture(panel.query);
    if (picture === undefined) {
      if (!panel.gone) this.options.send(id, { type: 'gone', sequence: ++panel.sequence });
      panel.gone = true;
      return;
    }
    const change = difference(panel.told, picture);
    if (change === undefined && !panel.gone) return;
    Object.assign(panel, { told: picture, gone: false });
    this.options.send(id, { type: 'change', sequence: ++panel.sequence, ...(change ?? NO_CHANGE) });
  }

  private mark(panel: Panel): void {
    panel.dirty = true;
    if (this.scheduled) return;
    this.scheduled = true;
    this.options.schedule();
  }

  /** The source of a surface understands the queries of that surface. */
  private sourceOf({ surface }: PanelQuery): PanelSource<PanelQuery> {
    return this.options.sources[surface];
  }
}

const NO_CHANGE = { set: {}, gone: [], lists: {} } as const;
