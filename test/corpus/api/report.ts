/**
 * Replays the API corpus in this process and prints scores and failures.
 *
 *   node test/corpus/api/report.ts                                     scores of all kinds
 *   node test/corpus/api/report.ts --kind Pod                          one kind, with its first 20 failures
 *   node test/corpus/api/report.ts --kind Pod --level message          failures of that level only: verdict, fields, message, defaulting
 *   node test/corpus/api/report.ts --kind Pod --limit 100 --only spec/containers    ids that contain a text
 *   node test/corpus/api/report.ts --code 400                          failures where that answer is expected
 *   node test/corpus/api/report.ts --summary                           what the failures have in common, by kind and level
 */
import { parseArgs } from 'node:util';
import { loadCorpus } from './corpus.ts';
import { LEVELS, runCases, type Failure, type Score } from './runCases.ts';
import { startServer } from './server.ts';

const { values } = parseArgs({
  options: {
    kind: { type: 'string', multiple: true },
    level: { type: 'string' },
    code: { type: 'string' },
    limit: { type: 'string' },
    only: { type: 'string' },
    summary: { type: 'boolean' },
    quiet: { type: 'boolean', short: 'q' },
  },
});

const corpus = loadCorpus();
const only = values.only ?? '';
const kinds = values.kind;
const started = performance.now();
const { scores, failures } = runCases(
  startServer(),
  corpus,
  (id, kind) => (kinds === undefined || kinds.includes(kind)) && id.includes(only),
);
const shown = failures.filter(
  (failure) =>
    (values.level === undefined || failure.level === values.level) &&
    (values.code === undefined || codeOf(failure.expected) === values.code),
);

if (values.summary === true) printSummary(shown);
else if (values.quiet !== true && (kinds !== undefined || only !== '' || values.level !== undefined || values.code !== undefined))
  for (const failure of shown.slice(0, Number(values.limit ?? 20))) print(failure);
printScores();

function print({ id, level, expected, got }: Failure): void {
  console.log(`FAIL [${level}] ${id}`);
  if (level === 'defaulting') {
    (got as readonly unknown[]).forEach((operation, index) =>
      console.log(`    got ${JSON.stringify(operation)}  expected ${JSON.stringify((expected as readonly unknown[])[index])}`),
    );
    return;
  }
  console.log(`    expected ${short(expected)}`);
  console.log(`    got      ${short(got)}`);
}

function codeOf(answer: unknown): string {
  return String((answer as { code?: number } | undefined)?.code);
}

function short(answer: unknown): string {
  const { code, message, warnings, setup } = answer as { code: number; message?: string; warnings?: readonly string[]; setup?: string };
  return `${code} ${setup ?? message ?? ''}${warnings === undefined ? '' : ` warnings ${JSON.stringify(warnings)}`}`;
}

function printSummary(list: readonly Failure[]): void {
  const groups = new Map<string, { count: number; example: Failure }>();
  for (const failure of list) {
    const text =
      failure.level === 'defaulting'
        ? JSON.stringify((failure.got as readonly { path: string }[])[0]?.path)
        : short(failure.expected)
            .replaceAll(/"(?:[^"\\]|\\.)*"/g, '"x"')
            .slice(0, 160);
    const key = `${failure.kind} [${failure.level}] ${text}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { count: 1, example: failure });
    else group.count++;
  }
  for (const [key, { count, example }] of [...groups]
    .sort((left, right) => right[1].count - left[1].count)
    .slice(0, Number(values.limit ?? 60))) {
    console.log(`${count} x ${key}  (${example.id})`);
  }
}

function printScores(): void {
  const total: Score = { verdict: [0, 0], fields: [0, 0], message: [0, 0], defaulting: [0, 0] };
  for (const [kind, score] of [...scores].sort(([left], [right]) => (left < right ? -1 : 1))) {
    console.log(`${kind.padEnd(34)} ${LEVELS.map((level) => column(level, score[level])).join('  ')}`);
    for (const level of LEVELS) for (const side of [0, 1] as const) total[level][side] += score[level][side];
  }
  console.log(
    `${'total'.padEnd(34)} ${LEVELS.map((level) => column(level, total[level])).join('  ')}   ${Math.round(performance.now() - started)} ms`,
  );
}

function column(level: string, [passed, all]: readonly [number, number]): string {
  const percent = all === 0 ? '-' : `${((100 * passed) / all).toFixed(1)}%`;
  return `${level} ${`${passed}/${all}`.padStart(9)} ${percent.padStart(6)}`;
}
