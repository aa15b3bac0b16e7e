import assert from 'node:assert/strict';
import type { Revision } from '../../../../src/apiserver/storage/revision.ts';
import { Weights, weightOf } from '../../../../src/cluster/past/weight.ts';

const POD = { metadata: { name: 'web', labels: { app: 'x'.repeat(1_000) } }, status: { phase: 'Pending' } };
const NEXT = { ...POD, status: { phase: 'Running' } };

function entry(type: Revision['type'], object: object, previous: object | undefined): Revision {
  return { revision: 1, type, resource: 'pods', key: 'web', object, previous, at: 0, actor: '', verb: '', cause: undefined } as Revision;
}

describe('the weight of an entry of the past', () => {
  it('is little for what was made, as that is in the cluster', () => {
    assert.ok(weightOf(entry('ADDED', POD, undefined)) < 500);
  });

  it('is what has been replaced: what both states share counts once', () => {
    const changed = weightOf(entry('MODIFIED', NEXT, POD));
    assert.ok(changed > weightOf(entry('ADDED', POD, undefined)) && changed < 1_000, String(changed));
  });

  it('is the whole object for what was removed', () => {
    assert.ok(weightOf(entry('DELETED', POD, POD)) > 1_200);
  });

  it('is taken from the mean of the resource for most', () => {
    const weights = new Weights();
    for (let i = 0; i < 8; i++) weights.of(entry('MODIFIED', NEXT, POD));
    const usual = weights.of(entry('MODIFIED', NEXT, POD));
    assert.equal(weights.of(entry('DELETED', POD, POD)), usual);
    for (let i = 0; i < 100; i++) weights.of(entry('DELETED', POD, POD));
    assert.ok(weights.of(entry('MODIFIED', NEXT, POD)) > usual);
  });
});
