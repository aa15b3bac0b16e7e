/** Where moments stand on the tracks, and the moments that are named above them. */
import type { HeadModel } from '../../host/panels/timeline/model.ts';
import { timeText } from '../shared/format.ts';

type Window = Pick<HeadModel, 'from' | 'to'>;

export interface Tick {
  /** From 0 to 100. */
  readonly percent: number;
  readonly text: string;
}

const MAX_TICKS = 8;
/** Steps between named moments, seconds. */
const NICE = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];
const SHORTEST_WINDOW_MS = 1_000;

export function percentOf({ from, to }: Window, at: number): number {
  return Math.min(100, Math.max(0, ((at - from) / (to - from)) * 100));
}

/** @param start of the cluster, from which time is counted */
export function ticksOf(window: Window, start: number): readonly Tick[] {
  const seconds = (window.to - window.from) / 1000;
  const step = (NICE.find((each) => seconds / each <= MAX_TICKS) ?? Math.ceil(seconds / MAX_TICKS / 86_400) * 86_400) * 1000;
  const ticks: Tick[] = [];
  for (let at = start + Math.ceil((window.from - start) / step) * step; at < window.to; at += step)
    ticks.push({ percent: percentOf(window, at), text: timeText(at - start) });
  return ticks;
}

/** @param factor below 1: a shorter part of time @param around what stays where it is */
export function zoomed(
  { from, to }: Window,
  factor: number,
  around: number,
  all: { readonly begin: number; readonly now: number },
): Window | undefined {
  const span = Math.max(SHORTEST_WINDOW_MS, (to - from) * factor);
  if (span >= all.now - all.begin) return undefined;
  const share = (Math.min(Math.max(around, from), to) - from) / (to - from);
  return within(around - share * span, span, all);
}

/** @param share of the window, to the right if it is above 0 */
export function moved({ from, to }: Window, share: number, all: { readonly begin: number; readonly now: number }): Window {
  return within(from + (to - from) * share, to - from, all);
}

function within(from: number, span: number, { begin, now }: { readonly begin: number; readonly now: number }): Window {
  const first = Math.round(Math.max(begin, Math.min(from, now - span)));
  return { from: first, to: first + Math.round(span) };
}
