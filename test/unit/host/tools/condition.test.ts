import assert from 'node:assert/strict';
import { runSlice } from '../../../../src/host/runAhead.ts';
import { conditionMet } from '../../../../src/host/tools/condition.ts';
import { Caller, deployment } from './support.ts';

describe('conditions', () => {
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' };
  let caller: Caller;
  before(async () => {
    caller = new Caller();
    await caller.text('apply', { manifest: deployment('web') });
    await caller.text('run_until', { until: 'stable' });
  });

  const rows: readonly (readonly [string, boolean])[] = [
    ['create', true],
    ['delete', false],
    ['condition=Available', true],
    ['condition=available=TRUE', true],
    ['condition=Available=False', false],
    ['condition=Ready', false],
    ['jsonpath={.status.readyReplicas}=2', true],
    ["jsonpath='{.status.readyReplicas}'=3", false],
    ['jsonpath={.status.conditions[0].status}', true],
    ['jsonpath={.status.nothing}', false],
    ["jsonpath={.metadata.annotations['deployment.kubernetes.io/revision']}=1", true],
    ['jsonpath={.status.conditions[Available].status}=True', true],
    ['jsonpath=status.replicas=2', true],
  ];
  for (const [wanted, expected] of rows) it(wanted, () => assert.equal(conditionMet(caller.main.cluster, ref, wanted)(), expected));

  it('that are none are refused', () => {
    assert.throws(() => conditionMet(caller.main.cluster, ref, 'ready'), /for: ready is none of delete, create/);
    assert.throws(() => conditionMet(caller.main.cluster, ref, 'jsonpath={.status[}'), /for: \.status\[ is no path of fields/);
  });

  it('of a spec that is newer than the status are not met', async () => {
    await caller.text('apply', { manifest: deployment('web').replace('nginx:1.29', 'nginx:1.28') });
    assert.equal(conditionMet(caller.main.cluster, ref, 'condition=Available')(), false);
  });

  it('end a run at the moment in which they are met', () => {
    const { simulation } = caller.main.cluster;
    let last = simulation.now();
    const began = last;
    const met = conditionMet(caller.main.cluster, ref, 'jsonpath={.status.updatedReplicas}=2');
    const isMet = (): boolean => {
      last = simulation.now();
      return met();
    };
    const { end } = runSlice(simulation, { goal: undefined, isMet, limitAt: began + 3_600_000 }, () => false);
    assert.equal(end, 'done');
    assert.equal(simulation.now(), last);
    assert.ok(last < began + 60_000);
  });
});
