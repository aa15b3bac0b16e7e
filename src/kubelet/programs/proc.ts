import { milliValue } from '../../apimachinery/quantity/quantity.ts';
import type { World } from '../../runtime/process/world.ts';
import { limitsOf } from '../limits.ts';
import type { Place } from './surroundings.ts';

const NO_LIMIT = 'max';

/** What the kernel makes up when it is read: `/proc`, and the container's own control group. Undefined: there is no such file. */
export function procFile(
  path: string,
  { container, record, pod }: Place,
  world: Readonly<World> | undefined,
  nowMs: number,
): string | undefined {
  const upSeconds = (nowMs - (record.startedAtMs ?? nowMs)) / 1000;
  const proc = /^\/proc\/(\d+|self)\/(\w+)$/.exec(path);
  if (proc !== null) {
    const found = world?.processes[proc[1] === 'self' ? '1' : (proc[1] ?? '')];
    if (found === undefined || found.exit !== null) return undefined;
    if (proc[2] === 'cmdline') return `${found.args.join('\0')}\0`;
    if (proc[2] === 'comm') return `${(found.args[0] ?? '').split('/').at(-1) ?? ''}\n`;
    if (proc[2] === 'environ') return Object.entries(found.env).map(([name, text]) => `${name}=${text}\0`).join(''); // prettier-ignore
    if (proc[2] === 'cgroup') return '0::/\n';
    return proc[2] === 'status'
      ? `Name:\t${found.args[0] ?? ''}\nState:\tS (sleeping)\nPid:\t${found.pid}\nPPid:\t${found.parent}\n`
      : undefined;
  }
  const { memoryBytes, milliCpu } = limitsOf(container);
  switch (path) {
    case '/proc/uptime':
      return `${upSeconds.toFixed(2)} ${upSeconds.toFixed(2)}\n`;
    case '/proc/version':
      return 'Linux version 6.12.0 (kubepad) #1 SMP PREEMPT_DYNAMIC\n';
    case '/proc/loadavg':
      return '0.00 0.00 0.00 1/100 1\n';
    case '/proc/sys/kernel/hostname':
      return `${pod.spec?.hostname ?? pod.metadata.name ?? ''}\n`;
    case '/sys/fs/cgroup/memory.max':
      return `${Number.isFinite(memoryBytes) ? memoryBytes : NO_LIMIT}\n`;
    case '/sys/fs/cgroup/memory.current':
      return `${Object.values(world?.processes ?? {}).reduce((sum, { load }) => sum + (load?.memoryBytes ?? 0), 524_288)}\n`;
    case '/sys/fs/cgroup/cpu.max':
      return `${Number.isFinite(milliCpu) ? milliCpu * 100 : NO_LIMIT} 100000\n`;
    case '/sys/fs/cgroup/cpu.weight':
      return `${Math.max(Math.round(1 + ((milliValue(container.resources?.requests?.['cpu']) * 1.024 - 2) * 9999) / 262_142), 1)}\n`;
    default:
      return undefined;
  }
}
