/** Commands about the container itself, and those that only come to an end. */
import type { Command, Execution, Process } from '../process.ts';
import { runCommand, Shell } from '../shell.ts';
import { COMMAND_NAMES } from '../names.ts';
import { complain, options, pathOf, print } from './support.ts';

export const systemCommands: Readonly<Record<string, Command>> = {
  '[': (task, args) => (args.at(-1) === ']' ? test(task, args.slice(0, -1)) : (complain(task, 'sh: missing ]'), 2)),
  ash: shell,
  basename: (task, [path = '', suffix = '']) => (print(task, `${(path.split('/').at(-1) ?? '').replace(suffix, '')}\n`), 0),
  bash: shell,
  curl: (task, args) => fetch(task, args, 'curl'),
  date,
  dirname: (task, [path = '']) => (print(task, `${path.includes('/') ? path.slice(0, path.lastIndexOf('/')) || '/' : '.'}\n`), 0),
  echo,
  env,
  false: () => 1,
  hostname: (task) => (print(task, `${task.machine.hostName}\n`), 0),
  id: (task) => {
    const { id, group, name } = task.machine.user;
    const names = id === 0 ? ['(root)', '(root)'] : [name === String(id) ? '' : `(${name})`, ''];
    print(task, `uid=${id}${names[0] ?? ''} gid=${group}${names[1] ?? ''} groups=${group}${names[1] ?? ''}\n`);
    return 0;
  },
  printenv: (task, [name]) => {
    if (name === undefined) return env(task, []) as number;
    const value = task.env[name];
    if (value === undefined) return 1;
    print(task, `${value}\n`);
    return 0;
  },
  printf,
  ps: (task) => (print(task, `PID   USER     TIME  COMMAND\n    1 ${task.machine.user.name.padEnd(8)}  0:00 ${task.machine.command}\n`), 0),
  pwd: (task) => (print(task, `${task.cwd}\n`), 0),
  seq: (task, args) => {
    const [first, last] = args.length > 1 ? [Number(args[0]), Number(args.at(-1))] : [1, Number(args[0])];
    for (let value = first; value <= last && value - first < 100_000; value++) print(task, `${value}\n`);
    return 0;
  },
  sh: shell,
  sleep,
  test,
  true: () => 0,
  uname: (task, args) => {
    const { flags } = options(args);
    print(
      task,
      flags.has('a')
        ? `Linux ${task.machine.hostName} 6.12.0 #1 SMP x86_64 GNU/Linux\n`
        : flags.has('r')
          ? '6.12.0\n'
          : flags.has('m')
            ? 'x86_64\n'
            : 'Linux\n',
    );
    return 0;
  },
  wget: (task, args) => fetch(task, args, 'wget'),
  which: (task, args) => {
    const found = args.filter((name) => COMMAND_NAMES.includes(name));
    for (const name of found) print(task, `/bin/${name}\n`);
    return found.length === args.length ? 0 : 1;
  },
  whoami: (task) => (print(task, `${task.machine.user.name}\n`), 0),
};

/** `sh -c SCRIPT`, `sh FILE`, or the lines that come in. */
function* shell(task: Process, args: readonly string[]): Execution {
  const flag = args.findIndex((arg) => /^-[a-z]*c$/.test(arg));
  if (flag >= 0) {
    const [script = '', ...positional] = args.slice(flag + 1);
    return yield* new Shell({ ...task, env: { ...task.env } }, positional.length === 0 ? ['sh'] : positional).script(script);
  }
  const name = args.find((arg) => !arg.startsWith('-'));
  if (name !== undefined) {
    const read = task.machine.files.read(pathOf(task, name));
    if (typeof read !== 'string') return yield* new Shell({ ...task, env: { ...task.env } }, [name, ...args.slice(1)]).script(read.content);
    complain(task, `sh: can't open '${name}': ${read}`);
    return 2;
  }
  return yield* interactive(task);
}

