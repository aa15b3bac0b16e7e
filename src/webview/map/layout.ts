/**
 * Where boxes and lines of the map are: columns from left to right, Pods of an open group beside each other.
 * Invariant: a function of what is drawn and what is in what, not of what is said in it; the same boxes are never laid out twice in a row.
 * Counterpart: none; the layout itself is dagre's.
 */
import { Graph, layout as dagre } from '@dagrejs/dagre';

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** By the keys of boxes; groups are around what is in them. */
  readonly boxes: ReadonlyMap<string, Rect>;
  /** By the keys of lines: data of an SVG path. */
  readonly lines: ReadonlyMap<string, string>;
}

export interface LayoutBox {
  readonly key: string;
  readonly parent: string | undefined;
  /** Its column, from 0. */
  readonly column: number;
  /** It is drawn around others. */
  readonly isGroup: boolean;
}

export interface LayoutLine {
  readonly key: string;
  readonly from: string;
  readonly to: string;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const HEIGHT = 40;
/** Between two boxes of a column. */
const GAP = 14;
/** Of a group around its boxes. */
const PADDING = 7;
export const TITLE_HEIGHT = 24;
/** So many times longer than a layout took nothing is laid out anew. */
const REST = 4;

export class Layouter {
  private signature = '';
  private last: Layout | undefined;
  private notBefore = 0;
  private readonly boxWidth: number;

  constructor(boxWidth: number) {
    this.boxWidth = boxWidth;
  }

