import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applied, difference, type Keyed } from '../../../src/base/parts.ts';

interface Picture {
  readonly title?: string;
  readonly numbers?: readonly number[];
  readonly rows?: readonly (Keyed & { readonly n: number })[];
}

describe('parts', () => {
  const row = (key: string, n: number): Keyed & { readonly n: number } => ({ key, n });

  it('tells nothing when nothing changed', () => {
    assert.equal(difference({ title: 'a', rows: [row('x', 1)] }, { title: 'a', rows: [row('x', 1)] }), undefined);
  });
  it('tells of a list only the items that changed', () => {
    const change = difference({ rows: [row('x', 1), row('y', 1)] }, { rows: [row('x', 1), row('y', 2)] });
    assert.deepEqual(change, { set: {}, gone: [], lists: { rows: { items: [row('y', 2)] } } });
  });
  it('tells the keys when items come, go or move', () => {
    const change = difference({ rows: [row('x', 1), row('y', 1)] }, { rows: [row('y', 1), row('z', 1)] });
    assert.deepEqual(change?.lists['rows'], { keys: ['y', 'z'], items: [row('z', 1)] });
  });
  it('keeps the items that did not change', () => {
    const before: Picture = { rows: [row('x', 1), row('y', 1)] };
    const change = difference(before, { rows: [row('y', 1), row('x', 2)] });
    assert.equal(applied(before, change!).rows?.[0], before.rows?.[1]);
  });
  it('leads from any picture to any other', () => {
    const rows = fc.uniqueArray(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), n: fc.nat(2) }, { noNullPrototype: true }), {
      selector: ({ key }) => key,
    });
    const picture = fc.record(
      { title: fc.constantFrom('s', 't'), numbers: fc.array(fc.nat(2)), rows },
      { requiredKeys: [], noNullPrototype: true },
    );
    fc.assert(
      fc.property(picture, picture, (before, after) => {
        const change = difference(before, after);
        assert.deepEqual(change === undefined ? before : applied<Picture>(before, change), after);
      }),
    );
  });
});
