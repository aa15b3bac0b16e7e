/**
 * Processes that are servers: what they do follows from their text and the time.
 * Counterpart: the daemons of the well-known images.
 */
import { endingOf, linesOf, onTermOf } from '../programs/interpreter.ts';
import { parsedStart } from '../programs/parsed.ts';
import type { Task } from './task.ts';
import type { ProcessRecord, ServerProgram, Signal, Wait } from './world.ts';

const ENDING: ReadonlySet<Signal> = new Set(['TERM', 'INT', 'QUIT']);

/** Writes what is due, and ends when its time has come or a signal asks for it. */
export function serve(task: Task, program: ServerProgram): number | Wait {
  const { proc } = task;
  const start = parsedStart(program.text, program.healthy === true);
  const ageMs = task.nowMs - proc.startedAtMs;
  const written = program.written ?? 0;
  const lines = linesOf(start, ageMs);
  for (const { text } of lines.slice(written)) task.print(`${text}\n`);
  const ending = endingOf(start);
  const stop = program.stop ?? answerTo(proc, program.onTerm === undefined ? start : { ...start, onTerm: program.onTerm }, task.nowMs);
  proc.program = { ...program, written: lines.length, ...(stop === undefined ? {} : { stop }) };
  if (stop !== undefined && task.nowMs >= stop.atMs) return stop.exitCode;
  if (ending !== undefined && ageMs >= ending.afterMs) return ending.exitCode;
  const next = linesOf(start, ending?.afterMs ?? Number.POSITIVE_INFINITY)[lines.length];
  const due = [
    next === undefined ? undefined : proc.startedAtMs + next.afterMs,
    ending === undefined ? undefined : proc.startedAtMs + ending.afterMs,
    stop?.atMs,
  ];
  const atMs = Math.min(...due.filter((each) => each !== undefined));
  return Number.isFinite(atMs) ? { for: 'time', atMs } : { for: 'ever' };
}

function answerTo(proc: ProcessRecord, start: Parameters<typeof onTermOf>[0], nowMs: number): ServerProgram['stop'] {
  const signal = proc.signals.splice(0).find((each) => ENDING.has(each));
  const answer = signal === undefined ? undefined : onTermOf(start);
  return answer === undefined ? undefined : { atMs: nowMs + answer.afterMs, exitCode: answer.exitCode };
}

/** Whether a command does something of its own about a signal. */
export function handlesSignal(): boolean {
  return false;
}
