/** Commands about disks, memory, digests and sums. */
import { encodeUtf8 } from '../../files/bytes.ts';
import { sizeOf } from '../../files/fileSystem.ts';
import type { Command } from '../../process/machine.ts';
import type { Task } from '../../process/task.ts';
import type { Wait } from '../../process/world.ts';
import { evaluate } from '../arithmetic.ts';
import { digestHex } from './digests.ts';
import { makeParents } from './files.ts';
import { byteCount, expressionOf, isWait, linesOf, options, readFiles, type Memory } from './support.ts';

export const miscCommands: Readonly<Record<string, Command>> = {
  base64,
  chgrp: () => 0,
  chmod,
  chown: () => 0,
  cmp: (task, args) => compare(task, args, false),
  dd,
  df,
  diff: (task, args) => compare(task, args, true),
  dmesg: () => 0,
  du,
  expr,
  fallocate: (task, args) => {
    const { values, names } = options(args, 'lo');
    return made(task, 'fallocate', names[0] ?? '', byteCount(values.get('l') ?? '0') ?? 0);
  },
  free,
  ln,
  md5sum: (task, args, memory) => sums(task, args, memory, 'md5'),
  mktemp: (task, args) => {
    const { flags, names } = options(args, 'p');
    const name = (names[0] ?? '/tmp/tmp.XXXXXX').replace(/X+$/, (xs) =>
      Array.from(xs, () => LETTERS[task.kernel.random() % LETTERS.length]).join(''),
    );
    makeParents(task, '/tmp');
    const problem = flags.has('d') ? makeParents(task, task.path(name)) : task.files.write(task.path(name), '');
    if (problem !== undefined) task.complain(`mktemp: (null): ${problem}`);
    else task.print(`${name}\n`);
    return problem === undefined ? 0 : 1;
  },
  mount: (task) => {
    task.print('overlay on / type overlay (rw,relatime)\nproc on /proc type proc (rw,nosuid,nodev,noexec,relatime)\n');
    for (const { path, readOnly } of task.files.mountPoints())
      if (path !== '') task.print(`/dev/vda1 on ${path} type ext4 (${readOnly ? 'ro' : 'rw'},relatime)\n`);
    return 0;
  },
  sha256sum: (task, args, memory) => sums(task, args, memory, 'sha256'),
  stat: (task, args) => {
    const { values, names } = options(args, 'cf');
    for (const name of names) {
      const entry = task.files.stat(task.path(name));
      if (entry === undefined) {
        task.complain(`stat: can't stat '${name}': No such file or directory`);
        return 1;
      }
      const size = entry.kind === 'file' ? sizeOf(entry) : 4096;
      const format = values.get('c');
      const parts: Readonly<Record<string, string>> = {
        s: String(size),
        n: name,
        a: (entry.mode & 0o7777).toString(8),
        U: 'root',
        G: 'root',
        u: '0',
        g: '0',
        Y: String(Math.floor(entry.atMs / 1000)),
        F: entry.kind === 'file' ? 'regular file' : entry.kind,
      };
      task.print(
        format === undefined
          ? `  File: ${name}\n  Size: ${size}\n`
          : `${format.replaceAll(/%([a-zA-Z])/g, (whole, letter: string) => parts[letter] ?? whole)}\n`,
      );
    }
    return 0;
  },
  truncate: (task, args) => {
    const { values, names } = options(args, 's');
    return made(task, 'truncate', names[0] ?? '', byteCount(values.get('s') ?? '0') ?? 0);
  },
};

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

function made(task: Task, command: string, name: string, bytes: number): number {
  const problem = task.files.allocate(task.path(name), bytes);
  if (problem !== undefined) task.complain(`${command}: ${name}: ${problem}`);
  return problem === undefined ? 0 : 1;
}

function base64(task: Task, args: readonly string[], memory: Memory): number | Wait {
  const { flags, values, names } = options(args, 'w');
  const read = readFiles(task, memory, 'base64', names);
  if (isWait(read)) return read;
  const content = read.texts.map((text) => text.content).join('');
  if (flags.has('d') || flags.has('D') || flags.has('--decode')) {
    const clean = content.replaceAll(/\s/g, '');
    if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2,4}|[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(clean)) {
      task.complain('base64: truncated input');
      return 1;
    }
    task.out(atob(clean));
    return 0;
  }
  const width = Math.min(Math.floor(Math.abs(Number(values.get('w') ?? '76'))) || 0, 65_535);
  const encoded = btoa(content);
  task.print(width === 0 ? encoded : `${encoded.replaceAll(new RegExp(`.{${width}}(?=.)`, 'g'), '$&\n')}\n`);
  return 0;
}

