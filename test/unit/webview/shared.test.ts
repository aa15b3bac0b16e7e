import assert from 'node:assert/strict';
import type { ClockState, NoteRow, ViewDiff } from '../../../src/host/protocol/view.ts';
import { healthNews } from '../../../src/webview/cluster/news.ts';
import { ageText, bytesText, clockText, coresText, countdownText, timeText } from '../../../src/webview/shared/format.ts';
import { pageHtml } from '../../../src/webview/shared/html.ts';
import { RowStore } from '../../../src/webview/shared/rowStore.ts';
import { VirtualClock } from '../../../src/webview/shared/virtualClock.ts';
import { drawnRows, scrollTopFor, wantedRows } from '../../../src/webview/shared/window.ts';

describe('times and amounts in words', () => {
  const cases: readonly (readonly [string, string])[] = [
    [clockText(372_000), 'Day 1 · 00:06:12'],
    [clockText(90_061_000), 'Day 2 · 01:01:01'],
    [timeText(371_999), '06:11'],
    [timeText(3_971_000), '1:06:11'],
    [timeText(90_061_000), '1d 01:01:01'],
    [ageText(119_000), '119s'],
    [ageText(190_000), '3m10s'],
    [ageText(180_000), '3m'],
    [ageText(1_500_000), '25m'],
    [ageText(11_100_000), '3h5m'],
    [ageText(-5), '0s'],
    [countdownText(82_000), '1m 22s'],
    [countdownText(9_999), '9s'],
    [coresText(3400), '3.4'],
    [bytesText(512 * 2 ** 20), '512 MiB'],
    [bytesText(1.5 * 2 ** 30), '1.5 GiB'],
  ];
  for (const [actual, expected] of cases) it(expected, () => assert.equal(actual, expected));
});

describe('the virtual clock of a view', () => {
  const state: ClockState = { now: 1000, start: 0, paused: false, speed: 10, running: false, stable: false };

  it('goes on at its speed between messages', () => {
    const clock = new VirtualClock();
    clock.receive(state, 500);
    assert.deepEqual([clock.now(500), clock.now(700)], [1000, 3000]);
  });

  it('waits rather than counts backwards, but follows a pause and a new cluster at once', () => {
    const clock = new VirtualClock();
    clock.receive(state, 0);
    assert.equal(clock.now(1000), 11_000);
    clock.receive({ ...state, now: 10_500 }, 1000);
    assert.equal(clock.now(1000), 11_000);
    clock.receive({ ...state, now: 10_600, paused: true }, 1100);
    assert.equal(clock.now(9000), 10_600);
    clock.receive({ ...state, now: 50, start: 50 }, 9100);
    assert.equal(clock.now(9100), 50);
  });
});

describe('the window of a list', () => {
  const viewport = { scrollTop: 1100, height: 220, rowHeight: 22 };

  it('is the worked example', () => {
    assert.deepEqual(drawnRows(viewport, 1000), { first: 46, count: 18 });
    assert.deepEqual(wantedRows(viewport), { first: 32, count: 64 });
  });

  it('ends with the list', () => assert.deepEqual(drawnRows(viewport, 52), { first: 46, count: 6 }));

  it('scrolls as little as possible', () => {
    assert.deepEqual(
      [49, 50, 59, 60].map((index) => scrollTopFor(index, viewport)),
      [1078, 1100, 1100, 1122],
    );
  });
});

describe('the rows a view knows', () => {
  const row = (key: string, text = key): NoteRow => ({
    type: 'note',
    key,
    level: 1,
    position: 1,
    siblings: 1,
    expanded: undefined,
    parent: undefined,
    text,
  });
  const diff = (sequence: number, more: Partial<ViewDiff<NoteRow>> = {}): ViewDiff<NoteRow> => ({
    sequence,
    total: 2,
    objects: 2,
    first: 0,
    rows: [],
    patches: [],
    ...more,
  });

  it('are those of the last message, and what changed is told', () => {
    const store = new RowStore<NoteRow>();
    assert.deepEqual(store.take(diff(1, { keys: ['a', 'b'], rows: [row('a'), row('b')] })).changed, []);
    assert.deepEqual(store.take(diff(2, { patches: [[1, { text: 'new' }]] })).changed, ['b']);
    assert.deepEqual([store.at(1)?.text, store.indexOf('b')], ['new', 1]);
    assert.deepEqual(store.take(diff(3, { patches: [[0, { position: 2, expanded: null }]] })).changed, []);
    assert.deepEqual(store.take(diff(4, { keys: [[1, 1], 'c'], rows: [row('c')] })).changed, ['c']);
    assert.deepEqual([store.get('a'), store.at(0)?.text, store.at(1)?.key], [undefined, 'new', 'c']);
  });

  it('are asked for anew once when a message is missing', () => {
    const store = new RowStore<NoteRow>();
    store.take(diff(1, { keys: ['a'], rows: [row('a')] }));
    assert.equal(store.take(diff(3)).gap, true);
    assert.equal(store.take(diff(4)).gap, false);
    assert.equal(store.sequence, 1);
    store.take(diff(1, { keys: ['c'], rows: [row('c')] }));
    assert.equal(store.at(0)?.key, 'c');
  });
});

describe('what a screen reader is told', () => {
  const calm = { nodes: 3, nodesReady: 3, running: 5, pending: 0, failing: 0, succeeded: 0, terminating: 0 };

  it('is what matters', () => {
    assert.equal(healthNews(calm, { ...calm, nodesReady: 2, pending: 2 }), '1 node not ready. 2 Pods pending.');
    assert.equal(healthNews({ ...calm, nodesReady: 2, pending: 2 }, calm), 'All nodes are ready. No Pods pending, 5 running.');
    assert.equal(healthNews(calm, { ...calm, running: 9 }), '');
  });
});

describe('the page of a view', () => {
  it('allows its own script and styles only, and escapes what it is given', () => {
    const html = pageHtml({
      title: '<Cluster>',
      lang: 'en',
      cspSource: 'https://x',
      nonce: 'n1',
      scriptUri: 'https://x/a.js',
      styleUris: ['https://x/a.css?a&b'],
    });
    assert.match(html, /default-src 'none'; script-src 'nonce-n1'; style-src https:\/\/x; font-src https:\/\/x;/);
    assert.match(html, /<title>&lt;Cluster&gt;<\/title>/);
    assert.match(html, /href="https:\/\/x\/a\.css\?a&amp;b"/);
    assert.doesNotMatch(html, /unsafe/);
  });
});
