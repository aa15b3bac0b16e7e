/**
 * The processes of all containers that are more than a text: starts them, lets them go on, tells the kubelet when they end.
 * Invariant: a world goes on by its own timer or because somebody asks it for something; while it sleeps it costs nothing.
 * Counterpart: a container runtime as the kubelet sees it (exec, attach, signals, exits).
 */
import type { Container, Pod } from '../../api/schema/types/core/v1.ts';
import { innerToken } from '../../apiserver/authentication/serviceaccount/innerTokens.ts';
import type { ContainerRecord } from '../../runtime/container.ts';
import { exitReason } from '../../runtime/programs/interpreter.ts';
import { isRunning } from '../../runtime/container.ts';
import { decodeUtf8 } from '../../runtime/files/bytes.ts';
import { ownConfig } from '../../runtime/programs/described.ts';
import { withImageDefaults } from '../../runtime/images/content.ts';
import { Kernel } from '../../runtime/process/kernel.ts';
import { launchBeside, launchFirst, openSession } from '../../runtime/process/launch.ts';
import {
  newWorld,
  type Load,
  type LogLine,
  type Notice,
  type ServerProgram,
  type Signal,
  type World,
} from '../../runtime/process/world.ts';
import { bytesOfFiles, formerLines, lookAtFile } from '../../runtime/logFile.ts';
import { startOfRecord } from '../../runtime/programs/programOf.ts';
import { expand } from '../server/environment.ts';
import { rotationOf } from '../server/rotation.ts';
import type { Start } from '../../runtime/programs/grammar.ts';
import { parsedStart } from '../../runtime/programs/parsed.ts';
import type { PodState, Timer } from '../state.ts';
import { isForeground } from './foreground.ts';
import type { WrittenLog } from './worlds.ts';
import { Surroundings, type Place, type SurroundingsEnvironment } from './surroundings.ts';

/** How a command that was run in a container stands. */
export type Executed =
  | { readonly kind: 'exited'; readonly exitCode: number; readonly output: string }
  | { readonly kind: 'running'; readonly pid: number; readonly session: number }
  | { readonly kind: 'failed'; readonly text: string };

export interface ExecSettings {
  readonly stdin?: boolean;
  readonly tty?: boolean;
}

/** What the kubelet is told. */
export interface ProgramsHost {
  /** The container's first process has ended by itself. */
  readonly exited: (place: Place, exit: NonNullable<ContainerRecord['exit']>) => void;
  readonly noticed: (place: Place, notice: Notice, exitCode: number, output: string) => void;
  readonly cancel: (timer: Timer) => void;
  /** Processes have done something: files may have grown, memory may have been taken. */
  readonly ran: (place: Place) => void;
  /** The world wants to go on at that time; undefined: it waits for somebody. */
  readonly wakeAt: (place: Place, atMs: number | undefined, background: boolean) => void;
}

export class Programs {
  readonly surroundings: Surroundings;
  private readonly environment: SurroundingsEnvironment;
  private readonly host: ProgramsHost;

  constructor(environment: SurroundingsEnvironment, host: ProgramsHost) {
    this.environment = environment;
    this.host = host;
    const { store, nowMs } = environment;
    this.surroundings = new Surroundings(environment, (pod, audience, seconds) => innerToken(store, pod, audience, seconds, nowMs()));
  }

  /** Begins the program of a container that is carried out as what it is. @returns why it cannot be started */
  launch(place: Place, command: readonly string[]): string | undefined {
    const { record, container } = place;
    const env = this.surroundings.variables(place);
    const kernel = this.kernel(place, this.newWorld(place, env));
    const tty = container.tty === true;
    const session = container.stdin === true ? openSession(kernel, tty, false) : undefined;
    const args = command.map((word) => expand(word, env));
    const cwd = workingDirectory(place);
    const started = launchFirst(kernel, {
      args,
      env: tty ? { ...env, TERM: 'xterm' } : env,
      cwd,
      tty,
      ...(session === undefined ? {} : { session }),
    });
    if ('pid' in started) return undefined;
    this.environment.worlds.drop(record.id);
    return notStarted(args[0] ?? '', started.text);
  }

