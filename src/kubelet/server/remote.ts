/**
 * A process in a container as somebody outside has it: streams that lead to a session of the container's world.
 * Invariant: holds no process, only where to find it; what it writes is taken out when somebody looks.
 */
import type { RemoteOutput, RemoteProcess } from '../../apiserver/endpoints/nodeApi.ts';
import { fromBytes, toBytes } from '../../runtime/files/bytes.ts';
import type { Session } from '../../runtime/process/world.ts';
import { Terminal } from '../../runtime/shell/terminal.ts';

/** What a session is reached through; it is looked up each time, as a world may have been copied meanwhile. */
export interface SessionAccess {
  /** Undefined: the world is gone. @param change the session will be written to */
  readonly session: (change: boolean) => Session | undefined;
  /** Lets the processes go on. */
  readonly run: () => void;
  /** Control-C. */
  readonly interrupt: () => void;
  /** What was written since the last call. */
  readonly take: () => { readonly out: string; readonly err: string };
  readonly exitCode: () => number | undefined;
  /** Nobody will look any more: what is written from now on is not kept. */
  readonly release: () => void;
}

export function remoteProcess(access: SessionAccess, tty: boolean, output: RemoteOutput): RemoteProcess {
  let exitCode: number | undefined;
  const drain = (): void => {
    const { out, err } = access.take();
    if (out !== '') output.out(toBytes(tty ? Terminal.toScreen(out) : out));
    if (err !== '') (tty ? output.out : output.err)(toBytes(tty ? Terminal.toScreen(err) : err));
    exitCode ??= access.exitCode();
  };
  const feed = (bytes: string): void => {
    const session = access.session(true);
    if (session !== undefined) session.input += bytes;
    access.run();
    drain();
  };
  const close = (): void => {
    const session = access.session(true);
    if (session !== undefined) session.closed = true;
    access.run();
    drain();
  };
  const terminal = new Terminal({
    show: (bytes) => output.out(toBytes(bytes)),
    line: feed,
    end: close,
    interrupt: () => (access.interrupt(), drain()),
  });
  return {
    write: (bytes) => (tty ? terminal.type(fromBytes(bytes)) : feed(fromBytes(bytes))),
    closeInput: close,
    run: drain,
    close: access.release,
    get exitCode() {
      return exitCode;
    },
  };
}
