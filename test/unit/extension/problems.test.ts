import assert from 'node:assert/strict';
import { problemCount, problemsText } from '../../../src/extension/cluster/problems.ts';

describe('the badge of the Cluster view', () => {
  for (const [problems, count, text] of [
    [undefined, 0, ''],
    [{ pods: 0, nodes: 0 }, 0, ''],
    [{ pods: 1, nodes: 0 }, 1, '1 Pod failing'],
    [{ pods: 2, nodes: 1 }, 3, '2 Pods failing, 1 node not ready'],
    [{ pods: 0, nodes: 2 }, 2, '2 nodes not ready'],
  ] as const)
    it(text === '' ? `is not there: ${JSON.stringify(problems)}` : text, () => {
      assert.equal(problemCount(problems), count);
      assert.equal(problemsText(problems), text);
    });
});
