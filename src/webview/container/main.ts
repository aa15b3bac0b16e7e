/**
 * The inside of one container: what it uses of what it may, its processes, files, variables, network, log, and its neighbours.
 * Invariant: one tab is asked for at a time; what a value of a Secret is shows only when a person wants to see it.
 * Counterpart: kubectl exec, top, logs and describe of one container, side by side.
 */
import './container.css';
import { html, nothing, type TemplateResult } from 'lit';
import { assertNever } from '../../base/assertNever.ts';
import type { ContainerModel, ContainerQuery, ContainerTab, HeadModel } from '../../host/panels/container/model.ts';
import { link, push, toneIcon } from '../panel/boxes.ts';
import { openPanel, type PanelPage, type Shown } from '../panel/panelPage.ts';
import { tabs, type Tab } from '../panel/tabs.ts';
import { ageText, plural } from '../shared/format.ts';
import { environmentTab } from './environment.ts';
import { FileTree } from './files.ts';
import { LogView } from './logs.ts';
import { neighboursTab } from './neighbours.ts';
import { networkTab } from './network.ts';
import { overviewTab } from './overview.ts';
import { processesTab } from './processes.ts';
import type { ContainerCommand } from './protocol.ts';

const TABS: readonly Tab<ContainerTab>[] = [
  { id: 'overview', label: 'Use and Limits' },
  { id: 'processes', label: 'Processes' },
  { id: 'files', label: 'Files' },
  { id: 'environment', label: 'Environment' },
  { id: 'network', label: 'Network' },
  { id: 'logs', label: 'Logs' },
  { id: 'neighbours', label: 'Neighbours' },
];

/** What a tab has to have been told before it can be drawn. */
const PARTS = {
  overview: 'group',
  processes: 'processes',
  files: 'files',
  environment: 'variables',
  network: 'network',
  logs: 'log',
  neighbours: 'neighbours',
} as const satisfies Readonly<Record<ContainerTab, keyof ContainerModel>>;

const page: PanelPage<ContainerQuery, ContainerCommand> = openPanel<ContainerQuery, ContainerModel, ContainerCommand>({
  ticks: true,
  missing: ({ ref }) => html`The Pod <b>${ref.name}</b> is not in the cluster any more. What is below was so last.`,
  draw: (shown) => (shown.model.head === undefined ? html`` : template(shown, shown.model.head)),
});
const tree = new FileTree({
  toggle: (query, path) =>
    page.ask({ ...query, open: query.open.includes(path) ? query.open.filter((each) => each !== path) : [...query.open, path] }),
  open: (path) => page.run({ type: 'openFile', path }),
  redraw: () => page.redraw(),
});
const log = new LogView({
  previous: (query, previous) => page.ask({ ...query, previous }),
  open: (previous) => page.run({ type: 'log', previous }),
});
/** Variables whose secret a person wants to see. */
const revealed = new Set<string>();

function template(shown: Shown<ContainerQuery, ContainerModel>, head: HeadModel): TemplateResult {
  const { query, now } = shown;
  return html`${title(query, head)}
    <div class="line state">
      ${toneIcon(head.tone)}<span class=${head.tone === 'ok' ? '' : `tone-${head.tone}`}>${head.status}</span>
      ${head.startedAt === undefined ? nothing : html`<span class="dim">for ${ageText(now - head.startedAt)}</span>`}
      ${head.restarts === 0 ? nothing : html`<span>${plural(head.restarts, 'restart')}</span>`}
      <span class="dim mono image">${head.image}</span>
    </div>
    <div class="bar-of-buttons">
      ${push('Shell', 'terminal', () => page.run({ type: 'shell' }), true)}
      ${push('Forward a Port', 'radio-tower', () => page.run({ type: 'portForward' }))}
      ${head.node === '' ? nothing : push('Compare with VMs', 'split-horizontal', () => page.run({ type: 'compare', node: head.node }))}
    </div>
    ${tabs('Parts of the container', TABS, query.tab, (tab) => page.ask({ ...query, tab }), tabContent(shown, head))}`;
}

function title(query: ContainerQuery, head: HeadModel): TemplateResult {
  const pod = link(head.pod, () => page.run({ type: 'describe', ref: query.ref }), 'Describe the Pod');
  const where = `in ${head.namespace}${head.node === '' ? '' : ` on ${head.node}`}`;
  return html`<div class="title">
    <h1>${head.container}</h1>
    <span><span class="dim">container of</span> ${pod} <span class="dim">${where}</span></span>
    ${
      head.containers.length < 2
        ? nothing
        : html`<select
            aria-label="Container"
            @change=${(event: Event) => page.ask({ ...query, container: (event.target as HTMLSelectElement).value, open: [] })}
          >
            ${head.containers.map((name) => html`<option value=${name} ?selected=${name === head.container}>${name}</option>`)}
          </select>`
    }
  </div>`;
}

function tabContent({ query, model, now, start }: Shown<ContainerQuery, ContainerModel>, head: HeadModel): TemplateResult {
  const { tab } = query;
  if (head.nothing !== '' && tab !== 'neighbours' && tab !== 'network') return html`<p class="dim">${head.nothing}</p>`;
  if (model[PARTS[tab]] === undefined) return html`<div class="progress" role="progressbar" aria-label="Loading"></div>`;
  switch (tab) {
    case 'overview':
      return overviewTab(model, now, start);
    case 'processes':
      return processesTab(model.processes ?? [], now);
    case 'files':
      return tree.template(query, model);
    case 'environment':
      return environmentTab(model.variables ?? [], revealed, () => page.redraw());
    case 'network':
      return networkTab(model, (ref) => page.run({ type: 'describe', ref }));
    case 'logs':
      return log.template(query, model, start);
    case 'neighbours':
      return neighboursTab(model, (ref) => page.run({ type: 'look', ref }));
    default:
      return assertNever(tab);
  }
}
