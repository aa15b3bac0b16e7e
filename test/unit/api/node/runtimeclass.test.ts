import assert from 'node:assert/strict';
import { RUNTIMECLASS_STRATEGY as STRATEGY } from '../../../../src/api/node/runtimeclass/strategy.ts';
import { judgeCreate, judgeUpdate } from '../judge.ts';

const TOLERATION = { key: 'a', operator: 'Exists', effect: 'NoExecute' };

describe('RuntimeClass', () => {
  it('warns of old labels', () => {
    const { warnings } = judgeCreate(STRATEGY, { handler: 'h', scheduling: { nodeSelector: { 'beta.kubernetes.io/os': 'linux' } } });
    assert.deepEqual(warnings, ['scheduling.nodeSelector: deprecated since v1.14; use "kubernetes.io/os" instead']);
  });

  it('wants tolerations that differ', () => {
    const { errors } = judgeCreate(STRATEGY, {
      handler: 'h',
      scheduling: { tolerations: [TOLERATION, { ...TOLERATION, tolerationSeconds: 5 }] },
    });
    const printed = '{"Key":"a","Operator":"Exists","Value":"","Effect":"NoExecute","TolerationSeconds":5}';
    assert.deepEqual(errors, [`scheduling.tolerations[1]: Duplicate value: ${printed}`]);
  });

  it('judges overhead as limits', () => {
    const { errors } = judgeCreate(STRATEGY, { handler: '', overhead: { podFixed: { 'hugepages-2Mi': '2Mi' } } });
    assert.deepEqual(errors, ['handler: Required value', 'overhead: Forbidden: HugePages require cpu or memory']);
  });

  it('keeps its handler', () => {
    const { errors } = judgeUpdate(STRATEGY, { handler: 'h' }, { handler: 'i' });
    assert.deepEqual(errors, ['handler: Invalid value: "i": field is immutable']);
  });
});
