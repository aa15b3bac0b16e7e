import assert from 'node:assert/strict';
import { Wire, type Parsed } from '../support.ts';

const NS = '/api/v1/namespaces/default';
const BUDGETS = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';

describe('an eviction', () => {
  const running = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
  const cluster = (budget: object, status: object): Wire => {
    const wire = new Wire();
    wire.call('POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } });
    const spec = { nodeName: 'n', tolerations: [{ operator: 'Exists' }], containers: [{ name: 'app', image: 'i' }] };
    wire.call('POST', `${NS}/pods`, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', labels: { app: 'x' } }, spec });
    wire.call('PATCH', `${NS}/pods/p/status`, { status: running }, { 'content-type': 'application/merge-patch+json' });
    const made = wire.call('POST', BUDGETS, {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'b' },
      spec: { selector: { matchLabels: { app: 'x' } }, ...budget },
    });
    assert.equal(made.code, 201, JSON.stringify(made.body));
    wire.advance(100);
    wire.call('PATCH', `${BUDGETS}/b/status`, { status }, { 'content-type': 'application/merge-patch+json' });
    return wire;
  };
  const evict = (wire: Wire, deleteOptions?: object): { code: number; body: Parsed } =>
    wire.call('POST', `${NS}/pods/p/eviction`, {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: 'p' },
      ...(deleteOptions === undefined ? {} : { deleteOptions }),
    });

  it('says on the Pod why it goes, and takes a disruption from the budget', () => {
    const wire = cluster(
      { maxUnavailable: 1 },
      { observedGeneration: 1, disruptionsAllowed: 1, currentHealthy: 1, desiredHealthy: 0, expectedPods: 1 },
    );
    assert.equal(evict(wire).code, 201);
    const { body } = wire.call('GET', `${NS}/pods/p`);
    const condition = body.status.conditions.find(({ type }: { type: string }) => type === 'DisruptionTarget');
    assert.deepEqual(
      [condition.reason, condition.message, condition.observedGeneration],
      ['EvictionByEvictionAPI', 'Eviction API: evicting', 1],
    );
    assert.equal(body.metadata.deletionGracePeriodSeconds, 30);
    const { status } = wire.call('GET', `${BUDGETS}/b`).body;
    assert.equal(status.disruptionsAllowed, 0);
    assert.equal(status.conditions.find(({ type }: { type: string }) => type === 'DisruptionAllowed').status, 'False');
  });

  it('leaves no trace on a dry run, or where the caller meant another Pod', () => {
    const wire = cluster(
      { maxUnavailable: 1 },
      { observedGeneration: 1, disruptionsAllowed: 1, currentHealthy: 1, desiredHealthy: 0, expectedPods: 1 },
    );
    assert.equal(evict(wire, { dryRun: ['All'] }).code, 201);
    assert.equal(wire.call('GET', `${BUDGETS}/b`).body.status.disruptionsAllowed, 1);
    assert.equal(evict(wire, { preconditions: { uid: 'other' } }).code, 409);
    const { conditions } = wire.call('GET', `${NS}/pods/p`).body.status;
    assert(conditions.every(({ type }: { type: string }) => type !== 'DisruptionTarget'));
  });

  it('tells why a budget does not allow it', () => {
    const failed = {
      type: 'DisruptionAllowed',
      status: 'False',
      reason: 'SyncFailed',
      message: 'no scale',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    };
    const wire = cluster(
      { minAvailable: 1 },
      { observedGeneration: 1, disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1, conditions: [failed] },
    );
    const { code, body } = evict(wire);
    assert.equal(code, 429);
    assert.equal(
      body.details.causes[0].message,
      'The disruption budget b does not allow evicting pods currently because it failed sync: no scale',
    );
  });
});