function* interactive(task: Process): Execution {
  const own = new Shell({ ...task, env: { ...task.env } });
  const prompt = (): void => {
    if (task.env['TERM'] !== undefined) print(task, `${own.task.cwd} # `);
  };
  let status = 0;
  prompt();
  for (;;) {
    const line = task.input.takeLine();
    if (line === undefined) {
      if (task.input.closed) return status;
      yield { for: 'input' };
      continue;
    }
    status = yield* own.script(line);
    if (own.ended) return status;
    prompt();
  }
}

function* sleep(task: Process, args: readonly string[]): Execution {
  const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };
  let seconds = 0;
  for (const arg of args) {
    if (arg === 'infinity' || arg === 'inf') for (;;) yield { for: 'tick' };
    const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(arg);
    if (match === null) {
      complain(task, `sleep: invalid number '${arg}'`);
      return 1;
    }
    seconds += Number(match[1]) * (units[match[2] ?? ''] ?? 1);
  }
  yield { for: 'time', ms: seconds * 1000 };
  return 0;
}

function echo(task: Process, args: readonly string[]): number {
  let [newline, escapes, from] = [true, false, 0];
  for (; /^-[neE]+$/.test(args[from] ?? ''); from++) {
    newline &&= !(args[from] ?? '').includes('n');
    escapes ||= (args[from] ?? '').includes('e');
  }
  const text = args.slice(from).join(' ');
  print(task, `${escapes ? unescape(text) : text}${newline ? '\n' : ''}`);
  return 0;
}

function printf(task: Process, [format = '', ...args]: readonly string[]): number {
  const count = (format.match(/%[-0-9.]*[sdi]/g) ?? []).length;
  let rest = [...args];
  do {
    const text = unescape(format).replaceAll(/%([-0-9.]*)([sdi%])/g, (_, width: string, kind: string) => {
      if (kind === '%') return '%';
      const value = rest[0] ?? (kind === 's' ? '' : '0');
      rest = rest.slice(1);
      const size = Number.parseInt(width.replace('-', ''), 10) || 0;
      return width.startsWith('-') ? value.padEnd(size) : value.padStart(size, width.startsWith('0') ? '0' : ' ');
    });
    print(task, text);
  } while (rest.length > 0 && count > 0);
  return 0;
}

function unescape(text: string): string {
  const known: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', e: '\u001b', '0': '\0' };
  return text.replaceAll(/\\([ntre0\\])/g, (whole, letter: string) => known[letter] ?? whole);
}

/** Without arguments the environment; with them, a command in a changed one. */
function env(task: Process, args: readonly string[]): number | Execution {
  const changed = { ...task.env };
  let at = 0;
  for (; /^\w+=/.test(args[at] ?? ''); at++) {
    const [name = '', ...value] = (args[at] ?? '').split('=');
    changed[name] = value.join('=');
  }
  const [name, ...rest] = args.slice(at);
  if (name !== undefined) return runCommand({ ...task, env: changed }, name, rest, 'env');
  for (const [key, value] of Object.entries(changed)) print(task, `${key}=${value}\n`);
  return 0;
}

function date(task: Process, args: readonly string[]): number {
  const now = new Date(task.machine.nowMs());
  const iso = now.toISOString();
  const [, , , year = '', time = ''] = now.toUTCString().split(' ');
  const format = args.find((arg) => arg.startsWith('+'))?.slice(1);
  const parts: Readonly<Record<string, string>> = {
    s: String(Math.floor(now.getTime() / 1000)),
    Y: year,
    m: iso.slice(5, 7),
    d: iso.slice(8, 10),
    H: iso.slice(11, 13),
    M: iso.slice(14, 16),
    S: iso.slice(17, 19),
    F: iso.slice(0, 10),
    T: time,
    Z: 'UTC',
    z: '+0000',
  };
  const [weekday = '', day = '', month = ''] = now.toUTCString().replace(',', '').split(' ');
  const plain = `${weekday} ${month} ${day.replace(/^0/, ' ')} ${time} UTC ${year}`;
  print(
    task,
    `${format === undefined ? plain : format.replaceAll(/%([a-zA-Z%])/g, (whole, letter: string) => (letter === '%' ? '%' : (parts[letter] ?? whole)))}\n`,
  );
  return 0;
}

