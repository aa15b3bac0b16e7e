import assert from 'node:assert/strict';
import { Layouter, layoutOf, type Layout, type LayoutBox, type LayoutLine, type Rect } from '../../../src/webview/map/layout.ts';
import { nextKey } from '../../../src/webview/map/walk.ts';

const WIDTH = 100;

function box(key: string, column: number, parent?: string, isGroup = false): LayoutBox {
  return { key, column, parent, isGroup };
}

function line(from: string, to: string): LayoutLine {
  return { key: `${from} > ${to}`, from, to };
}

const BOXES = [
  box('load', 0),
  box('s', 2),
  box('t', 2),
  box('e', 3),
  box('g', 4, undefined, true),
  box('p', 4, 'g'),
  box('q', 4, 'g'),
  box('alone', 4),
  box('n', 5),
];
const LINES = [line('load', 's'), line('s', 'e'), line('e', 'p'), line('e', 'q'), line('p', 'n'), line('q', 'n')];

function rectOf(layout: Layout, key: string): Rect {
  const rect = layout.boxes.get(key);
  assert.ok(rect, key);
  return rect;
}

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

describe('the layout of the map', () => {
  const layout = layoutOf(BOXES, LINES, WIDTH);

  it('puts boxes of a column below each other, and later columns to the right', () => {
    const middles = new Map<number, Set<number>>();
    for (const { key, column, isGroup } of BOXES) {
      if (isGroup) continue;
      const { x, width } = rectOf(layout, key);
      middles.set(column, (middles.get(column) ?? new Set()).add(Math.round(x + width / 2)));
    }
    for (const all of middles.values()) assert.equal(all.size, 1);
    const sorted = [...middles].toSorted(([a], [b]) => a - b).map(([, all]) => [...all][0] ?? 0);
    assert.deepEqual(
      sorted,
      sorted.toSorted((a, b) => a - b),
    );
  });

  it('lets no two boxes overlap, and puts those of a group into it', () => {
    const single = BOXES.filter(({ isGroup }) => !isGroup);
    for (const [index, { key }] of single.entries())
      for (const other of single.slice(index + 1))
        assert.ok(!overlap(rectOf(layout, key), rectOf(layout, other.key)), `${key} ${other.key}`);
    const group = rectOf(layout, 'g');
    for (const key of ['p', 'q']) {
      const { x, y, width, height } = rectOf(layout, key);
      assert.ok(x >= group.x && y >= group.y + 20 && x + width <= group.x + group.width && y + height <= group.y + group.height);
    }
    assert.ok(!overlap(group, rectOf(layout, 'alone')));
    assert.ok(group.y >= 0);
  });

  it('puts what is named first at the top: etcd above the nodes that the API server speaks with too', () => {
    const nodes = ['m', 'n', 'o'].flatMap((node) => [box(node, 2, undefined, true), box(`kubelet ${node}`, 2, node)]);
    const parts = [box('api', 0), box('etcd', 1), ...nodes];
    const ways = [line('api', 'etcd'), ...nodes.flatMap(({ key, isGroup }) => (isGroup ? [] : [line('api', key)]))];
    const drawn = layoutOf(parts, ways, WIDTH);
    const tops = ['etcd', 'kubelet m', 'kubelet n', 'kubelet o'].map((key) => rectOf(drawn, key).y);
    assert.deepEqual(
      tops,
      tops.toSorted((a, b) => a - b),
    );
    assert.ok([...drawn.boxes.values()].every(({ y, height }) => y >= 0 && y + height <= drawn.height));
  });

  it('draws each line from the right of one box to the left of the other', () => {
    assert.deepEqual(
      [...layout.lines.keys()],
      LINES.map(({ key }) => key),
    );
    const { x, y, width, height } = rectOf(layout, 'e');
    assert.ok(layout.lines.get('e > p')?.startsWith(`M${Math.round((x + width) * 10) / 10},${Math.round((y + height / 2) * 10) / 10}C`));
  });

  it('is made anew only for other boxes or lines, and not too often', () => {
    const layouter = new Layouter(WIDTH);
    let now = 0;
    const tick = (): number => (now += 5);
    const [first] = layouter.of(BOXES, LINES, tick);
    assert.deepEqual(layouter.of([...BOXES], [...LINES], tick), [first, 0]);
    const [same, againMs] = layouter.of(BOXES.slice(1), LINES.slice(1), tick);
    assert.equal(same, first);
    assert.ok(againMs > 0);
    now += againMs;
    const [other, done] = layouter.of(BOXES.slice(1), LINES.slice(1), tick);
    assert.notEqual(other, first);
    assert.equal(done, 0);
  });

  it('has nothing for nothing', () =>
    assert.deepEqual(layoutOf([], [], WIDTH), { width: 0, height: 0, boxes: new Map(), lines: new Map() }));

  const moves: readonly (readonly [key: string, pressed: string, next: string | undefined])[] = [
    ['load', 'ArrowRight', 's'],
    ['s', 'ArrowLeft', 'load'],
    ['p', 'ArrowLeft', 'e'],
    ['n', 'ArrowRight', undefined],
    ['t', 'ArrowRight', 'e'],
    ['p', 'Enter', undefined],
    ['gone', 'ArrowDown', undefined],
  ];
  for (const [key, pressed, next] of moves)
    it(`leads by ${pressed} from ${key} to ${next ?? 'nowhere'}`, () => assert.equal(nextKey(pressed, key, BOXES, LINES, layout), next));

  it('is walked up and down in the order of the screen', () => {
    const column = BOXES.filter((each) => each.column === 4).map(({ key }) => key);
    const walked: string[] = [];
    for (let key = nextKey('Home', 'p', BOXES, LINES, layout); key !== undefined; key = nextKey('ArrowDown', key, BOXES, LINES, layout))
      walked.push(key);
    assert.deepEqual(walked.toSorted(), column.toSorted());
    const tops = walked.map((key) => rectOf(layout, key).y);
    assert.deepEqual(
      tops,
      tops.toSorted((a, b) => a - b),
    );
    assert.equal(nextKey('End', 'p', BOXES, LINES, layout), walked.at(-1));
  });
});
