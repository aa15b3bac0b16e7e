import type { Container, LifecycleHandler, Pod } from '../api/schema/types/core/v1.ts';
import type { ContainerRecord } from '../runtime/container.ts';
import { execIn, httpIn } from '../runtime/programs/interpreter.ts';
import { isScripted, startOfRecord } from '../runtime/programs/programOf.ts';
import { podLabel } from './containers.ts';
import type { Kubelet } from './kubelet.ts';
import type { PodState } from './state.ts';
import { portOf } from './prober/probe.ts';

export interface HookResult {
  /** Virtual time, milliseconds since 1970; infinite for one that never ends. */
  readonly endMs: number;
  /** Empty if it succeeded. */
  readonly error: string;
  /** The process that carries it out, where nobody knows when it ends. */
  readonly running?: number;
}

/** Runs a lifecycle hook in a container at a time. By HTTP any answer is a success. */
export function runHook(
  kubelet: Kubelet,
  state: PodState,
  pod: Pod,
  container: Container,
  record: ContainerRecord,
  hook: LifecycleHandler,
  kind: 'postStart' | 'preStop',
): HookResult {
  const nowMs = kubelet.now();
  if (hook.exec !== undefined && !isScripted(pod, container.name))
    return execute(kubelet, state, pod, container, record, hook.exec.command ?? [], kind);
  const start = startOfRecord(pod, container, record);
  const atMs = nowMs - (record.startedAtMs ?? nowMs);
  if (hook.sleep !== undefined) return { endMs: nowMs + hook.sleep.seconds * 1000, error: '' };
  if (hook.exec !== undefined) {
    const command = hook.exec.command ?? [];
    const result = execIn(start, command, atMs);
    if (result.kind === 'hangs') return { endMs: Number.POSITIVE_INFINITY, error: '' };
    return { endMs: nowMs + result.afterMs, error: execError(command, container, state, result.exitCode, result.output) };
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

/** The event comes when the hook has failed, which may be later. */
export function preStopFailed(kubelet: Kubelet, state: PodState, atMs: number, container: string): void {
  if (atMs <= kubelet.now()) {
    kubelet.event(state, 'Warning', 'FailedPreStopHook', 'PreStopHook failed', container);
    return;
  }
  state.effects.push({ atMs, reason: 'FailedPreStopHook', message: 'PreStopHook failed', container });
  kubelet.schedule(state, 'effect', atMs);
}

/** The command is carried out in the container. */
function execute(
  kubelet: Kubelet,
  state: PodState,
  pod: Pod,
  container: Container,
  record: ContainerRecord,
  command: readonly string[],
  kind: 'postStart' | 'preStop',
): HookResult {
  const nowMs = kubelet.now();
  const result = kubelet.programs.exec({ pod, container, record }, command, { kind });
  if (result.kind === 'running') return { endMs: Number.POSITIVE_INFINITY, error: '', running: result.pid };
  if (result.kind === 'exited') return { endMs: nowMs, error: execError(command, container, state, result.exitCode, result.output) };
  return {
    endMs: nowMs,
    error: failureText(
      'Exec',
      `[${command.join(' ')}]`,
      container,
      state,
      `rpc error: code = Unknown desc = failed to exec in container: ${result.text}`,
    ),
  };
}

/** Empty if the command was successful. */
export function execError(command: readonly string[], container: Container, state: PodState, exitCode: number, output: string): string {
  if (exitCode === 0) return '';
  const text = `command '${command.join(' ')}' exited with ${exitCode}: , message: ${JSON.stringify(output)}`;
  return failureText('Exec', `[${command.join(' ')}]`, container, state, text);
}

/** The handler as Go prints it. */
function printed({ port, host = '' }: NonNullable<LifecycleHandler['tcpSocket']>): string {
  const value = typeof port === 'number' ? `{0 ${port} }` : `{1 0 ${port}}`;
  return `&LifecycleHandler{Exec:nil,HTTPGet:nil,TCPSocket:&TCPSocketAction{Port:${value},Host:${host},},Sleep:nil,}`;
}

function failureText(kind: 'Exec' | 'HTTP', what: string, container: Container, state: PodState, error: string): string {
  return `${kind} lifecycle hook (${what}) for Container "${container.name}" in Pod "${podLabel(state)}" failed - error: ${error}`;
}
