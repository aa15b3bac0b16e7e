/**
 * Runs the processes of one container at one moment: starts them, lets each go on until it waits, ends them.
 * Invariant: all memory is in the world; what runs is bounded, so a loop without an end uses up its slice and goes on later.
 * Counterpart: the kernel's scheduler, fork, exec, wait and signals.
 */
import { decodeUtf8 } from '../files/bytes.ts';
import { addLine, lookAtFile } from '../logFile.ts';
import { closeAll, openFile, retain } from './descriptors.ts';
import type { Machine } from './machine.ts';
import { Task } from './task.ts';
import { SIGNAL_NUMBERS, type Notice, type ProcessRecord, type Program, type Signal, type Wait, type World } from './world.ts';

/** Commands that are carried out in a slice of the processor's time at most. */
const SLICE_STEPS = 4_000;
const COMMAND_STEPS = 20;
const RUN_TURNS = 2_000;
const MAX_PROCESSES = 256;
const LEAST_PROCESS_BYTES = 524_288;
/** A program that does nothing but compute is looked at ever more seldom. */
const SLICES_MS: readonly (readonly [upTo: number, ms: number])[] = [
  [20, 100],
  [80, 1_000],
  [Number.POSITIVE_INFINITY, 10_000],
];
/** These do nothing unless somebody handles them. */
const HARMLESS: ReadonlySet<Signal> = new Set(['CHLD', 'CONT', 'WINCH', 'STOP']);

export interface Spawn {
  readonly parent: number;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Descriptors as the process starts with them; each is counted once more. */
  readonly fds: Readonly<Record<string, number>>;
  readonly program: Program;
  readonly notice?: Notice;
}

export class Kernel {
  readonly machine: Machine;
  /** Ends that somebody outside the world asked to be told of. */
  readonly notices: { readonly notice: Notice; readonly exitCode: number }[] = [];
  private steps = 0;

  constructor(machine: Machine) {
    this.machine = machine;
  }

  get world(): World {
    return this.machine.world;
  }

  get nowMs(): number {
    return this.machine.nowMs();
  }

  find(pid: number): ProcessRecord | undefined {
    return this.world.processes[pid];
  }

  /** Undefined if there are too many already. */
  spawn({ parent, args, env, cwd, fds, program, notice }: Spawn): ProcessRecord | undefined {
    const { world } = this;
    if (Object.keys(world.processes).length >= MAX_PROCESSES) return undefined;
    for (const number of Object.values(fds)) retain(world, number);
    const proc: ProcessRecord = {
      pid: world.nextPid++,
      parent,
      args,
      env: { ...env },
      cwd,
      fds: { ...fds },
      startedAtMs: this.nowMs,
      program,
      wait: null,
      exit: null,
      signals: [],
      ignored: [...(this.find(parent)?.ignored ?? [])],
      load: null,
      busySlices: 0,
      notice: notice ?? null,
    };
    world.processes[proc.pid] = proc;
    return proc;
  }

  /** A child of a process with its descriptors and directory. */
  child(of: ProcessRecord, args: readonly string[], env: Readonly<Record<string, string>>, program: Program): ProcessRecord | undefined {
    return this.spawn({ parent: of.pid, args, env, cwd: of.cwd, fds: of.fds, program });
  }

  /** Lets everybody go on who can. @returns when somebody has to go on again without being called; undefined: never */
  run(): number | undefined {
    for (let turns = 0, again = true; again && this.world.exit === null;) {
      again = false;
      for (const key of Object.keys(this.world.processes)) {
        const proc = this.world.processes[key];
        if (proc === undefined || proc.exit !== null || !this.mayGoOn(proc)) continue;
        again = true;
        if (++turns > RUN_TURNS) {
          // Two that keep each other busy: both use up the slice.
          this.preempt(proc);
          continue;
        }
        this.execute(proc);
      }
    }
    return this.nextWake();
  }

  /** Lets one process go on until it waits or ends. */
  execute(proc: ProcessRecord): void {
    const outerSteps = this.steps;
    this.steps = 0;
    this.deliver(proc);
    proc.wait = null;
    while (proc.exit === null && proc.wait === null) {
      const step = this.step(proc);
      if (typeof step === 'number') this.exit(proc, step);
      else if (step !== undefined) this.hold(proc, step);
    }
    this.steps = outerSteps + COMMAND_STEPS;
    if (this.machine.sharedBytes !== undefined && this.world.exit === null) this.checkMemory();
  }

  /** A command was carried out. @returns false when the process has to let others go on */
  spend(steps = 1): boolean {
    this.steps += steps;
    return this.steps < SLICE_STEPS;
  }

