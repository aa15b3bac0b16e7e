/** Commands about files and directories. */
import type { Entry } from '../../files/fileSystem.ts';
import { parentOf } from '../../files/fileSystem.ts';
import type { Command, Execution, Process } from '../process.ts';
import { complain, options, pathOf, print, readFiles } from './support.ts';

export const fileCommands: Readonly<Record<string, Command>> = {
  cat,
  cp: (task, args) => copy(task, args, false),
  find,
  ls,
  mkdir,
  mv: (task, args) => copy(task, args, true),
  readlink: (task, args) => (print(task, `${pathOf(task, args.at(-1) ?? '')}\n`), 0),
  rm,
  tee,
  touch,
};

function* cat(task: Process, args: readonly string[]): Execution {
  const { names } = options(args);
  // Without a file, what comes in goes out as it comes.
  if (names.length === 0 || (names.length === 1 && names[0] === '-')) {
    for (;;) {
      task.out(task.input.take());
      if (task.input.closed) return 0;
      yield { for: 'input' };
    }
  }
  const { texts, failed } = yield* readFiles(task, 'cat', names);
  for (const { content } of texts) task.out(content);
  return failed ? 1 : 0;
}

function ls(task: Process, args: readonly string[]): number {
  const { flags, names } = options(args);
  const { files } = task.machine;
  let status = 0;
  const show = (entries: readonly (readonly [name: string, entry: Entry])[]): void => {
    const lines = entries.map(([name, entry]) => (flags.has('l') ? `${longForm(entry)} ${name}` : name));
    if (lines.length > 0) print(task, `${lines.join('\n')}\n`);
  };
  const wanted = names.length === 0 ? ['.'] : names;
  const single: (readonly [string, Entry])[] = [];
  const directories: string[] = [];
  for (const name of wanted) {
    const entry = files.stat(pathOf(task, name));
    if (entry === undefined) {
      complain(task, `ls: cannot access '${name}': No such file or directory`);
      status = 2;
    } else if (entry.kind === 'directory' && !flags.has('d')) directories.push(name);
    else single.push([name, entry]);
  }
  show(single);
  for (const [index, name] of directories.entries()) {
    const path = pathOf(task, name);
    if (wanted.length > 1) print(task, `${index > 0 || single.length > 0 ? '\n' : ''}${name}:\n`);
    const all = flags.has('a')
      ? ['.', '..', ...(files.list(path) ?? [])]
      : (files.list(path) ?? []).filter((child) => !child.startsWith('.'));
    if (flags.has('l')) print(task, `total ${all.length * 4}\n`);
    show(
      all.flatMap((child) => {
        const entry = files.stat(pathOf({ ...task, cwd: path }, child));
        return entry === undefined ? [] : [[child, entry] as const];
      }),
    );
  }
  return status;
}

