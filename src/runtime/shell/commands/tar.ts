/**
 * `tar` as `kubectl cp` needs it: creates and reads archives of the ustar form over pipes and files.
 * Invariant: nothing is written outside the directory that is extracted into.
 */
import { parentOf, resolvePath } from '../../files/fileSystem.ts';
import type { Command } from '../../process/machine.ts';
import type { Task } from '../../process/task.ts';
import type { Wait } from '../../process/world.ts';
import { decodeUtf8, encodeUtf8 } from '../../files/bytes.ts';
import { makeParents } from './files.ts';
import { isWait, readAll, type Memory } from './support.ts';

export const tarCommands: Readonly<Record<string, Command>> = { tar };

const BLOCK = 512;

interface Arguments {
  readonly letters: string;
  readonly archive: string;
  readonly directory: string;
  readonly names: readonly string[];
}

function tar(task: Task, args: readonly string[], memory: Memory): number | Wait {
  const { letters, archive, directory, names } = parse(args);
  const cwd = task.path(directory);
  if (task.files.stat(cwd)?.kind !== 'directory') {
    task.complain(`tar: can't change directory to '${directory}': No such file or directory`);
    return 1;
  }
  if (letters.includes('c')) return create(task, cwd, archive, names);
  const content = archive === '-' ? readAll(task, memory) : readArchive(task, archive);
  if (isWait(content)) return content;
  return content === undefined ? 1 : extract(task, cwd, content, letters.includes('t'));
}

function parse(args: readonly string[]): Arguments {
  let [letters, archive, directory] = ['', '-', '.'];
  const names: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (arg.startsWith('--')) continue;
    if (arg === '-C') directory = args[++index] ?? '.';
    else if (index === 0 || (arg.startsWith('-') && arg !== '-')) {
      letters += arg.replace(/^-/, '');
      if (arg.includes('f')) archive = args[++index] ?? '-';
    } else names.push(arg);
  }
  return { letters, archive, directory, names };
}

function readArchive(task: Task, name: string): string | undefined {
  const read = task.files.read(task.path(name));
  if (typeof read !== 'string') return read.content;
  task.complain(`tar: can't open '${name}': ${read}`);
  return undefined;
}

function create(task: Task, cwd: string, archive: string, names: readonly string[]): number {
  const { files } = task;
  let bytes = '';
  let status = 0;
  let told = false;
  const add = (name: string): void => {
    const path = resolvePath(cwd, name);
    const entry = files.stat(path);
    if (entry === undefined) {
      task.complain(`tar: ${name}: No such file or directory`);
      status = 1;
      return;
    }
    if (name.startsWith('/') && !told) {
      task.complain("tar: removing leading '/' from member names");
      told = true;
    }
    const member = name.replace(/^\/+/, '');
    if (entry.kind === 'directory') {
      if (member !== '') bytes += header(`${member.replace(/\/$/, '')}/`, 0, entry.mode, entry.atMs, '5');
      for (const child of files.list(path) ?? []) add(`${name.replace(/\/$/, '')}/${child}`);
    } else if (entry.kind === 'file') {
      const read = files.read(path);
      const content = typeof read === 'string' ? '' : read.content;
      const padding = (BLOCK - (content.length % BLOCK)) % BLOCK;
      bytes += header(member, content.length, entry.mode, entry.atMs, '0') + content + '\0'.repeat(padding);
    }
  };
  for (const name of names) add(name);
  bytes += '\0'.repeat(BLOCK * 2);
  if (archive === '-') task.out(bytes);
  else files.write(task.path(archive), bytes);
  return status;
}

function header(name: string, size: number, mode: number, atMs: number, type: '0' | '5'): string {
  const encoded = encodeUtf8(name);
  const split = encoded.length > 100 ? encoded.lastIndexOf('/', Math.min(155, encoded.length - 2)) : -1;
  const octal = (value: number, width: number): string =>
    `${value
      .toString(8)
      .padStart(width - 1, '0')
      .slice(-(width - 1))}\0`;
  const fields = [
    encoded
      .slice(split + 1)
      .slice(0, 100)
      .padEnd(100, '\0'),
    octal(mode & 0o7777, 8),
    octal(0, 8),
    octal(0, 8),
    octal(size, 12),
    octal(Math.floor(atMs / 1000), 12),
    ' '.repeat(8),
    type,
    '\0'.repeat(100),
    'ustar\0' + '00',
    'root'.padEnd(32, '\0'),
    'root'.padEnd(32, '\0'),
    octal(0, 8),
    octal(0, 8),
    (split > 0 ? encoded.slice(0, split) : '').padEnd(155, '\0'),
  ];
  const text = fields.join('').padEnd(BLOCK, '\0');
  let sum = 0;
  for (const char of text) sum += char.charCodeAt(0);
  return `${text.slice(0, 148)}${sum.toString(8).padStart(6, '0')}\0 ${text.slice(156)}`;
}

function extract(task: Task, cwd: string, archive: string, listOnly: boolean): number {
  const { files } = task;
  let long: string | undefined;
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== '\0';) {
    const block = archive.slice(at, at + BLOCK);
    const field = (from: number, length: number): string => block.slice(from, from + length).split('\0')[0] ?? '';
    const size = Number.parseInt(field(124, 12).trim() || '0', 8);
    const type = block[156] ?? '0';
    const content = archive.slice(at + BLOCK, at + BLOCK + size);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (Number.isNaN(size)) break;
    const prefix = field(345, 155);
    const name = decodeUtf8(long ?? (prefix === '' ? field(0, 100) : `${prefix}/${field(0, 100)}`));
    long = undefined;
    // The forms of GNU tar and of POSIX for names that are too long for a header.
    if (type === 'L') long = content.split('\0')[0] ?? '';
    else if (type === 'x') long = /\d+ path=(.*)\n/.exec(content)?.[1];
    else if (type === 'g') continue;
    else if (listOnly) task.print(`${name}\n`);
    else {
      const path = resolvePath('/', name);
      const target = `${cwd === '/' ? '' : cwd}${path === '/' ? '' : path}`;
      const problem =
        type === '5'
          ? makeParents(task, target)
          : (makeParents(task, parentOf(target)) ??
            files.write(target, content, Number.parseInt(field(100, 8).trim() || '644', 8) & 0o777));
      if (problem === undefined) continue;
      task.complain(`tar: can't open '${name}': ${problem}`);
      return 1;
    }
  }
  return 0;
}
