// `npm run bench:tree`: the tree in a real browser at full scale, one line a scene.

import { quantile } from '../row.ts';
import { measureTree } from './measure.ts';

console.log(
  '| grouping | act | work a frame p50 / p95 / max | script p95 / max | between frames p50 / p95 | long tasks | KB/s | projection max | frames | writes |',
);
console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
for (const { groupBy, act, frames, longTasks, bytesPerSecond, flushMs, changes } of await measureTree()) {
  const of = (read: (frame: (typeof frames)[number]) => number, ...at: readonly number[]): string =>
    at.map((q) => quantile(frames.map(read), q).toFixed(1)).join(' / ');
  const cells = [
    groupBy,
    act,
    of(({ workMs }) => workMs, 0.5, 0.95, 1),
    of(({ scriptMs }) => scriptMs, 0.95, 1),
    of(({ intervalMs }) => intervalMs, 0.5, 0.95),
    longTasks,
    Math.round(bytesPerSecond / 1000),
    flushMs.toFixed(1),
    frames.length,
    changes,
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
