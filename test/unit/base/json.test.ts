import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cloneJson, deepFreeze, jsonEqual, shareEqual, type Json } from '../../../src/base/json.ts';

describe('shareEqual', () => {
  it('is the old value where nothing differs', () => {
    const old = { a: [1, { b: 2 }], c: undefined, d: null };
    assert.equal(shareEqual<unknown>({ a: [1, { b: 2 }], d: null, e: undefined }, old), old);
  });

  it('keeps equal parts of the old value', () => {
    const old = { metadata: { labels: { a: '1' } }, spec: { list: [{ x: 1 }, { y: 2 }] } };
    const next = cloneJson(old);
    next.spec.list.push({ x: 3 });
    const shared = shareEqual(next, old);
    assert.equal(shared, next);
    assert.equal(shared.metadata, old.metadata);
    assert.equal(shared.spec.list[1], old.spec.list[1]);
    assert.equal(shared.spec.list.length, 3);
  });

  it('leaves frozen parts of the new value alone', () => {
    const old = { a: { b: { c: 1 } }, d: 1 };
    const next = deepFreeze({ a: { b: { c: 1 } }, d: 2 });
    assert.deepEqual(shareEqual(next, old), { a: { b: { c: 1 } }, d: 2 });
  });

  it('never changes what the value says, nor the old one', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.boolean(), (left, right, related) => {
        const old = deepFreeze(cloneJson(left)) as Json;
        const next = (related ? { x: cloneJson(left), y: right } : cloneJson(right)) as Json;
        const wanted = cloneJson(next);
        const base = (related ? { x: old, y: left } : old) as Json;
        const shared = shareEqual(next, base);
        assert.ok(jsonEqual(shared, wanted));
        assert.equal(shared === base, jsonEqual(base, wanted) || shared === base);
        if (related) assert.ok(shared === base || (shared as { x: unknown }).x === old || typeof old !== 'object');
      }),
    );
  });
});
