/**
 * Editor panels on the cluster that there is now.
 * Invariant: without an open panel a write costs one test; panels survive a reset of the cluster and show the new one.
 */
import type { MessageConnection } from 'vscode-jsonrpc';
import { combined, type Disposable } from '../../base/lifecycle.ts';
import { panelRequests, tellOfPanels, tellPanels } from '../protocol/panel.ts';
import type { LayerCache } from '../../image/build/build.ts';
import { buildSource } from '../panels/build/source.ts';
import { comparisonSource } from '../panels/comparison/source.ts';
import { containerSource, fileText } from '../panels/container/source.ts';
import { mapSource } from '../panels/map/source.ts';
import type { SourceFinder } from '../panels/object/causes.ts';
import { objectSource, placeOf, whyOf } from '../panels/object/source.ts';
import { whyText } from '../panels/object/text.ts';
import { timelineSource, type TimelineWorld } from '../panels/timeline/source.ts';
import { tourSource } from '../panels/tour/source.ts';
import { Panels } from '../panels/panels.ts';
import type { Session } from './session.ts';
import type { Tours } from './tours.ts';

/** What a person reads need not move faster, milliseconds. */
const PAUSE_MS = 100;
/** A picture of a large cluster costs more: so many times longer than it took, others have their turn. */
const REST = 4;

export interface PanelHost {
  /** Listens to the cluster that is there now. */
  attach(): void;
  /** Time or the cluster went on. */
  advanced(): void;
  /** Something else that is shown went on. */
  changed(): void;
}

export interface PanelEnvironment {
  readonly session: () => Session;
  /** The cluster that forks come from, whatever is shown. */
  readonly origin: () => Session['cluster'];
  /** What builds of the session have left. */
  readonly layers: () => LayerCache;
  /** Where objects are written. */
  readonly sourceOf: SourceFinder;
  readonly tours: Tours;
}

function timelineOf(session: Session): TimelineWorld {
  const { cluster, past, shown, forks } = session;
  return { cluster, past, shown, forks, clock: () => session.clock() };
}

export function handlePanels(connection: MessageConnection, { session, origin, layers, sourceOf, tours }: PanelEnvironment): PanelHost {
  let subscription: Disposable | undefined;
  let timer: NodeJS.Timeout | undefined;
  let nextFlush = 0;
  const cluster = (): Session['cluster'] => session().cluster;
  /** Where what ran then is lost, the present; the panel says so. */
  const inside = (): Session['cluster'] => session().inside ?? session().cluster;
  const panels = new Panels({
    sources: {
      build: buildSource(cluster, layers),
      comparison: comparisonSource(inside),
      container: containerSource(inside),
      map: mapSource(session),
      object: objectSource(
        () => session().looked,
        sourceOf,
        () => session().impacts,
      ),
      timeline: timelineSource(() => ({ ...timelineOf(session()), origin: origin() })),
      tour: tourSource(tours.library, tours.player),
    },
    send: (panel, change) => void connection.sendNotification(tellOfPanels.changed, { panel, change }),
    // The first change after a pause is shown at once.
    schedule: () => {
      const wait = Math.max(0, nextFlush - performance.now());
      timer ??= setTimeout(() => {
        timer = undefined;
        session().driver.sync();
        const begin = performance.now();
        panels.flush();
        const end = performance.now();
        nextFlush = Math.max(begin + PAUSE_MS, end + (end - begin) * REST);
      }, wait);
    },
  });
  connection.onNotification(tellPanels.query, ({ panel, query }) => panels.query(panel, query));
  connection.onNotification(tellPanels.close, ({ panel }) => panels.close(panel));
  connection.onRequest(panelRequests.file, ({ query, path }) => fileText(inside(), query, path) ?? null);
  connection.onRequest(panelRequests.why, ({ ref, revision }) => {
    session().driver.sync();
    const place = placeOf(session().looked, ref);
    return place === undefined ? null : whyText(ref, whyOf(place, revision, sourceOf), cluster().options.startTime);
  });
  return {
    attach: () => {
      subscription?.dispose();
      subscription = combined([
        cluster().api.store.onRevision((entry) => panels.revision(entry)),
        session().shown.onDidMove(() => panels.markAll()),
      ]);
      panels.another();
    },
    advanced: () => panels.advanced(),
    changed: () => panels.markAll(),
  };
}
