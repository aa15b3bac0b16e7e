/** Package managers: what they would install lies in the container afterwards, where the name is that of a program. */
import type { Command } from '../../process/machine.ts';
import type { Task } from '../../process/task.ts';
import type { Wait } from '../../process/world.ts';
import { makeParents } from './files.ts';
import type { Memory } from './support.ts';

export const packageCommands: Readonly<Record<string, Command>> = {
  apk: (task, args, memory) => install(task, args, memory, 'apk', ['add']),
  apt: (task, args, memory) => install(task, args, memory, 'apt', ['install']),
  'apt-get': (task, args, memory) => install(task, args, memory, 'apt-get', ['install']),
  dnf: (task, args, memory) => install(task, args, memory, 'dnf', ['install']),
  microdnf: (task, args, memory) => install(task, args, memory, 'microdnf', ['install']),
  npm: (task, args, memory) =>
    args[0] === 'install' || args[0] === 'ci' ? install(task, args, memory, 'npm', ['install', 'ci']) : foreign(task, 'npm', args),
  pip: (task, args, memory) => install(task, args, memory, 'pip', ['install']),
  pip3: (task, args, memory) => install(task, args, memory, 'pip3', ['install']),
  yum: (task, args, memory) => install(task, args, memory, 'yum', ['install']),
};

const PER_PACKAGE_MS = 700;
const UPDATE_MS = 1_500;
/** Packages whose programs have other names. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  'bind-tools': ['dig', 'nslookup', 'host'],
  bind9: ['dig', 'nslookup', 'host'],
  'bind9-dnsutils': ['dig', 'nslookup', 'host'],
  dnsutils: ['dig', 'nslookup', 'host'],
  'bind-utils': ['dig', 'nslookup', 'host'],
  'iputils-ping': ['ping'],
  iputils: ['ping'],
  'netcat-openbsd': ['nc', 'netcat'],
  'netcat-traditional': ['nc', 'netcat'],
  netcat: ['nc', 'netcat'],
  procps: ['ps', 'top', 'free', 'pgrep', 'pkill', 'uptime', 'watch'],
  iproute2: ['ip'],
  'net-tools': ['ifconfig'],
  psmisc: ['killall'],
  'stress-ng': ['stress-ng'],
};

function install(task: Task, args: readonly string[], memory: Memory, manager: string, verbs: readonly string[]): number | Wait {
  const [verb = '', ...rest] = args.filter((arg) => !arg.startsWith('-'));
  if (verb === 'update' || verb === 'upgrade' || verb === 'clean' || verb === 'cache') {
    const dueMs = (memory['dueMs'] as number | undefined) ?? task.nowMs + UPDATE_MS;
    memory['dueMs'] = dueMs;
    if (task.nowMs < dueMs) return { for: 'time', atMs: dueMs };
    task.print(manager === 'apk' ? 'OK: 26 MiB available\n' : 'Reading package lists... Done\n');
    return 0;
  }
  if (!verbs.includes(verb)) return foreign(task, manager, args);
  const names = rest.map((name) => name.split(/[=<>~]/)[0] ?? name);
  const dueMs = (memory['dueMs'] as number | undefined) ?? task.nowMs + Math.max(names.length, 1) * PER_PACKAGE_MS;
  memory['dueMs'] = dueMs;
  if (task.nowMs < dueMs) return { for: 'time', atMs: dueMs };
  makeParents(task, '/usr/bin');
  for (const [index, name] of names.entries()) {
    for (const program of PROGRAMS[name] ?? [name]) {
      // Empty and executable: what it does is known by its name.
      if (task.machine.commands.has(program) || program === 'bash') task.files.write(`/usr/bin/${program}`, '', 0o755);
    }
    if (manager === 'apk') task.print(`(${index + 1}/${names.length}) Installing ${name}\n`);
    else if (manager.startsWith('pip')) task.print(`Collecting ${name}\n`);
    else task.print(`Setting up ${name} ...\n`);
  }
  if (manager === 'apk') task.print('Executing busybox trigger\nOK: 32 MiB in 40 packages\n');
  if (manager.startsWith('pip')) task.print(`Successfully installed ${names.join(' ')}\n`);
  if (manager === 'npm') task.print(`\nadded ${names.length * 10 + 50} packages in ${Math.ceil(names.length * 0.7)}s\n`);
  return 0;
}

/** Something that is not simulated: taken for the program of the image. */
function foreign(task: Task, name: string, args: readonly string[]): number | Wait {
  const program = task.machine.foreign([name, ...args], task.env);
  if (program !== undefined) task.become([name, ...args], task.env, program);
  return 0;
}
