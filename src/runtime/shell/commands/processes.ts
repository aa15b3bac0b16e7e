/** Commands about processes: those that list them, send signals, and start others. */
import { baseName, programFor } from '../../process/exec.ts';
import type { Command } from '../../process/machine.ts';
import type { Task } from '../../process/task.ts';
import { SIGNAL_NUMBERS, signalOf, type ProcessRecord, type Signal, type Wait } from '../../process/world.ts';
import { decodeUtf8 } from '../../files/bytes.ts';
import { become } from './become.ts';
import { isWait, linesOf, options, readAll, seconds, type Memory } from './support.ts';

export const processCommands: Readonly<Record<string, Command>> = {
  chroot: (task, args) => become(task, args.slice(1), task.env, 'chroot'),
  'dumb-init': wrapper('dumb-init'),
  kill,
  killall: (task, args) => killNamed(task, args, 'killall'),
  nice: wrapper('nice', 'n'),
  nohup: wrapper('nohup'),
  pgrep: (task, args) => {
    const found = named(task, options(args).names[0] ?? '', true);
    for (const { pid } of found) task.print(`${pid}\n`);
    return found.length > 0 ? 0 : 1;
  },
  pidof: (task, args) => {
    const found = named(task, args.at(-1) ?? '', false);
    if (found.length > 0)
      task.print(
        `${found
          .map(({ pid }) => pid)
          .toReversed()
          .join(' ')}\n`,
      );
    return found.length > 0 ? 0 : 1;
  },
  pkill: (task, args) => killNamed(task, args, 'pkill'),
  ps,
  setsid: wrapper('setsid'),
  stdbuf: wrapper('stdbuf', 'ioe'),
  time: wrapper('time'),
  timeout,
  tini: wrapper('tini'),
  top: ps,
  watch,
  xargs,
};

/** A program that becomes the one that its arguments name. */
function wrapper(name: string, withValue = ''): Command {
  return (task, args) => {
    let at = 0;
    for (; /^-./.test(args[at] ?? ''); at++) {
      const arg = args[at] ?? '';
      if (arg === '--') {
        at++;
        break;
      }
      if (arg.length === 2 && withValue.includes(arg[1] ?? ' ')) at++;
    }
    const words = args.slice(at);
    return words.length === 0 ? 0 : become(task, words, task.env, name);
  };
}

/** `kill [-SIGNAL] PID…`, `kill -0 PID`, `kill -l` */
function kill(task: Task, args: readonly string[]): number {
  const [first = '', second = ''] = args;
  if (first === '-l' && second !== '') {
    const number = Number(second) > 128 ? Number(second) - 128 : Number(second);
    const name = Object.entries(SIGNAL_NUMBERS).find((entry) => entry[1] === number)?.[0];
    const shown = name ?? SIGNAL_NUMBERS[signalOf(second) ?? 'TERM'];
    task.print(`${shown}\n`);
    return 0;
  }
  if (first === '-l') {
    task.print(
      `${Object.entries(SIGNAL_NUMBERS)
        .map(([name, number]) => `${number}) ${name}`)
        .join('\n')}\n`,
    );
    return 0;
  }
  const named = first === '-s' || first === '-n' ? second : first.startsWith('-') && !/^--?$/.test(first) ? first.slice(1) : undefined;
  const pids = args
    .slice(named === undefined ? (first === '--' ? 1 : 0) : first === '-s' || first === '-n' ? 2 : 1)
    .filter((arg) => arg !== '--');
  const signal = named === undefined ? 'TERM' : named === '0' ? undefined : signalOf(named);
  if (signal === undefined && named !== '0') {
    task.complain(`sh: kill: bad signal name '${named ?? ''}'`);
    return 1;
  }
  let status = 0;
  for (const text of pids) {
    const pid = Number(text.replace('%', ''));
    const targets =
      pid === -1 || pid === 0
        ? Object.values(task.kernel.world.processes).filter((other) => other.pid !== 1 && other.pid !== task.proc.pid)
        : [task.kernel.find(Math.abs(pid))];
    for (const target of targets) {
      if (target !== undefined && target.exit === null && (signal === undefined || task.kernel.signal(target.pid, signal))) continue;
      task.complain(`sh: can't kill pid ${text}: No such proc`);
      status = 1;
    }
  }
  return status;
}

