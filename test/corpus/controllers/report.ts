// `node test/corpus/controllers/report.ts [--group G] [--only ID] [--shared] [-v]`: replays cases and prints what differs.
// --shared: cases with the same nodes share a cluster, as they do for the corpus' own runner.
import { parseArgs } from 'node:util';
import { loadCases, type Case } from './case.ts';
import { play, playShared, type Played } from './play.ts';

const { values } = parseArgs({
  options: { group: { type: 'string' }, only: { type: 'string' }, shared: { type: 'boolean' }, verbose: { type: 'boolean', short: 'v' } },
});
const groups = new Map<string, { passed: number; total: number }>();
const tests = loadCases(values.group).filter(({ id }) => values.only === undefined || id.includes(values.only));
for (const [test, played] of values.shared === true ? playShared(tests) : alone(tests)) {
  const { passed, total, problems } = played;
  const group = groups.get(test.group) ?? { passed: 0, total: 0 };
  groups.set(test.group, group);
  group.total++;
  if (problems.length === 0) group.passed++;
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${test.id} (${passed}/${total} checks)`);
  if (values.verbose === true) for (const line of problems.slice(0, 200)) console.log(`     ${line}`);
}
for (const [name, { passed, total }] of groups) console.log(`${name.padEnd(24)} ${passed}/${total}`);

function* alone(all: readonly Case[]): Generator<readonly [Case, Played]> {
  for (const test of all) yield [test, play(test)];
}
