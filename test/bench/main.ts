// `npm run bench [-- TEXT]`: runs the benchmarks whose name contains TEXT, prints one table, writes bench-results.json.

import { spawn } from 'node:child_process';
import { globSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Benchmark, Measurement } from './support/benchmark.ts';

const benchDir = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(benchDir));

interface Row {
  readonly name: string;
  readonly unit: string;
  readonly target: Benchmark['target'];
  readonly measurement: Measurement | undefined;
  readonly error: string | undefined;
}

async function benchmarks(): Promise<readonly Benchmark[]> {
  const modules = await Promise.all(
    globSync('**/*.bench.ts', { cwd: benchDir })
      .toSorted()
      .map((file) => import(pathToFileURL(join(benchDir, file)).href) as Promise<{ readonly benchmarks: readonly Benchmark[] }>),
  );
  return modules.flatMap((module) => module.benchmarks);
}

/** In the child: runs one benchmark and prints its measurement as the last line. */
async function measure(name: string): Promise<void> {
  const benchmark = (await benchmarks()).find((candidate) => candidate.name === name);
  if (benchmark === undefined) throw new Error(`there is no benchmark ${name}`);
  console.log(JSON.stringify(await benchmark.run()));
}

function measureInChild(name: string): Promise<{ readonly measurement?: Measurement; readonly error?: string }> {
  return new Promise((resolve) => {
    const args = ['--expose-gc', '--max-old-space-size=8192', fileURLToPath(import.meta.url), '--measure', name];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.on('close', (code) => {
      const last = out.trimEnd().split('\n').at(-1) ?? '';
      if (code === 0) resolve({ measurement: JSON.parse(last) as Measurement });
      else resolve({ error: /^\w*Error.*$/m.exec(errors)?.[0] ?? `exit code ${code ?? 'none'}` });
    });
  });
}

const number = (value: number): string => (value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toPrecision(2));

function met({ target, measurement }: Row): boolean {
  if (measurement === undefined) return false;
  return 'atMost' in target ? measurement.value <= target.atMost : measurement.value >= target.atLeast;
}

function print(row: Row, reference: string | undefined): void {
  const { measurement, target, unit } = row;
  const wanted = 'atMost' in target ? `≤ ${number(target.atMost)}` : `≥ ${number(target.atLeast)}`;
  const value = measurement === undefined ? 'failed' : number(measurement.value);
  const remarks = [
    row.error,
    measurement?.peer === undefined
      ? undefined
      : `${measurement.peer.name} ${number(measurement.peer.value)} (ratio ${number(measurement.value / measurement.peer.value)})`,
    reference,
    measurement?.exponent === undefined ? undefined : `grows with n^${measurement.exponent.toFixed(2)}`,
    ...Object.entries(measurement?.counts ?? {}).map(([name, count]) => `${count} ${name}`),
    measurement?.note,
  ].filter((remark) => remark !== undefined);
  console.log(
    `${met(row) ? '✔' : '✖'} ${row.name.padEnd(58)} ${value.padStart(8)} ${unit.padEnd(6)} ${wanted.padEnd(9)} ${remarks.join('; ')}`,
  );
}

async function main(filter: string): Promise<void> {
  console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} processors, Node ${process.version}\n`);
  const rows: Row[] = [];
  for (const benchmark of await benchmarks()) {
    if (!benchmark.name.includes(filter)) continue;
    const { measurement, error } = await measureInChild(benchmark.name);
    const row: Row = { name: benchmark.name, unit: benchmark.unit, target: benchmark.target, measurement, error };
    rows.push(row);
    print(row, benchmark.reference);
  }
  writeFileSync(join(root, 'bench-results.json'), `${JSON.stringify({ node: process.version, rows }, null, 2)}\n`);
  console.log(`\n${rows.filter(met).length} of ${rows.length} targets met`);
  if (rows.some((row) => row.error !== undefined)) process.exitCode = 1;
}

const flag = process.argv.indexOf('--measure');
if (flag > 0) await measure(process.argv[flag + 1] ?? '');
else await main(process.argv[2] ?? '');
