/**
 * What runs inside one started container: its processes, what they have open, and what they have written.
 * Invariant: plain data all the way down; a process that waits says for what, so a world can be stored and goes on elsewhere.
 * Counterpart: the PID namespace of a container with its processes.
 */
import { fnv1a } from '../../base/fnv.ts';
import type { Json } from '../../base/json.ts';
import { newLogFile, type LogFile } from '../logFile.ts';
import type { OnTerm } from '../programs/grammar.ts';
import type { ShellState } from '../shell/state.ts';

export type Signal = 'HUP' | 'INT' | 'QUIT' | 'KILL' | 'USR1' | 'USR2' | 'PIPE' | 'ALRM' | 'TERM' | 'CHLD' | 'CONT' | 'STOP' | 'WINCH';

/** What a process waits for. `ever`: for nothing but a signal. */
export type Wait =
  | { readonly for: 'time'; readonly atMs: number }
  | { readonly for: 'input'; readonly fd: number; readonly untilMs?: number }
  | { readonly for: 'room'; readonly fd: number }
  | { readonly for: 'child'; readonly pids: readonly number[]; readonly untilMs?: number }
  | { readonly for: 'ever' };

/** What a process uses while it runs or waits. */
export interface Load {
  readonly milliCpu: number;
  readonly memoryBytes: number;
}

/** What an open descriptor leads to. */
export type OpenFile =
  | { readonly kind: 'log'; readonly stream: 'out' | 'err'; refs: number }
  | { readonly kind: 'session'; readonly session: number; readonly stream: 'in' | 'out' | 'err'; refs: number }
  | { readonly kind: 'file'; readonly path: string; offset: number; readonly append: boolean; refs: number }
  | { readonly kind: 'text'; readonly content: string; offset: number; refs: number }
  | { readonly kind: 'pipe'; readonly pipe: number; readonly end: 'read' | 'write'; refs: number }
  | { readonly kind: 'capture'; content: string; refs: number }
  | { readonly kind: 'null'; refs: number }
  | { readonly kind: 'zero'; refs: number };

export interface Pipe {
  bytes: string;
  readers: number;
  writers: number;
}

/** Whom the end of a process is told to, outside of the world. */
export interface Notice {
  readonly kind: 'probe' | 'postStart' | 'preStop' | 'session';
  /** Its streams. */
  readonly session: number;
  /** Of a probe: which. */
  readonly index?: number;
}

export type Program =
  | { readonly kind: 'shell'; readonly shell: ShellState }
  | { readonly kind: 'command'; readonly name: string; readonly args: readonly string[]; readonly memory: Record<string, Json> }
  | ServerProgram;

/** A server: what it does follows from its text and the time. */
export interface ServerProgram {
  readonly kind: 'server';
  /** In the language of programs. */
  readonly text: string;
  /** Nobody knows what it is: it answers whatever is asked. */
  readonly healthy?: boolean;
  /** Directory whose files it shows. */
  readonly root?: string;
  /** What it answers everything with. */
  readonly body?: string;
  /** What SIGTERM does, where the text does not say it. */
  readonly onTerm?: OnTerm;
  /** How many lines of its log it has written. */
  readonly written?: number;
  /** How it ends, once it was asked to. */
  readonly stop?: { readonly atMs: number; readonly exitCode: number };
}

export interface ProcessRecord {
  readonly pid: number;
  parent: number;
  args: readonly string[];
  readonly env: Record<string, string>;
  cwd: string;
  /** Descriptor > number of the open file. */
  readonly fds: Record<string, number>;
  readonly startedAtMs: number;
  program: Program;
  wait: Wait | null;
  /** Set while it has ended and its parent has not asked for the code. */
  exit: number | null;
  readonly signals: Signal[];
  readonly ignored: Signal[];
  load: Load | null;
  /** How many slices of time it has used up in a row. */
  busySlices: number;
  readonly notice: Notice | null;
}

/** Streams that lead out of the world: of a command run by somebody outside, or of an attached terminal. */
export interface Session {
  input: string;
  closed: boolean;
  out: string;
  err: string;
  /** Null while the process runs. */
  exit: number | null;
  readonly tty: boolean;
}

export interface LogLine {
  /** Virtual time, milliseconds since 1970. */
  readonly atMs: number;
  readonly text: string;
}

export interface World {
  /** The container's id. */
  readonly id: string;
  readonly pod: string;
  readonly container: string;
  /** The variables that its processes start with. */
  readonly env: Readonly<Record<string, string>>;
  /** It was made for a command beside a server, which itself needs none. */
  beside: boolean;
  nextNumber: number;
  nextPid: number;
  readonly processes: Record<string, ProcessRecord>;
  readonly open: Record<string, OpenFile>;
  readonly pipes: Record<string, Pipe>;
  readonly sessions: Record<string, Session>;
  /** Finished lines that are not yet put away; the store of worlds takes them. */
  readonly lines: LogLine[];
  /** How many blocks of lines were put away. */
  blocks: number;
  /** How many lines were written. */
  written: number;
  readonly file: LogFile;
  /** What was written since somebody is attached; null: nobody is. */
  echo: string | null;
  /** Beginnings of lines. */
  partial: Record<'out' | 'err', string>;
  /** State of the container's own stream of chance. */
  chance: number;
  /** How process 1 ended. */
  exit: WorldExit | null;
}

export interface WorldExit {
  readonly atMs: number;
  readonly exitCode: number;
  readonly oom: boolean;
}

export function newWorld(id: string, pod: string, container: string, env: Readonly<Record<string, string>>): World {
  return {
    id,
    pod,
    container,
    env,
    beside: false,
    nextNumber: 1,
    nextPid: 1,
    processes: {},
    open: {},
    pipes: {},
    sessions: {},
    lines: [],
    blocks: 0,
    written: 0,
    file: newLogFile(),
    echo: null,
    partial: { out: '', err: '' },
    chance: fnv1a(id) >>> 0,
    exit: null,
  };
}

/** The bits of a wait status: what `$?` shows for a process that a signal ended. */
export const SIGNAL_NUMBERS: Readonly<Record<Signal, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  KILL: 9,
  USR1: 10,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  CHLD: 17,
  CONT: 18,
  STOP: 19,
  WINCH: 28,
};

/** `TERM`, `SIGTERM`, `15`; undefined for what is none. `EXIT` and 0 are none. */
export function signalOf(text: string): Signal | undefined {
  const name = text.toUpperCase().replace(/^SIG/, '');
  if (Object.hasOwn(SIGNAL_NUMBERS, name)) return name as Signal;
  const found = Object.entries(SIGNAL_NUMBERS).find(([, number]) => String(number) === text);
  return found === undefined ? undefined : (found[0] as Signal);
}
