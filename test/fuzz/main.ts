// `npm run fuzz [-- --requests 100000] [-- --seed N]`: many random requests; prints what codes came, and what must not be.
import { parseArgs } from 'node:util';
import { fuzz } from './run.ts';

const { values } = parseArgs({ options: { requests: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } } });
const { codes, problems } = fuzz({
  requests: Number(values.requests),
  seed: Number(values.seed),
  onProgress: (done) => {
    if (done % 10_000 === 0) console.error(`${done} requests`);
  },
});
for (const [code, count] of [...codes].toSorted(([a], [b]) => a - b)) console.log(`${code}: ${count}`);
for (const problem of problems) console.log(problem);
console.log(problems.length === 0 ? 'no problem' : `${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
