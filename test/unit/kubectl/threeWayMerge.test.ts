import assert from 'node:assert/strict';
import { SCHEMAS } from '../../../src/api/scheme.ts';
import { inDependencyOrder } from '../../../src/kubectl/order.ts';
import { printYaml } from '../../../src/kubectl/printYaml.ts';
import { threeWayPatch } from '../../../src/kubectl/threeWayMerge.ts';

type JsonMap = Readonly<Record<string, unknown>>;

const schema = SCHEMAS.definitions[SCHEMAS.kinds['apps/v1/Deployment'] ?? ''];
const containers = (...list: readonly JsonMap[]): JsonMap => ({ spec: { template: { spec: { containers: list } } } });
const web = { name: 'web', image: 'nginx:1' };

describe('the patch of an apply', () => {
  const cases: readonly (readonly [what: string, original: JsonMap, modified: JsonMap, live: JsonMap, patch: JsonMap])[] = [
    [
      'says nothing when nothing differs',
      { spec: { replicas: 1 } },
      { spec: { replicas: 1 } },
      { spec: { replicas: 1, paused: false } },
      {},
    ],
    ['sets what drifted', { spec: { replicas: 1 } }, { spec: { replicas: 1 } }, { spec: { replicas: 5 } }, { spec: { replicas: 1 } }],
    ['leaves what it never set', {}, { spec: { paused: true } }, { spec: { replicas: 5 } }, { spec: { paused: true } }],
    [
      'removes what it had set',
      { spec: { replicas: 1, paused: true } },
      { spec: { replicas: 1 } },
      { spec: { replicas: 1, paused: true } },
      { spec: { paused: null } },
    ],
    ['does not remove what is gone already', { spec: { paused: true } }, { spec: {} }, { spec: {} }, {}],
    [
      'compares lists by their key',
      containers(web),
      containers({ ...web, image: 'nginx:2' }),
      containers({ ...web, imagePullPolicy: 'Always' }),
      {
        spec: { template: { spec: { containers: [{ image: 'nginx:2', name: 'web' }], '$setElementOrder/containers': [{ name: 'web' }] } } },
      },
    ],
    [
      'adds and deletes items, and leaves those of others',
      containers(web, { name: 'old', image: 'x' }),
      containers(web, { name: 'new', image: 'y' }),
      containers(web, { name: 'old', image: 'x' }, { name: 'injected', image: 'z' }),
      {
        spec: {
          template: {
            spec: {
              containers: [
                { name: 'new', image: 'y' },
                { $patch: 'delete', name: 'old' },
              ],
              '$setElementOrder/containers': [{ name: 'web' }, { name: 'new' }],
            },
          },
        },
      },
    ],
    [
      'replaces atomic lists whole',
      containers({ ...web, args: ['a'] }),
      containers({ ...web, args: ['b'] }),
      containers({ ...web, args: ['a'] }),
      {
        spec: { template: { spec: { containers: [{ args: ['b'], name: 'web' }], '$setElementOrder/containers': [{ name: 'web' }] } } },
      },
    ],
    [
      'goes into maps',
      { metadata: { labels: { a: '1', b: '2' } } },
      { metadata: { labels: { a: '3' } } },
      { metadata: { labels: { a: '1', b: '2', c: '4' } } },
      { metadata: { labels: { a: '3', b: null } } },
    ],
  ];
  for (const [what, original, modified, live, patch] of cases) {
    it(what, () => assert.deepEqual(threeWayPatch(SCHEMAS, schema, { original, modified, live }), patch));
  }
  it('of a kind without schema replaces lists', () =>
    assert.deepEqual(
      threeWayPatch(SCHEMAS, undefined, { original: {}, modified: { spec: { a: [1] } }, live: { spec: { a: [2], b: 1 } } }),
      { spec: { a: [1] } },
    ));
});

describe('the order of an apply', () => {
  it('puts first what others refer to', () =>
    assert.deepEqual(
      inDependencyOrder(['Deployment', 'Thing', 'Service', 'ConfigMap', 'Namespace', 'Pod'], (kind) => kind),
      ['Namespace', 'ConfigMap', 'Service', 'Pod', 'Deployment', 'Thing'],
    ));
});

describe('printed YAML', () => {
  it('has its keys in order, without managed fields', () =>
    assert.equal(
      printYaml({
        kind: 'X',
        apiVersion: 'v1',
        metadata: { name: 'a', managedFields: [], annotations: { b: 'yes', a: 'x' } },
        list: [{ b: 1, a: '012' }],
      }),
      'apiVersion: v1\nkind: X\nlist:\n- a: "012"\n  b: 1\nmetadata:\n  annotations:\n    a: x\n    b: "yes"\n  name: a\n',
    ));
});
