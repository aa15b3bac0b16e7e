import { linesOf } from './programs/interpreter.ts';
import type { Start } from './programs/grammar.ts';
import type { ContainerRecord } from './container.ts';

export interface LogEntry {
  /** Virtual time, milliseconds since 1970. */
  readonly atMs: number;
  readonly text: string;
}

export interface LogOptions {
  readonly tailLines?: number;
  readonly sinceMs?: number;
}

/** At most so many lines are kept of a container, as a runtime rotates its logs. */
const LINE_LIMIT = 5_000;

/** What a container has written up to now. Nothing is stored: the lines follow from the program and the time. */
export function logsOf(record: ContainerRecord, start: Start, nowMs: number, options: LogOptions = {}): readonly LogEntry[] {
  if (record.startedAtMs === null) return [];
  const begin = record.startedAtMs;
  const end = Math.min(nowMs, record.exit?.atMs ?? nowMs);
  return chosen(
    linesOf(start, end - begin).map(({ afterMs, text }) => ({ atMs: begin + afterMs, text })),
    options,
  );
}

/** The lines that somebody asks for. */
export function chosen(lines: readonly LogEntry[], { sinceMs, tailLines = LINE_LIMIT }: LogOptions): readonly LogEntry[] {
  const entries = lines.filter(({ atMs }) => sinceMs === undefined || atMs >= sinceMs);
  return entries.slice(-Math.min(tailLines, LINE_LIMIT) || entries.length);
}
