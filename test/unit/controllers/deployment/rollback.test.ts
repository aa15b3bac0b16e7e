import assert from 'node:assert/strict';
import { DEPLOYMENTS, EVENTS } from '../../../../src/api/schema/resources.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { createDeployment, newCluster, podsOf, setImage } from '../support.ts';

const ROLLBACK_TO = 'deprecated.deployment.rollback.to';

/** A Deployment that went through nginx:1, nginx:2 and nginx:3, and is then asked to go back. */
function rolledBack(wanted: string): Cluster {
  const cluster = newCluster();
  createDeployment(cluster, 1);
  for (const image of ['nginx:2', 'nginx:3']) {
    cluster.simulation.runUntil('stable');
    setImage(cluster, image);
  }
  cluster.simulation.runUntil('stable');
  cluster.admin().modify(DEPLOYMENTS, 'default', 'web', ({ metadata }) => {
    (metadata.annotations ??= {})[ROLLBACK_TO] = wanted;
  });
  cluster.simulation.runUntil('stable');
  return cluster;
}

describe('the annotation of a rollback', () => {
  for (const [wanted, image, event] of [
    ['0', 'nginx:2', 'DeploymentRollback Rolled back deployment "web" to revision 2'],
    ['1', 'nginx:1', 'DeploymentRollback Rolled back deployment "web" to revision 1'],
    ['3', 'nginx:3', 'DeploymentRollbackTemplateUnchanged The rollback revision contains the same template as current deployment "web"'],
    ['9', 'nginx:3', 'DeploymentRollbackRevisionNotFound Unable to find the revision to rollback to.'],
  ] as const) {
    it(`${wanted}: ${event}`, () => {
      const cluster = rolledBack(wanted);
      assert.deepEqual(
        podsOf(cluster).map(({ spec }) => spec?.containers[0]?.image),
        [image],
      );
      assert.equal(cluster.admin().get(DEPLOYMENTS, 'default', 'web')?.metadata.annotations?.[ROLLBACK_TO], undefined);
      const events = cluster
        .admin()
        .list(EVENTS, 'default')
        .filter(({ reason }) => reason?.startsWith('DeploymentRollback'))
        .map(({ reason, message }) => `${reason} ${message}`);
      assert.deepEqual(events, [event]);
    });
  }
});
