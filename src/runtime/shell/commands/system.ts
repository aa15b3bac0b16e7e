/** Commands about the container itself, and those that only come to an end. */
import { encodeUtf8 } from '../../files/bytes.ts';
import { programFor } from '../../process/exec.ts';
import type { Command } from '../../process/machine.ts';
import type { Task } from '../../process/task.ts';
import type { Wait } from '../../process/world.ts';
import { condition } from '../condition.ts';
import { become } from './become.ts';
import { formatDate } from './dates.ts';
import { printf, unescape } from './printf.ts';
import { options, seconds, type Memory } from './support.ts';

export const systemCommands: Readonly<Record<string, Command>> = {
  '[': (task, args) => {
    if (args.at(-1) === ']') return condition(task, args.slice(0, -1));
    task.complain('sh: missing ]');
    return 2;
  },
  arch: (task) => say(task, 'x86_64'),
  basename: (task, [path = '', suffix = '']) => {
    const name = path.replace(/\/+$/, '').split('/').at(-1) ?? '';
    return say(task, suffix !== '' && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name);
  },
  clear: () => 0,
  date,
  dirname: (task, [path = '']) => say(task, path.includes('/') ? path.slice(0, path.lastIndexOf('/')) || '/' : '.'),
  echo,
  env,
  false: () => 1,
  getconf: (task, [name = '']) =>
    say(
      task,
      name === '_NPROCESSORS_ONLN' ? String(task.machine.node.cpus) : name === 'PAGE_SIZE' || name === 'PAGESIZE' ? '4096' : 'undefined',
    ),
  groups: (task) => say(task, task.machine.user.group === 0 ? 'root' : String(task.machine.user.group)),
  hostname: (task, args) =>
    say(
      task,
      args.includes('-i') || args.includes('-I')
        ? task.machine.addresses.join(' ')
        : args.includes('-f')
          ? task.machine.hostName
          : task.machine.hostName,
    ),
  id,
  nproc: (task) => say(task, String(task.machine.node.cpus)),
  printenv: (task, [name]) => {
    if (name === undefined) {
      for (const [key, value] of Object.entries(task.env)) task.print(`${key}=${value}\n`);
      return 0;
    }
    const value = task.env[name];
    return value === undefined ? 1 : say(task, value);
  },
  printf,
  pwd: (task) => say(task, task.cwd),
  seq,
  sleep,
  sync: () => 0,
  test: (task, args) => condition(task, args),
  true: () => 0,
  tty: (task) => (say(task, 'not a tty'), 1),
  uname,
  uptime: (task) => {
    const up = Math.floor((task.nowMs - (task.kernel.find(1)?.startedAtMs ?? task.nowMs)) / 60_000);
    return say(
      task,
      ` ${new Date(task.nowMs).toISOString().slice(11, 19)} up ${Math.floor(up / 60)}:${String(up % 60).padStart(2, '0')},  load average: 0.00, 0.00, 0.00`,
    );
  },
  which: (task, args) => {
    let missing = 0;
    for (const name of args) {
      const program = programFor(task.machine, [name], task.env, task.cwd);
      if ('kind' in program && program.kind !== 'server') task.print(`${task.machine.has(name) ? '/bin/' : '/usr/bin/'}${name}\n`);
      else missing++;
    }
    return missing === 0 ? 0 : 1;
  },
  whoami: (task) => say(task, task.machine.user.name),
  yes,
};

function say(task: Task, text: string): number {
  task.print(`${text}\n`);
  return 0;
}

function id(task: Task, args: readonly string[]): number {
  const { flags } = options(args);
  const { id: user, group, name } = task.machine.user;
  const userName = user === 0 ? 'root' : name === String(user) ? undefined : name;
  const groupName = group === 0 ? 'root' : undefined;
  const shown = (number: number, text: string | undefined): string => (text === undefined ? String(number) : `${number}(${text})`);
  if (flags.has('u')) return say(task, flags.has('n') ? (userName ?? String(user)) : String(user));
  if (flags.has('g') || flags.has('G')) return say(task, flags.has('n') ? (groupName ?? String(group)) : String(group));
  return say(task, `uid=${shown(user, userName)} gid=${shown(group, groupName)} groups=${shown(group, groupName)}`);
}

function uname(task: Task, args: readonly string[]): number {
  const { flags } = options(args);
  const { hostName } = task.machine;
  const parts: readonly (readonly [letter: string, text: string])[] = [
    ['s', 'Linux'],
    ['n', hostName],
    ['r', '6.12.0'],
    ['v', '#1 SMP PREEMPT_DYNAMIC'],
    ['m', 'x86_64'],
    ['o', 'GNU/Linux'],
  ];
  const chosen = parts.filter(([letter]) => flags.has('a') || flags.has(letter));
  return say(task, (chosen.length === 0 ? parts.slice(0, 1) : chosen).map(([, text]) => text).join(' '));
}