  /** The process goes on when its slice of time is over. */
  sliceEnd(proc: ProcessRecord): Wait {
    const [, ms = 0] = SLICES_MS.find(([upTo]) => proc.busySlices < upTo) ?? [];
    proc.busySlices++;
    proc.load = { milliCpu: 1000, memoryBytes: proc.load?.memoryBytes ?? 0 };
    const share = Math.min(this.machine.limits.milliCpu, 1000) / 1000;
    return { for: 'time', atMs: this.nowMs + Math.ceil(ms / Math.max(share, 0.01)) };
  }

  exit(proc: ProcessRecord, exitCode: number): void {
    const { world } = this;
    proc.exit = exitCode;
    closeAll(world, proc);
    if (proc.notice !== null) this.notices.push({ notice: proc.notice, exitCode });
    if (proc.pid === 1) return this.endWorld(exitCode, false);
    for (const other of Object.values(world.processes)) if (other.parent === proc.pid) this.orphan(other);
    const parent = this.find(proc.parent);
    if (parent === undefined || parent.exit !== null || proc.notice !== null || parent.program.kind === 'server') this.reap(proc.pid);
  }

  /** Takes an ended process away. @returns its code; undefined: it still runs; 127: there is none */
  reap(pid: number): number | undefined {
    const proc = this.find(pid);
    if (proc === undefined) return 127;
    if (proc.exit === null) return undefined;
    delete this.world.processes[pid];
    return proc.exit;
  }

  /** @param fromOutside process 1 cannot guard against SIGKILL from outside */
  signal(pid: number, signal: Signal, fromOutside = false): boolean {
    const proc = this.find(pid);
    if (proc === undefined || proc.exit !== null) return false;
    const isFirst = pid === 1 && !fromOutside;
    if (signal === 'KILL') {
      if (!isFirst) this.exit(proc, 128 + SIGNAL_NUMBERS.KILL);
      return true;
    }
    if (proc.program.kind === 'shell' && Object.hasOwn(proc.program.shell.traps, signal)) {
      proc.signals.push(signal);
      return true;
    }
    if (proc.program.kind === 'server' || this.machine.handles(proc, signal)) proc.signals.push(signal);
    // The first process of a container ignores what it does not handle.
    else if (pid !== 1 && !proc.ignored.includes(signal) && !HARMLESS.has(signal)) this.exit(proc, 128 + SIGNAL_NUMBERS[signal]);
    return true;
  }

  /** Control-C at the terminal of a process: what it runs in the foreground ends; a shell that is typed to goes on, and so does what it runs behind. */
  interrupt(pid: number): void {
    const proc = this.find(pid);
    if (proc === undefined) return;
    if (proc.program.kind !== 'shell' || !isTypedTo(proc)) return void this.signal(pid, 'INT', true);
    const front = proc.program.shell.frames.flatMap((frame) => (frame.k === 'children' ? frame.pids : []));
    const inner = front.find((each) => isTypedTo(this.find(each)));
    if (inner !== undefined) return this.interrupt(inner);
    for (const other of this.withDescendants(front)) this.signal(other.pid, 'INT', true);
  }

  /** What runs, and what it has started, the youngest first. */
  private withDescendants(pids: readonly number[]): readonly ProcessRecord[] {
    const all = new Set(pids);
    for (const { pid, parent } of Object.values(this.world.processes)) if (all.has(parent)) all.add(pid);
    return [...all]
      .toReversed()
      .flatMap((pid) => this.find(pid) ?? [])
      .filter(({ exit }) => exit === null);
  }

  /** Everything ends at once. */
  endWorld(exitCode: number, oom: boolean): void {
    const { world } = this;
    if (world.exit !== null) return;
    this.flushLog();
    world.exit = { atMs: this.nowMs, exitCode, oom };
    for (const proc of Object.values(world.processes)) {
      if (proc.notice !== null && proc.exit === null) this.notices.push({ notice: proc.notice, exitCode: 128 + SIGNAL_NUMBERS.KILL });
    }
    for (const session of Object.values(world.sessions)) session.exit ??= 128 + SIGNAL_NUMBERS.KILL;
    for (const table of [world.processes, world.open, world.pipes]) for (const key of Object.keys(table)) delete table[key];
  }

  /** Checks what the processes hold against the limit. @returns false when the container had to be ended */
  checkMemory(): boolean {
    if (this.memoryBytes() <= this.machine.limits.memoryBytes) return true;
    this.endWorld(128 + SIGNAL_NUMBERS.KILL, true);
    return false;
  }

  memoryBytes(): number {
    const shared = this.machine.sharedBytes?.() ?? 0;
    // Beside the files there is at least a process that wrote them.
    let sum = shared === 0 ? 0 : shared + LEAST_PROCESS_BYTES;
    for (const { load, exit } of Object.values(this.world.processes)) if (exit === null) sum += load?.memoryBytes ?? 0;
    return sum;
  }

