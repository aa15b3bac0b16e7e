import assert from 'node:assert/strict';
import { compileNodeSelector, compileRequired } from '../../../../../src/api/core/node/nodeSelector.ts';
import type { NodeSelectorTerm } from '../../../../../src/api/schema/types/core/v1.ts';

const NODE = { metadata: { name: 'n1', labels: { zone: 'a', cores: '8', version: 'v2' } } };

describe('node selectors', () => {
  const cases: readonly (readonly [string, readonly NodeSelectorTerm[], boolean])[] = [
    ['In holds for a listed value', [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a', 'b'] }] }], true],
    ['In fails without the label', [{ matchExpressions: [{ key: 'rack', operator: 'In', values: [''] }] }], false],
    ['NotIn holds without the label', [{ matchExpressions: [{ key: 'rack', operator: 'NotIn', values: ['a'] }] }], true],
    ['NotIn fails for a listed value', [{ matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['a'] }] }], false],
    ['Exists', [{ matchExpressions: [{ key: 'zone', operator: 'Exists' }] }], true],
    ['DoesNotExist', [{ matchExpressions: [{ key: 'zone', operator: 'DoesNotExist' }] }], false],
    ['Gt compares whole numbers', [{ matchExpressions: [{ key: 'cores', operator: 'Gt', values: ['7'] }] }], true],
    ['Gt is strict', [{ matchExpressions: [{ key: 'cores', operator: 'Gt', values: ['8'] }] }], false],
    ['Lt does not hold for what is no number', [{ matchExpressions: [{ key: 'version', operator: 'Lt', values: ['9'] }] }], false],
    ['fields mean the name', [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }] }], true],
    ['an empty term matches nothing', [{}], false],
    ['no term matches nothing', [], false],
    [
      'requirements must all hold',
      [
        {
          matchExpressions: [
            { key: 'zone', operator: 'Exists' },
            { key: 'rack', operator: 'Exists' },
          ],
        },
      ],
      false,
    ],
    [
      'of the terms one suffices',
      [{ matchExpressions: [{ key: 'rack', operator: 'Exists' }] }, { matchExpressions: [{ key: 'zone', operator: 'Exists' }] }],
      true,
    ],
  ];
  for (const [title, nodeSelectorTerms, expected] of cases) {
    it(title, () => assert.equal(compileNodeSelector({ nodeSelectorTerms })(NODE), expected));
  }

  it('asks for nodeSelector and affinity both', () => {
    const nodeAffinity = {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In' as const, values: ['a'] }] }],
      },
    };
    const containers = [{ name: 'c', image: 'i' }];
    assert.equal(compileRequired({ containers, nodeSelector: { cores: '8' }, affinity: { nodeAffinity } })(NODE), true);
    assert.equal(compileRequired({ containers, nodeSelector: { cores: '4' }, affinity: { nodeAffinity } })(NODE), false);
    assert.equal(compileRequired({ containers })(NODE), true);
  });
});
