/**
 * One object: wanted and actual side by side, why it is so, a Pod's life and scheduling, family, events.
 * Invariant: one tab is asked for at a time; every other object that is named leads to its own panel.
 * Counterpart: kubectl get, describe and events of one object; for causes and decisions a real cluster has no answer.
 */
import './object.css';
import { html, nothing, type TemplateResult } from 'lit';
import { assertNever } from '../../base/assertNever.ts';
import type { HeadModel, ObjectModel, ObjectQuery, ObjectTab, SourceModel } from '../../host/panels/object/model.ts';
import type { ObjectRef } from '../../host/protocol/view.ts';
import { link, push, toneIcon } from '../panel/boxes.ts';
import { openPanel, type PanelPage, type Shown } from '../panel/panelPage.ts';
import { tabs, type Tab } from '../panel/tabs.ts';
import { ageText, timeText } from '../shared/format.ts';
import { eventsTab } from './events.ts';
import { familyTab } from './family.ts';
import { impactTab } from './impact.ts';
import { lifeTab } from './life.ts';
import type { ObjectCommand } from './protocol.ts';
import { schedulingTab } from './scheduling.ts';
import { stateTab } from './state.ts';
import { whyTab } from './why.ts';

const LABELS = {
  state: 'Spec and Status',
  impact: 'Impact',
  why: 'Why?',
  life: 'Life',
  scheduling: 'Scheduling',
  family: 'Family',
  events: 'Events',
} as const satisfies Readonly<Record<ObjectTab, string>>;

/** What a tab has to have been told before it can be drawn. */
const PARTS = {
  state: 'fields',
  impact: 'impact',
  why: 'steps',
  life: 'visits',
  scheduling: 'attempts',
  family: 'family',
  events: 'events',
} as const satisfies Readonly<Record<ObjectTab, keyof ObjectModel>>;

/** Kinds that the map has boxes for. */
const ON_MAP: ReadonlySet<string> = new Set([
  'DaemonSet',
  'Deployment',
  'EndpointSlice',
  'Ingress',
  'Load',
  'Node',
  'Pod',
  'Service',
  'StatefulSet',
]);

/** What tabs can do beyond showing. */
export interface Acts {
  ask(query: ObjectQuery): void;
  open(ref: ObjectRef): void;
  source(source: SourceModel): void;
}

const page: PanelPage<ObjectQuery, ObjectCommand> = openPanel<ObjectQuery, ObjectModel, ObjectCommand>({
  ticks: true,
  missing: ({ ref }) => html`The ${ref.kind} <b>${ref.name}</b> is not in the cluster any more. What is below was so last.`,
  draw: (shown) => (shown.model.head === undefined ? html`` : template(shown, shown.model.head)),
});

const acts: Acts = {
  ask: (query) => page.ask(query),
  open: (ref) => page.run({ type: 'open', ref, tab: 'state' }),
  source: (source) => page.run({ type: 'source', source }),
};

function template(shown: Shown<ObjectQuery, ObjectModel>, head: HeadModel): TemplateResult {
  const { query, now } = shown;
  const { ref, source } = head;
  const all = head.tabs.map((id): Tab<ObjectTab> => ({ id, label: LABELS[id] }));
  return html`<div class="title">
      <h1>${ref.name}</h1>
      <span class="dim">${ref.kind}${ref.namespace === '' ? nothing : html` · namespace ${ref.namespace}`}</span>
      ${source === undefined ? nothing : html`<span><span class="dim">written in</span> ${sourceLink(source)}</span>`}
    </div>
    <div class="line state">
      ${toneIcon(head.tone)}<span class=${head.tone === 'ok' ? '' : `tone-${head.tone}`}>${head.status}</span>
      ${
        head.goneAt !== undefined
          ? html`<span class="dim">since ${timeText(head.goneAt - shown.start)}; what is below was so last</span>`
          : head.createdAt === undefined
            ? nothing
            : html`<span class="dim">${ageText(now - head.createdAt)} old</span>`
      }
    </div>
    <div class="bar-of-buttons">
      ${push('Describe', 'list-flat', () => page.run({ type: 'describe' }))} ${push('YAML', 'code', () => page.run({ type: 'yaml' }))}
      ${push('Reveal in Cluster', 'list-tree', () => page.run({ type: 'reveal' }))}
      ${ON_MAP.has(ref.kind) ? push('Show in Map', 'type-hierarchy', () => page.run({ type: 'map' })) : nothing}
      ${push('Copy Link', 'link', () => page.run({ type: 'copyLink' }))}
      ${query.tab === 'why' ? push('As Text', 'output', () => page.run({ type: 'whyText', revision: query.revision })) : nothing}
    </div>
    ${tabs('Parts of the object', all, query.tab, (tab) => page.ask({ ...query, tab }), tabContent(shown, head))}`;
}

/** `web.yaml, line 7` */
export function sourceLink(source: SourceModel): TemplateResult {
  const file = decodeURIComponent(source.uri.slice(source.uri.lastIndexOf('/') + 1));
  return html`${link(`${file}, line ${source.line + 1}`, () => acts.source(source), 'Show the line')}${
    source.same ? nothing : html` <span class="dim">(edited since)</span>`
  }`;
}

function tabContent(shown: Shown<ObjectQuery, ObjectModel>, head: HeadModel): TemplateResult {
  const { tab } = shown.query;
  if (shown.model[PARTS[tab]] === undefined) return html`<div class="progress" role="progressbar" aria-label="Loading"></div>`;
  switch (tab) {
    case 'state':
      return stateTab(shown, head, acts);
    case 'why':
      return whyTab(shown, acts, sourceLink);
    case 'impact':
      return impactTab(shown.model.impact ?? null, shown.now, shown.start);
    case 'life':
      return lifeTab(shown.model.visits ?? [], shown.now, shown.start);
    case 'scheduling':
      return schedulingTab(shown.model.attempts ?? [], shown.start, () => page.redraw());
    case 'family':
      return familyTab(shown.model.family ?? [], acts);
    case 'events':
      return eventsTab(shown.model.events ?? [], shown.start);
    default:
      return assertNever(tab);
  }
}
