// `node test/corpus/controllers/report.ts [--group G] [--only ID] [-v]`: replays cases and prints what differs.
import { parseArgs } from 'node:util';
import { loadCases } from './case.ts';
import { play } from './play.ts';

const { values } = parseArgs({
  options: { group: { type: 'string' }, only: { type: 'string' }, verbose: { type: 'boolean', short: 'v' } },
});
const groups = new Map<string, { passed: number; total: number }>();
for (const test of loadCases(values.group)) {
  if (values.only !== undefined && !test.id.includes(values.only)) continue;
  const began = performance.now();
  const { passed, total, problems } = play(test);
  const group = groups.get(test.group) ?? { passed: 0, total: 0 };
  groups.set(test.group, group);
  group.total++;
  if (problems.length === 0) group.passed++;
  console.log(
    `${problems.length === 0 ? 'ok  ' : 'FAIL'} ${test.id} (${passed}/${total} checks, ${Math.round(performance.now() - began)} ms)`,
  );
  if (values.verbose === true) for (const line of problems.slice(0, 200)) console.log(`     ${line}`);
}
for (const [name, { passed, total }] of groups) console.log(`${name.padEnd(24)} ${passed}/${total}`);
