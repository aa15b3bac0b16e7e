import assert from 'node:assert/strict';
import type { Job, JobSpec, PodFailurePolicyRule, SuccessPolicyRule } from '../../../../src/api/schema/types/batch/v1.ts';
import type { Pod } from '../../../../src/api/schema/types/core/v1.ts';
import { judgeFailure } from '../../../../src/controllers/job/failurePolicy.ts';
import { parseIndexes } from '../../../../src/controllers/job/indexes.ts';
import { metSuccessPolicy } from '../../../../src/controllers/job/successPolicy.ts';

function job(spec: Partial<JobSpec>): Job {
  return { metadata: { name: 'work', namespace: 'n' }, spec: { template: { metadata: {} }, ...spec } };
}

function failedPod(exitCode: number, container = 'main', condition?: string): Pod {
  return {
    metadata: { name: 'p', namespace: 'n' },
    status: {
      phase: 'Failed',
      ...(condition === undefined ? {} : { conditions: [{ type: condition, status: 'True' }] }),
      containerStatuses: [{ name: container, image: '', imageID: '', ready: false, restartCount: 0, state: { terminated: { exitCode } } }],
    },
  };
}

describe('spec.podFailurePolicy', () => {
  const onExit = (action: PodFailurePolicyRule['action'], operator: 'In' | 'NotIn', values: number[], containerName?: string) => ({
    action,
    onExitCodes: { operator, values, ...(containerName === undefined ? {} : { containerName }) },
  });
  const disrupted: PodFailurePolicyRule = { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] };
  const cases: readonly [what: string, rules: readonly PodFailurePolicyRule[], pod: Pod, action: string | undefined, counts: boolean][] = [
    ['counts a Pod that no rule means', [onExit('Ignore', 'In', [3])], failedPod(4), undefined, true],
    ['ignores a code', [onExit('Ignore', 'In', [3, 4])], failedPod(4), 'Ignore', false],
    ['lets the first rule decide', [onExit('Count', 'In', [4]), onExit('Ignore', 'In', [4])], failedPod(4), 'Count', true],
    ['means all other codes', [onExit('FailIndex', 'NotIn', [1])], failedPod(2), 'FailIndex', true],
    ['never means success', [onExit('Ignore', 'NotIn', [1])], failedPod(0), undefined, true],
    ['means one container only', [onExit('Ignore', 'In', [4], 'other')], failedPod(4), undefined, true],
    ['means a condition', [disrupted], failedPod(137, 'main', 'DisruptionTarget'), 'Ignore', false],
  ];
  for (const [what, rules, pod, action, counts] of cases) {
    it(what, () => {
      const verdict = judgeFailure(job({ podFailurePolicy: { rules } }), pod);
      assert.deepEqual([verdict.action, verdict.counts], [action, counts]);
    });
  }

  it('says which container, code and rule fail the Job', () => {
    const policy = { rules: [onExit('Ignore', 'In', [3]), onExit('FailJob', 'In', [42])] };
    assert.equal(
      judgeFailure(job({ podFailurePolicy: policy }), failedPod(42)).message,
      'Container main for pod n/p failed with exit code 42 matching FailJob rule at index 1',
    );
  });
});

describe('spec.successPolicy', () => {
  const cases: readonly [rules: readonly SuccessPolicyRule[], succeeded: string, met: number | undefined][] = [
    [[{ succeededCount: 2 }], '0', undefined],
    [[{ succeededCount: 2 }], '0,3', 0],
    [[{ succeededIndexes: '0-2' }], '0,1', undefined],
    [[{ succeededIndexes: '0-2' }], '0-3', 0],
    [[{ succeededIndexes: '0-2', succeededCount: 2 }], '1-4', 0],
    [[{ succeededIndexes: '0' }, { succeededCount: 1 }], '4', 1],
    [[{ succeededCount: 1 }], '', undefined],
  ];
  for (const [rules, succeeded, met] of cases) {
    it(`${JSON.stringify(rules)} with "${succeeded}" is ${met === undefined ? 'not met' : `met by rule ${met}`}`, () => {
      const message = metSuccessPolicy(job({ completions: 5, successPolicy: { rules } }), parseIndexes(succeeded, 5));
      assert.equal(message, met === undefined ? undefined : `Matched rules at index ${met}`);
    });
  }
});
