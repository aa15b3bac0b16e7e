// `npm run fidelity [-- CORPUS…] [-- --only TEXT] [-- --verbose] [-- --record]`: replays the recordings of the real control plane.
// Without arguments it writes docs/fidelity.md; --record also makes the scores the ones that tests hold the sources to.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { percent, type Replay, type Score } from '../test/corpus/support/score.ts';
import { root } from './support/process.ts';

/** Recorded scores: corpus ▸ `group/measure` ▸ agreements. */
export type RecordedScores = Readonly<Record<string, Readonly<Record<string, { readonly passed: number; readonly total: number }>>>>;

const corpusDir = join(root, 'test/corpus');
const recordFile = join(corpusDir, 'scores.json');
const reasonsFile = join(corpusDir, 'differences.json');

/** Names of the corpora that can be replayed. */
export function listCorpora(): readonly string[] {
  return readdirSync(corpusDir)
    .filter((name) => existsSync(join(corpusDir, name, 'replay.ts')))
    .toSorted();
}

export async function replayCorpus(name: string, only?: string): Promise<readonly Score[]> {
  const module = (await import(pathToFileURL(join(corpusDir, name, 'replay.ts')).href)) as { readonly replay: Replay };
  return module.replay(only === undefined ? {} : { only });
}

export function readRecordedScores(): RecordedScores {
  return existsSync(recordFile) ? (JSON.parse(readFileSync(recordFile, 'utf8')) as RecordedScores) : {};
}

/** Why a case still differs: corpus ▸ id ▸ reason. */
export function readReasons(): Readonly<Record<string, Readonly<Record<string, string>>>> {
  return JSON.parse(readFileSync(reasonsFile, 'utf8')) as Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The ids of the cases that differ in any measure, each once. */
export function differingIds(scores: readonly Score[]): readonly string[] {
  return [...new Set(scores.flatMap(({ failures }) => failures.map((failure) => /^[^\s:]*/.exec(failure)?.[0] ?? '')))].toSorted();
}

export const scoreKey = ({ group, measure }: Score): string => `${group}/${measure}`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { only: { type: 'string' }, verbose: { type: 'boolean' }, record: { type: 'boolean' } },
  });
  const results: { readonly name: string; readonly scores: readonly Score[] }[] = [];
  for (const name of positionals.length > 0 ? positionals : listCorpora()) {
    const started = performance.now();
    const scores = await replayCorpus(name, values.only);
    results.push({ name, scores });
    console.log(`\n${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
    for (const score of scores) {
      console.log(
        `  ${`${score.group} ${score.measure}`.padEnd(44)} ${String(score.passed).padStart(6)}/${String(score.total).padEnd(6)} ${percent(score)}`,
      );
      if (values.verbose === true) for (const failure of score.failures) console.log(failure.replaceAll(/^/gm, '      '));
    }
  }
  if (positionals.length > 0 || values.only !== undefined) return;
  writeFileSync(join(root, 'docs/fidelity.md'), documentOf(results));
  if (values.record === true) writeFileSync(recordFile, `${JSON.stringify(recordOf(results), null, 2)}\n`);
}

function recordOf(results: readonly { readonly name: string; readonly scores: readonly Score[] }[]): RecordedScores {
  return Object.fromEntries(
    results.map(({ name, scores }) => [
      name,
      Object.fromEntries(scores.map((score) => [scoreKey(score), { passed: score.passed, total: score.total }])),
    ]),
  );
}

function documentOf(results: readonly { readonly name: string; readonly scores: readonly Score[] }[]): string {
  const sections = results.map(({ name, scores }) => {
    const rows = scores.map((score) => `| ${score.group} | ${score.measure} | ${score.passed} | ${score.total} | ${percent(score)} |`);
    return `## ${name}\n\n| group | measure | agree | of | score |\n| --- | --- | ---: | ---: | ---: |\n${rows.join('\n')}\n`;
  });
  const reasons = readReasons();
  const differences = results.flatMap(({ name, scores }) =>
    differingIds(scores).map((id) => `| ${name} | \`${id}\` | ${reasons[name]?.[id] ?? 'not explained yet'} |`),
  );
  return `# Fidelity

Written by \`npm run fidelity\`. Each row says how often Kubepad agreed with what the real control plane (Kubernetes 1.36.3) did in a recorded case: what it answered, wrote, chose or said, and when.
The recordings lie in \`test/corpus/\`; tests fail when a score falls below the recorded one (\`test/corpus/scores.json\`).

What differs, and why, is listed at the end. The same recordings can be sent to \`kubepad serve\` over HTTPS by the runners that came with them; see [the notes](fidelity-notes.md).

${sections.join('\n')}
## What differs

${differences.length === 0 ? 'Nothing.\n' : `| corpus | case | reason |\n| --- | --- | --- |\n${differences.join('\n')}\n`}`;
}

if (import.meta.main) await main();
