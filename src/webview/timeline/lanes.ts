/** Plots and lanes above each other on one scale of time, and the slider that says which moment is shown. */
import { html, nothing, svg, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { HeadModel, LaneModel, PlotModel, TimelineModel } from '../../host/panels/timeline/model.ts';
import { plural, splitName, timeText } from '../shared/format.ts';
import { percentOf, ticksOf } from './axis.ts';
import type { Plots } from './plot.ts';

const WIDTH = 1000;
const HEIGHT = 14;
/** The names of controllers begin so, and only then with what tells them apart. */
const SERVICE_ACCOUNT = /^system:serviceaccount:kube-system:/;

export interface LaneActions {
  /** Virtual milliseconds since 1970. */
  readonly show: (at: number) => void;
  /** @param factor below 1: nearer @param around virtual milliseconds */
  readonly zoom: (factor: number, around: number) => void;
}

export function lanesTemplate(
  { head, lanes = [], plots = [] }: Partial<TimelineModel>,
  drawn: Plots,
  actions: LaneActions,
): TemplateResult {
  if (head === undefined) return html``;
  const { start } = head.clock;
  const at = head.shown?.at ?? head.now;
  const moment = (event: MouseEvent): number => {
    const track = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return head.from + ((event.clientX - track.left) / track.width) * (head.to - head.from);
  };
  return html`<div class="time">
    <div class="row-name"></div>
    <div class="axis" aria-hidden="true">
      ${ticksOf(head, start).map(({ percent, text }) => html`<span class=${percent > 95 ? 'end' : ''} .style=${`left:${percent}%`}>${text}</span>`)}
    </div>
    <label class="row-name" for="moment">Moment</label>
    <input
      id="moment"
      type="range"
      min=${head.from}
      max=${Math.min(head.to, Math.max(head.now, head.from + 1))}
      step=${Math.max(1, Math.round((head.to - head.from) / 1000))}
      .value=${String(at)}
      aria-valuetext=${head.shown === undefined ? 'now' : `${timeText(at - start)}, revision ${head.shown.revision}`}
      @input=${(event: Event) => actions.show(Number((event.target as HTMLInputElement).value))}
    />
    <div
      class="tracks"
      @wheel=${(event: WheelEvent) => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        const box = (event.currentTarget as HTMLElement).querySelector('.track')?.getBoundingClientRect();
        if (box === undefined) return;
        actions.zoom(event.deltaY < 0 ? 0.7 : 1 / 0.7, head.from + ((event.clientX - box.left) / box.width) * (head.to - head.from));
      }}
    >
      ${plots.map((plot) => plotRow(plot, head, drawn, at, (event) => actions.show(moment(event))))}
      <ul aria-label="Lanes">
        ${repeat(
          lanes,
          ({ key }) => key,
          (lane) => laneRow(lane, head, at, (event) => actions.show(moment(event))),
        )}
      </ul>
      ${head.more === 0 ? nothing : html`<p class="dim more">and ${plural(head.more, 'more lane')}: the filter finds them</p>`}
      ${lanes.length === 0 ? html`<p class="dim more">Nothing of that name is in this part of time.</p>` : nothing}
    </div>
  </div>`;
}

function plotRow(plot: PlotModel, head: HeadModel, drawn: Plots, at: number, show: (event: MouseEvent) => void): TemplateResult {
  const index = Math.min(Math.max(0, Math.ceil((at - head.from) / head.step) - 1), (plot.series[0]?.values.length ?? 1) - 1);
  return html`<section class="plot-row" aria-label=${plot.title}>
    <div class="row-name">
      <b>${plot.title}</b>
      ${plot.series.map(
        ({ name, tone, values }, i) =>
          html`<span class="legend"
            ><svg class="tone-${tone}" viewBox="0 0 14 4" aria-hidden="true">
              ${svg`<line x1="0" x2="14" y1="2" y2="2" stroke="currentColor" stroke-width="2" stroke-dasharray=${['none', '6 3', '2 2'][i] ?? 'none'}></line>`}
            </svg>
            ${name} <span class="number">${amount(values[index] ?? 0)}</span></span
          >`,
      )}
    </div>
    <div class="track" @click=${show}>${drawn.element(plot, head)}${cursor(head, at)}</div>
  </section>`;
}

function laneRow(lane: LaneModel, head: HeadModel, at: number, show: (event: MouseEvent) => void): TemplateResult {
  const { start } = head.clock;
  const now = lane.spans.findLast(({ from }) => from <= at);
  const state = now !== undefined && at <= now.to ? now : undefined;
  const said =
    lane.kind === ''
      ? plural(lane.total, 'write')
      : state === undefined
        ? 'not there'
        : `${state.text} since ${timeText(state.from - start)}`;
  const [beginning, tail] = lane.kind === 'Pod' ? splitName(lane.name) : [lane.name.replace(SERVICE_ACCOUNT, ''), ''];
  return html`<li class="lane" title="${lane.kind} ${lane.name}: ${said}">
    <div class="row-name">
      <span class="name">${beginning}</span><span class="tail">${tail}</span>
      <span class="dim said"
        >${lane.kind === '' ? said : html`<span class="visually-hidden">${lane.kind}, </span>${state?.text ?? 'not there'}`}</span
      >
    </div>
    <div class="track" @click=${show}>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
        ${lane.kind === '' ? bars(lane) : lane.spans.map((span) => bar(span, head))}
      </svg>
      ${cursor(head, at)}
    </div>
  </li>`;
}

function bar({ from, to, tone }: LaneModel['spans'][number], head: HeadModel): TemplateResult {
  const x = (percentOf(head, from) * WIDTH) / 100;
  const width = Math.max(1, (percentOf(head, to) * WIDTH) / 100 - x);
  // A shape of its own for each tone, so that colour is never the only sign: what is well fills the lane, what is not is lower.
  const height = { ok: 10, idle: 3, info: 10, busy: 7, warn: 7, error: HEIGHT }[tone];
  return svg`<rect class="tone-${tone}" x=${x} width=${width} y=${(HEIGHT - height) / 2} height=${height}></rect>` as TemplateResult;
}

function bars({ counts }: LaneModel): readonly TemplateResult[] {
  const most = Math.max(1, ...counts);
  const width = WIDTH / counts.length;
  return counts.flatMap((count, index) => {
    if (count === 0) return [];
    const height = Math.max(2, (Math.log1p(count) / Math.log1p(most)) * HEIGHT);
    return [
      svg`<rect class="tone-info" x=${index * width} width=${Math.max(1.5, width - 0.5)} y=${HEIGHT - height} height=${height}></rect>` as TemplateResult,
    ];
  });
}

function cursor(head: HeadModel, at: number): TemplateResult {
  return html`<span class="cursor" .style=${`left:${percentOf(head, at)}%`}></span>`;
}

function amount(value: number): string {
  return String(Math.round(value * 10) / 10);
}
