import assert from 'node:assert/strict';
import { NODES, PODS } from '../../../../../../src/api/schema/resources.ts';
import { DeviceWorld } from '../devices.ts';

const FEATURE = 'RestartAllContainersOnContainerExits';

describe('a Pod that needs what a kubelet may not be able to do', () => {
  it('goes where the node declares it, also later', () => {
    const world = new DeviceWorld();
    world.client.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'default' },
      spec: {
        containers: [
          {
            name: 'c',
            image: 'i',
            restartPolicy: 'Never',
            restartPolicyRules: [{ action: 'RestartAllContainers', exitCodes: { operator: 'In', values: [42] } }],
          },
        ],
      },
    });
    world.run();
    assert.match(
      world.message('p') ?? '',
      new RegExp(`^0/2 nodes are available: 2 node declared features check failed - unsatisfied requirements: ${FEATURE}\\. `),
    );
    world.client.modify(NODES, '', 'n2', ({ status }) => void (status !== undefined && (status.declaredFeatures = [FEATURE])), 'status');
    world.run(2_000);
    assert.equal(world.nodeOf('p'), 'n2');
  });
});
