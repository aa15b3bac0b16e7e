import type { Comparison, Side } from './comparison.ts';
import { ISOLATION, LAYERS, VM } from './constants.ts';

const WIDTH = 30;

/** The comparison for people: two stacks side by side, the figures under them, the sources at the end. */
export function comparisonText(comparison: Comparison): string {
  const { host, memoryBytes, instances, programBytes, container, vm } = comparison;
  return [
    `Virtual machines and containers, from the ${instances} Pod${instances === 1 ? '' : 's'} on ${host}`,
    '',
    ...stacks(),
    '',
    row('', 'virtual machines', 'containers'),
    row('program', memory(programBytes), memory(programBytes)),
    row('added to each', memory(vm.overheadBytes), memory(container.overheadBytes)),
    row(`these ${instances} need`, memory(vm.totalBytes), memory(container.totalBytes)),
    row(`fit into ${memory(memoryBytes)}`, fits(vm), fits(container)),
    row('start', seconds(vm.startMs), seconds(container.startMs)),
    row('layers', String(LAYERS.vm.length), String(LAYERS.container.length)),
    '',
    `Isolation of a VM: ${ISOLATION.vm}.`,
    `Isolation of a container: ${ISOLATION.container}.`,
    `A micro-VM can start in ${seconds(VM.microStartMs.value)}; it still has a kernel of its own.`,
    '',
    'Containers: the memory that these Pods use now, the median of their starts (pull included).',
    'Virtual machines: the same programs, and documented figures:',
    ...Object.values(VM).map(({ source }) => `- ${source}`),
    '',
  ].join('\n');
}

/** From the program down to the server; the container has one layer less. */
function stacks(): readonly string[] {
  const vm = LAYERS.vm.toReversed();
  const container = LAYERS.container.toReversed();
  const missing = vm.length - container.length;
  const line = `+${'-'.repeat(WIDTH - 4)}+`;
  const box = (text: string): string => `|${text.padStart((WIDTH - 4 + text.length) >> 1).padEnd(WIDTH - 4)}|`;
  return vm
    .flatMap((layer, index) => {
      const other = container[index - missing];
      const top = other === undefined ? '' : line;
      return [`${line}    ${top}`.trimEnd(), `${box(layer)}    ${other === undefined ? '' : box(other)}`.trimEnd()];
    })
    .concat(`${line}    ${line}`);
}

function row(name: string, vm: string, container: string): string {
  return `${name.padEnd(24)}${vm.padEnd(26)}${container}`.trimEnd();
}

function fits({ fits: count, bound }: Side): string {
  return `${count} (${bound === 'pods' ? 'Pod limit' : 'memory'})`;
}

function memory(bytes: number): string {
  const mib = bytes / (1024 * 1024);
  return mib >= 1024 ? `${(mib / 1024).toFixed(1)} GiB` : `${Math.round(mib)} MiB`;
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? 'not seen yet' : `${ms / 1000} s`;
}
