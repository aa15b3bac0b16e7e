/**
 * Prints how the scheduling corpus fares: `node test/corpus/scheduling/report.ts [--group G] [--only TEXT] [-v]`.
 */
import { parseArgs } from 'node:util';
import { loadCases } from './case.ts';
import { replay } from './replay.ts';

const { values } = parseArgs({ options: { group: { type: 'string' }, only: { type: 'string' }, verbose: { type: 'boolean', short: 'v' } } });
const groups = new Map<string, { passed: number; total: number }>();
const scores = { compared: 0, equal: 0 };
for (const testCase of loadCases()) {
  if (values.group !== undefined && testCase.group !== values.group) continue;
  if (values.only !== undefined && !testCase.id.includes(values.only)) continue;
  const group = groups.get(testCase.group) ?? { passed: 0, total: 0 };
  groups.set(testCase.group, group);
  const result = replay(testCase);
  group.total++;
  scores.compared += result.scores.compared;
  scores.equal += result.scores.equal;
  if (result.differences.length === 0) group.passed++;
  else if (values.verbose === true) console.log(`${testCase.id}\n  ${result.differences.join('\n  ')}`);
}
for (const [group, { passed, total }] of groups) console.log(`${group}: ${passed}/${total}`);
const all = [...groups.values()];
console.log(`scores equal: ${scores.equal}/${scores.compared}`);
console.log(`score: ${all.reduce((sum, { passed }) => sum + passed, 0)}/${all.reduce((sum, { total }) => sum + total, 0)}`);
