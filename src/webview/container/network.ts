/** The network that the container shares with its Pod. */
import { html, type TemplateResult } from 'lit';
import type { ContainerModel } from '../../host/panels/container/model.ts';
import type { ObjectRef } from '../../host/protocol/view.ts';
import { box, facts, link, table } from '../panel/boxes.ts';
import { icon } from '../shared/icons.ts';

export function networkTab(model: Partial<ContainerModel>, describe: (ref: ObjectRef) => void): TemplateResult {
  const { network, interfaces = [], listening = [], reached = [], connections = [], policies = [] } = model;
  if (network === undefined) return html``;
  const mono = (text: string): TemplateResult => html`<span class="mono">${text}</span>`;
  const named = (name: string, ref: ObjectRef): TemplateResult => link(name, () => describe(ref), `Describe ${name}`);
  const verdict = (allowed: boolean): TemplateResult =>
    html`${icon(allowed ? 'pass-filled' : 'error', allowed ? 'ok' : 'error')} ${allowed ? 'allowed' : 'denied'}`;
  return html`<div class="boxes">
    ${box(
      network.scope === 'machine' ? 'Interfaces of the machine' : 'Interfaces of the Pod',
      html`${table(
        'Network interfaces',
        interfaces,
        [
          { title: 'Name', cell: ({ key }) => key },
          { title: 'Address', grows: true, cell: ({ address }) => mono(address) },
        ],
        { empty: 'No address yet.' },
      )}
      ${facts([['Host name', mono(network.hostName)]])}`,
    )}
    ${box(
      'Names (/etc/resolv.conf, /etc/hosts)',
      html`${facts([
        ['Name servers', mono(network.nameservers.join(' '))],
        ['Search', mono(network.searches.join(' '))],
        ['Options', mono(network.options.join(' '))],
      ])}
      ${network.hosts === '' ? '' : html`<pre class="mono" tabindex="0" role="region" aria-label="/etc/hosts">${network.hosts}</pre>`}`,
    )}
    ${box(
      'Listening ports',
      table(
        'Listening ports',
        listening,
        [
          { title: 'Port', cell: ({ port, protocol }) => `${port}/${protocol}` },
          { title: 'Speaks', cell: ({ speaks }) => speaks },
          { title: 'Name', cell: ({ name }) => name },
          { title: 'Container', cell: ({ container }) => container },
          { title: 'Program', grows: true, cell: ({ command }) => mono(command) },
        ],
        { empty: 'Nobody listens.' },
      ),
    )}
    ${box(
      'Who leads to it',
      table(
        'Services and Ingresses that lead to the Pod',
        reached,
        [
          { title: 'By', cell: ({ by, ref }) => named(by, ref) },
          { title: 'At', cell: ({ at }) => mono(at) },
          { title: 'To', cell: ({ port }) => port },
          {
            title: 'State',
            grows: true,
            cell: ({ state, tone }) => html`<span class="tone-${tone === 'ok' ? 'idle' : tone}">${state}</span>`,
          },
        ],
        { empty: 'No Service has it among its endpoints.' },
      ),
    )}
    ${box(
      'Who sends to it now',
      table(
        'Loads that send to the Pod',
        connections,
        [
          { title: 'From', cell: ({ from, ref }) => named(from, ref) },
          { title: 'By', cell: ({ by }) => by },
          { title: 'Rate', number: true, cell: ({ rate }) => rate },
          { title: 'Answers', grows: true, cell: ({ state }) => state },
        ],
        { empty: 'No Load sends to it.' },
      ),
    )}
    ${box(
      'What NetworkPolicies say',
      table(
        'Verdicts of NetworkPolicies',
        policies,
        [
          { title: 'From', cell: ({ from }) => from },
          { title: 'To', cell: ({ to }) => to },
          { title: 'Port', cell: ({ port }) => port },
          { title: 'Result', cell: ({ allowed }) => verdict(allowed) },
          { title: 'Why', grows: true, cell: ({ text }) => text },
        ],
        { empty: 'No policy has a say on it: everybody may connect.' },
      ),
      { wide: true },
    )}
  </div>`;
}
