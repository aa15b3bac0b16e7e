// How a replay is held against a recording: the rules of the corpus' own runner.
import { isDeepStrictEqual } from 'node:util';
import type { Case, Column, Observation, RecordedEvent } from './case.ts';

/** A state that lasts less may be seen or not, seconds. */
const BRIEF = 1.5;
const RETRY_REASONS = new Set(['BackOff', 'FailedMount', 'InspectFailed', 'FailedCreatePodSandBox', 'ErrImageNeverPull', 'Failed']);

/** What differs, one line each; empty if the replay agrees. */
export function compare(testCase: Case, got: Observation): readonly string[] {
  const { expect } = testCase;
  const jitter = expect.events.some(({ reason }) => RETRY_REASONS.has(reason));
  const end = jitter ? 0.6 * testCase.duration : undefined;
  const out: string[] = [];
  const names = [Object.keys(expect.pods).toSorted(), Object.keys(got.pods).toSorted()];
  if (!isDeepStrictEqual(names[0], names[1])) out.push(`pods: ${names[1]?.join(' ')}, expected ${names[0]?.join(' ')}`);
  for (const [name, wanted] of Object.entries(expect.pods)) {
    const seen = got.pods[name];
    if (seen === undefined) continue;
    out.push(...compareColumns(name, wanted.columns, seen.columns, jitter, end));
    const [left, right] = [reduced(wanted.final, jitter), reduced(seen.final, jitter)];
    if (!isDeepStrictEqual(left, right)) out.push(`pod ${name}: final status`, ...differences(left, right, '    '));
  }
  return [...out, ...compareEvents(testCase, got, jitter, end)];
}

function compareColumns(
  name: string,
  wanted: readonly Column[],
  seen: readonly Column[],
  jitter: boolean,
  end: number | undefined,
): readonly string[] {
  const forward = within(lasting(wanted, end), seen);
  const backward = within(lasting(seen, end), wanted);
  const problem =
    forward.missing === undefined
      ? backward.missing === undefined
        ? undefined
        : `unexpected ${show(backward.missing)}`
      : `missing ${show(forward.missing)}`;
  if (problem !== undefined) {
    return [
      `pod ${name}: columns, ${problem}`,
      `    expected ${wanted.map(show).join(' ; ')}`,
      `    got      ${seen.map(show).join(' ; ')}`,
    ];
  }
  return forward.pairs.filter(([a, b]) => !close(a[0], b[0], jitter)).map(([a, b]) => `pod ${name}: ${show(b)}, expected at ${a[0]}`);
}

function compareEvents(testCase: Case, got: Observation, jitter: boolean, end: number | undefined): readonly string[] {
  const skip = new Set(testCase.ignoreEvents ?? []);
  const keep = (event: RecordedEvent): boolean => !skip.has(event.reason) && !event.message.includes('resulted in unknown state');
  const wanted = new Map(testCase.expect.events.filter(keep).map((event) => [keyOf(event), event]));
  const seen = new Map(got.events.filter(keep).map((event) => [keyOf(event), event]));
  const out: string[] = [];
  const late = (event: RecordedEvent): boolean => jitter && end !== undefined && event.t > end;
  for (const [key, event] of wanted) if (!seen.has(key) && !late(event)) out.push(`event missing: ${event.t} ${key} (${event.count})`);
  for (const [key, event] of seen) if (!wanted.has(key) && !late(event)) out.push(`event unexpected: ${event.t} ${key} (${event.count})`);
  for (const [key, event] of wanted) {
    const other = seen.get(key);
    if (other === undefined || event.reason === 'FailedScheduling') continue;
    const tolerance = Math.max(jitter ? 2 : event.count > 1 ? 1 : 0, (jitter ? 0.5 : 0.2) * event.count);
    if (Math.abs(event.count - other.count) > tolerance) out.push(`event ${key}: count ${other.count}, expected ${event.count}`);
    const probe = (event.reason === 'Unhealthy' || event.reason === 'ProbeWarning') && Math.abs(event.t - other.t) <= 2.5;
    if (!probe && !close(event.t, other.t, jitter)) out.push(`event ${key}: at ${other.t}, expected ${event.t}`);
  }
  return out;
}

function keyOf({ pod, type, reason, message, fieldPath }: RecordedEvent): string {
  return [pod, type, reason, message, fieldPath ?? ''].join(' | ');
}

function close(a: number, b: number, jitter: boolean): boolean {
  return Math.abs(a - b) <= (jitter ? 6 + 0.2 * Math.abs(a) : 1.5 + 0.15 * Math.abs(a));
}

function lasting(columns: readonly Column[], end: number | undefined): readonly Column[] {
  return columns.filter((column, index) => {
    const next = columns[index + 1];
    return (next === undefined || next[0] - column[0] >= BRIEF) && (end === undefined || column[0] <= end);
  });
}

/** Whether `need` is a subsequence of `have`. */
function within(
  need: readonly Column[],
  have: readonly Column[],
): { readonly missing?: Column; readonly pairs: readonly (readonly [Column, Column])[] } {
  const pairs: [Column, Column][] = [];
  let index = 0;
  for (const wanted of need) {
    while (index < have.length && !isDeepStrictEqual(have[index]?.slice(1), wanted.slice(1))) index++;
    const found = have[index++];
    if (found === undefined) return { missing: wanted, pairs };
    pairs.push([wanted, found]);
  }
  return { pairs };
}

function reduced(final: unknown, jitter: boolean): unknown {
  if (!jitter) return final;
  const status = (final ?? {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(['phase', 'reason', 'message', 'qosClass', 'podIP'].map((key) => [key, status[key]]));
}

function differences(wanted: unknown, seen: unknown, indent: string): readonly string[] {
  if (isDeepStrictEqual(wanted, seen)) return [];
  if (!isRecord(wanted) || !isRecord(seen)) return [`${indent}- ${JSON.stringify(wanted)}`, `${indent}+ ${JSON.stringify(seen)}`];
  return [...new Set([...Object.keys(wanted), ...Object.keys(seen)])].flatMap((key) =>
    differences(wanted[key], seen[key], `${indent}${key} `),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function show([t, status, ready, restarts]: Column): string {
  return `${t} ${status} ${ready} ${restarts}`;
}
