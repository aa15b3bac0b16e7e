/** Owners above, what is owned below, and what works together; each name leads to its own panel. */
import { html, nothing, type TemplateResult } from 'lit';
import type { RelativeModel } from '../../host/panels/object/model.ts';
import { box, link, table, toneIcon } from '../panel/boxes.ts';
import type { Acts } from './main.ts';

export function familyTab(family: readonly RelativeModel[], acts: Acts): TemplateResult {
  const owners = family.filter(({ relation }) => relation !== 'beside');
  const besides = family.filter(({ relation }) => relation === 'beside');
  return html`<div class="boxes">
    ${box('Owners and what they own', rows('Owners and what they own', owners, acts), { wide: true })}
    ${besides.length === 0 ? nothing : box('Works with', rows('Works with', besides, acts), { wide: true })}
  </div>`;
}

function rows(label: string, all: readonly RelativeModel[], acts: Acts): TemplateResult {
  return table(
    label,
    all,
    [
      { title: 'Object', cell: (each) => nameOf(each, acts) },
      { title: 'Kind', cell: ({ ref }) => ref.kind },
      ...(all.some(({ link: text }) => text !== '') ? [{ title: 'How', cell: ({ link: text }: RelativeModel) => text }] : []),
      { title: 'State', grows: true, cell: ({ tone, status }) => html`${toneIcon(tone)} ${status}` },
    ],
    { empty: 'Nobody.', rowClass: ({ relation }) => (relation === 'self' ? 'own' : '') },
  );
}

function nameOf({ ref, level, relation }: RelativeModel, acts: Acts): TemplateResult {
  const indent = html`<span class="indent">${'    '.repeat(level - 1)}${level > 1 ? '└ ' : ''}</span>`;
  return html`${indent}${relation === 'self' ? html`<b>${ref.name}</b>` : link(ref.name, () => acts.open(ref), `Open ${ref.kind} ${ref.name}`)}`;
}