function longForm(entry: Entry): string {
  const letters = ['---', '--x', '-w-', '-wx', 'r--', 'r-x', 'rw-', 'rwx'];
  const bits = [6, 3, 0].map((shift) => letters[(entry.mode >> shift) & 7] ?? '').join('');
  const kind = entry.kind === 'directory' ? 'd' : entry.kind === 'device' ? 'c' : '-';
  const size = entry.kind === 'file' ? entry.content.length : entry.kind === 'directory' ? 4096 : 0;
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

function mkdir(task: Process, args: readonly string[]): number {
  const { flags, names } = options(args, 'm');
  let status = 0;
  for (const name of names) {
    const path = pathOf(task, name);
    const problem = flags.has('p') ? makeParents(task, path) : task.machine.files.makeDirectory(path);
    if (problem === undefined) continue;
    complain(task, `mkdir: can't create directory '${name}': ${problem}`);
    status = 1;
  }
  return status;
}

/** `mkdir -p`; undefined if the directory is there afterwards. */
export function makeParents(task: Process, path: string): string | undefined {
  const { files } = task.machine;
  const found = files.stat(path === '' ? '/' : path);
  if (found !== undefined) return found.kind === 'directory' ? undefined : 'Not a directory';
  return makeParents(task, parentOf(path)) ?? files.makeDirectory(path);
}

function rm(task: Process, args: readonly string[]): number {
  const { flags, names } = options(args);
  let status = 0;
  const recursive = flags.has('r') || flags.has('R');
  for (const name of names) {
    const problem = removeTree(task, pathOf(task, name), recursive);
    if (problem === undefined || (flags.has('f') && problem === 'No such file or directory')) continue;
    complain(task, `rm: can't remove '${name}': ${problem}`);
    status = 1;
  }
  return status;
}

function removeTree(task: Process, path: string, recursive: boolean): string | undefined {
  const { files } = task.machine;
  if (files.stat(path)?.kind === 'directory') {
    if (!recursive) return 'Is a directory';
    for (const child of files.list(path) ?? []) {
      const problem = removeTree(task, `${path === '/' ? '' : path}/${child}`, true);
      if (problem !== undefined) return problem;
    }
  }
  return files.remove(path);
}

function touch(task: Process, args: readonly string[]): number {
  let status = 0;
  for (const name of options(args).names) {
    const path = pathOf(task, name);
    const found = task.machine.files.read(path);
    const problem = task.machine.files.write(path, typeof found === 'string' ? '' : found.content);
    if (problem === undefined || problem === 'Is a directory') continue;
    complain(task, `touch: ${name}: ${problem}`);
    status = 1;
  }
  return status;
}

function copy(task: Process, args: readonly string[], move: boolean): number {
  const { names, flags } = options(args);
  const { files } = task.machine;
  const command = move ? 'mv' : 'cp';
  const target = names.at(-1) ?? '';
  let status = 0;
  for (const name of names.slice(0, -1)) {
    const from = pathOf(task, name);
    const into = files.stat(pathOf(task, target))?.kind === 'directory' ? `${target}/${name.split('/').at(-1) ?? name}` : target;
    const recursive = move || flags.has('r') || flags.has('R') || flags.has('a');
    const problem = copyTree(task, from, pathOf(task, into), recursive) ?? (move ? removeTree(task, from, true) : undefined);
    if (problem === undefined) continue;
    complain(task, `${command}: can't ${move ? 'rename' : 'copy'} '${name}': ${problem}`);
    status = 1;
  }
  return status;
}

function copyTree(task: Process, from: string, to: string, recursive: boolean): string | undefined {
  const { files } = task.machine;
  const entry = files.stat(from);
  if (entry === undefined) return 'No such file or directory';
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

function* tee(task: Process, args: readonly string[]): Execution {
  const { flags, names } = options(args);
  const { texts } = yield* readFiles(task, 'tee', []);
  const content = texts.map((text) => text.content).join('');
  task.out(content);
  let status = 0;
  for (const name of names) {
    const path = pathOf(task, name);
    const former = flags.has('a') ? task.machine.files.read(path) : '';
    const problem = task.machine.files.write(path, `${typeof former === 'string' ? '' : former.content}${content}`);
    if (problem === undefined) continue;
    complain(task, `tee: ${name}: ${problem}`);
    status = 1;
  }
  return status;
}

/** `find DIR… [-name PATTERN] [-type f|d]` */
function find(task: Process, args: readonly string[]): number {
  const first = args.findIndex((arg) => arg.startsWith('-'));
  const roots = first < 0 ? args : args.slice(0, first);
  const test = (name: string): string | undefined => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const pattern = test('-name');
  const type = test('-type');
  const expression = new RegExp(
    `^${(pattern ?? '*')
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
  const { files } = task.machine;
  const walk = (shown: string): void => {
    const path = pathOf(task, shown);
    const entry = files.stat(path);
    const fits = type === undefined || (type === 'd') === (entry?.kind === 'directory');
    if (fits && expression.test(shown.split('/').at(-1) ?? '')) print(task, `${shown}\n`);
    for (const child of files.list(path) ?? []) walk(`${shown === '/' ? '' : shown}/${child}`);
  };
  let status = 0;
  for (const root of roots.length === 0 ? ['.'] : roots) {
    if (files.stat(pathOf(task, root)) !== undefined) walk(root);
    else {
      complain(task, `find: ${root}: No such file or directory`);
      status = 1;
    }
  }
  return status;
}
