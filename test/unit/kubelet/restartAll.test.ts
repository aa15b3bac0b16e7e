import assert from 'node:assert/strict';
import { PODS } from '../../../src/api/schema/resources.ts';
import type { Pod } from '../../../src/api/schema/types/core/v1.ts';
import { getPod, readyCluster, run } from './support.ts';

const image = 'registry.test/app:1';
const programs = { init: 'image present; sleep 1; exit 0', a: 'image present; sleep 3; exit 7 | run', b: 'image present; run' };
const annotations = Object.fromEntries(Object.entries(programs).map(([name, program]) => [`kubepad.dev/program.${name}`, program]));

/** `init waiting RestartingAllContainers 1`: each container's state and restarts. */
function states(pod: Pod | undefined): readonly string[] {
  const { initContainerStatuses = [], containerStatuses = [] } = pod?.status ?? {};
  return [...initContainerStatuses, ...containerStatuses].map(({ name, state, restartCount }) => {
    const [kind = ''] = Object.keys(state ?? {});
    return [name, kind, state?.waiting?.reason ?? state?.terminated?.exitCode ?? '', restartCount].join(' ').replace('  ', ' ');
  });
}

describe('the rule RestartAllContainers', () => {
  it('starts all containers of a Pod anew, whatever its policy', () => {
    const cluster = readyCluster();
    const seen: string[] = [];
    const asked: string[] = [];
    cluster.api.store.onRevision(({ resource, object }) => {
      if (resource !== 'pods') return;
      const pod = object as Pod;
      seen.push(`${pod.status?.phase ?? ''}: ${states(pod).join(', ')}`);
      const condition = pod.status?.conditions?.find(({ type }) => type === 'AllContainersRestarting');
      if (condition !== undefined) asked.push(`${condition.status} ${condition.reason ?? ''}`.trim());
    });
    cluster.admin().create(PODS, {
      metadata: { name: 'p', namespace: 'default', annotations },
      spec: {
        nodeName: 'worker-1',
        restartPolicy: 'Never',
        initContainers: [{ name: 'init', image }],
        containers: [
          {
            name: 'a',
            image,
            restartPolicy: 'Never',
            restartPolicyRules: [{ action: 'RestartAllContainers', exitCodes: { operator: 'In', values: [7] } }],
          },
          { name: 'b', image },
        ],
      },
    });
    run(cluster, 20);
    const pod = getPod(cluster, 'p');
    assert.deepEqual(states(pod), ['init terminated 0 1', 'a running 1', 'b running 1']);
    const restarting = ['init', 'a', 'b'].map((name) => `${name} waiting RestartingAllContainers 1`).join(', ');
    assert.ok(
      seen.some((line) => line.endsWith(restarting)),
      seen.join('\n'),
    );
    assert.ok(!seen.some((line) => line.startsWith('Failed')));
    assert.deepEqual(
      asked.filter((text, index) => text !== asked[index - 1]),
      ['False', 'True RestartAllContainersStarted', 'False'],
    );
    const last = pod?.status?.containerStatuses?.[1]?.lastState?.terminated;
    assert.deepEqual([last?.exitCode, last?.reason], [137, 'RestartingAllContainers']);
  });
});