function killNamed(task: Task, args: readonly string[], command: 'killall' | 'pkill'): number {
  const given = args.filter((arg) => arg.startsWith('-')).map((arg) => arg.slice(1));
  const [name = ''] = args.filter((arg) => !arg.startsWith('-')).slice(-1);
  const word = given.find((arg) => arg === '0' || signalOf(arg) !== undefined);
  const signal: Signal | undefined = word === '0' ? undefined : signalOf(word ?? 'TERM');
  const found = named(task, name, given.includes('f') || command === 'pkill');
  for (const { pid } of found) if (signal !== undefined) task.kernel.signal(pid, signal);
  if (found.length > 0) return 0;
  if (command === 'killall' && !given.includes('q')) task.complain(`killall: ${name}: no process killed`);
  return 1;
}

function named(task: Task, name: string, anywhere: boolean): readonly ProcessRecord[] {
  return alive(task).filter(
    ({ pid, args }) =>
      pid !== task.proc.pid && (anywhere ? args.join(' ').includes(name) : baseName((args[0] ?? '').replace(/:$/, '')) === baseName(name)),
  );
}

function alive(task: Task): readonly ProcessRecord[] {
  return Object.values(task.kernel.world.processes).filter(({ exit }) => exit === null);
}

function ps(task: Task, args: readonly string[]): number {
  const wide = args.some((arg) => /^-?(?:aux|ef|e|axu)$/.test(arg));
  const user = task.machine.user.name;
  const time = (proc: ProcessRecord): string => {
    const minutes = Math.floor(((proc.load?.milliCpu ?? 0) * (task.nowMs - proc.startedAtMs)) / 60_000_000);
    return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
  };
  const isBusyBox = task.machine.has('wget') && !task.machine.has('apt-get');
  if (wide && !isBusyBox) {
    task.print('USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n');
    for (const proc of alive(task)) {
      const kib = Math.round((proc.load?.memoryBytes ?? 2_097_152) / 1024);
      const start = new Date(proc.startedAtMs).toISOString().slice(11, 16);
      task.print(
        `${user.padEnd(8)} ${String(proc.pid).padStart(7)} ${((proc.load?.milliCpu ?? 0) / 10).toFixed(1).padStart(4)}  0.0 ${String(kib * 2).padStart(6)} ${String(kib).padStart(5)} ?        ${proc.pid === 1 ? 'Ss' : 'S '}   ${start}   ${time(proc)} ${proc.args.join(' ')}\n`,
      );
    }
    return 0;
  }
  task.print('PID   USER     TIME  COMMAND\n');
  for (const proc of alive(task)) task.print(`${String(proc.pid).padStart(5)} ${user.padEnd(8)}  ${time(proc)} ${proc.args.join(' ')}\n`);
  return 0;
}

