/** Commands about files and directories. */
import { parentOf, sizeOf, type Entry } from '../../files/fileSystem.ts';
import type { Command } from '../../process/machine.ts';
import type { Task } from '../../process/task.ts';
import type { Wait } from '../../process/world.ts';
import { matches } from '../pattern.ts';
import { isBusyBox, isWait, options, readFiles, type Memory } from './support.ts';

export const fileCommands: Readonly<Record<string, Command>> = {
  cat,
  cp: (task, args) => copy(task, args, false),
  find,
  ls,
  mkdir,
  mv: (task, args) => copy(task, args, true),
  readlink: resolved,
  realpath: resolved,
  rm,
  rmdir,
  tee,
  touch,
};

function cat(task: Task, args: readonly string[], memory: Memory): number | Wait {
  const { names, flags } = options(args);
  // Without a file, what comes in goes out as it comes.
  if (names.length === 0 || (names.length === 1 && names[0] === '-')) {
    const { bytes, ended } = task.take(0);
    task.out(bytes);
    if (ended) return 0;
    return bytes === '' ? { for: 'input', fd: 0 } : { for: 'room', fd: 1 };
  }
  const read = readFiles(task, memory, 'cat', names);
  if (isWait(read)) return read;
  let number = 0;
  for (const { content } of read.texts)
    task.out(flags.has('n') ? content.replaceAll(/^(?!$(?![^]))/gm, () => `${String(++number).padStart(6)}\t`) : content);
  return read.failed ? 1 : 0;
}

function ls(task: Task, args: readonly string[]): number {
  const { flags, names } = options(args);
  const { files } = task;
  let status = 0;
  const show = (entries: readonly (readonly [name: string, entry: Entry])[]): void => {
    const lines = entries.map(([name, entry]) => (flags.has('l') ? `${longForm(entry)} ${name}` : name));
    if (lines.length > 0) task.print(`${lines.join('\n')}\n`);
  };
  const wanted = names.length === 0 ? ['.'] : names;
  const single: (readonly [string, Entry])[] = [];
  const directories: string[] = [];
  for (const name of wanted) {
    const entry = files.stat(task.path(name));
    if (entry === undefined) {
      task.complain(isBusyBox(task) ? `ls: ${name}: No such file or directory` : `ls: cannot access '${name}': No such file or directory`);
      status = isBusyBox(task) ? 1 : 2;
    } else if (entry.kind === 'directory' && !flags.has('d')) directories.push(name);
    else single.push([name, entry]);
  }
  show(single);
  for (const [index, name] of directories.entries()) {
    const path = task.path(name);
    if (wanted.length > 1) task.print(`${index > 0 || single.length > 0 ? '\n' : ''}${name}:\n`);
    const children = (files.list(path) ?? []).filter((child) => flags.has('a') || flags.has('A') || !child.startsWith('.'));
    const within = path === '/' ? '' : path;
    const all = [
      ...(flags.has('a')
        ? ([
            ['.', path],
            ['..', parentOf(path) || '/'],
          ] as const)
        : []),
      ...children.map((child) => [child, `${within}/${child}`] as const),
    ];
    if (flags.has('l')) task.print(`total ${all.length * 4}\n`);
    show(
      all.flatMap(([name, at]) => {
        const entry = files.stat(at);
        return entry === undefined ? [] : [[name, entry] as const];
      }),
    );
  }
  return status;
}

function longForm(entry: Entry): string {
  const letters = ['---', '--x', '-w-', '-wx', 'r--', 'r-x', 'rw-', 'rwx'];
  const bits = [6, 3, 0].map((shift) => letters[(entry.mode >> shift) & 7] ?? '').join('');
  const kind = entry.kind === 'directory' ? 'd' : entry.kind === 'device' ? 'c' : '-';
  const size = entry.kind === 'file' ? sizeOf(entry) : entry.kind === 'directory' ? 4096 : 0;
  const date = new Intl.DateTimeFormat('en-US', {
    month: 'short',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: 'UTC',
  });
  return `${kind}${bits} 1 root root ${String(size).padStart(7)} ${date.format(entry.atMs).replace(',', '')}`;
}

function mkdir(task: Task, args: readonly string[]): number {
  const { flags, names } = options(args, 'm');
  let status = 0;
  for (const name of names) {
    const path = task.path(name);
    const problem = flags.has('p') ? makeParents(task, path) : task.files.makeDirectory(path);
    if (problem === undefined) continue;
    task.complain(`mkdir: ${isBusyBox(task) ? "can't" : 'cannot'} create directory '${name}': ${problem}`);
    status = 1;
  }
  return status;
}

/** `mkdir -p`; undefined if the directory is there afterwards. */
export function makeParents(task: Task, path: string): string | undefined {
  const { files } = task;
  const found = files.stat(path === '' ? '/' : path);
  if (found !== undefined) return found.kind === 'directory' ? undefined : 'Not a directory';
  return makeParents(task, parentOf(path)) ?? files.makeDirectory(path);
}

