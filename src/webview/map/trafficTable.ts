/** The map in rows, for who does not see pictures or wants to read on: each thing, how it is, and what it leads to. */
import { html, nothing, type TemplateResult } from 'lit';
import type { MapModel, NodeModel } from '../../host/panels/map/model.ts';
import { link, table, toneIcon } from '../panel/boxes.ts';

export function trafficTable({ nodes, edges }: MapModel, act: (node: NodeModel) => void): TemplateResult {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const leads = new Map<string, string[]>();
  for (const { from, to, text } of edges) {
    const said = `${nameOf(byKey.get(to))}${text === '' ? '' : ` (${text})`}`;
    const known = leads.get(from);
    if (known === undefined) leads.set(from, [said]);
    else known.push(said);
  }
  return table(
    'Map',
    nodes,
    [
      {
        title: 'Name',
        cell: (node) =>
          html`<span class=${node.parent === undefined ? '' : 'indented'}
            >${canAct(node) ? link(node.name, () => act(node)) : node.name}</span
          >`,
      },
      { title: 'Kind', cell: ({ kind }) => kind },
      { title: 'Namespace', cell: ({ namespace }) => namespace },
      { title: 'State', cell: ({ tone, status }) => html`${toneIcon(tone)} ${status}` },
      {
        title: 'Leads to',
        grows: true,
        cell: ({ key, why }) =>
          html`${(leads.get(key) ?? []).join(', ')}${why === '' ? nothing : html` <span class="tone-error">${why}</span>`}`,
      },
    ],
    { empty: 'There is nothing on the map.' },
  );
}

function nameOf(node: NodeModel | undefined): string {
  return node === undefined ? '' : `${node.kind} ${node.name}`;
}

function canAct({ ref, expanded }: NodeModel): boolean {
  return ref !== undefined || expanded !== undefined;
}
