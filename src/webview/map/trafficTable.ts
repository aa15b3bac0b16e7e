/** The map in rows, for who does not see pictures or wants to read on: each thing, how it is, and what it leads to. */
import { html, nothing, type TemplateResult } from 'lit';
import type { FlowModel, NodeModel, TrafficModel } from '../../host/panels/map/model.ts';
import { link, table, toneIcon } from '../panel/boxes.ts';

export function trafficTable({ nodes, edges }: TrafficModel, act: (node: NodeModel) => void): TemplateResult {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const leads = new Map<string, string[]>();
  for (const { from, to, text, flow } of edges) {
    const words = [text, flowText(flow)].filter((part) => part !== '').join(', ');
    const said = `${nameOf(byKey.get(to))}${words === '' ? '' : ` (${words})`}`;
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
      { title: 'Requests', number: true, cell: ({ flow }) => (flow.perSecond === 0 ? '' : `${flow.perSecond}/s`) },
      {
        title: 'Failing',
        number: true,
        cell: ({ flow }) => (flow.failing === 0 ? '' : html`<span class="tone-error">${flow.failing}/s</span>`),
      },
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

/** `40/s, 3 fail` */
export function flowText({ perSecond, failing }: FlowModel): string {
  if (perSecond === 0) return '';
  if (failing === 0) return `${perSecond}/s`;
  return failing >= perSecond ? `${perSecond}/s, all fail` : `${perSecond}/s, ${failing} fail`;
}

function nameOf(node: NodeModel | undefined): string {
  return node === undefined ? '' : `${node.kind} ${node.name}`;
}

function canAct({ ref, expanded }: NodeModel): boolean {
  return ref !== undefined || expanded !== undefined;
}