  log(stream: 'out' | 'err', bytes: string): void {
    const { world } = this;
    if (world.echo !== null) world.echo += bytes;
    const text = world.partial[stream] + bytes;
    const end = text.lastIndexOf('\n');
    world.partial[stream] = text.slice(end + 1);
    if (end < 0) return;
    const rotation = this.machine.rotation?.();
    for (const line of text.slice(0, end).split('\n')) {
      if (rotation !== undefined) lookAtFile(world.file, world.written, rotation, this.nowMs);
      world.lines.push({ atMs: this.nowMs, text: decodeUtf8(line) });
      world.written++;
      addLine(world.file, line);
    }
  }

  /** The sum of two numbers of the container's stream of chance: 0 to 32767. */
  random(): number {
    const { world } = this;
    world.chance = (Math.imul(world.chance, 1_103_515_245) + 12_345) >>> 0;
    return (world.chance >>> 16) & 0x7fff;
  }

  private flushLog(): void {
    for (const stream of ['out', 'err'] as const) if (this.world.partial[stream] !== '') this.log(stream, '\n');
  }

  private step(proc: ProcessRecord): number | Wait | undefined {
    const { program } = proc;
    const task = new Task(this, proc);
    if (program.kind === 'shell') return this.machine.shell(task, program.shell);
    if (program.kind === 'server') return this.machine.serve(task, program);
    const command = this.machine.commands.get(program.name);
    if (command === undefined) return 127;
    const result = command(task, program.args, program.memory);
    // It has become another program meanwhile.
    if (proc.program !== program) return undefined;
    if (task.broken) return 128 + SIGNAL_NUMBERS.PIPE;
    return task.full && result === 0 ? 1 : result;
  }

  private hold(proc: ProcessRecord, wait: Wait): void {
    proc.wait = wait;
    if (wait.for === 'time' && proc.busySlices > 0 && proc.load?.milliCpu === 1000) return;
    proc.busySlices = 0;
    if (proc.load !== null && proc.program.kind === 'shell') proc.load = null;
  }

  private preempt(proc: ProcessRecord): void {
    proc.wait = this.sliceEnd(proc);
  }

  private deliver(proc: ProcessRecord): void {
    if (proc.program.kind !== 'shell') return;
    const { shell } = proc.program;
    shell.pending.push(...proc.signals.splice(0));
  }

  private orphan(proc: ProcessRecord): void {
    proc.parent = 1;
    if (proc.exit !== null) this.reap(proc.pid);
  }

  /** Whether what it waits for has come. */
  private mayGoOn(proc: ProcessRecord): boolean {
    const { wait, signals } = proc;
    if (wait === null) return true;
    if (signals.length > 0 && (proc.program.kind !== 'shell' || isInterruptible(proc))) return true;
    switch (wait.for) {
      case 'time':
        return this.nowMs >= wait.atMs;
      case 'ever':
        return false;
      case 'child':
        return this.isOver(wait) || wait.pids.every((pid) => this.find(pid)?.exit !== null);
      case 'room': {
        const file = openFile(this.world, proc, wait.fd);
        const pipe = file?.kind === 'pipe' ? this.world.pipes[file.pipe] : undefined;
        return pipe === undefined || pipe.readers === 0 || pipe.bytes.length < PIPE_BYTES;
      }
      case 'input':
        return this.isOver(wait) || this.hasInput(proc, wait.fd);
    }
  }

  private isOver({ untilMs }: { readonly untilMs?: number }): boolean {
    return untilMs !== undefined && this.nowMs >= untilMs;
  }

  private hasInput(proc: ProcessRecord, fd: number): boolean {
    const { world } = this;
    const file = openFile(world, proc, fd);
    if (file?.kind === 'pipe') {
      const pipe = world.pipes[file.pipe];
      return pipe === undefined || pipe.bytes !== '' || pipe.writers === 0;
    }
    if (file?.kind !== 'session') return true;
    const session = world.sessions[file.session];
    return session === undefined || session.input !== '' || session.closed;
  }

  private nextWake(): number | undefined {
    let next: number | undefined;
    for (const { exit, wait } of Object.values(this.world.processes)) {
      const atMs =
        exit !== null || wait === null ? undefined : wait.for === 'time' ? wait.atMs : 'untilMs' in wait ? wait.untilMs : undefined;
      if (atMs !== undefined && (next === undefined || atMs < next)) next = atMs;
    }
    return next;
  }
}

function isTypedTo(proc: ProcessRecord | undefined): boolean {
  return proc?.program.kind === 'shell' && proc.program.shell.interactive !== 'no';
}

export const PIPE_BYTES = 65_536;

/** A shell that waits for its children in the background hears signals at once, one that waits for a command when that has ended. */
function isInterruptible({ program, wait }: ProcessRecord): boolean {
  if (program.kind !== 'shell' || wait === null) return false;
  const frame = program.shell.frames.at(-1);
  return wait.for === 'input' || (frame?.k === 'builtin' && frame.args[0] !== 'sleep');
}