function sums(task: Task, args: readonly string[], memory: Memory, kind: 'md5' | 'sha256'): number | Wait {
  const read = readFiles(task, memory, `${kind}sum`, options(args).names);
  if (isWait(read)) return read;
  for (const { name, content } of read.texts) task.print(`${digestHex(kind, content)}  ${name}\n`);
  return read.failed ? 1 : 0;
}

/** `chmod MODE FILE…`: octal, or `+x` and its like for everybody. */
function chmod(task: Task, args: readonly string[]): number {
  const words = args.filter((arg) => !/^-[Rfv]+$/.test(arg));
  const [mode = '', ...names] = words;
  let status = 0;
  for (const name of names) {
    const entry = task.files.stat(task.path(name));
    const symbolic = /^([ugoa]*)([-+=])([rwx]+)$/.exec(mode);
    const bits =
      symbolic === null
        ? Number.parseInt(mode, 8)
        : [...(symbolic[3] ?? '')].reduce((sum, letter) => sum | (letter === 'r' ? 0o444 : letter === 'w' ? 0o222 : 0o111), 0);
    const next = symbolic === null ? bits : symbolic[2] === '-' ? (entry?.mode ?? 0) & ~bits : (entry?.mode ?? 0) | bits;
    const problem = Number.isNaN(bits) ? `invalid mode '${mode}'` : task.files.changeMode(task.path(name), next);
    if (problem === undefined) continue;
    task.complain(`chmod: ${name}: ${problem}`);
    status = 1;
  }
  return status;
}

/** A link is a copy: nothing changes behind it. */
function ln(task: Task, args: readonly string[]): number {
  const [from = '', to = ''] = options(args).names;
  const target = task.files.stat(task.path(to))?.kind === 'directory' ? `${to}/${from.split('/').at(-1) ?? ''}` : to;
  const read = task.files.read(task.path(from));
  const problem = task.files.write(task.path(target), typeof read === 'string' ? '' : read.content);
  if (problem !== undefined) task.complain(`ln: ${to}: ${problem}`);
  return problem === undefined ? 0 : 1;
}

/** `dd if=FILE of=FILE bs=SIZE count=N`: of what has no end nothing but the size is kept. */
function dd(task: Task, args: readonly string[], memory: Memory): number | Wait {
  const given = Object.fromEntries(args.map((arg) => [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)]));
  const block = byteCount((given['bs'] ?? '512').toUpperCase()) ?? 512;
  const { if: from = '', of: to = '', count } = given;
  const bytes = count === undefined ? undefined : block * Number(count);
  const endless = /^\/dev\/(zero|u?random)$/.test(from);
  let copied = 0;
  if (endless) {
    if (bytes === undefined && to === '/dev/null') return task.kernel.sliceEnd(task.proc);
    copied = bytes ?? 1_099_511_627_776;
    const dueMs = (memory['dueMs'] as number | undefined) ?? task.nowMs + Math.ceil(copied / DISK_BYTES_PER_MS);
    memory['dueMs'] = dueMs;
    if (task.nowMs < dueMs) return { for: 'time', atMs: dueMs };
    const problem = to === '' ? undefined : task.files.allocate(task.path(to), copied);
    if (to === '') task.out('\0'.repeat(Math.min(copied, 8_388_608)));
    if (problem !== undefined) {
      task.complain(problem === 'No space left on device' ? `dd: error writing '${to}': ${problem}` : `dd: can't open '${to}': ${problem}`);
      return 1;
    }
  } else {
    const read = readFiles(task, memory, 'dd', from === '' ? [] : [from]);
    if (isWait(read)) return read;
    if (read.failed) return 1;
    const content = read.texts
      .map((text) => text.content)
      .join('')
      .slice(0, bytes);
    copied = content.length;
    if (to === '') task.out(content);
    else task.files.write(task.path(to), content);
  }
  const [full, rest] = [Math.floor(copied / block), copied % block > 0 ? 1 : 0];
  task.complain(
    `${full}+${rest} records in\n${full}+${rest} records out\n${copied} bytes (${human(copied)}) copied, ${(copied / DISK_BYTES_PER_MS / 1000).toFixed(6)} seconds, ${human(DISK_BYTES_PER_MS * 1000)}/s`,
  );
  return 0;
}

const DISK_BYTES_PER_MS = 500_000;

function human(bytes: number): string {
  const units = ['', 'K', 'M', 'G', 'T'];
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), 4);
  return power === 0 ? `${bytes} bytes` : `${(bytes / 1024 ** power).toFixed(1)}${units[power] ?? ''}B`;
}

