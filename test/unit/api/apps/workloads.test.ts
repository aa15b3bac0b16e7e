import assert from 'node:assert/strict';
import { DEPLOYMENT_STRATEGY } from '../../../../src/api/apps/deployment/strategy.ts';
import { REPLICASET_STRATEGY } from '../../../../src/api/apps/replicaset/strategy.ts';
import { REPLICATIONCONTROLLER_STRATEGY } from '../../../../src/api/core/replicationcontroller/strategy.ts';
import { PRIORITYCLASS_STRATEGY } from '../../../../src/api/scheduling/priorityclass/strategy.ts';
import { judgeCreate, judgeUpdate } from '../judge.ts';

type Spec = Readonly<Record<string, unknown>>;
const TEMPLATE = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'c', image: 'i:1' }] } };
const SELECTOR = { matchLabels: { app: 'a' } };

/** A Deployment with these fields changed. */
function deployment(spec: Spec) {
  return { spec: { selector: SELECTOR, template: TEMPLATE, ...spec } };
}

describe('Deployment', () => {
  it('rolls by a quarter unless told otherwise', () => {
    const { strategy, replicas, revisionHistoryLimit, progressDeadlineSeconds } =
      judgeCreate(DEPLOYMENT_STRATEGY, deployment({})).object.spec ?? {};
    assert.deepEqual(strategy, { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } });
    assert.deepEqual([replicas, revisionHistoryLimit, progressDeadlineSeconds], [1, 10, 600]);
  });
  const rolling = (maxUnavailable: unknown, maxSurge: unknown) => ({ strategy: { rollingUpdate: { maxUnavailable, maxSurge } } });
  const at = 'spec.strategy.rollingUpdate';
  const refused: readonly (readonly [spec: Spec, errors: readonly string[]])[] = [
    [rolling(0, 0), [`${at}.maxUnavailable: Invalid value: 0: may not be 0 when \`maxSurge\` is 0`]],
    [rolling('0%', '0%'), [`${at}.maxUnavailable: Invalid value: "0%": may not be 0 when \`maxSurge\` is 0`]],
    [rolling('101%', 1), [`${at}.maxUnavailable: Invalid value: "101%": must not be greater than 100%`]],
    [rolling(1, '200%'), []],
    [rolling(-1, 1), [`${at}.maxUnavailable: Invalid value: -1: must be greater than or equal to 0`]],
    [
      { strategy: { type: 'Recreate', rollingUpdate: {} } },
      [`${at}: Forbidden: may not be specified when strategy \`type\` is 'Recreate'`],
    ],
    [
      { strategy: { type: 'BlueGreen' } },
      ['spec.strategy: Unsupported value: {"Type":"BlueGreen","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate"'],
    ],
    [{ minReadySeconds: 600 }, ['spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds']],
    [{ selector: {} }, ['spec.selector: Invalid value: {}: empty selector is invalid for deployment']],
    [
      { selector: { matchLabels: { b: 'c', app: 'a' } } },
      ['spec.template.metadata.labels: Invalid value: {"app":"a"}: `selector` does not match template `labels`'],
    ],
    [
      { template: { ...TEMPLATE, spec: { ...TEMPLATE.spec, restartPolicy: 'Never', activeDeadlineSeconds: 5 } } },
      [
        'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
        'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported',
      ],
    ],
  ];
  for (const [spec, errors] of refused) {
    it(`judges ${JSON.stringify(spec)}`, () => assert.deepEqual(judgeCreate(DEPLOYMENT_STRATEGY, deployment(spec)).errors, errors));
  }
  it('never changes its selector', () => {
    const { errors } = judgeUpdate(DEPLOYMENT_STRATEGY, deployment({}), {
      'spec/selector/matchLabels': { app: 'z' },
      'spec/template/metadata/labels': { app: 'z' },
    });
    assert.deepEqual(errors, ['spec.selector: Invalid value: {"matchLabels":{"app":"z"}}: field is immutable']);
  });
  it('counts generations of spec and annotations', () => {
    const generation = (changes: Spec) => judgeUpdate(DEPLOYMENT_STRATEGY, deployment({}), changes).object.metadata.generation;
    assert.equal(generation({ 'metadata/labels': { a: 'b' } }), 1);
    assert.equal(generation({ 'metadata/annotations': { a: 'b' } }), 2);
    assert.equal(generation({ 'spec/replicas': 5 }), 2);
  });
  it('warns of names that make poor host names', () => {
    assert.deepEqual(judgeCreate(DEPLOYMENT_STRATEGY, { ...deployment({}), metadata: { name: 'a.b' } }).warnings, [
      'metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]',
    ]);
  });
  it('shows how far it is', () => {
    const { object } = judgeCreate(DEPLOYMENT_STRATEGY, deployment({ replicas: 3 }));
    const cells = DEPLOYMENT_STRATEGY.table?.cells(
      { ...object, status: { readyReplicas: 2, updatedReplicas: 1, availableReplicas: 2 } },
      0,
    );
    assert.deepEqual(cells, ['x', '2/3', '1', '2', '<unknown>', 'c', 'i:1', 'app=a']);
  });
  it('refuses a status that does not add up', () => {
    const { object } = judgeCreate(DEPLOYMENT_STRATEGY, deployment({}));
    const wrong = { ...object, status: { replicas: 1, readyReplicas: 1, availableReplicas: 2 } };
    const found = DEPLOYMENT_STRATEGY.status?.validateUpdate(wrong, object) ?? [];
    assert.deepEqual(
      found.map((error) => error.body),
      ['Invalid value: 2: cannot be greater than status.replicas', 'Invalid value: 2: cannot be greater than readyReplicas'],
    );
  });
});

describe('ReplicaSet', () => {
  it('needs a selector', () => {
    assert.deepEqual(judgeCreate(REPLICASET_STRATEGY, { spec: { template: TEMPLATE } }).errors, [
      'spec.selector: Required value',
      'spec.template.metadata.labels: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
    ]);
  });
  it('is scaled through its scale', () => {
    const { object } = judgeCreate(REPLICASET_STRATEGY, { spec: { replicas: 3, selector: SELECTOR, template: TEMPLATE } });
    assert.deepEqual(REPLICASET_STRATEGY.scale?.get(object), { specReplicas: 3, statusReplicas: 0, selector: 'app=a' });
  });
});

describe('ReplicationController', () => {
  it('takes labels and selector from its template', () => {
    const { object, errors } = judgeCreate(REPLICATIONCONTROLLER_STRATEGY, { spec: { template: TEMPLATE } });
    assert.deepEqual(errors, []);
    assert.deepEqual([object.spec?.selector, object.metadata.labels], [{ app: 'a' }, { app: 'a' }]);
  });
});

describe('PriorityClass', () => {
  it('leaves high values and system names to the system', () => {
    assert.deepEqual(judgeCreate(PRIORITYCLASS_STRATEGY, { value: 1000000001 }).errors, [
      'value: Forbidden: maximum allowed value of a user defined priority is 1000000000',
    ]);
    assert.deepEqual(judgeCreate(PRIORITYCLASS_STRATEGY, { metadata: { name: 'system-mine' }, value: 1 }).errors, [
      "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-mine is not a known system priority class",
    ]);
    assert.deepEqual(judgeCreate(PRIORITYCLASS_STRATEGY, { metadata: { name: 'system-node-critical' }, value: 2000001000 }).errors, []);
  });
});
