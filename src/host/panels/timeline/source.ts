/**
 * The timeline: what was when, and what is shown of it.
 * Invariant: looks at the record when the panel is open and not otherwise; a look costs what was written since the last one.
 * Counterpart: none in Kubernetes; the performance panel of a browser's developer tools.
 */
import type { Revision } from '../../../apiserver/storage/revision.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import type { Past } from '../../../cluster/past/past.ts';
import type { Shown } from '../../projection/shown.ts';
import type { ClockState } from '../../protocol/view.ts';
import type { PanelSource } from '../panels.ts';
import { actorText } from '../object/causes.ts';
import { differencesOf } from './differences.ts';
import { gridOf, lanesOf, plotsOf } from './lanes.ts';
import type { ActModel, ForkModel, HeadModel, Side, TimelineModel, TimelineQuery } from './model.ts';
import { Tracks } from './tracks.ts';

/** What the timeline is of. */
export interface TimelineWorld {
  readonly cluster: Cluster;
  readonly past: Past;
  readonly shown: Shown;
  clock(): ClockState;
  readonly forks: { list(): readonly ForkModel[]; cluster(side: Side): Cluster | undefined };
  /** Where forks come from, if one of them is shown. */
  readonly origin?: Cluster | undefined;
}

const MAX_ACTS = 15;
/** Among so many revisions acts are looked for: most are signs of life. */
const MAX_SEARCH = 3_000;
/** Written all the time, whatever happens. */
const SIGNS_OF_LIFE: ReadonlySet<string> = new Set(['leases.coordination.k8s.io', 'clocks.kubepad.dev']);

export function isAct({ resource }: Pick<Revision, 'resource'>): boolean {
  return !SIGNS_OF_LIFE.has(resource);
}

export function timelineSource(world: () => TimelineWorld): PanelSource<TimelineQuery> {
  let tracks: Tracks | undefined;
  let of: Past | undefined;
  return {
    picture(query): TimelineModel {
      const { cluster, past, shown, forks } = world();
      if (tracks === undefined || of !== past || tracks.first !== past.first) tracks = new Tracks(cluster.api.store, past);
      of = past;
      tracks.catchUp();
      const clock = world().clock();
      const { from, to } = query.window ?? { from: past.begin, to: clock.now };
      const grid = gridOf(from, to);
      const { lanes, more } = lanesOf(tracks, grid, query, cluster.simulation.now());
      const head = { ...headOf(past, shown, clock, cluster.simulation.now()), ...grid, more };
      return {
        head,
        lanes,
        plots: plotsOf(tracks, grid),
        acts: actsOf(past, shown.revision ?? past.last),
        forks: forks.list(),
        ...compared(world(), query),
      };
    },
    leave: () => {
      tracks = undefined;
      of = undefined;
    },
    // A run makes thousands of writes: what time does is told ten times a second.
    concerns: () => false,
    moves: () => true,
  };
}

function headOf(past: Past, { revision }: Shown, clock: ClockState, now: number): Omit<HeadModel, 'from' | 'to' | 'step' | 'more'> {
  const { paused, speed, running, stable, start } = clock;
  return {
    first: past.first,
    last: past.last,
    megabytes: Math.round(past.bytes / 1e5) / 10,
    begin: past.begin,
    now,
    shown: revision === undefined ? undefined : { revision, at: past.entry(revision)?.at ?? past.begin },
    clock: { paused, speed, running, stable, start },
  };
}

function actsOf(past: Past, upTo: number): readonly ActModel[] {
  const acts: ActModel[] = [];
  for (let revision = upTo; acts.length < MAX_ACTS && revision > upTo - MAX_SEARCH; revision--) {
    const entry = past.entry(revision);
    if (entry === undefined) break;
    if (!isAct(entry)) continue;
    const { at, actor, verb, object, key, cause } = entry;
    acts.push({ key: String(revision), revision, at, actor: actorText(actor), verb, kind: object.kind ?? '', name: key, cause });
  }
  return acts;
}

function compared(
  { cluster, origin, forks }: TimelineWorld,
  { compare }: TimelineQuery,
): Pick<TimelineModel, 'differences' | 'moreDifferences'> {
  const side = (name: Side): Cluster | undefined => (name === '' ? (origin ?? cluster) : forks.cluster(name));
  const left = compare && side(compare.left);
  const right = compare && side(compare.right);
  if (left === undefined || right === undefined) return {};
  const { differences, more } = differencesOf(left.api.store, right.api.store);
  return { differences, moreDifferences: more };
}
