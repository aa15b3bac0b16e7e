/**
 * `kubepad test`: runs scenarios in virtual time, for people and for CI.
 * Invariant: what is for other programs goes to stdout or to the file that was named, what is for people to stderr where both are wanted.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createApiJudge } from '../../manifest/apiJudge.ts';
import { ClusterBases } from '../../scenario/bases.ts';
import { withScenarios } from '../../scenario/judge.ts';
import { runScenario } from '../../scenario/run.ts';
import { readScenarios, SCENARIO_FILE } from '../../scenario/source.ts';
import { reasonOf, scenarioFiles } from '../scenario/files.ts';
import { jsonReport, junitReport, sumText, textReport, type Tested } from './testReport.ts';

const IGNORED: ReadonlySet<string> = new Set(['node_modules', '.git']);

interface Flags {
  readonly junit?: string;
  readonly json?: true;
  readonly name?: string;
}

export function addTestCommand(program: Command): void {
  program
    .command('test')
    .description('Run scenarios (*.k8stest.yaml) in virtual time; exit 0: all passed, 1: some failed, 2: could not run.')
    .argument('[paths...]', 'files and folders; default: this folder')
    .option('--name <text>', 'only scenarios whose name or title contains this')
    .option('--junit <file>', 'also writes the results as JUnit XML')
    .option('--json', 'writes the results as JSON instead of text')
    .action(async (paths: readonly string[], flags: Flags) => {
      process.exitCode = await test(paths.length === 0 ? ['.'] : paths, flags);
    });
}

async function test(paths: readonly string[], { junit, json, name }: Flags): Promise<number> {
  const judge = withScenarios(createApiJudge());
  const bases = new ClusterBases();
  const results: Tested[] = [];
  const begin = performance.now();
  try {
    for (const file of paths.flatMap(filesOf)) {
      const environment = { files: scenarioFiles(file), bases };
      for (const source of readScenarios(judge, readFileSync(file, 'utf8'))) {
        if (name !== undefined && !source.name.includes(name) && !source.title.includes(name)) continue;
        const start = performance.now();
        const outcome = await runScenario(source, environment);
        const result = { file, outcome, realMs: performance.now() - start };
        results.push(result);
        if (json !== true) process.stdout.write(textReport(result));
      }
    }
    if (junit !== undefined) writeFileSync(junit, junitReport(results));
  } catch (error) {
    console.error(`error: ${error instanceof Error && 'path' in error ? `${String(error.path)}: ` : ''}${reasonOf(error)}`);
    return 2;
  }
  if (json === true) process.stdout.write(jsonReport(results));
  const sum = sumText(results, performance.now() - begin);
  if (json === true) process.stderr.write(sum);
  else process.stdout.write(sum);
  if (results.length === 0) {
    console.error('error: no scenario was found');
    return 2;
  }
  return results.every(({ outcome }) => outcome.passed) ? 0 : 1;
}

/** A file that is named is read whatever its name; folders are searched. */
function filesOf(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .filter((entry) => !IGNORED.has(entry.name) && (entry.isDirectory() || SCENARIO_FILE.test(entry.name)))
    .flatMap((entry) => (entry.isFile() ? join(path, entry.name) : filesOf(join(path, entry.name))));
}