function df(task: Task, args: readonly string[]): number {
  const { flags } = options(args);
  const size = 100 * 1024 ** 2;
  const shown = (kib: number): string => (flags.has('h') ? human(kib * 1024).replace('B', '') : String(kib));
  task.print(`Filesystem           ${flags.has('h') ? '     Size' : '1K-blocks'}      Used Available Use% Mounted on\n`);
  for (const path of ['/', ...task.files.mountPoints().flatMap(({ path: at }) => (at === '' ? [] : [at]))]) {
    const used = Math.ceil(usedBytes(task, path) / 1024) + (path === '/' ? 8_388_608 : 0);
    task.print(
      `${(path === '/' ? 'overlay' : '/dev/vda1').padEnd(20)} ${shown(size).padStart(9)} ${shown(used).padStart(9)} ${shown(size - used).padStart(9)} ${String(Math.ceil((100 * used) / size)).padStart(3)}% ${path}\n`,
    );
  }
  return 0;
}

function usedBytes(task: Task, path: string): number {
  const entry = task.files.stat(path);
  if (entry?.kind !== 'directory') return entry?.kind === 'file' ? sizeOf(entry) : 0;
  return (task.files.list(path) ?? []).reduce((sum, name) => sum + usedBytes(task, `${path === '/' ? '' : path}/${name}`), 0);
}

function du(task: Task, args: readonly string[]): number {
  const { flags, names } = options(args, 'd');
  for (const name of names.length === 0 ? ['.'] : names) {
    const kib = Math.ceil(usedBytes(task, task.path(name)) / 1024) + 4;
    task.print(`${flags.has('h') ? human(kib * 1024).replace('B', '') : kib}\t${name}\n`);
  }
  return 0;
}

function free(task: Task, args: readonly string[]): number {
  const { flags } = options(args);
  const by = flags.has('g') ? 1024 ** 3 : flags.has('m') ? 1024 ** 2 : flags.has('b') ? 1 : 1024;
  const total = task.machine.node.memoryBytes;
  const used = Math.floor(total * 0.1) + task.kernel.memoryBytes();
  const cell = (bytes: number): string => (flags.has('h') ? human(bytes).replace('B', '') : String(Math.floor(bytes / by))).padStart(12);
  task.print(
    `${' '.repeat(14)}${['total', 'used', 'free', 'shared', 'buff/cache', 'available']
      .map((title) => title.padStart(12))
      .join('')
      .slice(2)}\n`,
  );
  task.print(
    `Mem:        ${[total, used, total - used, 0, 0, total - used].map(cell).join('')}\nSwap:       ${[0, 0, 0].map(cell).join('')}\n`,
  );
  return 0;
}

/** `expr 1 + 2`, `expr TEXT : PATTERN` */
function expr(task: Task, args: readonly string[]): number {
  const [left = '', operator, right = ''] = args;
  if (operator === ':' || left === 'match') {
    const [text, pattern] = operator === ':' ? [left, right] : [operator ?? '', right];
    const match = expressionOf(`^${pattern}`, '', false)?.exec(text) ?? null;
    task.print(`${match?.[1] ?? (pattern.includes('\\(') ? '' : String(match?.[0].length ?? 0))}\n`);
    return match === null ? 1 : 0;
  }
  if (left === 'length') {
    task.print(`${(operator ?? '').length}\n`);
    return 0;
  }
  if (args.length === 1) {
    task.print(`${left}\n`);
    return left === '' || left === '0' ? 1 : 0;
  }
  const textual =
    args.length === 3 && operator !== undefined && /^[<>=!]=?$/.test(operator) && !(/^-?\d+$/.test(left) && /^-?\d+$/.test(right));
  if (textual) {
    const value =
      operator === '=' ? left === right : operator === '!=' ? left !== right : operator.startsWith('<') ? left < right : left > right;
    task.print(`${Number(value)}\n`);
    return value ? 0 : 1;
  }
  const result = evaluate(args.map((arg) => (arg === '=' ? '==' : arg)).join(' '), { get: () => '', set: () => undefined });
  if ('problem' in result) {
    task.complain(`expr: ${result.problem === 'divide by zero' ? 'division by zero' : 'syntax error'}`);
    return 2;
  }
  task.print(`${result.value}\n`);
  return result.value === 0 ? 1 : 0;
}

function compare(task: Task, args: readonly string[], lines: boolean): number {
  const [first = '', second = ''] = options(args).names;
  const [a, b] = [first, second].map((name) => task.files.read(task.path(name)));
  for (const [name, read] of [
    [first, a],
    [second, b],
  ] as const) {
    if (typeof read !== 'string') continue;
    task.complain(`${lines ? 'diff' : 'cmp'}: ${name}: ${read}`);
    return 2;
  }
  const [left, right] = [a, b].map((read) => (typeof read === 'object' ? read.content : ''));
  if (left === right) return 0;
  if (!lines) task.print(`${first} ${second} differ\n`);
  else {
    const [before, after] = [linesOf(left ?? ''), linesOf(right ?? '')];
    for (const line of before) if (!after.includes(line)) task.write(1, encodeUtf8(`-${line}\n`));
    for (const line of after) if (!before.includes(line)) task.write(1, encodeUtf8(`+${line}\n`));
  }
  return 1;
}