  /** Lets the processes of a container go on as far as they can now. */
  run(place: Place): void {
    const world = this.environment.worlds.find(place.record.id);
    if (world !== undefined) this.goOn(place, this.kernel(place, world));
  }

  /** Runs a command beside the container's program. */
  exec(
    place: Place,
    args: readonly string[],
    notice: Omit<Notice, 'session'> | undefined,
    options: ExecSettings = {},
    surroundings = this.surroundings,
  ): Executed {
    const kernel = this.ensure(place, surroundings);
    const { world } = kernel;
    const { stdin = false, tty = false } = options;
    const session = openSession(kernel, tty, !stdin);
    const env = tty ? { ...world.env, TERM: 'xterm' } : world.env;
    const own: Notice = { ...(notice ?? { kind: 'session' }), session };
    const started = launchBeside(kernel, { args, env, cwd: workingDirectory(place), tty, session, notice: own });
    if (!('pid' in started)) {
      delete world.sessions[session];
      return { kind: 'failed', text: execFailure(args[0] ?? '', started.text) };
    }
    kernel.execute(started);
    const { exit } = started;
    if (exit === null) {
      this.goOn(place, kernel);
      // Others may have let it end meanwhile: then its end was told.
      if (started.exit === null || notice !== undefined) return { kind: 'running', pid: started.pid, session };
    }
    const exitCode = started.exit ?? exit ?? 0;
    if (notice === undefined) {
      const streams = world.sessions[session];
      if (streams !== undefined) streams.exit = exitCode;
      this.goOn(place, kernel);
      return { kind: 'running', pid: started.pid, session };
    }
    const output = outputOf(world, session, notice.kind);
    delete world.sessions[session];
    kernel.notices.splice(0);
    this.goOn(place, kernel);
    return { kind: 'exited', exitCode, output };
  }

  /** @returns whether the container's first process still runs afterwards */
  signal(place: Place, signal: Signal): boolean {
    const world = this.environment.worlds.find(place.record.id);
    if (world === undefined) return false;
    const kernel = this.kernel(place, world);
    if (signal === 'KILL') kernel.endWorld(137, false);
    else kernel.signal(1, signal, true);
    this.goOn(place, kernel);
    return world.exit === null;
  }

  /** Ends a process that somebody outside started. */
  end(place: Place, pid: number): void {
    const world = this.environment.worlds.find(place.record.id);
    if (world === undefined) return;
    const kernel = this.kernel(place, world);
    kernel.signal(pid, 'KILL', true);
    kernel.notices.splice(0);
    this.goOn(place, kernel);
  }

  /**
   * A container's log.
   * @param own what follows from its text: what processes beside a server wrote comes between it
   */
  log(pod: Pod, id: string, own: () => readonly LogLine[]): WrittenLog {
    const { nowMs, store, worlds } = this.environment;
    const world = worlds.peek(id);
    const rotation = rotationOf(store, pod);
    if (world === undefined || world.beside) {
      const besides = world === undefined ? [] : worlds.lines(id);
      const lines = besides.length === 0 ? own() : [...own(), ...besides].toSorted((a, b) => a.atMs - b.atMs);
      return { dropped: 0, former: formerLines(lines, rotation, nowMs()), lines };
    }
    const { dropped, lines } = worlds.log(id);
    const file = { ...world.file };
    lookAtFile(file, world.written, rotation, nowMs());
    return { dropped, former: Math.max(file.from, dropped), lines };
  }

  /** What the files of its log take of the node's disk. */
  logBytes(pod: Pod, id: string): number {
    const world = this.environment.worlds.peek(id);
    return world === undefined ? 0 : bytesOfFiles(world.file, rotationOf(this.environment.store, pod));
  }