function rm(task: Task, args: readonly string[]): number {
  const { flags, names } = options(args);
  let status = 0;
  const recursive = flags.has('r') || flags.has('R');
  for (const name of names) {
    const problem = removeTree(task, task.path(name), recursive);
    if (problem === undefined || (flags.has('f') && problem === 'No such file or directory')) continue;
    task.complain(`rm: ${isBusyBox(task) ? "can't" : 'cannot'} remove '${name}': ${problem}`);
    status = 1;
  }
  return status;
}

function removeTree(task: Task, path: string, recursive: boolean): string | undefined {
  const { files } = task;
  if (files.stat(path)?.kind === 'directory') {
    if (!recursive) return 'Is a directory';
    for (const child of files.list(path) ?? []) {
      const problem = removeTree(task, `${path === '/' ? '' : path}/${child}`, true);
      if (problem !== undefined) return problem;
    }
  }
  return files.remove(path);
}

function touch(task: Task, args: readonly string[]): number {
  let status = 0;
  for (const name of options(args).names) {
    const path = task.path(name);
    const found = task.files.read(path);
    const problem = task.files.write(path, typeof found === 'string' ? '' : found.content);
    if (problem === undefined || problem === 'Is a directory') continue;
    task.complain(`touch: ${name}: ${problem}`);
    status = 1;
  }
  return status;
}

function copy(task: Task, args: readonly string[], move: boolean): number {
  const { names, flags } = options(args);
  const { files } = task;
  const command = move ? 'mv' : 'cp';
  const target = names.at(-1) ?? '';
  let status = 0;
  for (const name of names.slice(0, -1)) {
    const from = task.path(name);
    const into = files.stat(task.path(target))?.kind === 'directory' ? `${target}/${name.split('/').at(-1) ?? name}` : target;
    if (flags.has('n') && files.stat(task.path(into)) !== undefined) continue;
    const recursive = move || flags.has('r') || flags.has('R') || flags.has('a');
    const problem = copyTree(task, from, task.path(into), recursive) ?? (move ? removeTree(task, from, true) : undefined);
    if (problem === undefined) continue;
    task.complain(`${command}: can't ${move ? 'rename' : 'copy'} '${name}': ${problem}`);
    status = 1;
  }
  return status;
}

function copyTree(task: Task, from: string, to: string, recursive: boolean): string | undefined {
  const { files } = task;
  const entry = files.stat(from);
  if (entry === undefined) return 'No such file or directory';
  if (entry.kind === 'file' && entry.zeros !== undefined) return files.allocate(to, sizeOf(entry));
  if (entry.kind !== 'directory') return files.write(to, entry.kind === 'file' ? entry.content : '', entry.mode);
  if (!recursive) return 'Is a directory';
  const made = makeParents(task, to);
  if (made !== undefined) return made;
  for (const child of files.list(from) ?? []) {
    const problem = copyTree(task, `${from}/${child}`, `${to}/${child}`, true);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function tee(task: Task, args: readonly string[], memory: Memory): number | Wait {
  const { flags, names } = options(args);
  if (memory['opened'] !== true) {
    memory['opened'] = true;
    for (const [index, name] of names.entries()) {
      const problem = task.open(3 + index, name, flags.has('a') ? 'append' : 'write');
      if (problem === undefined) continue;
      task.complain(`tee: ${name}: ${problem}`);
      memory['failed'] = true;
    }
  }
  const { bytes, ended } = task.take(0);
  task.out(bytes);
  for (const index of names.keys()) task.write(3 + index, bytes);
  if (ended) return memory['failed'] === true ? 1 : 0;
  return { for: 'input', fd: 0 };
}

/** `find DIR… [-name PATTERN] [-type f|d]` */
function find(task: Task, args: readonly string[]): number {
  const first = args.findIndex((arg) => arg.startsWith('-'));
  const roots = first < 0 ? args : args.slice(0, first);
  const test = (name: string): string | undefined => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const pattern = test('-name');
  const type = test('-type');
  const { files } = task;
  const walk = (shown: string): void => {
    const path = task.path(shown);
    const entry = files.stat(path);
    const fits = type === undefined || (type === 'd') === (entry?.kind === 'directory');
    if (fits && matches(pattern ?? '*', shown.split('/').at(-1) ?? '')) task.print(`${shown}\n`);
    for (const child of files.list(path) ?? []) walk(`${shown === '/' ? '' : shown}/${child}`);
  };
  let status = 0;
  for (const root of roots.length === 0 ? ['.'] : roots) {
    if (files.stat(task.path(root)) !== undefined) walk(root);
    else {
      task.complain(`find: ${root}: No such file or directory`);
      status = 1;
    }
  }
  return status;
}

function resolved(task: Task, args: readonly string[]): number {
  task.print(`${task.path(args.at(-1) ?? '')}\n`);
  return 0;
}

function rmdir(task: Task, args: readonly string[]): number {
  let status = 0;
  for (const name of options(args).names) {
    const isDirectory = task.files.stat(task.path(name))?.kind === 'directory';
    const problem = isDirectory ? task.files.remove(task.path(name)) : (task.files.read(task.path(name)) as string);
    if (problem === undefined) continue;
    task.complain(`rmdir: '${name}': ${typeof problem === 'string' ? problem : 'Not a directory'}`);
    status = 1;
  }
  return status;
}
