/** What the control group allows, what the container uses of it and how that went on, and the container's starts. */
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { ContainerModel, GroupModel, ResourceModel, SampleModel, StartModel } from '../../host/panels/container/model.ts';
import { box, facts, table, toneIcon } from '../panel/boxes.ts';
import { icon } from '../shared/icons.ts';
import { ageText, bytesText, timeText } from '../shared/format.ts';
import { cpuText, sizeText } from './amounts.ts';
import { useBar } from './useBar.ts';

const WIDTH = 360;
const HEIGHT = 64;
const NEAR = 0.9;

export function overviewTab({ group, samples = [], starts = [] }: Partial<ContainerModel>, now: number, start: number): TemplateResult {
  if (group === undefined) return html``;
  const cpuPlot = plot('CPU', samples, ({ milliCpu }) => milliCpu, group.cpu, cpuText);
  const memoryPlot = plot('Memory', samples, ({ memoryBytes }) => memoryBytes, group.memory, bytesText);
  return html`<div class="boxes">
    ${box('CPU', html`${resource(group.cpu, cpuText, 'CPU')} ${throttling(group)} ${cpuPlot}`)}
    ${box('Memory', html`${resource(group.memory, bytesText, 'Memory')} ${oom(group)} ${memoryPlot}`)}
    ${box('Disk of the node', resource(group.disk, sizeText, 'Disk'))}
    ${box(
      'Control group',
      facts([
        ['Quality of service', group.qos === '' ? undefined : group.qos],
        ['oom_score_adj', html`<span class="mono">${group.oomScoreAdj}</span> <span class="dim">${orderText(group)}</span>`],
        ...group.files.map(({ key, value }) => [key, html`<span class="mono">${value}</span>`] as const),
      ]),
    )}
    ${box('Starts that the node remembers', startsTable(starts, now, start), { wide: true })}
  </div>`;
}

function resource(model: ResourceModel, text: (amount: number) => string, name: string): TemplateResult {
  const { used, requested, limit } = model;
  return html`${useBar(model, name, text)}
  ${facts([
    ['Uses', html`<b class="number">${text(used)}</b>`],
    ['Asked for', requested === 0 ? html`<span class="dim">nothing</span>` : text(requested)],
    ['Limit', limit === undefined ? html`<span class="dim">none: as much as the node has</span>` : text(limit)],
  ])}`;
}

function throttling({ throttled, wantedCpu, waitMs }: GroupModel): TemplateResult {
  if (throttled > 0)
    return html`<p class="tone-warn">
      ${icon('warning', 'warn')} Throttled: it wants ${cpuText(wantedCpu)}, so it stands still for ${Math.round(throttled * 100)} % of its
      time.
    </p>`;
  if (waitMs > 0) return html`<p class="tone-warn">${icon('warning', 'warn')} Requests wait ${waitMs} ms for their turn at the CPU.</p>`;
  return html`<p class="dim">${icon('pass-filled', 'ok')} Not throttled.</p>`;
}

function oom({ oomKills, memory }: GroupModel): TemplateResult {
  if (oomKills > 0)
    return html`<p class="tone-error">
      ${icon('error', 'error')} Ended by the kernel at its limit (OOMKilled): ${oomKills} of its starts below.
    </p>`;
  const near = memory.limit !== undefined && memory.used > NEAR * memory.limit;
  return near
    ? html`<p class="tone-warn">${icon('warning', 'warn')} Near its limit: the kernel ends it when it needs more.</p>`
    : html`<p class="dim">${icon('pass-filled', 'ok')} Not ended for want of memory.</p>`;
}

function orderText({ oomScoreAdj }: GroupModel): string {
  if (oomScoreAdj >= 1000) return 'the first to go when the node has no memory left';
  return oomScoreAdj < 0 ? 'the last to go when the node has no memory left' : 'the higher, the sooner it goes';
}

/** The use since the panel looks, on the scale of the limit, or of the most that was used. */
function plot(
  name: string,
  samples: readonly SampleModel[],
  read: (sample: SampleModel) => number,
  { limit }: ResourceModel,
  text: (amount: number) => string,
): TemplateResult | typeof nothing {
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined || first === last) return nothing;
  const most = Math.max(...samples.map(read));
  const scale = Math.max(limit ?? most * 1.25, most, 1);
  const span = last.atMs - first.atMs;
  const point = (sample: SampleModel): string =>
    `${(((sample.atMs - first.atMs) / span) * WIDTH).toFixed(1)},${(HEIGHT - (read(sample) / scale) * HEIGHT).toFixed(1)}`;
  const line = samples.map(point).join(' ');
  const label = `${name} in the last ${ageText(span)}: ${text(Math.min(...samples.map(read)))} to ${text(most)}`;
  return html`<svg class="plot" viewBox="0 -2 ${WIDTH} ${HEIGHT + 4}" preserveAspectRatio="none" role="img" aria-label=${label}>
      ${limit === undefined ? nothing : svg`<line class="limit" x1="0" x2=${WIDTH} y1="0" y2="0"></line>`}
      <polygon class="area" points="0,${HEIGHT} ${line} ${WIDTH},${HEIGHT}"></polygon>
      <polyline class="curve" points=${line}></polyline>
    </svg>
    <p class="dim plot-text">${label}</p>`;
}

function startsTable(starts: readonly StartModel[], now: number, start: number): TemplateResult {
  const ran = ({ startedAt, endedAt }: StartModel): string => (startedAt === undefined ? '' : ageText((endedAt ?? now) - startedAt));
  return table(
    'Starts of the container',
    starts,
    [
      { title: 'Start', cell: ({ number }) => `${number}.` },
      { title: 'Began', number: true, cell: ({ startedAt }) => (startedAt === undefined ? '' : timeText(startedAt - start)) },
      { title: 'Ran', number: true, cell: ran },
      { title: 'Outcome', grows: true, cell: ({ outcome, tone }) => html`${toneIcon(tone)} ${outcome}` },
    ],
    { empty: 'The node keeps no memory of it.' },
  );
}
