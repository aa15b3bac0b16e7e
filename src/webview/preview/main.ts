/**
 * The panel "Preview Apply": what an apply would come to, drawn from one message.
 * Invariant: shows what the last forecast said; native elements only, so that keyboard and screen readers know them.
 */
import '../shared/base.css';
import '../panel/panel.css';
import './preview.css';
import { html, nothing, render, type TemplateResult } from 'lit';
import { assertNever } from '../../base/assertNever.ts';
import { box, link, push, table } from '../panel/boxes.ts';
import { icon } from '../shared/icons.ts';
import { plural } from '../shared/format.ts';
import { connect } from '../shared/vscode.ts';
import type {
  KeptPreview,
  PreviewChange,
  PreviewDocument,
  PreviewModel,
  PreviewMoment,
  PreviewPod,
  PreviewTone,
  ToExtension,
  ToWebview,
} from './protocol.ts';

const api = connect<ToWebview, ToExtension, KeptPreview>((message) => {
  switch (message.type) {
    case 'forecast':
      api.setState(message.of);
      return show(message.model);
    default:
      return assertNever(message.type);
  }
});
const root = document.createElement('div');
root.className = 'panel preview';
document.getElementById('root')?.append(root);
render(html`<div class="progress" role="progressbar" aria-label="Looking ahead"></div>`, root);
api.postMessage({ type: 'ready' });

function show(model: PreviewModel): void {
  render(template(model), root);
}

const ICONS = { ok: 'pass', warn: 'warning', error: 'error', idle: 'circle-outline' } as const satisfies Readonly<
  Record<PreviewTone, string>
>;

function template(model: PreviewModel): TemplateResult {
  const { documents, pods, moments, changes, leftOut } = model;
  return html`<div class="title">
      <h1>If ${model.of} were applied now</h1>
    </div>
    <p class="summary" role="status">
      ${icon(ICONS[model.tone], model.tone)} <span>${model.summary} <span class="dim">${model.ahead}</span></span>
    </p>
    <div class="bar-of-buttons">
      ${push('Apply', 'cloud-upload', () => api.postMessage({ type: 'apply' }), true)}
      ${push('Look Again', 'refresh', () => api.postMessage({ type: 'again' }))}
      ${changes.length === 0 ? nothing : push('Open All Changes', 'diff-multiple', () => api.postMessage({ type: 'allChanges' }))}
    </div>
    <div class="boxes">
      ${box('Documents', documentTable(documents), { wide: true })}
      ${pods.length === 0 ? nothing : box('Pods in the end', podTable(pods), { wide: true })}
      ${box('What would happen', momentTable(moments, leftOut.moments), { wide: true })}
      ${box('Objects before and after', changeList(changes, leftOut.changes), { wide: true })}
    </div>`;
}

function documentTable(documents: readonly PreviewDocument[]): TemplateResult {
  return table(
    'Documents',
    documents.map((document, index) => ({ ...document, index, key: String(index) })),
    [
      {
        title: 'Object',
        cell: ({ subject, place, index }) =>
          html`${link(subject, () => api.postMessage({ type: 'document', index }), `Open ${place}`)}<br /><span class="dim"
              >${place}</span
            >`,
      },
      { title: 'Apply', cell: ({ action }) => action },
      {
        title: 'Outcome',
        grows: true,
        cell: ({ tone, text, findings }) =>
          html`${text === '' ? html`<span class="dim">nothing that could go wrong</span>` : html`${icon(ICONS[tone], tone)} ${text}`}
          ${findings.map(({ path, message }) => html`<p class="finding">${path === '' ? nothing : html`<code>${path}</code> `}${message}</p>`)}`,
      },
    ],
    { empty: 'There is no document.' },
  );
}

function podTable(pods: readonly PreviewPod[]): TemplateResult {
  return table(
    'Pods in the end',
    pods.map((pod) => ({ ...pod, key: `${pod.owner} ${pod.name}` })),
    [
      { title: 'Pod', cell: ({ name }) => name },
      { title: 'Status', cell: ({ status, tone }) => html`${icon(ICONS[tone], tone)} ${status}` },
      { title: 'Ready', cell: ({ ready }) => ready, number: true },
      { title: 'Node', cell: ({ node }) => (node === '' ? html`<span class="dim">none</span>` : node) },
      { title: 'Why', grows: true, cell: ({ reason }) => reason },
    ],
    { empty: 'There is no Pod.' },
  );
}

function momentTable(moments: readonly PreviewMoment[], leftOut: number): TemplateResult {
  return html`${table(
    'What would happen, in order',
    moments.map((moment, index) => ({ ...moment, key: String(index) })),
    [
      { title: 'After', cell: ({ after }) => after, number: true },
      {
        title: 'Object',
        cell: ({ subject, more }) => html`${subject}${more === 0 ? nothing : html` <span class="dim">and ${more} more</span>`}`,
      },
      { title: 'What', grows: true, cell: ({ text, tone }) => (tone === 'idle' ? text : html`${icon(ICONS[tone], tone)} ${text}`) },
      { title: 'By', cell: ({ actor }) => html`<span class="dim">${actor}</span>` },
    ],
    { empty: 'Nothing would happen.' },
  )}
  ${leftOut === 0 ? nothing : html`<p class="dim">${plural(leftOut, 'more moment')}.</p>`}`;
}

const CHANGES = {
  create: ['diff-added', 'ok', 'created'],
  update: ['diff-modified', 'busy', 'changed'],
  delete: ['diff-removed', 'error', 'deleted'],
} as const satisfies Readonly<Record<PreviewChange['change'], readonly [string, string, string]>>;

function changeList(changes: readonly PreviewChange[], leftOut: number): TemplateResult {
  if (changes.length === 0) return html`<p class="dim empty">No object would change.</p>`;
  return html`<ul class="changes">
      ${changes.map(({ subject, change }, index) => {
        const [name, tone, word] = CHANGES[change];
        return html`<li>
          ${icon(name, tone)} ${link(subject, () => api.postMessage({ type: 'change', index }), 'Compare before and after')}
          <span class="dim">${word}</span>
        </li>`;
      })}
    </ul>
    ${leftOut === 0 ? nothing : html`<p class="dim">${plural(leftOut, 'more object')}.</p>`}`;
}