/** The conditions of `test`: about files, texts and numbers, with `!`, `-a` and `-o`. */
function test(task: Process, args: readonly string[]): number {
  const or = args.indexOf('-o');
  if (or > 0) return test(task, args.slice(0, or)) === 0 || test(task, args.slice(or + 1)) === 0 ? 0 : 1;
  const and = args.indexOf('-a');
  if (and > 0) return test(task, args.slice(0, and)) === 0 && test(task, args.slice(and + 1)) === 0 ? 0 : 1;
  if (args[0] === '!') return test(task, args.slice(1)) === 0 ? 1 : 0;
  const [left = '', operator = '', right = ''] = args;
  if (args.length === 2) {
    const entry = task.machine.files.stat(pathOf(task, operator));
    const unary: Readonly<Record<string, boolean>> = {
      '-z': operator === '',
      '-n': operator !== '',
      '-e': entry !== undefined,
      '-f': entry?.kind === 'file',
      '-d': entry?.kind === 'directory',
      '-r': entry !== undefined,
      '-w': entry !== undefined,
      '-x': entry !== undefined && (entry.mode & 0o111) !== 0,
      '-s': entry?.kind === 'file' && entry.content !== '',
    };
    return unary[left] === true ? 0 : 1;
  }
  if (args.length < 3) return left === '' ? 1 : 0;
  const binary: Readonly<Record<string, boolean>> = {
    '=': left === right,
    '==': left === right,
    '!=': left !== right,
    '-eq': Number(left) === Number(right),
    '-ne': Number(left) !== Number(right),
    '-lt': Number(left) < Number(right),
    '-le': Number(left) <= Number(right),
    '-gt': Number(left) > Number(right),
    '-ge': Number(left) >= Number(right),
  };
  return binary[operator] === true ? 0 : 1;
}

/** A GET over plain HTTP, as far as the simulated network answers. */
function fetch(task: Process, args: readonly string[], command: 'wget' | 'curl'): number {
  const { flags, names, values } = options(args, command === 'curl' ? 'omwHX' : 'OT');
  const url = /^(?:https?:\/\/)?([^/:]+)(?::(\d+))?(\/.*)?$/.exec(names[0] ?? '');
  if (url === null) {
    complain(task, `${command}: no URL`);
    return command === 'curl' ? 2 : 1;
  }
  const [, host = '', port = '80', path = '/'] = url;
  const answer = task.machine.fetch(host, Number(port), path);
  if (typeof answer === 'string') {
    const texts = { refused: 'Connection refused', hang: 'Connection timed out', 'bad address': `Could not resolve host: ${host}` };
    if (command === 'wget')
      complain(task, answer === 'bad address' ? `wget: bad address '${host}'` : `wget: can't connect to remote host: ${texts[answer]}`);
    else if (!flags.has('s'))
      complain(
        task,
        `curl: (${answer === 'bad address' ? 6 : answer === 'hang' ? 28 : 7}) ${answer === 'refused' ? `Failed to connect to ${host} port ${port}: ` : ''}${texts[answer]}`,
      );
    return command === 'wget' ? 1 : answer === 'bad address' ? 6 : answer === 'hang' ? 28 : 7;
  }
  if (answer.code >= 400 && (command === 'wget' || flags.has('f'))) {
    complain(
      task,
      command === 'wget'
        ? `wget: server returned error: HTTP/1.1 ${answer.code}`
        : `curl: (22) The requested URL returned error: ${answer.code}`,
    );
    return command === 'wget' ? 1 : 22;
  }
  const file = values.get(command === 'curl' ? 'o' : 'O') ?? (command === 'wget' ? path.split('/').at(-1) || 'index.html' : '-');
  if (file === '-') task.out(answer.body);
  else task.machine.files.write(pathOf(task, file), answer.body);
  const format = command === 'curl' ? values.get('w') : undefined;
  if (format !== undefined) print(task, unescape(format.replaceAll('%{http_code}', String(answer.code))));
  return 0;
}
