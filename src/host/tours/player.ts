/**
 * Plays a tour: its scenario, chapter by chapter, on a cluster of its own that all views show meanwhile.
 * Invariant: one tour is played at a time; time stands still between chapters unless a person lets it go; where a tour stands can be
 * reached again at any time, as the same steps lead to the same state. Counterpart: none in Kubernetes.
 */
import type { Cluster } from '../../cluster/cluster.ts';
import type { ClusterBases } from '../../scenario/bases.ts';
import { sentenceOf } from '../../scenario/report.ts';
import { ScenarioRun } from '../../scenario/run.ts';
import { SLICE_MS } from '../driver.ts';
import type { TourRun } from '../panels/tour/model.ts';
import { scenarioFiles } from '../scenario/files.ts';
import type { Tour } from './library.ts';
import { Pace } from './pace.ts';

export interface PlayerOptions {
  readonly bases: ClusterBases;
  /** Shows the cluster of a tour; undefined: the editor's own again. */
  readonly show: (cluster: Cluster | undefined) => void;
  /** Time went on in the cluster that is shown. */
  readonly advanced: () => void;
  /** Where a tour stands is another place now. */
  readonly changed: () => void;
}

interface Progress {
  /** How many chapters have been played. */
  at: number;
  isBusy: boolean;
  isCancelled: boolean;
  /** Undefined: nobody looks on. */
  pace: Pace | undefined;
}

interface Playing extends Progress {
  readonly tour: Tour;
  readonly run: ScenarioRun;
}

/** A picture a frame is enough, milliseconds. */
const FRAME_MS = 16;
/** Writes of these are worth seeing: what Pods and nodes go through is told by events. */
const SEEN: ReadonlySet<string> = new Set(['pods', 'events']);

export class TourPlayer {
  private readonly options: PlayerOptions;
  private playing: Playing | undefined;

  constructor(options: PlayerOptions) {
    this.options = options;
  }

  /** A tour waits for a person. */
  get isStanding(): boolean {
    return this.playing?.isBusy === false;
  }

  /** Where a tour stands. */
  runOf({ name, chapters }: Tour): TourRun {
    const { playing } = this;
    if (playing?.tour.name !== name) return { state: 'none', at: 0, held: [], failures: [] };
    const { at, run, isBusy } = playing;
    return {
      state: isBusy ? 'playing' : 'standing',
      at,
      held: isBusy ? [] : (chapters[at - 1]?.checks ?? []).map((check) => run.holds(check)),
      failures: isBusy ? [] : run.soFar.failures.map(sentenceOf),
    };
  }

  /** Brings a tour to where a chapter begins, at once; a chapter in which nothing is done is played, too. @param chapter from 1 */
  async stand(tour: Tour, chapter: number): Promise<void> {
    const { playing } = this;
    const isBefore = playing?.tour.name === tour.name && !playing.isBusy && playing.at <= chapter - 1;
    const current = isBefore && playing.run.soFar.failures.length === 0 ? playing : await this.begin(tour);
    while (current.at < chapter - 1 && !current.isCancelled) await this.chapter(current);
    if (onlyLooks(tour, chapter - 1) && !current.isCancelled) await this.chapter(current);
    this.options.changed();
  }

  /** Plays a chapter, at a pace that a person can follow. @param chapter from 1; those before it are played first, at once */
  async play(tour: Tour, chapter: number, isFollowed: boolean): Promise<void> {
    if (this.playing?.isBusy === true) return;
    await this.stand(tour, chapter);
    const { playing } = this;
    const cluster = playing?.run.cluster;
    if (playing === undefined || playing.at !== chapter - 1) return;
    if (isFollowed && cluster !== undefined) playing.pace = new Pace(performance.now(), cluster.simulation.now());
    const subscription = cluster?.api.store.onRevision(({ resource }) => {
      if (SEEN.has(resource)) playing.pace?.changed(performance.now());
    });
    await this.chapter(playing);
    playing.pace = undefined;
    subscription?.dispose();
  }

  /** What is being played goes as fast as the machine can. */
  hurry(): void {
    this.playing?.pace?.hurry();
  }

  /** The editor's own cluster is shown again. */
  end(): void {
    const { playing } = this;
    if (playing === undefined) return;
    this.playing = undefined;
    playing.isCancelled = true;
    this.options.show(undefined);
    this.options.changed();
  }

  private async begin(tour: Tour): Promise<Playing> {
    this.end();
    const progress: Progress = { at: 0, isBusy: false, isCancelled: false, pace: undefined };
    let sliceBegan = performance.now();
    const isAhead = (real: number): boolean => (run.cluster?.simulation.now() ?? 0) > (progress.pace?.reach(real) ?? Infinity);
    const run: ScenarioRun = new ScenarioRun(tour.source, {
      files: scenarioFiles(tour.file),
      bases: this.options.bases,
      isOver: () => {
        const real = performance.now();
        return real - sliceBegan > SLICE_MS || isAhead(real);
      },
      pause: async () => {
        this.options.advanced();
        do await pictureShown(progress.pace !== undefined);
        while (!progress.isCancelled && isAhead(performance.now()));
        sliceBegan = performance.now();
      },
      isCancelled: () => progress.isCancelled,
    });
    const playing: Playing = Object.assign(progress, { tour, run });
    this.playing = playing;
    await run.begin();
    if (run.cluster !== undefined && !isGone(playing)) this.options.show(run.cluster);
    return playing;
  }

  private async chapter(playing: Playing): Promise<void> {
    const { tour, run } = playing;
    const chapter = tour.chapters[playing.at];
    if (chapter === undefined) return;
    playing.isBusy = true;
    this.options.changed();
    for (let step = chapter.begin; step < chapter.end && run.next !== undefined && !playing.isCancelled; step++) await run.step();
    playing.at++;
    playing.isBusy = false;
    if (playing.isCancelled) return;
    this.options.advanced();
    this.options.changed();
  }
}

/** A chapter in which nothing is done and no time passes. */
function onlyLooks({ source, chapters }: Tour, index: number): boolean {
  const { begin = 0, end = 0 } = chapters[index] ?? {};
  return end > begin && source.steps.slice(begin, end).every(({ act }) => act === 'expect');
}

function isGone({ isCancelled }: Playing): boolean {
  return isCancelled;
}

async function pictureShown(isFollowed: boolean): Promise<void> {
  await new Promise((resolve) => {
    if (isFollowed) setTimeout(resolve, FRAME_MS);
    else setImmediate(resolve);
  });
}
