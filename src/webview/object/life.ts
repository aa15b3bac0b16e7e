/** The life of a Pod as a diagram of states with the path that was taken, and the same as a table. */
import { html, svg, nothing, type SVGTemplateResult, type TemplateResult } from 'lit';
import type { LifeState, VisitModel } from '../../host/panels/object/model.ts';
import { box, table } from '../panel/boxes.ts';
import { countdownText, plural, timeText } from '../shared/format.ts';

interface Station {
  readonly label: string;
  readonly x: number;
  readonly y: number;
}

const STATIONS = {
  pending: { label: 'Pending', x: 70, y: 90 },
  creating: { label: 'Creating', x: 210, y: 90 },
  initializing: { label: 'Initializing', x: 350, y: 30 },
  running: { label: 'Running', x: 490, y: 90 },
  ready: { label: 'Ready', x: 630, y: 90 },
  terminating: { label: 'Terminating', x: 770, y: 90 },
  gone: { label: 'Gone', x: 910, y: 90 },
  backingOff: { label: 'Backing Off', x: 420, y: 170 },
  succeeded: { label: 'Succeeded', x: 630, y: 170 },
  failed: { label: 'Failed', x: 770, y: 170 },
} as const satisfies Readonly<Record<LifeState, Station>>;

const WIDTH = 112;
const HEIGHT = 40;

/** The ways that Pods usually go. */
const WAYS: readonly (readonly [LifeState, LifeState])[] = [
  ['pending', 'creating'],
  ['creating', 'initializing'],
  ['initializing', 'running'],
  ['creating', 'running'],
  ['running', 'ready'],
  ['ready', 'terminating'],
  ['terminating', 'gone'],
  ['running', 'backingOff'],
  ['running', 'succeeded'],
  ['ready', 'succeeded'],
  ['ready', 'failed'],
];

export function lifeTab(visits: readonly VisitModel[], now: number, start: number): TemplateResult {
  if (visits.length === 0) return html`<p class="dim empty">History has forgotten its life.</p>`;
  const rows = visits.toReversed();
  return html`<div class="boxes">
    ${box('The way that it took', diagram(visits, now), { wide: true })}
    ${box(
      'Time in each state',
      table(
        'States of the Pod, the last one first',
        rows,
        [
          { title: 'State', cell: ({ state }) => STATIONS[state].label },
          { title: 'From', number: true, cell: ({ from }) => timeText(from - start) },
          { title: 'For', number: true, cell: (visit) => lengthText(visit, now) },
          { title: 'Note', grows: true, cell: ({ detail, to }) => `${detail}${to === undefined ? ' (now)' : ''}` },
        ],
        { empty: '' },
      ),
      { wide: true },
    )}
  </div>`;
}

function diagram(visits: readonly VisitModel[], now: number): TemplateResult {
  const taken = new Map<string, number>();
  for (const [index, { state }] of visits.entries()) {
    const next = visits[index + 1];
    if (next !== undefined) taken.set(`${state} ${next.state}`, (taken.get(`${state} ${next.state}`) ?? 0) + 1);
  }
  const current = visits.at(-1)?.state;
  const label = `It was ${visits.map((visit) => `${STATIONS[visit.state].label} ${lengthText(visit, now)}`).join(', then ')}.`;
  const untaken = WAYS.filter(([from, to]) => !taken.has(`${from} ${to}`));
  const own = [...taken].map(([way, times]) => ({ way: way.split(' ') as [LifeState, LifeState], times }));
  return html`<div class="table life" tabindex="0" role="region" aria-label="Diagram of the Pod's life">
    <svg viewBox="0 0 980 210" role="img" aria-label=${label}>
      <defs>
        <marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
          <path d="M0 0 L8 4 L0 8 z" class="tip"></path>
        </marker>
      </defs>
      ${untaken.map(([from, to]) => way(from, to, 0))} ${own.map(({ way: [from, to], times }) => way(from, to, times))}
      ${(Object.keys(STATIONS) as readonly LifeState[]).map((state) => station(state, visits, current, now))}
    </svg>
  </div>`;
}

/** @param times how often it was gone; 0: never */
function way(from: LifeState, to: LifeState, times: number): SVGTemplateResult {
  const [a, b] = [STATIONS[from], STATIONS[to]];
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  // Along a row from border to border; a way that passes stations or leads back bends around them.
  const isNext = Math.abs(dx) <= 140;
  const bend = isNext && dx > 0 ? 0 : dy === 0 ? (dx > 0 ? 52 : -52) : 0;
  const [ax, ay] = borderPoint(a, dx, dy, bend);
  const [bx, by] = borderPoint(b, -dx, -dy, bend);
  const path = `M${ax} ${ay} Q${(ax + bx) / 2} ${(ay + by) / 2 + bend} ${bx} ${by}`;
  return svg`<path class="way ${times > 0 ? 'taken' : ''}" d=${path} marker-end=${times > 0 ? 'url(#tip)' : nothing}></path>
    ${times > 1 ? svg`<text class="times" x=${(ax + bx) / 2} y=${(ay + by) / 2 + bend / 2 - 4}>${times}×</text>` : nothing}`;
}

function borderPoint({ x, y }: Station, dx: number, dy: number, bend: number): readonly [number, number] {
  if (bend !== 0) return [x + Math.sign(dx) * 24, y + (Math.sign(bend) * HEIGHT) / 2];
  if (Math.abs(dx) >= WIDTH && Math.abs(dy) < 100) return [x + (Math.sign(dx) * WIDTH) / 2, y];
  return [x + Math.sign(dx) * 24, y + (Math.sign(dy) * HEIGHT) / 2];
}

function station(state: LifeState, visits: readonly VisitModel[], current: LifeState | undefined, now: number): SVGTemplateResult {
  const { label, x, y } = STATIONS[state];
  const own = visits.filter((visit) => visit.state === state);
  const total = own.reduce((sum, { from, to }) => sum + (to ?? now) - from, 0);
  const kind = state === current ? 'current' : own.length > 0 ? 'visited' : '';
  const times = own.length > 1 ? `${plural(own.length, 'time')}, ` : '';
  return svg`<g class="station ${kind}">
    <rect x=${x - WIDTH / 2} y=${y - HEIGHT / 2} width=${WIDTH} height=${HEIGHT} rx="4"></rect>
    <text x=${x} y=${own.length > 0 ? y - 3 : y + 4}>${label}</text>
    ${own.length > 0 ? svg`<text class="length" x=${x} y=${y + 13}>${times}${lengthOf(total)}</text>` : nothing}
  </g>`;
}

function lengthText({ from, to }: VisitModel, now: number): string {
  return lengthOf((to ?? now) - from);
}

/** Below ten seconds tenths matter. */
function lengthOf(ms: number): string {
  return ms < 10_000 ? `${(Math.max(0, ms) / 1000).toFixed(1)}s` : countdownText(ms);
}
