/**
 * What a started container does, as functions of the time since its start.
 * Invariant: pure; a container needs no memory beyond its start time and which part of its program it runs.
 * Counterpart: the processes in a real container.
 */
import type { OnTerm, Schedule, Start, Verdict } from './grammar.ts';

/** How a container ends by itself. */
export interface Ending {
  /** Milliseconds after the start. */
  readonly afterMs: number;
  readonly exitCode: number;
  readonly reason: 'Completed' | 'Error' | 'OOMKilled';
}

export interface LogLine {
  /** Milliseconds after the start. */
  readonly afterMs: number;
  readonly text: string;
}

const TERM_AT_ONCE: OnTerm = { ignore: false, exitCode: 143, afterMs: 0 };

/** When and how the process ends if nobody stops it; undefined: it runs for ever. */
export function endingOf(start: Start): Ending | undefined {
  if (start.work.length === 0) return undefined;
  let afterMs = 0;
  for (const step of start.work) {
    if (step.do === 'run') return undefined;
    if (step.do === 'sleep') afterMs += step.ms;
    else if (step.do === 'exit') return { afterMs, exitCode: step.code, reason: exitReason(step.code) };
    else if (step.do === 'oom') return { afterMs, exitCode: 137, reason: 'OOMKilled' };
  }
  return { afterMs, exitCode: 0, reason: 'Completed' };
}

/** Lines on stdout up to a time after the start. */
export function linesOf(start: Start, untilMs: number): readonly LogLine[] {
  const lines: LogLine[] = [];
  walk(start, untilMs, (kind, text, afterMs) => {
    if (kind === 'log') lines.push({ afterMs, text });
  });
  return lines;
}

/** The content of the termination message file at a time after the start; empty if nothing was written. */
export function messageOf(start: Start, atMs: number): string {
  let message = '';
  walk(start, atMs, (kind, text) => {
    if (kind === 'message') message = text;
  });
  return message;
}

export function exitReason(code: number): 'Completed' | 'Error' {
  return code === 0 ? 'Completed' : 'Error';
}

/** Milliseconds from SIGTERM to the end, and the exit code; undefined: the signal is ignored. */
export function onTermOf(start: Start): { readonly afterMs: number; readonly exitCode: number } | undefined {
  const { ignore, afterMs, exitCode } = start.onTerm ?? TERM_AT_ONCE;
  return ignore ? undefined : { afterMs, exitCode };
}

/** What a command run in the container comes to. */
export type ExecResult =
  { readonly kind: 'exited'; readonly exitCode: number; readonly output: string; readonly afterMs: number } | { readonly kind: 'hangs' };

/** Runs a command at a time after the start. `true`, `false` and `sleep N` do what their names say. */
export function execIn(start: Start, command: readonly string[], atMs: number): ExecResult {
  const [name, argument] = command;
  if (name === 'true') return { kind: 'exited', exitCode: 0, output: '', afterMs: 0 };
  if (name === 'false') return { kind: 'exited', exitCode: 1, output: '', afterMs: 0 };
  if (name === 'sleep') return { kind: 'exited', exitCode: 0, output: '', afterMs: Math.round(Number.parseFloat(argument ?? '0') * 1000) };
  const verdict: Verdict = at(start.exec, atMs) ?? 'ok';
  if (verdict === 'hang') return { kind: 'hangs' };
  if (verdict === 'ok') return { kind: 'exited', exitCode: 0, output: '', afterMs: 0 };
  return { kind: 'exited', exitCode: verdict.exitCode, output: 'check failed', afterMs: 0 };
}

/** What a GET is answered with: a status code, nothing (`hang`), or no connection (`refused`). */
export function httpIn(start: Start, port: number, path: string, atMs: number): number | 'hang' | 'refused' {
  if (atMs < (start.answersAfterMs ?? 0)) return 'refused';
  const rules = (start.http ?? []).filter((rule) => rule.port === port);
  if (rules.length === 0) return start.healthy === true ? 200 : 'refused';
  const route = path.split('?')[0] ?? path;
  const rule = rules.find((other) => other.path === route) ?? rules.find((other) => other.path === undefined);
  return rule === undefined ? 404 : (at(rule.answer, atMs) ?? 404);
}

export function tcpIn(start: Start, port: number, atMs: number): 'open' | 'refused' {
  if (atMs < (start.answersAfterMs ?? 0)) return 'refused';
  const listener = (start.tcp ?? []).find((other) => other.port === port);
  if (listener !== undefined) return at(listener.state, atMs) === 'open' ? 'open' : 'refused';
  const serves = [...(start.http ?? []), ...(start.grpc ?? [])].some((other) => other.port === port);
  return serves || start.healthy === true ? 'open' : 'refused';
}

export function grpcIn(start: Start, port: number, atMs: number): 'serving' | 'not-serving' | 'refused' {
  if (atMs < (start.answersAfterMs ?? 0)) return 'refused';
  const service = (start.grpc ?? []).find((other) => other.port === port);
  if (service !== undefined) return at(service.state, atMs) ?? 'not-serving';
  return start.healthy === true ? 'serving' : 'refused';
}

/** The value of a schedule at a time after the start. `fail until 6s then ok` at 5999 ms is fail, at 6000 ms ok. */
export function at<V>(schedule: Schedule<V> | undefined, atMs: number): V | undefined {
  if (schedule === undefined) return undefined;
  return (schedule.find((entry) => entry.untilMs === undefined || atMs < entry.untilMs) ?? schedule.at(-1))?.value;
}

function walk(start: Start, untilMs: number, visit: (kind: 'log' | 'message', text: string, afterMs: number) => void): void {
  let afterMs = 0;
  for (const step of start.work) {
    if (afterMs > untilMs || step.do === 'run' || step.do === 'exit' || step.do === 'oom') return;
    if (step.do === 'sleep') afterMs += step.ms;
    else visit(step.do, step.text, afterMs);
  }
}
