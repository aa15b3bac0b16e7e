/**
 * `npm run bench [-- ROW…]`: measures speed and memory, prints one table, writes bench-results.json and docs/benchmarks.md.
 * `-- --again ROW…` measures some rows anew and keeps the others' results: for rows that met other work on the machine.
 * Each row runs in a process of its own, so that no row inherits another's heap or warm code.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Line, Measurement, Row } from './row.ts';
import { ROWS } from './rows.ts';

interface Result extends Omit<Measurement, 'peer'>, Line {
  readonly id: string;
}

const root = join(import.meta.dirname, '..', '..');
const MARK = '\u0001result ';

const resultsFile = join(root, 'bench-results.json');

interface Results {
  readonly machine: string;
  /** What other programs did when it began: processes that wanted to run, mean of a minute. */
  readonly load: number;
  readonly results: readonly Result[];
}

async function main(): Promise<void> {
  const [mode, ...ids] = process.argv.slice(2);
  if (mode === '--child') return runChild(ids[0] ?? '');
  const again = mode === '--again';
  const wanted = new Set(again ? ids : process.argv.slice(2));
  const rows = ROWS.filter((row) => wanted.size === 0 || wanted.has(row.id));
  const load = loadavg()[0] ?? 0;
  const results = rows.flatMap(measure);
  console.log(`\n${table(results)}`);
  if (wanted.size > 0 && !again) return;
  const before = again ? (JSON.parse(readFileSync(resultsFile, 'utf8')) as Results) : undefined;
  write({ machine: machine(), load: before?.load ?? load, results: merge(before?.results ?? [], results) });
}

/** Rows that were measured again take the place of what they were. */
function merge(before: readonly Result[], after: readonly Result[]): readonly Result[] {
  return ROWS.flatMap(({ id }) => {
    const own = after.filter((result) => result.id === id);
    return own.length > 0 ? own : before.filter((result) => result.id === id);
  });
}

function write(results: Results): void {
  writeFileSync(resultsFile, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(join(root, 'docs/benchmarks.md'), page(results));
}

async function runChild(id: string): Promise<void> {
  const row = ROWS.find((candidate) => candidate.id === id);
  if (row === undefined) throw new Error(`there is no row ${id}`);
  console.log(`${MARK}${JSON.stringify(await row.run())}`);
}

function measure({ id, lines }: Row): readonly Result[] {
  process.stdout.write(`${lines.map(({ what }) => what).join('; ')} … `);
  const start = performance.now();
  const args = ['--expose-gc', '--max-old-space-size=8192', import.meta.filename, '--child', id];
  const child = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 26, timeout: 600_000 });
  const line = child.stdout.split('\n').find((text) => text.startsWith(MARK));
  const failure: Measurement = {
    value: `failed: ${child.stderr.trim().split('\n').at(-1) ?? ''}`,
    meetsTarget: false,
    meetsPeer: false,
  };
  const measured = line === undefined ? [] : (JSON.parse(line.slice(MARK.length)) as readonly Measurement[]);
  const results = lines.map((each, i) => ({ id, ...each, ...(measured[i] ?? failure) }));
  console.log(`${results.map(({ value }) => value).join('; ')} (${((performance.now() - start) / 1000).toFixed(0)} s)`);
  return results;
}

function machine(): string {
  return `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
}

function table(results: readonly Result[]): string {
  const lines = results.map(
    ({ what, value, target, meetsTarget, peer, meetsPeer, work }) =>
      `| ${what} | ${value} | ${target === '' ? '–' : target} | ${target === '' ? '–' : meetsTarget ? 'yes' : 'no'} | ${peer === '' ? '–' : peer} | ${peer === '' ? '–' : meetsPeer ? 'yes' : 'no'} | ${work ?? ''} |`,
  );
  return ['| what | measured | target | met | peer | no worse | work |', '| --- | --- | --- | --- | --- | --- | --- |', ...lines].join(
    '\n',
  );
}

function page({ machine: where, load, results }: Results): string {
  return `# Benchmarks

Written by \`npm run bench\` on ${where}. Times vary with the machine and with what else runs on it; counts of work do not.
When it began, ${load.toFixed(1)} other processes wanted to run.
Each row runs in a process of its own; times are wall time, the best of several runs where a run is short.

${table(results)}
`;
}

await main();
