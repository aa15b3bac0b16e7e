// `node test/corpus/kubelet/report.ts [--group NAME] [--only TEXT] [--seed TEXT] [-v]`: the score per group, with -v what differs.
import { parseArgs } from 'node:util';
import { loadCases } from './case.ts';
import { judge } from './replay.ts';

const { values } = parseArgs({
  options: { group: { type: 'string' }, only: { type: 'string' }, seed: { type: 'string' }, verbose: { type: 'boolean', short: 'v' } },
});
const groups = new Map<string, { passed: number; total: number }>();
for (const testCase of loadCases()) {
  if (values.group !== undefined && testCase.group !== values.group) continue;
  if (values.only !== undefined && !testCase.id.includes(values.only)) continue;
  const { differences } = judge(testCase, values.seed);
  const score = groups.get(testCase.group) ?? { passed: 0, total: 0 };
  groups.set(testCase.group, { passed: score.passed + (differences.length === 0 ? 1 : 0), total: score.total + 1 });
  if (differences.length === 0 && values.verbose !== true) continue;
  console.log(`${differences.length === 0 ? 'ok  ' : 'FAIL'} ${testCase.id}`);
  if (values.verbose === true) for (const line of differences) console.log(`  ${line}`);
}
for (const [group, { passed, total }] of groups) console.log(`${group.padEnd(16)} ${passed}/${total}`);
const sum = [...groups.values()].reduce((a, b) => ({ passed: a.passed + b.passed, total: a.total + b.total }), { passed: 0, total: 0 });
console.log(`score: ${sum.passed}/${sum.total}`);
