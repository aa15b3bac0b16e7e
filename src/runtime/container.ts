import { endingOf, exitReason, messageOf, onTermOf } from './programs/interpreter.ts';
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
  readonly sandbox: number;
  readonly createdAtMs: number;
  /** Null if the runtime could not start it. */
  readonly startedAtMs: number | null;
  exit: Exit | null;
}

/** The end that the program itself brings about, if it does. */
export function naturalExit(start: Start, startedAtMs: number): Exit | null {
  const ending = endingOf(start);
  if (ending === undefined) return null;
  const { afterMs, exitCode, reason } = ending;
  return { atMs: startedAtMs + afterMs, exitCode, reason, message: messageOf(start, afterMs) };
}

export function isRunning(record: ContainerRecord, atMs: number): boolean {
  return record.startedAtMs !== null && (record.exit === null || record.exit.atMs > atMs);
}

/**
 * The end of a container that gets SIGTERM at `termAtMs` and SIGKILL after the grace period: the earliest of its own
 * end, its answer to SIGTERM and 137. Example: `on-term exit 0 after 3s` with grace 2 s ends after 2 s with 137.
 */
export function stopExit(record: ContainerRecord, start: Start, termAtMs: number, graceMs: number): Exit {
  const startedAtMs = record.startedAtMs ?? termAtMs;
  const answer = onTermOf(start);
  const killAtMs = termAtMs + graceMs;
  const stopped =
    answer !== undefined && termAtMs + answer.afterMs <= killAtMs
      ? { atMs: termAtMs + answer.afterMs, exitCode: answer.exitCode }
      : { atMs: killAtMs, exitCode: 137 };
  if (record.exit !== null && record.exit.atMs <= stopped.atMs) return record.exit;
  return { ...stopped, reason: exitReason(stopped.exitCode), message: messageOf(start, stopped.atMs - startedAtMs) };
}