  /** The servers among a container's processes. */
  servers(id: string): readonly RunningServer[] {
    const world = this.environment.worlds.peek(id);
    return Object.values(world?.processes ?? {}).flatMap(({ program, exit, startedAtMs, cwd }) =>
      program.kind === 'server' && exit === null
        ? [{ program, startedAtMs, cwd, start: parsedStart(program.text, program.healthy === true) }]
        : [],
    );
  }

  /** How many processes it has; 0: nobody has ever looked into it. */
  processes(id: string): number {
    let count = 0;
    for (const { exit } of Object.values(this.environment.worlds.peek(id)?.processes ?? {})) if (exit === null) count++;
    return count;
  }

  /** What its processes hold and use now, beside what a shell needs. */
  load(id: string): Load {
    let [milliCpu, memoryBytes] = [0, 0];
    for (const { exit, load, program } of Object.values(this.environment.worlds.peek(id)?.processes ?? {})) {
      if (exit !== null) continue;
      milliCpu += load?.milliCpu ?? 0;
      memoryBytes += load?.memoryBytes ?? (program.kind === 'server' ? SERVER_BYTES : PROCESS_BYTES);
    }
    return { milliCpu, memoryBytes };
  }

  /** Nothing of the Pod's containers runs any more. */
  lose(state: PodState): void {
    for (const timer of Object.values(state.wakes)) this.host.cancel(timer);
    state.wakes = {};
    for (const { id } of state.records) {
      const world = this.environment.worlds.find(id);
      if (world !== undefined) world.exit ??= { atMs: this.environment.nowMs(), exitCode: 255, oom: false };
    }
  }

  /** The Pod is gone, with all that its containers have left. */
  forgetAll(state: PodState): void {
    this.lose(state);
    for (const { id } of state.records) this.forget(id);
    this.environment.worlds.dropFiles(`pod/${state.uid}`);
  }

  /** The container's record is dropped. */
  forget(id: string): void {
    this.environment.worlds.drop(id);
  }

  /** The container has ended otherwise: nothing goes on in it. */
  stop(place: Place): void {
    const world = this.environment.worlds.find(place.record.id);
    if (world === undefined || world.exit !== null) return;
    this.kernel(place, world).endWorld(place.record.exit?.exitCode ?? 137, false);
    this.host.wakeAt(place, undefined, true);
  }

  /** The world of a container; one with a server, which was none so far, is made. */
  private ensure(place: Place, surroundings: Surroundings): Kernel {
    const { record, pod, container } = place;
    const known = this.environment.worlds.find(record.id);
    if (known !== undefined) return new Kernel(surroundings.machine(place, known));
    const start = startOfRecord(pod, container, record);
    const env = this.surroundings.variables(place);
    const kernel = new Kernel(surroundings.machine(place, this.newWorld(place, env)));
    kernel.world.beside = true;
    // What it writes is told by its text already.
    const program: ServerProgram = {
      kind: 'server',
      text: 'run',
      healthy: start.healthy === true,
      ...(start.onTerm === undefined ? {} : { onTerm: start.onTerm }),
    };
    launchFirst(kernel, { args: commandLineOf(container, record), env, cwd: '/' }, program);
    const first = kernel.find(1);
    if (first !== undefined) Object.assign(first, { startedAtMs: record.startedAtMs ?? 0, wait: { for: 'ever' } });
    return kernel;
  }

  private newWorld({ record, pod, container }: Place, env: Readonly<Record<string, string>>): World {
    const world = newWorld(record.id, pod.metadata.uid ?? '', container.name, env);
    this.environment.worlds.add(world);
    return world;
  }

  private kernel(place: Place, world: World): Kernel {
    return new Kernel(this.surroundings.machine(place, world));
  }

