import assert from 'node:assert/strict';
import { DEPLOYMENTS } from '../../../../../src/api/schema/resources.ts';
import { parseCondition } from '../../../../../src/host/worker/timeline/condition.ts';
import { webDeployment } from '../../../cluster/support.ts';
import { newCluster, START } from '../../panels/timeline/support.ts';

describe('the condition of a run', () => {
  const cluster = newCluster();
  cluster.admin().create(DEPLOYMENTS, webDeployment(3));
  cluster.simulation.advance(START + 60_000);

  for (const [text, expected] of [
    ['node/worker-1 condition=Ready', true],
    ['no/worker-1 condition=ready=false', false],
    ['Deployment/web .status.readyReplicas=3', true],
    ['deploy/web .status.readyReplicas=2', false],
    ['deployments.apps/default/web condition=Available', true],
    ['deployments/shop/web create', false],
    ['job/once delete', true],
  ] as const)
    it(`understands ${text}`, () => {
      const test = parseCondition(text, cluster);
      assert.ok(typeof test === 'function', String(test));
      assert.equal(test(), expected);
    });

  for (const [text, error] of [
    ['web', /^Say what to wait for/],
    ['pod/web', /^Say what to wait for/],
    ['thing/web create', /^There is no resource thing\.$/],
    ['pod/web soon', /soon is none of/],
    ['pod/web status.phase=Running', /is none of/],
  ] as const)
    it(`says what is wrong with ${text}`, () => {
      const test = parseCondition(text, cluster);
      assert.match(typeof test === 'string' ? test : '', error);
    });
});
