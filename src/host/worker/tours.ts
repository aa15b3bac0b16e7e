/**
 * Guided tours for the editor: the library, the player, and the session in which a tour's cluster is shown.
 * Invariant: the editor's own session goes on unseen while a tour is shown, and comes back with its end.
 */
import type { MessageConnection } from 'vscode-jsonrpc';
import type { Cluster } from '../../cluster/cluster.ts';
import type { Judge } from '../../manifest/judge.ts';
import type { ClusterBases } from '../../scenario/bases.ts';
import { tourRequests, type TourPlace } from '../protocol/tour.ts';
import { TourLibrary, type Tour } from '../tours/library.ts';
import { TourPlayer } from '../tours/player.ts';
import type { Session } from './session.ts';

export interface ToursOptions {
  readonly judge: Judge;
  readonly bases: ClusterBases;
  readonly extensionPath: string;
  /** Shows a cluster in all views; returns what was shown before. */
  readonly show: (shown: Cluster | Session) => Session;
  /** The session that is shown. */
  readonly session: () => Session;
  /** Ends whatever else is shown in place of the editor's cluster. */
  readonly endOthers: () => void;
  /** What panels show of tours is something else now. */
  readonly changed: () => void;
}

export class Tours {
  readonly library: TourLibrary;
  readonly player: TourPlayer;
  private former: Session | undefined;

  constructor({ judge, bases, extensionPath, show, session, endOthers, changed }: ToursOptions) {
    this.library = new TourLibrary(extensionPath, judge);
    this.player = new TourPlayer({
      bases,
      changed,
      advanced: () => {
        if (this.former !== undefined) session().written();
      },
      show: (cluster) => {
        const { former } = this;
        this.former = undefined;
        if (former !== undefined) show(former).dispose();
        if (cluster === undefined) return;
        endOthers();
        this.former = show(cluster);
      },
    });
  }

  handle(connection: MessageConnection): void {
    const { library, player } = this;
    connection.onRequest(tourRequests.list, ({ language }) =>
      library.names().flatMap((name) => {
        const tour = library.tour(name);
        if (tour === undefined) return [];
        const { title, chapters } = library.text(name, language);
        return [{ name, title, subjects: library.subjects(name, language), chapters: chapters.length }];
      }),
    );
    connection.onRequest(tourRequests.glossary, ({ language }) => library.glossary(language));
    connection.onRequest(tourRequests.play, async ({ followed, ...place }) => {
      await player.play(this.tourOf(place), place.chapter, followed);
      return null;
    });
    connection.onRequest(tourRequests.stand, async (place) => {
      await player.stand(this.tourOf(place), place.chapter);
      return null;
    });
    connection.onRequest(tourRequests.hurry, () => {
      player.hurry();
      return null;
    });
    connection.onRequest(tourRequests.end, () => {
      player.end();
      return null;
    });
  }

  private tourOf({ tour }: TourPlace): Tour {
    const found = this.library.tour(tour);
    if (found === undefined) throw new Error(`there is no tour "${tour}"`);
    return found;
  }
}
