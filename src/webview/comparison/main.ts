/**
 * Containers and virtual machines side by side, from the Pods of one host.
 * Invariant: every figure says where it is from: measured here, or documented with its source. Counterpart: none in Kubernetes.
 */
import './comparison.css';
import { html, type TemplateResult } from 'lit';
import type { ComparisonModel, ComparisonQuery, SideModel } from '../../host/panels/comparison/model.ts';
import { box, facts, push, table } from '../panel/boxes.ts';
import { openPanel, type PanelPage } from '../panel/panelPage.ts';
import { bytesText, plural } from '../shared/format.ts';
import type { ComparisonCommand } from './protocol.ts';
import { hostPicture } from './hostPicture.ts';
import { barPair, startText } from './bars.ts';
import { stackTemplate } from './stack.ts';

const page: PanelPage<ComparisonQuery, ComparisonCommand> = openPanel<ComparisonQuery, ComparisonModel, ComparisonCommand>({
  ticks: false,
  missing: ({ node }) =>
    html`No Pod runs ${node === undefined ? 'anywhere' : html`on <b>${node}</b>`} that could be compared. Apply a manifest first.`,
  draw: ({ model }) => (isWhole(model) ? template(model) : html``),
});

function isWhole(model: Partial<ComparisonModel>): model is ComparisonModel {
  return model.container !== undefined && model.vm !== undefined;
}

function template(model: ComparisonModel): TemplateResult {
  const { host, instances, programBytes, memoryBytes, container, vm, microVm } = model;
  return html`<div class="title">
      <h1>Containers and virtual machines</h1>
      <span class="dim">from the ${plural(instances, 'Pod')} on ${host}</span>
      ${hostChoice(model)}
    </div>
    <div class="boxes">
      ${box('A container', side(container, 'container'))} ${box('A virtual machine', side(vm, 'vm'))}
      ${box(
        'What they take of the host',
        html`${barPair('Memory of each', [programBytes, container.overheadBytes], [programBytes, vm.overheadBytes], bytesText)}
        ${barPair(instances === 1 ? 'The one that runs now' : `All ${instances} that run now`, [container.totalBytes], [vm.totalBytes], bytesText, memoryBytes)}
        ${barPair('From nothing to running', [container.startMs ?? 0], [vm.startMs ?? 0], (ms) => startText(ms === 0 ? undefined : ms))}
        ${barPair('Fit on the host', [container.fits], [vm.fits], String)}`,
      )}
      <div class="column">
        ${box(
          `How many fit into ${bytesText(memoryBytes)}`,
          html`${hostPicture(container, instances, 'Containers')} ${hostPicture(vm, instances, 'Virtual machines')}
            <p class="dim">
              Filled: what runs now. A container is stopped by the ${boundText(container)}, a virtual machine by the ${boundText(vm)}.
            </p>`,
        )}
        ${box(
          'Between the two',
          html`<p>
            A micro-VM starts in ${microVm.startMs} ms and adds ${bytesText(microVm.overheadBytes)} for its hypervisor; it still has a
            kernel of its own, which its guest's memory holds. A Pod with a RuntimeClass such as kata runs in one, and declares what that
            adds.
          </p>`,
        )}
      </div>
      ${box(
        'Where the figures are from',
        html`<p>
            Containers: measured here, the memory that these Pods use now and the median of their starts (pull included). Virtual machines:
            the same programs, and documented figures.
          </p>
          ${table(
            'Sources of the figures about virtual machines',
            model.sources,
            [
              { title: 'Figure', cell: ({ label }) => label },
              { title: 'Source', grows: true, cell: ({ text, url }) => html`<a href=${url}>${text}</a>` },
            ],
            { empty: '' },
          )}`,
        { wide: true, end: push('As Text', 'file', () => page.run({ type: 'text' })) },
      )}
    </div>`;
}

function side(model: SideModel, kind: 'container' | 'vm'): TemplateResult {
  return html`<div class="side">
    ${stackTemplate(model.layers, kind)}
    ${facts([
      ['Isolation', model.isolation],
      ['Adds to each', bytesText(model.overheadBytes)],
      ['Starts in', startText(model.startMs)],
      ['Fit on the host', `${model.fits} (${boundText(model)})`],
      ['Layers', String(model.layers.length)],
    ])}
  </div>`;
}

function boundText({ bound }: SideModel): string {
  return bound === 'pods' ? 'limit of Pods' : 'memory';
}

function hostChoice({ host, hosts }: ComparisonModel): TemplateResult {
  return html`<select
    aria-label="Host"
    @change=${(event: Event) => page.ask({ surface: 'comparison', node: (event.target as HTMLSelectElement).value })}
  >
    ${hosts.map(({ key, pods }) => html`<option value=${key} ?selected=${key === host}>${key} (${plural(pods, 'Pod')})</option>`)}
  </select>`;
}
