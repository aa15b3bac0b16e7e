import assert from 'node:assert/strict';
import { RandomStream } from '../../../../src/sim/random.ts';
import { Wire } from '../support.ts';

/** Enough to reach every handler many times; more would only take longer. */
const REQUESTS = 3000;
const SEED = 'fuzz';

const NS = '/api/v1/namespaces/default';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const POD_SPEC = {
  containers: [
    { name: 'c', image: 'i', env: [{ name: 'A', value: '1' }], ports: [{ containerPort: 80 }], resources: { requests: { cpu: '1' } } },
  ],
  volumes: [{ name: 'v', emptyDir: {} }],
  tolerations: [{ operator: 'Exists' }],
};
const DEPLOYMENT = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd', labels: { a: 'b' }, annotations: { k: 'v' } },
  spec: {
    replicas: 1,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } },
    selector: { matchLabels: { a: 'b' } },
    template: { metadata: { labels: { a: 'b' } }, spec: POD_SPEC },
  },
  status: { replicas: 1 },
};
const POD = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', finalizers: ['x.y/z'] }, spec: POD_SPEC };
const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 's' },
  spec: {
    ports: [
      { port: 80, name: 'a' },
      { port: 81, name: 'b' },
    ],
    selector: { a: 'b' },
  },
};
const MANAGED = {
  manager: 'x',
  operation: 'Update',
  apiVersion: 'v1',
  fieldsType: 'FieldsV1',
  fieldsV1: { 'f:data': { '.': {}, 'f:x': {} } },
};
const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', managedFields: [MANAGED] }, data: { x: '1' } };

const COLLECTIONS: readonly (readonly [string, object])[] = [
  [DEPLOYMENTS, DEPLOYMENT],
  [`${NS}/pods`, POD],
  [`${NS}/services`, SERVICE],
  [`${NS}/configmaps`, CONFIG_MAP],
];
const TARGETS: readonly (readonly [string, object])[] = [
  [`${DEPLOYMENTS}/d`, DEPLOYMENT],
  [`${DEPLOYMENTS}/d/status`, DEPLOYMENT],
  [`${DEPLOYMENTS}/d/scale`, { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'd' }, spec: { replicas: 2 } }],
  [`${NS}/pods/p`, POD],
  [`${NS}/pods/p/status`, POD],
  [`${NS}/pods/p/ephemeralcontainers`, POD],
  [`${NS}/pods/p/resize`, POD],
  [`${NS}/pods/p/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'p' } }],
  [`${NS}/services/s`, SERVICE],
  [`${NS}/configmaps/a`, CONFIG_MAP],
  [`${NS}/configmaps/new`, CONFIG_MAP],
];
const PATCHES = ['json-patch+json', 'merge-patch+json', 'strategic-merge-patch+json', 'apply-patch+yaml'];
const QUERIES = [
  '',
  '?fieldManager=m',
  '?fieldManager=m&force=true',
  '?fieldManager=kubectl',
  '?fieldManager=m&dryRun=All',
  '?fieldValidation=Strict',
];
const LISTS = [
  '',
  '?limit=1',
  '?limit=x',
  '?continue=abc',
  '?resourceVersion=5',
  '?resourceVersion=-',
  '?labelSelector=a+in+(b)',
  '?labelSelector=(',
  '?fieldSelector=x',
];
const POINTERS = [
  '',
  '/',
  '/metadata',
  '/spec/replicas',
  '/spec/template/spec/containers/0',
  '/spec/template/spec/containers/-',
  '/metadata/managedFields',
  '/data/x',
  '/nope/nope',
  'a',
];
const JUNK: readonly unknown[] = [
  ...[null, '', 0, -1, 1.5, 1e300, true, [], {}, [null], [[]], { a: null }, '__proto__', '\u0000', '𝕏'],
  ...[
    { $patch: 'delete' },
    { $patch: 'x' },
    { $retainKeys: ['a'] },
    { '$setElementOrder/containers': [{ name: 'c' }] },
    { '$deleteFromPrimitiveList/finalizers': ['x'] },
  ],
  ...[[{ name: 'c' }], [{ name: null }], [{ port: 80 }, { port: 80 }]],
];
/** What a real server answers with 500, too. */
const KNOWN =
  /^(failed to create typed|map: |unknown patch type|The order in patch|merging lists|cannot merge|list element|duplicate nodePort|resourceVersion: |strconv\.)/;

describe('the REST layer', () => {
  const random = new RandomStream(SEED);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random.float() * items.length)] as T;
  const chance = (share: number): boolean => random.float() < share;

  const mutate = (value: unknown): unknown => {
    if (chance(0.08)) return structuredClone(pick(JUNK));
    if (Array.isArray(value)) {
      const items = value.map(mutate);
      if (chance(0.1)) items.push(structuredClone(pick(JUNK)));
      return items;
    }
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value)
      .filter(() => !chance(0.05))
      .map(([key, item]) => [chance(0.03) ? pick(['extra', '$patch', 'metadata', '__proto__']) : key, mutate(item)]);
    return Object.fromEntries(entries) as object;
  };
  const operations = (): unknown =>
    Array.from({ length: 1 + Math.floor(random.float() * 4) }, () =>
      mutate({
        op: pick(['add', 'remove', 'replace', 'move', 'copy', 'test', 'x']),
        path: pick(POINTERS),
        from: pick(POINTERS),
        value: pick(JUNK),
      }),
    );

  it(`answers ${REQUESTS} requests that make little sense`, function () {
    this.timeout(120_000);
    const wire = new Wire();
    for (let count = 0; count < REQUESTS; count++) {
      if (count % 30 === 0) for (const [path, object] of COLLECTIONS) wire.call('POST', path, object);
      const [path, object] = pick(TARGETS);
      const method = pick(['PATCH', 'PATCH', 'PATCH', 'PUT', 'POST', 'GET']);
      const patch = pick(PATCHES);
      const body = JSON.stringify(method === 'PATCH' && patch.startsWith('json') ? operations() : mutate(object));
      const url = method === 'GET' ? `${pick(COLLECTIONS)[0]}${pick(LISTS)}` : path + pick(QUERIES);
      const type = method === 'PATCH' ? patch : 'json';
      const told = `${method} ${url} ${type} ${body}`;
      let got: ReturnType<Wire['call']>;
      try {
        got = wire.call(method, url, method === 'GET' ? undefined : body, { 'content-type': `application/${type}` });
      } catch (error) {
        throw new Error(`request ${count}: ${told}`, { cause: error });
      }
      if (got.code === 500) assert.match(String(got.body.message), KNOWN, told);
      if (count % 10 === 0) wire.advance(50);
    }
  });
});
