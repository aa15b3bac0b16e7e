import type { JsonObject } from '../base/json.ts';
import { endingOf, exitReason, linesOf, messageOf, onTermOf } from './programs/interpreter.ts';
import type { Described } from './images/content.ts';
import type { Start } from './programs/grammar.ts';

/** How and when a container ends. Known in advance where the program says so; `atMs` may lie in the future. */
export interface Exit {
  /** Virtual time, milliseconds since 1970. */
  readonly atMs: number;
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
}

/** A container as the runtime knows it: one start of one container of a Pod. Plain data. */
export interface ContainerRecord {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  /** 0 for the first start in the Pod. */
  readonly attempt: number;
  readonly image: string;
  /** Attempt of the sandbox it belongs to. */
  sandbox: number;
  readonly createdAtMs: number;
  /** Null if the runtime could not start it. */
  readonly startedAtMs: number | null;
  exit: Exit | null;
  /** The text of its program, where that was decided when it started. */
  program?: string;
  /** What an Image object says of its image. */
  readonly described?: Described;
  /** What its variables and the single files in it were taken from when it was started, by `configmaps/NAME` and `secrets/NAME`; null: the object was not there. */
  readonly configuration?: { readonly [key: string]: JsonObject | null };
}

/** Where the termination message comes from. */
export type MessagePolicy = 'File' | 'FallbackToLogsOnError';

/** The end that the program itself brings about, if it does. */
export function naturalExit(start: Start, startedAtMs: number, policy: MessagePolicy = 'File'): Exit | null {
  const ending = endingOf(start);
  if (ending === undefined) return null;
  const { afterMs, exitCode, reason } = ending;
  return { atMs: startedAtMs + afterMs, exitCode, reason, message: terminationMessage(start, afterMs, exitCode, policy) };
}

export function isRunning(record: ContainerRecord, atMs: number): boolean {
  return record.startedAtMs !== null && (record.exit === null || record.exit.atMs > atMs);
}

/**
 * The end of a container that gets SIGTERM at `termAtMs` and SIGKILL after the grace period: the earliest of its own
 * end, its answer to SIGTERM and 137. Example: `on-term exit 0 after 3s` with grace 2 s ends after 2 s with 137.
 */
export function stopExit(record: ContainerRecord, start: Start, termAtMs: number, graceMs: number, policy: MessagePolicy = 'File'): Exit {
  const startedAtMs = record.startedAtMs ?? termAtMs;
  const answer = onTermOf(start);
  const killAtMs = termAtMs + graceMs;
  const stopped =
    answer !== undefined && termAtMs + answer.afterMs <= killAtMs
      ? { atMs: termAtMs + answer.afterMs, exitCode: answer.exitCode }
      : { atMs: killAtMs, exitCode: 137 };
  if (record.exit !== null && record.exit.atMs <= stopped.atMs) return record.exit;
  return {
    ...stopped,
    reason: exitReason(stopped.exitCode),
    message: terminationMessage(start, stopped.atMs - startedAtMs, stopped.exitCode, policy),
  };
}

/** The message file, or after a failure with an empty file the end of the log: 80 lines or 2048 bytes at most. */
function terminationMessage(start: Start, afterMs: number, exitCode: number, policy: MessagePolicy): string {
  const message = messageOf(start, afterMs);
  if (message !== '' || exitCode === 0 || policy === 'File') return message;
  return linesOf(start, afterMs)
    .slice(-80)
    .map(({ text }) => `${text}\n`)
    .join('')
    .slice(-2048);
}
