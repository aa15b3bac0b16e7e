/** The processes of the container's PID namespace, as a tree of parents and children. */
import { html, type TemplateResult } from 'lit';
import type { ProcessModel } from '../../host/panels/container/model.ts';
import { table } from '../panel/boxes.ts';
import { ageText, bytesText, plural } from '../shared/format.ts';
import { cpuText } from './amounts.ts';

export function processesTab(processes: readonly ProcessModel[], now: number): TemplateResult {
  const depths = depthsOf(processes);
  const indent = (key: string): string => '\u00a0\u00a0'.repeat(depths.get(key) ?? 0);
  const count = plural(processes.length, 'process', 'processes');
  return html`<p class="dim">${count} in a PID namespace of its own: the machine sees them too, under other numbers.</p>
    ${table(
      'Processes',
      processes,
      [
        { title: 'PID', number: true, cell: ({ pid }) => pid },
        { title: 'Parent', number: true, cell: ({ parent }) => parent },
        { title: 'User', cell: ({ user }) => user },
        { title: 'CPU', number: true, cell: ({ milliCpu }) => cpuText(milliCpu) },
        { title: 'Memory', number: true, cell: ({ memoryBytes }) => bytesText(memoryBytes) },
        { title: 'Files', number: true, cell: ({ openFiles }) => openFiles },
        { title: 'Age', number: true, cell: ({ startedAt }) => ageText(now - startedAt) },
        { title: 'State', cell: ({ state }) => state },
        { title: 'Directory', cell: ({ cwd }) => html`<span class="mono">${cwd}</span>` },
        { title: 'Command', grows: true, cell: ({ key, command }) => html`<span class="mono">${indent(key)}${command}</span>` },
      ],
      { empty: 'No process: the container does not run.' },
    )}`;
}

function depthsOf(processes: readonly ProcessModel[]): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  for (const { key, parent } of processes) {
    const above = depths.get(String(parent));
    depths.set(key, above === undefined ? 0 : above + 1);
  }
  return depths;
}