  /**
   * @param nowMs of any clock that goes forward
   * @returns the layout, and after how long it is to be asked for again because it is of what was drawn before; 0: it is of this
   */
  of(boxes: readonly LayoutBox[], lines: readonly LayoutLine[], nowMs: () => number): readonly [layout: Layout, againMs: number] {
    const signature = `${boxes.map(({ key, parent, isGroup }) => `${key}|${parent ?? ''}|${isGroup}`).join()}#${lines.map(({ key }) => key).join()}`;
    const begin = nowMs();
    if (this.last !== undefined && signature === this.signature) return [this.last, 0];
    if (this.last !== undefined && begin < this.notBefore) return [this.last, this.notBefore - begin];
    const made = layoutOf(boxes, lines, this.boxWidth);
    this.signature = signature;
    this.last = made;
    const end = nowMs();
    this.notBefore = end + (end - begin) * REST;
    return [made, 0];
  }
}

export function layoutOf(boxes: readonly LayoutBox[], lines: readonly LayoutLine[], boxWidth: number): Layout {
  if (boxes.length === 0) return { width: 0, height: 0, boxes: new Map(), lines: new Map() };
  const graph = graphOf(boxes, lines, boxWidth);
  dagre(graph, {});
  turn(graph, boxes);
  const places = placesOf(graph, boxes);
  const middles = middlesOf(boxes, places);
  const columns = new Map(boxes.map(({ key, column }) => [key, column]));
  const { width = 0, height = 0 } = graph.graph();
  return {
    width,
    height,
    boxes: places,
    lines: new Map(
      lines.flatMap(({ key, from, to }) => {
        const [start, end] = [places.get(from), places.get(to)];
        if (start === undefined || end === undefined) return [];
        const points = (graph.edge(from, to) as { readonly points?: readonly Point[] } | undefined)?.points ?? [];
        const between = middles.slice((columns.get(from) ?? 0) + 1, columns.get(to) ?? 0);
        return [
          [
            key,
            pathOf(
              start,
              between.flatMap((x) => nearest(points, x)),
              end,
            ),
          ] as const,
        ];
      }),
    ),
  };
}

interface PlacedNode {
  readonly x?: number;
  readonly y?: number;
  readonly width: number;
  readonly height: number;
}

const LAST_COLUMN = 'column';

/**
 * The columns come from the lengths of lines: each is as many columns long as its ends are apart. What leads nowhere, and the last
 * column, are tied to one point behind it that is not drawn.
 */
function graphOf(boxes: readonly LayoutBox[], lines: readonly LayoutLine[], boxWidth: number): Graph {
  const graph = new Graph({ compound: true });
  graph.setGraph({ rankdir: 'LR', nodesep: GAP, edgesep: 12, ranksep: 44, marginx: 8, marginy: TITLE_HEIGHT + 4 });
  graph.setDefaultEdgeLabel(() => ({}));
  const columns = new Map(boxes.map(({ key, column }) => [key, column]));
  const last = Math.max(...columns.values()) + 1;
  for (const { key, isGroup } of boxes) graph.setNode(key, isGroup ? { width: 0, height: 0 } : { width: boxWidth, height: HEIGHT });
  for (const { key, parent } of boxes) if (parent !== undefined) graph.setParent(key, parent);
  graph.setNode(LAST_COLUMN, { width: 1, height: 1 });
  const leading = new Set<string>();
  for (const { from, to } of lines) {
    const length = (columns.get(to) ?? 0) - (columns.get(from) ?? 0);
    if (length < 1) continue;
    leading.add(from);
    graph.setEdge(from, to, { minlen: length, weight: 2 });
  }
  for (const { key, column, isGroup } of boxes)
    if (!isGroup && !leading.has(key)) graph.setEdge(key, LAST_COLUMN, { minlen: last - column, weight: 1 });
  return graph;
}

/** A layout upside down is as good: the one is taken in which boxes are, on the whole, below those that are named before them. */
function turn(graph: Graph, boxes: readonly LayoutBox[]): void {
  const order = new Map<number, { count: number; at: number; y: number; product: number }>();
  for (const [at, { key, column, isGroup }] of boxes.entries()) {
    if (isGroup) continue;
    const { y } = graph.node(key) as Required<PlacedNode>;
    const sums = order.get(column) ?? { count: 0, at: 0, y: 0, product: 0 };
    order.set(column, { count: sums.count + 1, at: sums.at + at, y: sums.y + y, product: sums.product + at * y });
  }
  let agreement = 0;
  for (const { count, at, y, product } of order.values()) agreement += product - (at * y) / count;
  if (agreement >= 0) return;
  const { height = 0 } = graph.graph();
  for (const { key, isGroup } of boxes) if (!isGroup) mirror(graph.node(key) as Placed, height);
  for (const edge of graph.edges())
    for (const point of (graph.edge(edge) as { readonly points?: readonly Placed[] }).points ?? []) mirror(point, height);
}

interface Placed {
  y: number;
}

function mirror(place: Placed, height: number): void {
  place.y = height - place.y;
}

/** Around the boxes of a group, with room for its title. */
function placesOf(graph: Graph, boxes: readonly LayoutBox[]): ReadonlyMap<string, Rect> {
  const places = new Map<string, Rect>();
  for (const { key, isGroup } of boxes) if (!isGroup) places.set(key, rectOf(graph.node(key) as Required<PlacedNode>));
  for (const { key, isGroup } of boxes) {
    if (!isGroup) continue;
    const inside = together(
      places,
      boxes.filter(({ parent }) => parent === key).map((box) => box.key),
    );
    const [x, y] = [Math.min(...inside.map((rect) => rect.x)), Math.min(...inside.map((rect) => rect.y))];
    const bottom = Math.max(...inside.map((rect) => rect.y + rect.height));
    if (inside.length > 0)
      places.set(key, {
        x: x - PADDING,
        y: y - TITLE_HEIGHT,
        width: (inside[0]?.width ?? 0) + 2 * PADDING,
        height: bottom - y + TITLE_HEIGHT + PADDING,
      });
  }
  return places;
}

/** Moves the boxes of a group beside each other, around their middle: nothing else is between them. */
function together(places: Map<string, Rect>, keys: readonly string[]): readonly Rect[] {
  const sorted = keys.flatMap((key) => {
    const rect = places.get(key);
    return rect === undefined ? [] : [{ key, rect }];
  });
  sorted.sort((a, b) => a.rect.y - b.rect.y);
  const middle = sorted.reduce((total, { rect }) => total + rect.y + rect.height / 2, 0) / sorted.length;
  const begin = middle - (sorted.length * (HEIGHT + GAP) - GAP) / 2;
  return sorted.map(({ key, rect }, index) => {
    const moved = { ...rect, y: begin + index * (HEIGHT + GAP) };
    places.set(key, moved);
    return moved;
  });
}

/** Where the middle of each column is. */
function middlesOf(boxes: readonly LayoutBox[], places: ReadonlyMap<string, Rect>): readonly number[] {
  const middles: number[] = [];
  for (const { key, column, isGroup } of boxes) {
    const rect = places.get(key);
    if (rect !== undefined && !isGroup) middles[column] = rect.x + rect.width / 2;
  }
  return middles;
}

/** Where a long line passes a column. */
function nearest(points: readonly Point[], x: number): readonly Point[] {
  const [first, ...rest] = points;
  if (first === undefined) return [];
  return [{ x, y: rest.reduce((best, point) => (Math.abs(point.x - x) < Math.abs(best.x - x) ? point : best), first).y }];
}

function rectOf({ x, y, width, height }: Required<PlacedNode>): Rect {
  return { x: x - width / 2, y: y - height / 2, width, height };
}

/** From the right of one box to the left of another, level at both ends and at each point between. */
function pathOf(start: Rect, inner: readonly Point[], end: Rect): string {
  const points: readonly Point[] = [
    { x: start.x + start.width, y: start.y + start.height / 2 },
    ...inner,
    { x: end.x, y: end.y + end.height / 2 },
  ];
  let path = '';
  let before: Point | undefined;
  for (const { x, y } of points) {
    const middle = before === undefined ? x : Math.round((before.x + x) / 2);
    path +=
      before === undefined ? `M${round(x)},${round(y)}` : `C${middle},${round(before.y)} ${middle},${round(y)} ${round(x)},${round(y)}`;
    before = { x, y };
  }
  return path;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
