import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { NAMESPACES, PODS } from '../../../../../src/api/schema/resources.ts';
import type { Cluster } from '../../../../../src/cluster/cluster.ts';
import { Lines } from '../../../../../src/manifest/yaml/lines.ts';
import { createPod, readyCluster } from '../../../kubelet/support.ts';
import { createRest } from '../support.ts';
import { Desk, URI } from './support.ts';

const namespace = (name: string, labels = ''): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {${labels}}}\n`;

const deployment = (
  more: { readonly replicas?: number; readonly app?: string; readonly name?: string; readonly in?: string } = {},
): string => {
  const { replicas = 2, app = 'web', name = 'web' } = more;
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${more.in ?? 'default'}
spec:
  replicas: ${replicas}
  selector:
    matchLabels:
      app: ${app}
  template:
    metadata:
      labels:
        app: ${app}
    spec:
      containers:
        - name: app
          image: nginx:1.29
`;
};

/** @param lines of the Pod's spec @param container lines of its container */
const pod = (lines: readonly string[], container: readonly string[] = [], metadata = 'name: web\n  namespace: shop'): string =>
  [
    `apiVersion: v1\nkind: Pod\nmetadata:\n  ${metadata}\nspec:`,
    ...lines.map((line) => `  ${line}`),
    '  containers:\n    - name: app\n      image: nginx:1.29',
    ...container.map((line) => `      ${line}`),
    '',
  ].join('\n');

const QUOTA = 'apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: few, namespace: shop}\nspec: {hard: {pods: 2, requests.cpu: "1"}}\n';

const LIMITS = `apiVersion: v1
kind: LimitRange
metadata: {name: small, namespace: shop}
spec: {limits: [{type: Container, max: {cpu: 500m}}]}
`;

const POLICY = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: few}
spec:
  matchConstraints: {resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}]}
  validations:
  - {expression: "has(object.metadata.labels) || !has(object.metadata.labels)", message: always true}
  - {expression: object.spec.replicas <= 5, message: no more than five please}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: all}
