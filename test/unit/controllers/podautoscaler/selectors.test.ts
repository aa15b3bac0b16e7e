import assert from 'node:assert/strict';
import { TargetSelectors } from '../../../../src/controllers/podautoscaler/selectors.ts';

const pods = (...labels: readonly Readonly<Record<string, string>>[]): { metadata: { labels: Readonly<Record<string, string>> } }[] =>
  labels.map((each) => ({ metadata: { labels: each } }));

const KNOWN: readonly (readonly [key: string, selector: string])[] = [
  ['n/z', 'app=web'],
  ['n/a', 'app=web,tier=front'],
  ['n/one', 'tier in (front)'],
  ['n/some', 'tier in (front,back)'],
  ['n/not', '!app'],
  ['m/z', 'app=web'],
  ['n/bad', '=='],
];

const TABLE: readonly (readonly [what: string, labels: readonly Readonly<Record<string, string>>[], keys: readonly string[]])[] = [
  ['one label', [{ app: 'web' }], ['n/z']],
  ['all labels, in the order of the first look', [{ app: 'web', tier: 'front' }], ['n/z', 'n/a', 'n/one', 'n/some']],
  ['any of several Pods', [{ app: 'web' }, { tier: 'back' }], ['n/z', 'n/some', 'n/not']],
  ['none', [{ app: 'other' }], []],
  ['no Pods', [], []],
];

function filled(): TargetSelectors {
  const selectors = new TargetSelectors();
  for (const [key, text] of KNOWN) selectors.set(key, text);
  return selectors;
}

describe('selectors of autoscalers', () => {
  for (const [what, labels, keys] of TABLE)
    it(`are found by Pods: ${what}`, () => assert.deepEqual(filled().selecting('n', pods(...labels)), keys));

  it('change, go, and are remembered in their order', () => {
    const selectors = filled();
    selectors.set('n/z', 'app=other');
    selectors.delete('n/a');
    const restored = new TargetSelectors();
    restored.restore(selectors.checkpoint());
    for (const each of [selectors, restored]) {
      assert.deepEqual(each.selecting('n', pods({ app: 'other', tier: 'front' })), ['n/z', 'n/one', 'n/some']);
      assert.deepEqual(each.selecting('n', pods({ app: 'web' })), []);
    }
  });
});
