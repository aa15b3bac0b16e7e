import assert from 'node:assert/strict';
import { SCHEMAS, SCHEME } from '../../../src/api/scheme.ts';
import { applyJsonPatch, applyMergePatch } from '../../../src/apimachinery/patch/jsonPatch.ts';
import { stringifyWith } from '../../../src/apimachinery/scheme/goOrder.ts';
import { restoreProblem } from '../../../src/apimachinery/scheme/restore.ts';
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
    [[{ op: 'replace', path: '/x/y', value: 2 }], 'replace operation does not apply: doc is missing key: /x/y: missing value'],
    [[{ op: 'move', from: '/x', path: '/y' }], 'remove operation does not apply: doc is missing path: "/x": missing value'],
  ];
  for (const [patch, unprocessable] of wrong)
    it(`refuses ${JSON.stringify(patch)}`, () => assert.deepEqual(applyJsonPatch({ a: 1 }, patch), { unprocessable }));
});

describe('what is not there', () => {
  it('is replaced and copied as if it were null', () => {
    assert.deepEqual(value(applyJsonPatch({ a: 1 }, [{ op: 'replace', path: '/x', value: 2 }])), { a: 1, x: 2 });
    assert.deepEqual(value(applyJsonPatch({ a: 1 }, [{ op: 'copy', from: '/x', path: '/y' }])), { a: 1, y: null });
  });
});

describe('the text of a patched object', () => {
  it('has the members of what was opened by name, and the rest as it stood', () => {
    const opened = new WeakSet();
    const document = { z: 1, m: { d: 1, c: 2 }, a: { y: 1, x: 2 } };
    const patched = value(applyJsonPatch(document, [{ op: 'add', path: '/a/b', value: { q: 1, p: 2 } }], opened));
    assert.equal(stringifyWith(patched, opened), '{"a":{"b":{"q":1,"p":2},"x":2,"y":1},"m":{"d":1,"c":2},"z":1}');
    const merged = new WeakSet();
    const result = value(applyMergePatch(document, { a: null, n: [{ q: 1, p: 2 }] }, merged));
    assert.equal(stringifyWith(result, merged), '{"m":{"d":1,"c":2},"n":[{"p":2,"q":1}],"z":1}');
  });
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
    assert.deepEqual(result, { badRequest: 'map: map[image:x] does not contain declared merge key: name' });
  });
});

describe('a strategic patch that does not fit', () => {
  const pod = SCHEME.kind('v1', 'Pod');
  assert(pod !== undefined);
  const rows: readonly (readonly [object, string | undefined])[] = [
    [{ spec: { nodeSelector: ['x'] } }, 'cannot restore map from slice'],
    [{ spec: [] }, 'cannot restore struct from: slice'],
    [{ spec: { containers: 'x' } }, 'cannot restore slice from string'],
    [{ spec: { hostname: 5 } }, 'cannot convert int64 to string'],
    [{ spec: { hostname: true } }, 'unrecognized type: string'],
    [{ spec: { hostNetwork: 'yes' } }, 'unrecognized type: bool'],
    [{ spec: { priority: 1.5 } }, 'cannot convert float64 to int32'],
    [{ spec: { hostname: 'a', containers: [] } }, undefined],
  ];
  for (const [object, text] of rows)
    it(`${JSON.stringify(object)}: ${text ?? 'fits'}`, () => assert.equal(restoreProblem(pod, object), text));

  const refused = (patch: object): unknown =>
    applyStrategicMergePatch(SCHEMAS, 'io.k8s.api.core.v1.PodSpec', { containers: [{ name: 'a' }, { name: 'b' }] }, patch);
  it('says which directive it does not know', () => {
    assert.deepEqual(refused({ $patch: 'merge' }), { badRequest: 'unknown patch type: merge in map: map[$patch:merge]' });
    assert.deepEqual(refused({ containers: [{ $patch: 'merge', name: 'a' }] }), {
      badRequest: 'merging lists cannot yet be specified in the patch',
    });
  });
  it('says that a patch is in another order than it asks for', () => {
    const patch = {
      '$setElementOrder/containers': [{ name: 'a' }, { name: 'b' }],
      containers: [
        { name: 'b', image: 'i' },
        { name: 'a', image: 'i' },
      ],
    };
    const text =
      "The order in patch list:\n[map[image:i name:b] map[image:i name:a]]\n doesn't match $setElementOrder list:\n[map[name:a] map[name:b]]\n";
    assert.deepEqual(refused(patch), { badRequest: text });
  });
});
