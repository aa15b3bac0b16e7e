/** Starts the first process of a container, and others that somebody outside asks for. */
import { addFile } from './descriptors.ts';
import { programFor, type NotExecuted } from './exec.ts';
import type { Kernel } from './kernel.ts';
import type { Notice, OpenFile, ProcessRecord, Program, Session } from './world.ts';

export interface Launch {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly tty?: boolean;
  /** A session whose input it reads; undefined: nobody types to it. */
  readonly session?: number;
}

/** Process 1 of a world that has none: it writes to the container's log. */
export function launchFirst(kernel: Kernel, launch: Launch, program?: Program): ProcessRecord | NotExecuted {
  const { args, env, cwd, session, tty = false } = launch;
  const found = program ?? programFor(kernel.machine, args, env, cwd, tty);
  if (!('kind' in found)) return found;
  const { world } = kernel;
  const input: OpenFile = session === undefined ? { kind: 'null', refs: 0 } : { kind: 'session', session, stream: 'in', refs: 0 };
  const fds = {
    0: addFile(world, input),
    1: addFile(world, { kind: 'log', stream: 'out', refs: 0 }),
    2: addFile(world, { kind: 'log', stream: 'err', refs: 0 }),
  };
  const proc = kernel.spawn({ parent: 0, args, env, cwd, fds, program: found });
  if (proc === undefined) return { code: 126, text: 'Permission denied' };
  return proc;
}

/** A command beside process 1; its streams lead to a session. */
export function launchBeside(
  kernel: Kernel,
  launch: Launch & { readonly session: number; readonly notice: Notice },
): ProcessRecord | NotExecuted {
  const { args, env, cwd, session, notice, tty = false } = launch;
  const program = programFor(kernel.machine, args, env, cwd, tty);
  if (!('kind' in program)) return program;
  const { world } = kernel;
  const stream = (name: 'in' | 'out' | 'err'): number => addFile(world, { kind: 'session', session, stream: name, refs: 0 });
  const proc = kernel.spawn({
    parent: 0,
    args,
    env,
    cwd,
    fds: { 0: stream('in'), 1: stream('out'), 2: stream('err') },
    program,
    notice,
  });
  return proc ?? { code: 126, text: 'Permission denied' };
}

/** Streams for a process that somebody outside reads from. @returns its number */
export function openSession({ world }: Kernel, tty: boolean, closed: boolean): number {
  const number = world.nextNumber++;
  const session: Session = { input: '', closed, out: '', err: '', exit: null, tty };
  world.sessions[number] = session;
  return number;
}