  private goOn(place: Place, kernel: Kernel): void {
    const { record } = place;
    const { world } = kernel;
    if (world.exit === null && !isRunning(record, this.environment.nowMs())) kernel.endWorld(record.exit?.exitCode ?? 137, false);
    const next = kernel.run();
    this.environment.worlds.putAway(world);
    this.host.ran(place);
    for (const { notice, exitCode } of kernel.notices.splice(0)) {
      const streams = world.sessions[notice.session];
      if (streams !== undefined) streams.exit = exitCode;
      if (notice.kind === 'session') continue;
      const output = outputOf(world, notice.session, notice.kind);
      delete world.sessions[notice.session];
      this.host.noticed(place, notice, exitCode, output);
    }
    this.host.wakeAt(place, world.exit === null ? next : undefined, !isForeground(world, next, this.environment.nowMs()));
    if (world.exit !== null && isRunning(record, this.environment.nowMs())) this.host.exited(place, this.exitOf(place, world.exit));
  }

  private exitOf(place: Place, { atMs, exitCode, oom }: NonNullable<World['exit']>): NonNullable<ContainerRecord['exit']> {
    return { atMs, exitCode, reason: oom ? 'OOMKilled' : exitReason(exitCode), message: this.message(place, exitCode) };
  }

  /** The message file, or after a failure with an empty file the end of the log. */
  private message(place: Place, exitCode: number): string {
    const { container, record } = place;
    const read = this.surroundings.files(place, {}).read(container.terminationMessagePath ?? '/dev/termination-log');
    const text = typeof read === 'string' ? '' : decodeUtf8(read.content.slice(-MESSAGE_BYTES));
    if (text !== '' || exitCode === 0 || container.terminationMessagePolicy !== 'FallbackToLogsOnError') return text;
    const lines = this.environment.worlds.lines(record.id).slice(-FALLBACK_LINES);
    return lines
      .map((line) => `${line.text}\n`)
      .join('')
      .slice(-FALLBACK_BYTES);
  }
}

/** A server process with what it answers. */
export interface RunningServer {
  readonly program: ServerProgram;
  readonly start: Start;
  readonly startedAtMs: number;
  readonly cwd: string;
}

export const PROCESS_BYTES = 524_288;
export const SERVER_BYTES = 20 * 1024 * 1024;
/** maxReadLength of k8s.io/kubernetes/pkg/probe/exec. */
const PROBE_OUTPUT_BYTES = 10_240;
const MESSAGE_BYTES = 4096;
const FALLBACK_LINES = 80;
const FALLBACK_BYTES = 2048;

/** What a server that follows from its text was started with. */
export function commandLineOf(container: Container, { described }: ContainerRecord): readonly string[] {
  const { command = [container.image ?? ''], args = [] } = withImageDefaults(
    container,
    ownConfig(described?.config ?? {}, described?.base),
  );
  return [...command, ...args];
}

export function workingDirectory({ container, record }: Pick<Place, 'container' | 'record'>): string {
  return container.workingDir ?? record.described?.config?.workingDir ?? '/';
}

/** Of what a probe writes only the beginning is read. */
function outputOf(world: World, session: number, kind: Notice['kind']): string {
  const streams = world.sessions[session];
  const bytes = (streams?.out ?? '') + (streams?.err ?? '');
  return decodeUtf8(kind === 'probe' ? bytes.slice(0, PROBE_OUTPUT_BYTES) : bytes);
}

function notStarted(name: string, text: string): string {
  return `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ${execText(name, text)}: unknown`;
}

function execFailure(name: string, text: string): string {
  return `OCI runtime exec failed: exec failed: unable to start container process: ${execText(name, text)}`;
}

function execText(name: string, text: string): string {
  if (text === 'Permission denied') return `exec: "${name}": permission denied`;
  return `exec: "${name}": ${name.includes('/') ? `stat ${name}: no such file or directory` : 'executable file not found in $PATH'}`;
}
