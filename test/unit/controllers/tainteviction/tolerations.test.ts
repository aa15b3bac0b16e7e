import assert from 'node:assert/strict';
import type { Taint, Toleration } from '../../../../src/api/schema/types/core/v1.ts';
import { tolerationTime } from '../../../../src/controllers/tainteviction/tolerations.ts';

const taint = (key: string, value?: string): Taint => ({ key, effect: 'NoExecute', ...(value === undefined ? {} : { value }) });

describe('tolerationTime', () => {
  const cases: readonly [string, readonly Taint[], readonly Toleration[], number | undefined][] = [
    ['of a taint that is not tolerated', [taint('a')], [], 0],
    ['without a limit', [taint('a')], [{ key: 'a', operator: 'Exists' }], undefined],
    ['with a limit', [taint('a')], [{ key: 'a', operator: 'Exists', tolerationSeconds: 300 }], 300],
    ['with a negative limit', [taint('a')], [{ key: 'a', operator: 'Exists', tolerationSeconds: -1 }], 0],
    [
      'of two taints is the shorter',
      [taint('a'), taint('b')],
      [
        { key: 'a', operator: 'Exists', tolerationSeconds: 60 },
        { key: 'b', operator: 'Exists', tolerationSeconds: 3 },
      ],
      3,
    ],
    ['of two taints of which one is not tolerated', [taint('a'), taint('b')], [{ key: 'a', operator: 'Exists' }], 0],
    ['of another effect', [taint('a')], [{ key: 'a', operator: 'Exists', effect: 'NoSchedule' }], 0],
    ['of another value', [taint('a', 'x')], [{ key: 'a', operator: 'Equal', value: 'y' }], 0],
    ['of everything', [taint('a', 'x')], [{ operator: 'Exists' }], undefined],
  ];
  for (const [title, taints, tolerations, expected] of cases) {
    it(title, () => assert.equal(tolerationTime(taints, tolerations), expected));
  }
});