/** `timeout [-s SIGNAL] [-k SECONDS] SECONDS COMMAND…` */
function timeout(task: Task, args: readonly string[], memory: Memory): number | Wait {
  const { kernel, proc } = task;
  let at = 0;
  let signal: Signal = 'TERM';
  for (; /^-./.test(args[at] ?? ''); at++) {
    if (args[at] === '-s') signal = signalOf(args[++at] ?? '') ?? 'TERM';
    else if (args[at] === '-k') at++;
  }
  if (args[at] === '-t') at++;
  const words = args.slice(at + 1);
  if (memory['pid'] === undefined) {
    const ms = seconds(args[at] ?? '');
    if (ms === undefined) {
      task.complain(`timeout: invalid number '${args[at] ?? ''}'`);
      return 125;
    }
    const program = programFor(task.machine, words, task.env, task.cwd);
    const child = 'kind' in program ? kernel.child(proc, words, task.env, program) : undefined;
    if (child === undefined) {
      task.complain(`timeout: can't execute '${words[0] ?? ''}': No such file or directory`);
      return 127;
    }
    memory['pid'] = child.pid;
    memory['untilMs'] = task.nowMs + ms;
    kernel.execute(child);
  }
  const pid = memory['pid'] as number;
  const untilMs = memory['untilMs'] as number;
  const code = kernel.reap(pid);
  if (code !== undefined) return memory['late'] === true ? (task.machine.has('apt-get') ? 124 : 143) : code;
  if (task.nowMs < untilMs) return { for: 'child', pids: [pid], untilMs };
  memory['late'] = true;
  kernel.signal(pid, signal);
  const after = kernel.reap(pid);
  return after === undefined ? { for: 'child', pids: [pid] } : task.machine.has('apt-get') ? 124 : after;
}

/** `xargs [-n N] [-I X] COMMAND…`: one command after the other. */
function xargs(task: Task, args: readonly string[], memory: Memory): number | Wait {
  const input = readAll(task, memory);
  if (isWait(input)) return input;
  const { values } = options(leading(args), 'nIPd');
  const words = args.slice(leading(args).length);
  const command = words.length === 0 ? ['echo'] : words;
  const place = values.get('I');
  const text = decodeUtf8(input);
  const items = place === undefined ? text.split(/\s+/).filter((item) => item !== '') : linesOf(text).filter((line) => line.trim() !== '');
  const size = place !== undefined ? 1 : values.has('n') ? Math.max(Number(values.get('n')), 1) : Math.max(items.length, 1);
  let index = (memory['index'] as number | undefined) ?? 0;
  let status = (memory['status'] as number | undefined) ?? 0;
  for (;;) {
    const running = memory['pid'] as number | undefined;
    if (running !== undefined) {
      const code = task.kernel.reap(running);
      if (code === undefined) return { for: 'child', pids: [running] };
      if (code !== 0) status = 123;
      delete memory['pid'];
    }
    const batch = items.slice(index, index + size);
    if (batch.length === 0 && (index > 0 || place !== undefined || items.length === 0)) return status;
    index += size;
    Object.assign(memory, { index, status });
    const all = place === undefined ? [...command, ...batch] : command.map((word) => word.replaceAll(place, batch[0] ?? ''));
    const program = programFor(task.machine, all, task.env, task.cwd);
    const child = 'kind' in program ? task.kernel.child(task.proc, all, task.env, program) : undefined;
    if (child === undefined) {
      task.complain(`xargs: ${all[0] ?? ''}: No such file or directory`);
      return 127;
    }
    memory['pid'] = child.pid;
    task.kernel.execute(child);
  }
}

/** The options in front of the command. */
function leading(args: readonly string[]): readonly string[] {
  let at = 0;
  for (; /^-./.test(args[at] ?? ''); at++) if (/^-[nIPd]$/.test(args[at] ?? '')) at++;
  return args.slice(0, at);
}

/** `watch [-n SECONDS] COMMAND`: again and again. */
function watch(task: Task, args: readonly string[], memory: Memory): number | Wait {
  const lead = args[0] === '-n' ? 2 : 0;
  const every = args[0] === '-n' ? (seconds(args[1] ?? '') ?? 2000) : 2000;
  const running = memory['pid'] as number | undefined;
  if (running !== undefined) {
    if (task.kernel.reap(running) === undefined) return { for: 'child', pids: [running] };
    delete memory['pid'];
    return { for: 'time', atMs: task.nowMs + every };
  }
  const words = ['sh', '-c', args.slice(lead).join(' ')];
  const program = programFor(task.machine, words, task.env, task.cwd);
  const child = 'kind' in program ? task.kernel.child(task.proc, words, task.env, program) : undefined;
  if (child === undefined) return 1;
  memory['pid'] = child.pid;
  task.kernel.execute(child);
  return { for: 'child', pids: [child.pid] };
}