spec: {policyName: few, validationActions: [Deny]}
`;

const SAMPLE = readFileSync(join(import.meta.dirname, '../../../../../samples/policy/1-rules.yaml'), 'utf8');

/** A cluster that has come to rest with these objects. */
async function clusterWith(...manifests: readonly string[]): Promise<Cluster> {
  const cluster = readyCluster();
  for (const manifest of manifests) {
    await createRest(cluster).apply(manifest);
    cluster.simulation.runUntil('stable');
  }
  return cluster;
}

describe('what the cluster would answer', () => {
  const restricted = namespace('shop', 'pod-security.kubernetes.io/enforce: restricted');
  const baseline = namespace('shop', 'pod-security.kubernetes.io/enforce: baseline');
  // What is there ▸ what is written ▸ what is underlined, and the words.
  const cases: readonly (readonly [string, readonly string[], string, string, RegExp])[] = [
    ['a missing namespace', [], deployment({ in: 'gone' }), 'gone', /namespaces "gone" not found/],
    ['a selector that cannot change', [deployment()], deployment({ app: 'api' }), 'selector', /spec\.selector: .*field is immutable/],
    ['host namespaces', [baseline], pod(['hostNetwork: true']), 'true', /violates PodSecurity "baseline:latest": host namespaces/],
    [
      'a host path',
      [baseline],
      pod(['volumes:', '  - name: disk', '    hostPath: {path: /}']),
      'name',
      /hostPath volumes \(volume "disk"\)/,
    ],
    [
      'a privileged container',
      [baseline],
      pod([], ['securityContext:', '  privileged: true']),
      'true',
      /container "app" must not set securityContext\.privileged=true/,
    ],
    [
      'what a restricted Pod must set',
      [restricted],
      pod([], ['securityContext:', '  runAsNonRoot: true']),
      'securityContext',
      /must set securityContext\.allowPrivilegeEscalation=false/,
    ],
    ['a limit over the range', [namespace('shop'), LIMITS], pod([], ['resources:', '  limits:', '    cpu: "2"']), '"2"', /but limit is 2/],
    [
      'more than a quota has left',
      [namespace('shop'), QUOTA],
      pod([], ['resources:', '  requests:', '    cpu: "2"']),
      '"2"',
      /exceeded quota: few, requested: requests\.cpu=2/,
    ],
    ['what a quota asks to be said', [namespace('shop'), QUOTA], pod([]), 'name', /must specify requests\.cpu for: app/],
    ['a class that is missing', [], pod(['priorityClassName: urgent'], [], 'name: web'), 'urgent', /no PriorityClass with name urgent/],
    ['an account that is missing', [], pod(['serviceAccountName: robot'], [], 'name: web'), 'robot', /serviceaccount "robot" not found/],
    ['a policy', [POLICY], deployment({ replicas: 9 }), '9', /'few' with binding 'all' denied request: no more than five please/],
    [
      'a policy that makes its words',
      [SAMPLE],
      deployment({ in: 'strict', replicas: 7 }).replace('metadata:', 'metadata:\n  labels: {team: a}'),
      '7',
      /at most 5 replicas, not 7/,
    ],
    [
      'a policy whose expression is in a variable',
      [SAMPLE],
      deployment({ in: 'strict' }).replace('metadata:', 'metadata:\n  labels: {app: a}'),
      '{app: a}',
      /a Deployment needs the label team/,
    ],
  ];
  for (const [title, there, text, underlined, words] of cases)
    it(`names ${title}`, async () => {
      const cluster = await clusterWith(...there);
      const found = await new Desk(cluster).underlined(text);
      assert.deepEqual(
        found.map(([place]) => place),
        [underlined],
        found.map(([, message]) => message).join('\n'),
      );
      assert.match(found[0]?.[1] ?? '', words);
      // Whoever applies it all the same reads that at the same place.
      const results = await createRest(cluster).tryToApply(`---\n${text}`);
      const lines = new Lines(`---\n${text}`);
      const refused = results.flatMap(({ diagnostics }) => diagnostics);
      assert.deepEqual(
        refused.map(({ range }) => `---\n${text}`.slice(lines.offset(range.start), lines.offset(range.end))),
        [underlined],
      );
      assert.match(refused[0]?.message ?? '', words);
    });

  it('names the kind that the cluster does not serve, once somebody applies it', async () => {
    const text = 'apiVersion: example.com/v1\nkind: Boat\nmetadata: {name: a}\n';
    const [result] = await createRest(await clusterWith()).tryToApply(text);
    assert.equal(result?.message, 'no matches for kind "Boat" in version "example.com/v1"');
    assert.deepEqual(
      result.diagnostics.map(({ range, path }) => [range.start, path]),
      [[{ line: 1, character: 6 }, 'kind']],
    );
  });

  it('is nothing about what an apply would accept', async () => {
    const desk = new Desk(await clusterWith(namespace('shop'), QUOTA, POLICY, deployment()));
    assert.deepEqual(
      (await desk.ask(`${deployment({ replicas: 3 })}---\n${pod([], ['resources: {requests: {cpu: 100m}}'])}`)).diagnostics,
      [],
    );
  });

  it('takes the documents before into account, and in the order of an apply', async () => {
    const desk = new Desk(await clusterWith());
    const shop = namespace('shop', 'pod-security.kubernetes.io/enforce: baseline');
    const found = await desk.underlined(`${pod(['hostPID: true'])}---\n${shop}`);
    assert.deepEqual(
      found.map(([place]) => place),
      ['true'],
    );
    assert.match(found[0]?.[1] ?? '', /violates PodSecurity/);
    assert.deepEqual(await desk.underlined(`${pod([])}---\n${shop}---\n${QUOTA}`), []);
  });

  it('adds up what the documents of a file would use of a quota', async () => {
    const desk = new Desk(await clusterWith(namespace('shop'), QUOTA));
    const each = (name: string): string => pod([], ['resources: {requests: {cpu: 400m}}'], `name: ${name}\n  namespace: shop`);
    const { diagnostics } = await desk.ask([each('a'), each('b'), each('c')].join('---\n'));
    assert.equal(diagnostics.length, 1);
    assert.match(diagnostics[0]?.message ?? '', /pods "c" is forbidden: exceeded quota: few/);
  });

  it('says nothing of what is in another file', async () => {
    const desk = new Desk(await clusterWith());
    desk.written.add('v1/Namespace gone');
    assert.deepEqual(await desk.underlined(deployment({ in: 'gone' })), []);
  });

  it('tells what would be accepted with a warning, if that is wanted', async () => {
    const desk = new Desk(await clusterWith(namespace('shop', 'pod-security.kubernetes.io/warn: restricted')));
    const text = pod([]);
    const { diagnostics } = await desk.ask(text);
    assert.deepEqual(
      diagnostics.map(({ severity, code, message }) => [severity, code, message.slice(0, 45)]),
      [['information', 'Admission', 'would violate PodSecurity "restricted:latest"']],
    );
    assert.deepEqual((await desk.ask(text, false)).diagnostics, []);
  });

  it('leaves to the judge what is wrong by itself', async () => {
    const { diagnostics, tried } = await new Desk(await clusterWith()).ask(
      deployment({ in: 'gone' }).replace('replicas: 2', 'replicas: -2'),
    );
    assert.deepEqual([diagnostics, tried], [[], 1]);
  });

  it('changes nothing in the cluster, and takes no chance from it', async () => {
    const cluster = await clusterWith();
    const before = JSON.stringify(cluster.checkpoint().simulation);
    const { revision } = cluster.api.store;
    await new Desk(cluster).ask(`${namespace('shop')}---\n${pod([], [], 'generateName: web-')}`);
    assert.deepEqual([cluster.api.store.revision, JSON.stringify(cluster.checkpoint().simulation)], [revision, before]);
  });
});

describe('an answer of admission', () => {
  const text = `${deployment({ name: 'a', in: 'shop' })}---\n${deployment({ name: 'b' })}`;

  it('is kept for documents that did not change', async () => {
    const desk = new Desk(await clusterWith(namespace('shop')));
    const counts = async (own: string): Promise<readonly number[]> => {
      const { tried, kept } = await desk.ask(own);
      return [tried, kept];
    };
    assert.deepEqual(await counts(text), [2, 0]);
    assert.deepEqual(await counts(text), [0, 2]);
    assert.deepEqual(await counts(`# moved\n\n${text}`.replace('replicas: 2', 'replicas: 3')), [1, 1]);
    // A Namespace decides about all.
    assert.deepEqual(await counts(`${text}---\n${namespace('other')}`), [3, 0]);
  });

  it('is asked for again when what it was looked up in changes, and only then', async () => {
    const cluster = await clusterWith();
    const desk = new Desk(cluster);
    assert.equal((await desk.ask(text)).diagnostics.length, 1);
    createPod(cluster, 'elsewhere', undefined);
    await delay(600);
    assert.deepEqual(desk.changed, []);
    await createRest(cluster).apply(namespace('shop'));
    await delay(600);
    assert.deepEqual(desk.changed, [URI]);
    const { diagnostics, tried, kept } = await desk.ask(text);
    assert.deepEqual([diagnostics, tried, kept], [[], 1, 1]);
    cluster.admin().delete(NAMESPACES, '', 'shop');
    await delay(600);
    assert.deepEqual(desk.changed, [URI, URI]);
    assert.match((await desk.ask(text)).diagnostics[0]?.message ?? '', /not found|being terminated/);
  });

  it('does not follow the status of the live object', async () => {
    const cluster = await clusterWith();
    createPod(cluster, 'web', undefined);
    const desk = new Desk(cluster);
    await desk.ask(pod([], [], 'name: web'));
    cluster.simulation.runUntil('stable');
    assert.equal((cluster.admin().get(PODS, 'default', 'web')?.status?.phase ?? '') === 'Running', true);
    await delay(600);
    assert.deepEqual(desk.changed, []);
  });

  it('of a closed file is forgotten', async () => {
    const cluster = await clusterWith();
    const desk = new Desk(cluster);
    await desk.ask(text);
    desk.documents.close(URI);
    desk.admissions.close(URI);
    await createRest(cluster).apply(namespace('shop'));
    await delay(600);
    assert.deepEqual(desk.changed, []);
  });

  it('is none where a newer question came', async () => {
    const desk = new Desk(await clusterWith());
    const first = desk.ask(text).catch(() => 'none');
    const second = desk.ask(text);
    assert.equal(await first, 'none');
    assert.equal((await second).tried, 2);
  });
});
