import assert from 'node:assert/strict';
import { SCHEMAS } from '../../../src/api/scheme.ts';
import { applyJsonPatch, applyMergePatch } from '../../../src/apimachinery/patch/jsonPatch.ts';
import type { PatchResult } from '../../../src/apimachinery/patch/result.ts';
import { applyStrategicMergePatch } from '../../../src/apimachinery/patch/strategicMerge.ts';

const value = (result: PatchResult): unknown => {
  assert.ok('value' in result, JSON.stringify(result));
  return result.value;
};

describe('JSON patch', () => {
  it('carries out all operations in order', () => {
    const patch = [
      { op: 'test', path: '/a', value: 1 },
      { op: 'add', path: '/b/-', value: 3 },
      { op: 'replace', path: '/b/0', value: 9 },
      { op: 'move', from: '/a', path: '/c' },
      { op: 'copy', from: '/c', path: '/d~1e' },
      { op: 'remove', path: '/b/1' },
    ];
    const document = { a: 1, b: [1, 2] };
    assert.deepEqual(value(applyJsonPatch(document, patch)), { b: [9, 3], c: 1, 'd/e': 1 });
    assert.deepEqual(document, { a: 1, b: [1, 2] });
  });

  const wrong: readonly (readonly [unknown, string])[] = [
    [[{ op: 'remove', path: '/x' }], 'remove operation does not apply: doc is missing path: "/x": missing value'],
    [[{ op: 'test', path: '/a', value: 2 }], 'testing path /a failed: test failed'],
    [[{ op: 'replace', path: '/x', value: 2 }], 'replace operation does not apply: doc is missing key: /x: missing value'],
  ];
  for (const [patch, unprocessable] of wrong)
    it(`refuses ${JSON.stringify(patch)}`, () => assert.deepEqual(applyJsonPatch({ a: 1 }, patch), { unprocessable }));
});

describe('JSON merge patch', () => {
  it('merges objects, replaces lists and takes away what is null', () => {
    const result = applyMergePatch({ a: { b: 1, c: 2 }, d: [1, 2] }, { a: { b: null, e: { f: null, g: 1 } }, d: [3] });
    assert.deepEqual(value(result), { a: { c: 2, e: { g: 1 } }, d: [3] });
  });
});

describe('strategic merge patch', () => {
  const apply = (document: unknown, patch: unknown): unknown =>
    value(applyStrategicMergePatch(SCHEMAS, 'io.k8s.api.core.v1.PodSpec', document, patch));
  const two = {
    containers: [
      { name: 'a', image: '1' },
      { name: 'b', image: '2' },
    ],
  };

  it('merges lists by their key and puts what is new where the patch has it', () => {
    assert.deepEqual(apply(two, { containers: [{ name: 'c' }] }), { containers: [{ name: 'c' }, ...two.containers] });
    assert.deepEqual(apply(two, { containers: [{ name: 'b', image: '3' }, { name: 'c' }] }), {
      containers: [{ name: 'a', image: '1' }, { name: 'b', image: '3' }, { name: 'c' }],
    });
  });

  it('deletes and replaces items', () => {
    assert.deepEqual(apply(two, { containers: [{ name: 'a', $patch: 'delete' }] }), { containers: [{ name: 'b', image: '2' }] });
    assert.deepEqual(apply(two, { containers: [{ $patch: 'replace' }, { name: 'z' }] }), { containers: [{ name: 'z' }] });
  });

  it('replaces and empties maps', () => {
    const document = { securityContext: { runAsUser: 1, fsGroup: 2 }, nodeSelector: { a: 'b' } };
    assert.deepEqual(apply(document, { securityContext: { $patch: 'replace', runAsUser: 3 }, nodeSelector: { $patch: 'delete' } }), {
      securityContext: { runAsUser: 3 },
      nodeSelector: {},
    });
  });

  it('keeps the named members of a map only', () => {
    const document = { volumes: [{ name: 'v', emptyDir: {} }] };
    assert.deepEqual(apply(document, { volumes: [{ name: 'v', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/x' } }] }), {
      volumes: [{ name: 'v', hostPath: { path: '/x' } }],
    });
  });

  it('takes values out of lists of texts and merges them as sets', () => {
    const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
    const finalizers = (patch: unknown): unknown => value(applyStrategicMergePatch(SCHEMAS, meta, { finalizers: ['a/x', 'b/x'] }, patch));
    assert.deepEqual(finalizers({ '$deleteFromPrimitiveList/finalizers': ['a/x'] }), { finalizers: ['b/x'] });
    assert.deepEqual(finalizers({ finalizers: ['b/x', 'c/x'] }), { finalizers: ['a/x', 'b/x', 'c/x'] });
  });

  it('orders elements as asked, the others by where they stood', () => {
    const document = { containers: [{ name: 'a' }, { name: 'x' }, { name: 'b' }] };
    const patch = { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }, { name: 'c' }], containers: [{ name: 'c' }] };
    assert.deepEqual(apply(document, patch), { containers: [{ name: 'x' }, { name: 'b' }, { name: 'a' }, { name: 'c' }] });
  });

  it('refuses items without their key', () => {
    const result = applyStrategicMergePatch(SCHEMAS, 'io.k8s.api.core.v1.PodSpec', two, { containers: [{ image: 'x' }] });
    assert.deepEqual(result, { badRequest: 'map: {"image":"x"} does not contain declared merge key: name' });
  });
});
