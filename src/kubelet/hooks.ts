import type { Container, LifecycleHandler, Pod } from '../api/schema/types/core/v1.ts';
import type { ContainerRecord } from '../runtime/container.ts';
import { execIn, httpIn } from '../runtime/programs/interpreter.ts';
import { programOf, startOf } from '../runtime/programs/programOf.ts';
import { podLabel } from './containers.ts';
import type { PodState } from './state.ts';
import { portOf } from './prober/probe.ts';

export interface HookResult {
  /** Virtual time, milliseconds since 1970; infinite for one that never ends. */
  readonly endMs: number;
  /** Empty if it succeeded. */
  readonly error: string;
}

/** Runs a lifecycle hook in a container at a time. By HTTP any answer is a success. */
export function runHook(
  pod: Pod,
  state: PodState,
  container: Container,
  record: ContainerRecord,
  hook: LifecycleHandler,
  nowMs: number,
): HookResult {
  const start = startOf(programOf(pod, container, record.described), record.attempt);
  const atMs = nowMs - (record.startedAtMs ?? nowMs);
  if (hook.sleep !== undefined) return { endMs: nowMs + hook.sleep.seconds * 1000, error: '' };
  if (hook.exec !== undefined) {
    const command = hook.exec.command ?? [];
    const result = execIn(start, command, atMs);
    if (result.kind === 'hangs') return { endMs: Number.POSITIVE_INFINITY, error: '' };
    const { exitCode, output } = result;
    const text = `command '${command.join(' ')}' exited with ${exitCode}: , message: ${JSON.stringify(output)}`;
    const error = exitCode === 0 ? '' : failureText('Exec', `[${command.join(' ')}]`, container, state, text);
    return { endMs: nowMs + result.afterMs, error };
  }
  if (hook.httpGet !== undefined) {
    const { port, path } = hook.httpGet;
    const number = portOf(container, port);
    const answer = httpIn(start, number, path ?? '/', atMs);
    if (answer === 'hang') return { endMs: Number.POSITIVE_INFINITY, error: '' };
    if (answer === 'refused') {
      const ip = state.sandbox?.ip ?? '';
      return {
        endMs: nowMs,
        error: failureText(
          'HTTP',
          path ?? '/',
          container,
          state,
          `Get "http://${ip}:${number}${path ?? '/'}": dial tcp ${ip}:${number}: connect: connection refused`,
        ),
      };
    }
  }
  // Accepted for old clients' sake, and never carried out.
  if (hook.tcpSocket !== undefined) return { endMs: nowMs, error: `Cannot run handler: invalid handler: ${printed(hook.tcpSocket)}` };
  return { endMs: nowMs, error: '' };
}

/** The handler as Go prints it. */
function printed({ port, host = '' }: NonNullable<LifecycleHandler['tcpSocket']>): string {
  const value = typeof port === 'number' ? `{0 ${port} }` : `{1 0 ${port}}`;
  return `&LifecycleHandler{Exec:nil,HTTPGet:nil,TCPSocket:&TCPSocketAction{Port:${value},Host:${host},},Sleep:nil,}`;
}

function failureText(kind: 'Exec' | 'HTTP', what: string, container: Container, state: PodState, error: string): string {
  return `${kind} lifecycle hook (${what}) for Container "${container.name}" in Pod "${podLabel(state)}" failed - error: ${error}`;
}
