import assert from 'node:assert/strict';
import { NODES } from '../../../../src/api/schema/resources.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import type { ObjectModel, ObjectQuery, ObjectTab } from '../../../../src/host/panels/object/model.ts';
import type { SourceFinder } from '../../../../src/host/panels/object/causes.ts';
import { objectSource, placeOf, whyOf } from '../../../../src/host/panels/object/source.ts';
import { whyText } from '../../../../src/host/panels/object/text.ts';
import type { ObjectRef } from '../../../../src/host/protocol/view.ts';
import { createPod, readyCluster, run, START } from '../../kubelet/support.ts';
import { createRest } from '../worker/support.ts';

const nowhere: SourceFinder = () => undefined;
const ref = (kind: string, name: string, apiVersion = 'v1', namespace = 'default'): ObjectRef => ({ apiVersion, kind, namespace, name });

function show(cluster: Cluster, about: ObjectRef, tab: ObjectTab, more: Partial<ObjectQuery> = {}, sourceOf = nowhere): ObjectModel {
  const query: ObjectQuery = { surface: 'object', ref: about, tab, field: undefined, revision: undefined, ...more };
  const picture = objectSource(() => cluster, sourceOf).picture(query);
  assert.ok(picture !== undefined);
  return picture as ObjectModel;
}

