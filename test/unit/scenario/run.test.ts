import assert from 'node:assert/strict';
import { createApiJudge } from '../../../src/manifest/apiJudge.ts';
import { ClusterBases } from '../../../src/scenario/bases.ts';
import { withScenarios } from '../../../src/scenario/judge.ts';
import { textOfFailure, type ScenarioOutcome } from '../../../src/scenario/outcome.ts';
import { runScenario, type ScenarioFiles } from '../../../src/scenario/run.ts';
import { readScenarios } from '../../../src/scenario/source.ts';

const judge = withScenarios(createApiJudge());
const bases = new ClusterBases();
const HEAD = 'apiVersion: kubepad.dev/v1\nkind: Scenario\nmetadata:\n  name: story\n';

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: nginx:1.29
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  minAvailable: 2
  selector:
    matchLabels:
      app: web
`;

const FILES: Readonly<Record<string, string>> = {
  'web.yaml': WEB,
  'kind.yaml': 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes:\n- role: control-plane\n- role: worker\n',
};
const files: ScenarioFiles = {
  read: (path) => {
    const text = FILES[path];
    return text === undefined ? { error: 'no such file or directory' } : [text];
  },
};

async function play(body: string): Promise<ScenarioOutcome> {
  const [source] = readScenarios(judge, HEAD + body);
  assert.ok(source !== undefined);
  return runScenario(source, { files, bases });
}

/** `LINE: what is wrong`, lines from 1 below the head. */
function linesOf({ failures }: ScenarioOutcome): readonly string[] {
  const before = HEAD.split('\n').length - 1;
  return failures.map((failure) => `${failure.range.start.line + 1 - before}: ${textOfFailure(failure)}`);
}

const GIVEN = 'given:\n  apply: [web.yaml]\n';
const READY = `'status.conditions[Ready].status': "True"`;

/** A story, and what is said of it: nothing where it passes. */
const table: Readonly<Record<string, readonly [body: string, failures: readonly string[]]>> = {
  'what is given has settled': [`${GIVEN}expect:\n  - object: deploy/web\n    fields: {status.readyReplicas: 2, spec.paused: false}\n`, []],
  'a field that is otherwise is told at its line': [
    `${GIVEN}expect:\n  - object: deployment/web\n    fields:\n      status.replicas: 2\n      status.readyReplicas: 3\n      'metadata.annotations[deployment.kubernetes.io/revision]': 1\n`,
    ['7: status.readyReplicas of deployment/web should be 3, but was 2'],
  ],
  'an object that is not there': [
    'expect:\n  - object: cm/settings\n',
    ['2: cm/settings should be there, but was there is no such object'],
  ],
  'an object that is there': [
    `${GIVEN}expect:\n  - object: pdb/web\n    absent: true\n`,
    ['5: pdb/web should be absent, but was it is there'],
  ],
  'counts by labels and fields': [
    `${GIVEN}expect:\n  - count: pods\n    selector: app=web\n    where: {${READY}}\n    equals: 2\n  - count: pods\n    namespace: kube-system\n    equals: 0\n  - count: nodes\n    atLeast: 5\n`,
    ['11: nodes: should be at least 5, but was 4: control-plane-1, worker-1, worker-2, worker-3'],
  ],
  'events by reason, object and message': [
    `${GIVEN}expect:\n  - event: ScalingReplicaSet\n    about: deploy/w*\n    message: to 2\n    equals: 1\n  - event: Killing\n    about: pod/web-*\n`,
    ['8: events Killing about pod/web-*: should be at least 1, but was 0; told of it was Created, Pulled, Pulling, Scheduled, Started'],
  ],
  'scale, and wait until it is so': [
    `${GIVEN}steps:\n  - name: more\n    scale: {object: deployment/web, replicas: 3}\n  - name: there\n    until:\n      - object: deployment/web\n        fields: {status.readyReplicas: {atLeast: 3}}\nexpect:\n  - took: there\n    atMost: 1s\n  - took: there\n    atMost: 10s\n`,
    ['11: the step "there" should take at most 1s, but was 1.'],
  ],
  'what does not come within the time ends the story': [
    `${GIVEN}steps:\n  - until:\n      - count: pods\n        equals: 7\n    within: 20s\n  - delete: {object: deployment/web}\nexpect:\n  - object: deployment/web\n    absent: true\n`,
    ['5: within 20s pods: should be 7, but was 2'],
  ],
  'what must never be is told with its moment': [
    `${GIVEN}steps:\n  - restart: deployment/web\n  - wait: stable\nnever:\n  - count: pods\n    where: {${READY}}\n    atMost: 1\n  - count: pods\n    atLeast: 3\n`,
    ['10: should never be: pods: 3'],
  ],
  'a refusal that is wanted': [
    `${GIVEN}steps:\n  - patch: {object: deployment/web, patch: {spec: {selector: {matchLabels: {app: other}}}}}\n    refused: {reason: Invalid, message: immutable}\n  - patch: {object: deployment/web, patch: {spec: {replicas: 1}}}\n    refused: {}\n`,
    ['7: the API server should refuse it, but was done'],
  ],
  'the first Pod whose name fits is deleted, and no other': [
    `${GIVEN}steps:\n  - delete: {object: pod/web-*}\n  - wait: settled\nexpect:\n  - event: Killing\n    about: pod/web-*\n    equals: 1\n  - count: pods\n    where: {${READY}}\n    equals: 2\n`,
    [],
  ],
  'a name that nothing fits': [
    `${GIVEN}steps:\n  - delete: {object: pod/api-*}\n`,
    ['4: pod/api-* is refused (NotFound): nothing has the name "pod/api-*"'],
  ],
  'a refusal that is not wanted ends the story': [
    'steps:\n  - delete: {object: pod/none}\n  - wait: 1h\n',
    ['2: pod/none is refused (NotFound): pods "none" not found'],
  ],
  'a file that is not there': ['steps:\n  - apply:\n      - lost.yaml\n', ['3: lost.yaml: no such file or directory']],
  'a drain waits for the budget': [
    `${GIVEN}steps:\n  - cordon: worker-1\n  - cordon: worker-2\n  - cordon: worker-3\n  - uncordon: worker-3\n  - scale: {object: deployment/web, replicas: 3}\n  - wait: 20s\n  - drain: worker-1\n  - drain: worker-2\n    within: 1m\nexpect:\n  - count: pods\n    where: {spec.nodeName: worker-3, ${READY}}\n    equals: 3\n`,
    [],
  ],
  'undo goes back to the template before': [
    `${GIVEN}steps:\n  - patch: {object: deployment/web, type: json, patch: [{op: replace, path: /spec/template/spec/containers/0/image, value: 'nginx:2'}]}\n  - wait: settled\n  - undo: deployment/web\n  - wait: settled\nexpect:\n  - object: deployment/web\n    fields: {'spec.template.spec.containers[web].image': 'nginx:1.29'}\n`,
    [],
  ],
  'a cluster from a file of kind': ['cluster: {config: kind.yaml}\nexpect:\n  - count: nodes\n    equals: 2\n', []],
  'requests that are lost': [
    `steps:\n  - load: {name: clients, target: {service: {name: nobody}}, rate: {requestsPerSecond: 10}}\n  - wait: 10s\nexpect:\n  - lost: clients\n`,
    ['5: the Load clients should have lost 0, but was '],
  ],
};

describe('a run of a scenario', () => {
  for (const [name, [body, expected]] of Object.entries(table)) {
    it(`tells ${name}`, async () => {
      const outcome = await play(body);
      assert.deepEqual(
        linesOf(outcome).map((line, index) => (expected[index] !== undefined && line.startsWith(expected[index]) ? expected[index] : line)),
        expected,
      );
      assert.equal(outcome.passed, expected.length === 0);
    });
  }

  it('repeats itself, and says what a fault did', async () => {
    const body = `${GIVEN}steps:\n  - fault: {name: broken, type: NodeDown, target: {node: worker-1}, duration: 2m}\n  - wait: 5m\n`;
    const [first, second] = [await play(body), await play(body)];
    assert.deepEqual(first, second);
    const [impact] = first.impacts;
    assert.equal(impact?.type, 'NodeDown');
    assert.deepEqual(impact.readyNodes, { before: 4, least: 3, after: 4 });
    assert.deepEqual(impact.milliCpu, { before: 16_000, least: 12_000, after: 16_000 });
    assert.ok(impact.readyPods.least < impact.readyPods.before && impact.readyPods.after === impact.readyPods.before);
    assert.deepEqual(impact.budgets, [{ name: 'default/web', before: 0, least: 0 }]);
    assert.ok((impact.recoveredAfterMs ?? 0) > 120_000 && (impact.recoveredAfterMs ?? 0) < 180_000);
  });

  it('gives the thread back, and ends when nobody wants to know any more', async () => {
    const [source] = readScenarios(judge, `${HEAD}steps:\n  - wait: 10h\n`);
    assert.ok(source !== undefined);
    let pauses = 0;
    const outcome = await runScenario(source, {
      files,
      bases,
      isOver: () => true,
      pause: () => Promise.resolve(void pauses++),
      isCancelled: () => pauses >= 3,
    });
    assert.equal(pauses, 3);
    assert.deepEqual(
      outcome.failures.map(({ message }) => message),
      ['was cancelled'],
    );
  });
});
