import assert from 'node:assert/strict';
import type { Pod } from '../../../../src/api/schema/types/core/v1.ts';
import { placedRequests, takesTheSame } from '../../../../src/scheduler/framework/resizing.ts';
import { PODS } from '../../../../src/api/schema/resources.ts';
import { DeviceWorld } from './plugins/devices.ts';

interface Amounts {
  readonly wanted: string;
  readonly has?: string;
  readonly setAside?: string;
  readonly isInfeasible?: boolean;
}

function podWith({ wanted, has, setAside, isInfeasible }: Amounts): Pod {
  return {
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', resources: { requests: { cpu: wanted, memory: '1Gi' } } }] },
    status: {
      ...(isInfeasible === true ? { conditions: [{ type: 'PodResizePending', status: 'True', reason: 'Infeasible' }] } : {}),
      ...(has === undefined
        ? {}
        : {
            containerStatuses: [
              {
                name: 'c',
                image: 'i',
                imageID: '',
                ready: true,
                restartCount: 0,
                resources: { requests: { cpu: has, memory: '1Gi' } },
                ...(setAside === undefined ? {} : { allocatedResources: { cpu: setAside, memory: '1Gi' } }),
              },
            ],
          }),
    },
  };
}

const CASES: readonly (readonly [title: string, amounts: Amounts, milliCpu: number])[] = [
  ['the spec where nothing runs yet', { wanted: '1' }, 1000],
  ['the spec where all agree', { wanted: '1', has: '1', setAside: '1' }, 1000],
  ['what is wanted, while it grows', { wanted: '2', has: '1', setAside: '1' }, 2000],
  ['what it has, while it shrinks', { wanted: '1', has: '2', setAside: '1' }, 2000],
  ['what is set aside, if that is the most', { wanted: '1', has: '1', setAside: '3' }, 3000],
  ['not what the node can never give', { wanted: '9', has: '1', setAside: '2', isInfeasible: true }, 2000],
];

describe('a Pod that is resized', () => {
  for (const [title, amounts, milliCpu] of CASES) {
    it(`takes ${title}`, () => assert.equal(placedRequests(podWith(amounts)).total.milliCpu, milliCpu));
  }

  it('takes something else when its state says so', () => {
    assert.ok(takesTheSame(podWith({ wanted: '1' }), podWith({ wanted: '1', has: '1' })));
    assert.ok(!takesTheSame(podWith({ wanted: '1', has: '2' }), podWith({ wanted: '1', has: '1' })));
  });

  it('keeps the place that its spec asks for although its containers have less', () => {
    const world = new DeviceWorld(['n1']);
    const spec = (cpu: string): Pod['spec'] => ({ containers: [{ name: 'c', image: 'i', resources: { requests: { cpu } } }] });
    const create = (name: string, cpu: string): void =>
      void world.client.create(PODS, { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec: spec(cpu) as never });
    create('large', '3');
    world.run();
    const uses = (cpu: string): void => {
      const status = { name: 'c', image: 'i', imageID: '', ready: true, restartCount: 0, resources: { requests: { cpu } } };
      world.client.modify(PODS, 'default', 'large', (pod) => void ((pod.status ??= {}).containerStatuses = [status]), 'status');
    };
    uses('3');
    create('other', '2');
    world.run();
    assert.match(world.message('other') ?? '', /1 Insufficient cpu/);
    uses('1');
    world.run(2_000);
    assert.equal(world.nodeOf('other'), undefined, 'the spec still asks for 3');
  });
});