function seq(task: Task, args: readonly string[]): number {
  const { flags, values, names } = options(
    args.map((arg) => (/^-\d/.test(arg) ? `\0${arg}` : arg)),
    'sf',
  );
  const numbers = names.map((name) => Number(name.replace('\0', '')));
  const [first = 1, step = 1, last = 1] =
    numbers.length === 1 ? [1, 1, numbers[0] ?? 0] : numbers.length === 2 ? [numbers[0] ?? 0, 1, numbers[1] ?? 0] : numbers;
  const texts: string[] = [];
  const width = flags.has('w') ? Math.max(String(first).length, String(last).length) : 0;
  for (let value = first; (step > 0 ? value <= last : value >= last) && texts.length < 1_000_000 && step !== 0; value += step)
    texts.push(String(Number(value.toFixed(10))).padStart(width, '0'));
  if (texts.length > 0) task.print(`${texts.join(unescape(values.get('s') ?? '\n'))}\n`);
  return 0;
}

function sleep(task: Task, args: readonly string[], memory: Memory): number | Wait {
  const known = memory['untilMs'] as number | undefined;
  if (known !== undefined) return task.nowMs >= known ? 0 : { for: 'time', atMs: known };
  let ms = 0;
  for (const arg of args) {
    if (arg === 'infinity' || arg === 'inf') return { for: 'ever' };
    const own = seconds(arg);
    if (own === undefined) {
      task.complain(`sleep: invalid number '${arg}'`);
      return 1;
    }
    ms += own;
  }
  if (args.length === 0) {
    task.complain('sleep: missing operand');
    return 1;
  }
  memory['untilMs'] = task.nowMs + ms;
  return { for: 'time', atMs: task.nowMs + ms };
}

function echo(task: Task, args: readonly string[]): number {
  let [newline, escapes, from] = [true, false, 0];
  for (; /^-[neE]+$/.test(args[from] ?? ''); from++) {
    newline &&= !(args[from] ?? '').includes('n');
    escapes = (args[from] ?? '').includes('e') || (escapes && !(args[from] ?? '').includes('E'));
  }
  const text = args.slice(from).join(' ');
  const [shown = '', cut] = escapes ? unescape(text).split('\\c') : [text];
  task.write(1, encodeUtf8(`${shown}${newline && cut === undefined ? '\n' : ''}`));
  return 0;
}

/** Without arguments the environment; with them, it becomes another program in a changed one. */
function env(task: Task, args: readonly string[]): number | Wait {
  let changed: Record<string, string> = { ...task.env };
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '-i' || arg === '-') changed = {};
    else if (arg === '-u') delete changed[args[++at] ?? ''];
    else if (/^\w+=/.test(arg)) changed[arg.slice(0, arg.indexOf('='))] = arg.slice(arg.indexOf('=') + 1);
    else break;
  }
  const words = args.slice(at);
  if (words.length > 0) return become(task, words, changed, 'env');
  for (const [key, value] of Object.entries(changed)) task.print(`${key}=${value}\n`);
  return 0;
}

function date(task: Task, args: readonly string[]): number {
  const given = options(
    args.filter((arg) => !arg.startsWith('+')),
    'd',
    ['--date'],
  );
  const text = given.values.get('d') ?? given.values.get('--date');
  const asked = text === undefined ? task.nowMs : text.startsWith('@') ? Number(text.slice(1)) * 1000 : relative(text, task.nowMs);
  if (Number.isNaN(new Date(asked).getTime())) {
    task.complain(`date: invalid date '${text ?? ''}'`);
    return 1;
  }
  const format = args.find((arg) => arg.startsWith('+'))?.slice(1);
  const iso = args.some((arg) => arg.startsWith('-I') || arg.startsWith('--iso-8601'));
  return say(
    task,
    formatDate(
      asked,
      format ??
        (iso
          ? args.some((arg) => /sec/.test(arg))
            ? '%Y-%m-%dT%H:%M:%S+00:00'
            : '%F'
          : args.includes('-R')
            ? '%a, %d %b %Y %T %z'
            : '%a %b %e %T UTC %Y'),
    ),
  );
}

/** `-1 day`, `2 hours ago`, `tomorrow`, or a date. */
function relative(text: string, nowMs: number): number {
  const units: Readonly<Record<string, number>> = {
    second: 1000,
    sec: 1000,
    minute: 60_000,
    min: 60_000,
    hour: 3_600_000,
    day: 86_400_000,
    week: 604_800_000,
  };
  if (text === 'now') return nowMs;
  if (text === 'tomorrow' || text === 'yesterday') return nowMs + (text === 'tomorrow' ? 1 : -1) * 86_400_000;
  const match = /^([-+]?\d+)\s*(second|sec|minute|min|hour|day|week)s?(\s+ago)?$/.exec(text.trim());
  if (match === null) return Date.parse(text);
  return nowMs + Number(match[1]) * (units[match[2] ?? ''] ?? 0) * (match[3] === undefined ? 1 : -1);
}

function yes(task: Task, args: readonly string[]): Wait {
  task.print(`${args.length === 0 ? 'y' : args.join(' ')}\n`.repeat(512));
  const file = task.kernel.world.open[task.proc.fds[1] ?? -1];
  // Nobody holds it back: it takes what time the processor gives it.
  return file?.kind === 'pipe' ? { for: 'room', fd: 1 } : task.kernel.sliceEnd(task.proc);
}
