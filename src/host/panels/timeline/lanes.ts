/**
 * Lanes and plots of one part of time, in steps.
 * Invariant: costs the lanes that are drawn times the steps, not the revisions; steps lie where they lay at the last look.
 * Counterpart: none.
 */
import { STATUS_MS } from '../../../api/kubepad/load/types.ts';
import type { LaneModel, PlotModel, Span, TimelineQuery } from './model.ts';
import { countUpTo } from './samples.ts';
import { LANE_RESOURCES } from './states.ts';
import type { ObjectTrack, Tracks } from './tracks.ts';

export interface Grid {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

export interface Lanes {
  readonly lanes: readonly LaneModel[];
  readonly more: number;
}

const STEPS = 160;
const MAX_LANES = 48;
const SECOND = 1000;
/** Steps that people read: 1, 2, 5, 10, 30 seconds and so on. */
const NICE_MS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400].map((seconds) => seconds * SECOND);

/** @param from what is to be seen at least @param to so, too */
export function gridOf(from: number, to: number): Grid {
  const wanted = Math.max(1, to - from) / STEPS;
  const step = NICE_MS.find((each) => each >= wanted) ?? Math.ceil(wanted / 86_400_000) * 86_400_000;
  return { step, from: Math.floor(from / step) * step, to: Math.max(Math.ceil(to / step), Math.floor(from / step) + 1) * step };
}

export function lanesOf(tracks: Tracks, grid: Grid, { lanes, filter }: TimelineQuery, now: number): Lanes {
  const wanted = filter.toLowerCase();
  const all = lanes === 'actors' ? actorLanes(tracks, grid, wanted) : objectLanes(tracks, grid, wanted, now);
  return { lanes: all.slice(0, MAX_LANES).map((make) => make()), more: Math.max(0, all.length - MAX_LANES) };
}

export function plotsOf(tracks: Tracks, grid: Grid): readonly PlotModel[] {
  const ends: number[] = [];
  for (let end = grid.from + grid.step; end <= grid.to; end += grid.step) ends.push(end);
  const pods = ends.map((end) => tracks.pods.at(end));
  const replicas = ends.map((end) => tracks.replicas.at(end));
  const requests = [grid.from, ...ends].map((end) => tracks.requests.along(end, STATUS_MS));
  const perSecond = (column: number): readonly number[] =>
    ends
      .map((_, i) => (((requests[i + 1]?.[column] ?? 0) - (requests[i]?.[column] ?? 0)) * SECOND) / grid.step)
      .map((rate) => Math.max(0, rate));
  const column = (rows: readonly (readonly number[])[], index: number): readonly number[] => rows.map((row) => row[index] ?? 0);
  const hasLoad = requests.some((row) => row.some((value) => value > 0));
  return [
    {
      key: 'pods',
      title: 'Pods',
      series: [
        { name: 'Running', tone: 'ok', values: column(pods, 0) },
        { name: 'Pending', tone: 'warn', values: column(pods, 1) },
        { name: 'Failing', tone: 'error', values: column(pods, 2) },
      ],
    },
    {
      key: 'replicas',
      title: 'Replicas',
      series: [
        { name: 'Wanted', tone: 'info', values: column(replicas, 0) },
        { name: 'Ready', tone: 'ok', values: column(replicas, 1) },
      ],
    },
    ...(hasLoad
      ? [
          {
            key: 'load',
            title: 'Requests per second',
            series: [
              { name: 'Answered', tone: 'ok' as const, values: perSecond(0) },
              { name: 'Failed', tone: 'error' as const, values: perSecond(1) },
            ],
          },
        ]
      : []),
  ];
}

type Lazy = () => LaneModel;

function actorLanes(tracks: Tracks, grid: Grid, wanted: string): readonly Lazy[] {
  return [...tracks.actors]
    .filter(([actor, ats]) => actor.toLowerCase().includes(wanted) && countUpTo(ats, grid.to) > countUpTo(ats, grid.from))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([actor, ats]) => () => {
      const counts: number[] = [];
      const begin = countUpTo(ats, grid.from);
      let before = begin;
      for (let end = grid.from + grid.step; end <= grid.to; end += grid.step) {
        const upTo = countUpTo(ats, end);
        counts.push(upTo - before);
        before = upTo;
      }
      return { key: actor, name: actor, kind: '', spans: [], counts, total: before - begin };
    });
}

function objectLanes(tracks: Tracks, grid: Grid, wanted: string, now: number): readonly Lazy[] {
  const inOrder: ObjectTrack[][] = LANE_RESOURCES.map(() => []);
  for (const track of tracks.objects.values()) {
    if (!track.key.toLowerCase().includes(wanted) && !track.kind.toLowerCase().includes(wanted)) continue;
    const { turns } = track;
    const last = turns.at(-1);
    const begun = (turns[0]?.at ?? Number.POSITIVE_INFINITY) < grid.to;
    if (begun && (last?.state !== undefined || (last?.at ?? 0) > grid.from)) inOrder[LANE_RESOURCES.indexOf(track.resource)]?.push(track);
  }
  return inOrder
    .flatMap((tracksOfKind) => tracksOfKind.sort((a, b) => (a.key < b.key ? -1 : 1)))
    .map((track) => () => {
      const spans = spansOf(track, grid, now);
      return { key: `${track.resource} ${track.key}`, name: track.key, kind: track.kind, spans, counts: [], total: spans.length };
    });
}

/** What lasts less than a fifth of a step cannot be seen and is left to what comes after it, unless it is an error. */
function spansOf({ turns }: ObjectTrack, grid: Grid, now: number): readonly Span[] {
  const end = Math.min(grid.to, now);
  const spans: Span[] = [];
  for (const [index, { at, state }] of turns.entries()) {
    const to = Math.min(turns[index + 1]?.at ?? end, end);
    if (state === undefined || to <= grid.from || at >= end) continue;
    const from = Math.max(at, grid.from);
    if (to - from < grid.step / 5 && state.tone !== 'error' && index < turns.length - 1) continue;
    spans.push({ from, to, ...state });
  }
  return spans;
}
