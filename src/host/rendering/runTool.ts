/**
 * Runs helm or kubectl and reads what they say.
 * Invariant: bounded in time and output, stopped with the signal, no shell; a tool that is not there is an answer.
 */
import { spawn } from 'node:child_process';

export interface ToolOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

export type ToolOutcome =
  | { readonly outcome: 'ended'; readonly code: number; readonly out: string; readonly err: string }
  | { readonly outcome: 'missing' }
  /** Cancelled, or over a limit. */
  | { readonly outcome: 'stopped'; readonly reason: string };

const LIMIT_MS = 20_000;
const LIMIT_BYTES = 32 * 1024 * 1024;

export function runTool(program: string, args: readonly string[], { cwd, env, signal }: ToolOptions): Promise<ToolOutcome> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve({ outcome: 'stopped', reason: 'cancelled' });
      return;
    }
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let bytes = 0;
    let reason: string | undefined;
    const stop = (why: string): void => {
      reason ??= why;
      child.kill('SIGKILL');
    };
    const cancel = (): void => stop('cancelled');
    const timer = setTimeout(() => stop(`${program} did not end within ${LIMIT_MS / 1000} s`), LIMIT_MS);
    signal.addEventListener('abort', cancel, { once: true });
    const take = (into: Buffer[]) => (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > LIMIT_BYTES) stop(`${program} printed more than ${LIMIT_BYTES / 1024 / 1024} MiB`);
      else into.push(chunk);
    };
    const end = (outcome: ToolOutcome): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      resolve(outcome);
    };
    child.stdout.on('data', take(out));
    child.stderr.on('data', take(err));
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'EACCES') end({ outcome: 'missing' });
      else end({ outcome: 'stopped', reason: error.message });
    });
    child.on('close', (code) => {
      if (reason !== undefined) end({ outcome: 'stopped', reason });
      else end({ outcome: 'ended', code: code ?? 1, out: Buffer.concat(out).toString('utf8'), err: Buffer.concat(err).toString('utf8') });
    });
  });
}

/** The environment of a tool that must not reach a cluster. */
export function withoutCluster(folder: string): Readonly<Record<string, string | undefined>> {
  return {
    ...process.env,
    KUBECONFIG: `${folder}/no-cluster`,
    HELM_NO_PLUGINS: '1',
    HELM_KUBECONTEXT: undefined,
    HELM_KUBEAPISERVER: undefined,
  };
}