const web = ref('Deployment', 'web', 'apps/v1');
const deployment = (replicas: number, image = 'nginx:1.27', cpu = '100m'): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: '${image}', resources: { requests: { cpu: ${cpu} } } }] }
`;

async function withDeployment(text = deployment(2)): Promise<Cluster> {
  const cluster = readyCluster();
  await createRest(cluster).apply(text);
  run(cluster, 60);
  return cluster;
}

function podOf(cluster: Cluster): ObjectRef {
  const [pod] = cluster.api.store.list('pods', 'default');
  return ref('Pod', pod?.metadata.name ?? '');
}

describe('the panel of an object', () => {
  it('shows nothing of an object that is not there, or of a kind that is not served', () => {
    const source = objectSource(() => readyCluster(), nowhere);
    const query = { surface: 'object', tab: 'state', field: undefined, revision: undefined } as const;
    assert.equal(source.picture({ ...query, ref: web }), undefined);
    assert.equal(source.picture({ ...query, ref: ref('Nothing', 'x', 'example.com/v1') }), undefined);
  });

  it('leads from the state of a Pod back to the line that was applied', async () => {
    const cluster = await withDeployment();
    const asked: string[] = [];
    const sourceOf: SourceFinder = ({ kind, name }) => {
      asked.push(`${kind}/${name}`);
      return { uri: 'file:///shop/web%201.yaml', line: 4, same: true };
    };
    const about = podOf(cluster);
    const { steps = [], states = [] } = show(cluster, about, 'why', {}, sourceOf);
    assert.deepEqual(
      steps.map(({ actor, act, ref: { kind } }) => `${actor} ${act} ${kind}`),
      [
        'admin created Deployment',
        'deployment-controller created ReplicaSet',
        'replicaset-controller created Pod',
        'kube-scheduler bound Pod',
        `${steps.at(-1)?.actor ?? ''} changed the status of Pod`,
      ],
    );
    assert.match(steps.at(-1)?.actor ?? '', /^kubelet of worker-\d$/);
    assert.deepEqual(
      steps.map(({ reason }) => reason.split(':')[0]),
      ['', 'ScalingReplicaSet', 'SuccessfulCreate', 'Scheduled', 'Started'],
    );
    assert.ok(steps.at(-1)?.changes.some(({ key, to }) => key === 'status.phase' && to === 'Running'));
    assert.deepEqual([steps[0]?.person, steps[0]?.source?.line, steps[1]?.source], [true, 4, undefined]);
    assert.ok(asked.includes('Deployment/web'));
    assert.deepEqual(
      states.map(({ act }) => act),
      ['changed the status of', 'changed the status of', 'bound', 'created'],
    );
    const place = placeOf(cluster, about);
    assert.ok(place !== undefined);
    const text = whyText(about, whyOf(place, undefined, sourceOf), START);
    assert.match(text, / 10\.000 s {2}admin created Deployment web \(web 1\.yaml, line 5\)\n/);
    assert.match(text, /status\.phase: Pending → Running/);
  });

  it('explains the write that is asked for', async () => {
    const cluster = await withDeployment();
    const about = podOf(cluster);
    const { states = [] } = show(cluster, about, 'why');
    const bound = states.find(({ act }) => act === 'bound');
    const { steps = [] } = show(cluster, about, 'why', { revision: bound?.key });
    assert.deepEqual([steps.length, steps.at(-1)?.act], [4, 'bound']);
    assert.ok(steps.at(-1)?.changes.some(({ key }) => key === 'spec.nodeName'));
  });

  it('tells what a Pod was waiting for, and besides why it is there', async () => {
    const cluster = readyCluster();
    await createRest(cluster).apply(
      '{apiVersion: v1, kind: Pod, metadata: {name: picky}, spec: {nodeSelector: {disk: fast}, containers: [{name: a, image: nginx:1.27}]}}',
    );
    run(cluster, 30);
    cluster.admin().modify(NODES, '', 'worker-1', ({ metadata }) => void (metadata.labels!['disk'] = 'fast'));
    run(cluster, 30);
    const { steps = [], origin = [] } = show(cluster, ref('Pod', 'picky'), 'why');
    const told = (all: typeof steps): readonly string[] => all.map(({ actor, act, ref: { kind } }) => `${actor} ${act} ${kind}`);
    assert.deepEqual(told(steps).slice(0, 2), ['kubernetes-admin changed Node', 'kube-scheduler bound Pod']);
    assert.deepEqual(told(origin), ['admin created Pod']);
    assert.deepEqual(steps[0]?.changes, [{ key: 'metadata.labels.disk', from: undefined, to: 'fast' }]);
    const place = placeOf(cluster, ref('Pod', 'picky'));
    assert.ok(place !== undefined);
    assert.match(whyText(ref('Pod', 'picky'), whyOf(place, undefined, nowhere), START), /Why it is there:/);
  });

  it('says where history has forgotten what led to something', async () => {
    const cluster = await withDeployment();
    const about = podOf(cluster);
    const pod = cluster.api.store.since('pods', 0)?.find(({ type }) => type === 'ADDED');
    cluster.api.store.compact((pod?.revision ?? 0) - 1);
    const { steps = [] } = show(cluster, about, 'why');
    assert.deepEqual([steps[0]?.act, steps[0]?.forgotten, steps[0]?.source], ['created', true, undefined]);
    assert.match(whyText(about, { steps, origin: [] }, START), /not in the history any more/);
  });

  it('marks where status and spec do not agree, until they do', async () => {
    const cluster = await withDeployment(deployment(3, 'nginx:1.27', '1500m'));
    const differing = (): readonly string[] =>
      (show(cluster, web, 'state').fields ?? []).flatMap(({ key, text, differs }) =>
        differs === undefined ? [] : [`${key} ${text}: ${differs}`],
      );
    assert.deepEqual(differing(), []);
    await createRest(cluster).apply(deployment(12, 'nginx:1.27', '1500m'));
    run(cluster, 60);
    const found = differing();
    assert.ok(found.some((line) => line.startsWith('spec.replicas 12: status.')));
    assert.ok(found.some((line) => /^status\.readyReplicas \d: spec\.replicas is 12$/.test(line)));
    await createRest(cluster).apply(deployment(1, 'nginx:1.27', '1500m'));
    run(cluster, 60);
    assert.deepEqual(differing(), []);
  });

  it('has a line for a counter that the status does not report', async () => {
    const cluster = await withDeployment(deployment(1, 'nginx:1.27', '64'));
    const { fields = [], head } = show(cluster, web, 'state');
    const ready = fields.find(({ key }) => key === 'status.readyReplicas');
    assert.deepEqual([ready?.text, ready?.differs, ready?.side], ['0', 'spec.replicas is 1', 'actual']);
    assert.deepEqual([head.tone, head.status], ['busy', '0/1 ready, 1 Pending']);
  });

  it('tells who wrote each field, and its history', async () => {
    const cluster = await withDeployment();
    await createRest(cluster).apply(deployment(4));
    run(cluster, 60);
    const { fields = [], writes = [] } = show(cluster, web, 'state', { field: 'spec.replicas' });
    const by = (path: string): string | undefined => fields.find(({ key }) => key === path)?.written?.actor;
    assert.deepEqual([by('spec.replicas'), by('status.readyReplicas')], ['admin', 'deployment-controller']);
    assert.deepEqual(
      writes.map(({ act, changes }) => [act, ...changes.map(({ key, from, to }) => `${key} ${from ?? ''} ${to ?? ''}`)]),
      [['changed', 'spec.replicas 2 4'], ['created']],
    );
  });

  it('never shows what a Secret holds', async () => {
    const cluster = readyCluster();
    const secret = (value: string): string => `{apiVersion: v1, kind: Secret, metadata: {name: key}, stringData: {token: ${value}}}`;
    await createRest(cluster).apply(secret('abcdef'));
    await createRest(cluster).apply(secret('ghijkl'));
    const pictures = (['state', 'why'] as const).map((tab) => JSON.stringify(show(cluster, ref('Secret', 'key'), tab, { field: 'data' })));
    for (const value of ['abcdef', 'ghijkl']) {
      assert.ok(pictures.every((text) => !text.includes(value) && !text.includes(btoa(value))));
    }
    assert.match(pictures[0] ?? '', /"key":"data.token","from":"hidden","to":"hidden"/);
  });

  it('lists conditions with what is good and bad about them', () => {
    const cluster = readyCluster();
    const { conditions = [] } = show(cluster, ref('Node', 'worker-1', 'v1', ''), 'state');
    const tones = Object.fromEntries(conditions.map(({ key, status, tone }) => [key, `${status} ${tone}`]));
    assert.deepEqual([tones['Ready'], tones['MemoryPressure']], ['True ok', 'False ok']);
  });

  it('finds owners above and what is owned below, and what works together', async () => {
    const cluster = await withDeployment();
    const lines = (about: ObjectRef): readonly string[] =>
      (show(cluster, about, 'family').family ?? []).map(
        ({ ref: { kind }, level, relation, link }) => `${level} ${relation} ${kind}${link === '' ? '' : ` ${link}`}`,
      );
    assert.deepEqual(lines(web), ['1 self Deployment', '2 owned ReplicaSet', '3 owned Pod', '3 owned Pod']);
    assert.deepEqual(lines(podOf(cluster)), ['1 owner Deployment', '2 owner ReplicaSet', '3 self Pod', '1 beside Node runs on']);
  });

  it('finds what chooses an object by its labels or by its name', async () => {
    const cluster = await withDeployment();
    const rest = createRest(cluster);
    for (const [name, selector] of [
      ['front', '{app: web}'],
      ['other', '{app: other}'],
    ] as const) {
      await rest.apply(`{apiVersion: v1, kind: Service, metadata: {name: ${name}}, spec: {selector: ${selector}, ports: [{port: 80}]}}`);
      await rest.apply(
        `{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: ${name}}, spec: {minAvailable: 1, selector: {matchLabels: ${selector}}}}`,
      );
    }
    for (const target of ['web', 'absent'])
      await rest.apply(
        `{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: for-${target}}, spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: ${target}}}}`,
      );
    run(cluster, 10);
    const beside = (about: ObjectRef): readonly string[] =>
      (show(cluster, about, 'family').family ?? [])
        .filter(({ relation }) => relation === 'beside')
        .map(({ ref: { kind, name }, link }) => `${link} ${kind} ${name}`);
    assert.deepEqual(beside(web), ['is scaled by HorizontalPodAutoscaler for-web']);
    assert.deepEqual(beside(podOf(cluster)).slice(1), ['is chosen by Service front', 'is protected by PodDisruptionBudget front']);
  });

  it('tells of an object that is gone who removed it, and how its life ended', async () => {
    const cluster = await withDeployment();
    const about = podOf(cluster);
    await createRest(cluster).apply(deployment(0));
    run(cluster, 120);
    const { head, steps = [] } = show(cluster, about, 'why');
    assert.ok(head.goneAt !== undefined && head.tone === 'idle');
    const told = steps.map(({ actor, act, ref: { kind } }) => `${actor} ${act} ${kind}`);
    assert.deepEqual(told.slice(0, 3), [
      'admin changed Deployment',
      'deployment-controller changed ReplicaSet',
      'replicaset-controller asked for the deletion of Pod',
    ]);
    assert.equal(steps.at(-1)?.act, 'removed');
    assert.deepEqual(
      (show(cluster, about, 'life').visits ?? []).slice(-2).map(({ state }) => state),
      ['terminating', 'gone'],
    );
  });

  it('lists events, the last first', async () => {
    const cluster = await withDeployment();
    const { events = [] } = show(cluster, podOf(cluster), 'events');
    const reasons = events.map(({ reason }) => reason);
    assert.ok(reasons.includes('Scheduled') && reasons.includes('Started'));
    assert.ok(events.every(({ lastAt }, index) => lastAt >= (events[index + 1]?.lastAt ?? 0)));
  });
});

describe('the scheduling of a Pod in its panel', () => {
  it('shows verdict and scores of every node', async () => {
    const cluster = await withDeployment();
    const { attempts = [] } = show(cluster, podOf(cluster), 'scheduling');
    const [last] = attempts;
    assert.deepEqual([attempts.length, last?.nodes[0]?.verdict, last?.nodes[0]?.key], [1, 'selected', last?.selected]);
    assert.ok(last?.scorers.some(({ key, weight }) => key === 'TaintToleration' && weight === 3));
    const refused = last?.nodes.find(({ verdict }) => verdict === 'refused');
    assert.deepEqual([refused?.key, refused?.by], ['control-plane-1', 'TaintToleration']);
    for (const { verdict, scores, total } of last?.nodes ?? []) {
      if (verdict === 'refused') continue;
      assert.equal(
        total,
        scores.reduce((sum, score, index) => sum + score * (last?.scorers[index]?.weight ?? 0), 0),
      );
    }
  });

  it('keeps the attempts that failed', async () => {
    const cluster = await withDeployment(deployment(1, 'nginx:1.27', '64'));
    const about = podOf(cluster);
    cluster.admin().modify(NODES, '', 'worker-1', ({ metadata }) => void (metadata.labels!['disk'] = 'fast'));
    await createRest(cluster).apply('{apiVersion: v1, kind: Node, metadata: {name: extra}}');
    run(cluster, 400);
    const { attempts = [] } = show(cluster, about, 'scheduling');
    assert.ok(attempts.length >= 1 && attempts.length <= 5);
    assert.ok(attempts.every(({ selected, nodes }) => selected === undefined && nodes.some(({ by }) => by === 'NodeResourcesFit')));
    assert.match(attempts[0]?.message ?? '', /Insufficient cpu/);
  });
});

describe('the life of a Pod in its panel', () => {
  const states = (cluster: Cluster, name: string): readonly string[] =>
    (show(cluster, ref('Pod', name), 'life').visits ?? []).map(({ state }) => state);

  it('has the states that the Pod went through', async () => {
    const cluster = await withDeployment();
    const about = podOf(cluster);
    assert.deepEqual(states(cluster, about.name), ['pending', 'creating', 'ready']);
    const { visits = [] } = show(cluster, about, 'life');
    assert.ok(visits.every(({ to }, index) => to === visits[index + 1]?.from));
  });

  it('tells backing off from running', () => {
    const cluster = readyCluster();
    createPod(cluster, 'crash', 'sleep 2; exit 1');
    run(cluster, 60);
    const found = states(cluster, 'crash');
    assert.ok(found.includes('backingOff') && found.includes('ready'), found.join(' '));
  });

  it('ends with success', () => {
    const cluster = readyCluster();
    createPod(cluster, 'job', 'sleep 2; exit 0', { restartPolicy: 'Never' });
    run(cluster, 60);
    assert.equal(states(cluster, 'job').at(-1), 'succeeded');
  });
});
