/** Programs that use up processor time and memory: `stress`, `stress-ng`, and what documentation computes with Perl. */
import type { Command } from '../../process/machine.ts';
import type { Task } from '../../process/task.ts';
import type { Wait } from '../../process/world.ts';
import { byteCount, options, seconds, type Memory } from './support.ts';

export const loadCommands: Readonly<Record<string, Command>> = { perl, stress, 'stress-ng': stress };

/** How fast memory is taken. */
const FILL_BYTES_PER_MS = 1_000_000;

/** `stress --vm 1 --vm-bytes 150M --vm-hang 1 --cpu 2 --timeout 60` */
function stress(task: Task, args: readonly string[], memory: Memory): number | Wait {
  const { values } = options(args, 'cmidt', [
    '--vm',
    '--vm-bytes',
    '--vm-hang',
    '--vm-keep',
    '--cpu',
    '--io',
    '--hdd',
    '--hdd-bytes',
    '--timeout',
    '--cpu-load',
  ]);
  const count = (long: string, short: string): number => Number(values.get(long) ?? values.get(short) ?? '0') || 0;
  const [workers, cpu, io] = [count('--vm', 'm'), count('--cpu', 'c'), count('--io', 'i')];
  const each = byteCount(values.get('--vm-bytes') ?? '256M') ?? 0;
  const ms = seconds(values.get('--timeout') ?? values.get('t') ?? '');
  const { proc, kernel } = task;
  if (memory['begunMs'] === undefined) {
    if (workers + cpu + io === 0) {
      task.print("`stress' imposes certain types of compute stress on your system\n\nUsage: stress [OPTION [ARG]] ...\n");
      return 0;
    }
    task.print(`stress: info: [${proc.pid}] dispatching hogs: ${cpu} cpu, ${io} io, ${workers} vm, ${count('--hdd', 'd')} hdd\n`);
    memory['begunMs'] = task.nowMs;
  }
  const begunMs = memory['begunMs'] as number;
  // A worker that hangs on to its memory computes nothing.
  const hanging = values.has('--vm-hang') ? 0 : workers * 1000;
  const milliCpu = cpu * 1000 + hanging;
  const filledMs = begunMs + Math.ceil(each / FILL_BYTES_PER_MS);
  if (workers > 0 && memory['filled'] === undefined) {
    if (task.nowMs < filledMs) return { for: 'time', atMs: filledMs };
    memory['filled'] = true;
  }
  proc.load = { milliCpu, memoryBytes: 1_048_576 + workers * each };
  if (!kernel.checkMemory()) return 137;
  if (ms === undefined) return { for: 'ever' };
  if (task.nowMs < begunMs + ms) return { for: 'time', atMs: begunMs + ms };
  proc.load = null;
  task.print(`stress: info: [${proc.pid}] successful run completed in ${Math.round(ms / 1000)}s\n`);
  return 0;
}

const PI_MS = 4_000;

/** What documentation does with it: digits of pi; `print` of a text. Another program is named in the log as what it is: not simulated. */
function perl(task: Task, args: readonly string[], memory: Memory): number | Wait {
  const script = args.find((_, index) => /^-\w*e$/.test(args[index - 1] ?? '')) ?? '';
  const digits = /bpi\((\d+)\)/.exec(script)?.[1];
  if (digits !== undefined) {
    const dueMs = (memory['dueMs'] as number | undefined) ?? task.nowMs + PI_MS;
    memory['dueMs'] = dueMs;
    task.proc.load = { milliCpu: 1000, memoryBytes: 16_777_216 };
    if (task.nowMs < dueMs) return { for: 'time', atMs: dueMs };
    task.print(`${pi(Math.min(Number(digits), 10_000))}\n`);
    return 0;
  }
  const printed = /^\s*print\s+(["'])([^]*)\1\s*;?\s*$/.exec(script);
  if (printed !== null) {
    task.print((printed[2] ?? '').replaceAll('\\n', '\n') + (args.some((arg) => /^-\w*l/.test(arg)) ? '\n' : ''));
    return 0;
  }
  task.complain('kubepad: Perl is not simulated; the program is taken to end well');
  return 0;
}

/** Machin's formula in whole numbers, with ten digits to spare; rounded as bpi rounds: to so many digits in all. */
function pi(digits: number): string {
  const unit = 10n ** BigInt(digits + 10);
  const arctan = (of: bigint): bigint => {
    let power = unit / of;
    let sum = power;
    for (let n = 3n, sign = -1n; power !== 0n; n += 2n, sign = -sign) {
      power /= of * of;
      sum += (sign * power) / n;
    }
    return sum;
  };
  const value = (4n * (4n * arctan(5n) - arctan(239n)) + 5n * 10n ** 10n) / 10n ** 11n;
  const text = value.toString();
  return `${text.slice(0, 1)}.${text.slice(1)}`;
}
