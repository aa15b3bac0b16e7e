/**
 * A program that runs in a container: a generator that says what it waits for, and who it belongs to.
 * Invariant: knows no clock; whoever runs it tells the virtual time. Counterpart: a process.
 */
import type { FileSystem } from '../files/fileSystem.ts';

/** `input`: until there is more of it or it ends; `time`: so long; `tick`: until time has gone on. */
export type Wait = { readonly for: 'input' } | { readonly for: 'time'; readonly ms: number } | { readonly for: 'tick' };

/** Ends with the exit code. */
export type Execution = Generator<Wait, number, void>;

/** Bytes that come in over time. */
export class Input {
  private data: string;
  closed: boolean;

  constructor(data = '', closed = false) {
    this.data = data;
    this.closed = closed;
  }

  push(bytes: string): void {
    this.data += bytes;
  }

  /** Everything that is there. */
  take(): string {
    const { data } = this;
    this.data = '';
    return data;
  }

  /** A line with its end; what there is if nothing more comes; undefined: not there yet, or at the end. */
  takeLine(): string | undefined {
    const end = this.data.indexOf('\n');
    if (end < 0 && !(this.closed && this.data !== '')) return undefined;
    const line = end < 0 ? this.data : this.data.slice(0, end + 1);
    this.data = this.data.slice(line.length);
    return line;
  }
}

/** What a process sees of its container. */
export interface Machine {
  readonly files: FileSystem;
  readonly hostName: string;
  /** The programs of the image, by name. */
  readonly commands: ReadonlyMap<string, Command>;
  readonly user: { readonly id: number; readonly group: number; readonly name: string };
  /** The container's own process, as `ps` shows it. */
  readonly command: string;
  readonly startedAtMs: number;
  readonly nowMs: () => number;
  /** What a GET within the Pod, or to another address, is answered with. */
  readonly fetch: (host: string, port: number, path: string) => Fetched;
}

export type Fetched = { readonly code: number; readonly body: string } | 'refused' | 'hang' | 'bad address';

export interface Process {
  readonly machine: Machine;
  readonly env: Record<string, string>;
  cwd: string;
  readonly input: Input;
  readonly out: (bytes: string) => void;
  readonly err: (bytes: string) => void;
}

/** A program by name: its exit code at once, or what it does over time. */
export type Command = (task: Process, args: readonly string[]) => number | Execution;
