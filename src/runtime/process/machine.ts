import type { Json } from '../../base/json.ts';
import type { HttpRequest } from '../http.ts';
import type { Connected, HttpTarget, Lookup, Queried, RecordType, Responded, Target } from '../network.ts';
import type { FileSystem } from '../files/fileSystem.ts';
import type { Rotation } from '../logFile.ts';
import type { ShellState } from '../shell/state.ts';
import type { Task } from './task.ts';
import type { ProcessRecord, Program, ServerProgram, Signal, Wait, World } from './world.ts';

/** What the processes of a container see of the machine that they run on. */
export interface Machine {
  readonly world: World;
  /** Made when somebody asks for a file. */
  readonly files: () => FileSystem;
  readonly hostName: string;
  readonly user: { readonly id: number; readonly group: number; readonly name: string };
  readonly nowMs: () => number;
  readonly limits: { readonly memoryBytes: number; readonly milliCpu: number };
  /** What the node has. */
  readonly node: { readonly memoryBytes: number; readonly cpus: number; readonly name: string };
  readonly addresses: readonly string[];
  /** What the files in memory take that count for the container; undefined: it has no such volume. */
  readonly sharedBytes?: () => number;
  /** When its log begins a new file; undefined: never. */
  readonly rotation?: () => Rotation;
  /** The network as the Pod sees it; undefined where there is none. */
  readonly network: PodNetwork | undefined;
  /** The programs that there are, by name. */
  readonly commands: ReadonlyMap<string, Command>;
  /** Whether a program lies in the image. */
  readonly has: (name: string) => boolean;
  /** What programs that are not simulated are taken for: the image's own server, or nothing. */
  readonly foreign: (args: readonly string[], env: Readonly<Record<string, string>>) => Program | undefined;
  readonly shell: (task: Task, state: ShellState) => number | Wait | undefined;
  readonly serve: (task: Task, program: ServerProgram) => number | Wait | undefined;
  /** Whether a program does something of its own about a signal. */
  readonly handles: (proc: ProcessRecord, signal: Signal) => boolean;
}

/** `Network` for one Pod. */
export interface PodNetwork {
  lookup(name: string): Lookup;
  query(name: string, type: RecordType, options?: { readonly search?: boolean; readonly server?: string }): Queried;
  connect(target: Target): Connected;
  request(target: HttpTarget, request: HttpRequest): Responded;
}

/** A program by name. Called again with the same memory when what it waited for has come. */
export type Command = (task: Task, args: readonly string[], memory: Record<string, Json>) => number | Wait;
