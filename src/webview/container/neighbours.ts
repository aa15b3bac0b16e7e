/** Who shares the machine: containers are processes of one kernel, held apart by namespaces and control groups. */
import { html, type TemplateResult } from 'lit';
import type { ContainerModel, ResourceModel } from '../../host/panels/container/model.ts';
import type { ObjectRef } from '../../host/protocol/view.ts';
import { box, facts, link, table, toneIcon } from '../panel/boxes.ts';
import { bytesText } from '../shared/format.ts';
import { meterTemplate } from '../shared/meter.ts';
import { cpuText } from './amounts.ts';
import { useBar } from './useBar.ts';

const METER_WIDTH = 48;

type Text = (amount: number) => string;

export function neighboursTab({ host, neighbours = [] }: Partial<ContainerModel>, look: (ref: ObjectRef) => void): TemplateResult {
  if (host === undefined) return html`<p class="dim">It is on no node yet.</p>`;
  return html`<div class="boxes">
      ${box(`CPU of ${host.name}`, html`${useBar(host.cpu, 'CPU of the node', cpuText)} ${shares(host.cpu, cpuText)}`)}
      ${box(`Memory of ${host.name}`, html`${useBar(host.memory, 'Memory of the node', bytesText)} ${shares(host.memory, bytesText)}`)}
    </div>
    <p class="dim">${host.pods} of ${host.podLimit} Pods. A crash or a leak of one leaves the others running: each has its own limits.</p>
    ${table(
      `Pods on ${host.name}`,
      neighbours,
      [
        {
          title: 'Pod',
          cell: ({ pod, ref, own, tone }) =>
            html`${toneIcon(tone)} ${own ? html`<b>${pod}</b> (this one)` : link(pod, () => look(ref), `Look into ${pod}`)}`,
        },
        { title: 'Namespace', cell: ({ namespace }) => namespace },
        { title: 'Status', cell: ({ status }) => status },
        { title: 'QoS', cell: ({ qos }) => qos },
        { title: 'CPU used', cell: ({ cpu }) => amounts(cpu, cpuText) },
        { title: 'CPU limit', number: true, cell: ({ cpu }) => limitText(cpu, cpuText) },
        { title: 'Memory used', cell: ({ memory }) => amounts(memory, bytesText) },
        { title: 'Memory limit', number: true, cell: ({ memory }) => limitText(memory, bytesText) },
      ],
      { empty: 'Nobody.', rowClass: ({ own }) => (own ? 'own' : '') },
    )}`;
}

function amounts({ used, requested, host }: ResourceModel, text: Text): TemplateResult {
  return html`${meterTemplate({ requested, used, capacity: host }, METER_WIDTH)} ${text(used)}
    <span class="dim">of ${requested === 0 ? 'nothing asked' : text(requested)}</span>`;
}

function limitText({ limit }: ResourceModel, text: Text): string {
  return limit === undefined ? 'none' : text(limit);
}

function shares({ used, requested, host }: ResourceModel, text: Text): TemplateResult {
  return facts([
    ['Used', text(used)],
    ['Asked for', text(requested)],
    ['Has', text(host)],
  ]);
}
