/**
 * Which rows of a long list are drawn, and which are asked for.
 * Invariant: arithmetic only; all rows have the same height, so a place in the list and a place on the screen are one sum.
 * Worked example: rows of 22 px, a view of 220 px scrolled to 1100 px shows rows 50 to 59; drawn are 46 to 63 (4 more on
 * each side); asked for are 32 to 95, so that the next page is there before it is scrolled to.
 */
import type { Window } from '../../host/protocol/view.ts';

export interface Viewport {
  readonly scrollTop: number;
  readonly height: number;
  readonly rowHeight: number;
}

const DRAWN_BESIDE = 4;
const STEP = 16;
const MAX_COUNT = 500;

export function drawnRows({ scrollTop, height, rowHeight }: Viewport, total: number): Window {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - DRAWN_BESIDE);
  const end = Math.min(total, Math.ceil((scrollTop + height) / rowHeight) + DRAWN_BESIDE);
  return { first: Math.min(first, Math.max(0, total)), count: Math.max(0, end - first) };
}

/** The page on the screen with about one page above and below, in steps, so that small scrolling asks for nothing new. */
export function wantedRows({ scrollTop, height, rowHeight }: Viewport): Window {
  const page = Math.max(STEP, Math.ceil(height / rowHeight));
  const top = Math.floor(scrollTop / rowHeight);
  const first = Math.max(0, Math.floor((top - page) / STEP) * STEP);
  const end = Math.ceil((top + 2 * page) / STEP) * STEP;
  return { first, count: Math.min(MAX_COUNT, end - first) };
}

/** The scroll position that shows a row, moving as little as possible. */
export function scrollTopFor(index: number, { scrollTop, height, rowHeight }: Viewport): number {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  return top + rowHeight > scrollTop + height ? top + rowHeight - height : scrollTop;
}
