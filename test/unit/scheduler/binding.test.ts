import assert from 'node:assert/strict';
import { forbidden } from '../../../src/apimachinery/errors/status.ts';
import { STRATEGIES } from '../../../src/api/register.ts';
import { EVENTS, NODES, PODS } from '../../../src/api/schema/resources.ts';
import type { AdmissionPlugin } from '../../../src/apiserver/admission/plugin.ts';
import { ApiServer } from '../../../src/apiserver/apiServer.ts';
import { bootstrap } from '../../../src/apiserver/bootstrap.ts';
import { Client } from '../../../src/client/client.ts';
import { createScheduler } from '../../../src/scheduler/scheduler.ts';
import { Simulation } from '../../../src/sim/simulation.ts';

describe('a binding that is refused', () => {
  it('is said, and tried again after the back-off', () => {
    const simulation = new Simulation({ seed: 's', startTime: 0 });
    const tried: number[] = [];
    const guard: AdmissionPlugin = {
      name: 'Guard',
      validate: ({ strategy, subresource, name }) => {
        if (subresource !== 'binding') return undefined;
        tried.push(simulation.now());
        return tried.length < 3 ? forbidden(strategy.resource, name, 'not yet') : undefined;
      },
    };
    const api = new ApiServer({ simulation, strategies: STRATEGIES, admission: [guard], freeze: true });
    const client = new Client(api, 'admin', ['system:masters'], 'test');
    simulation.register(createScheduler({ simulation, api }));
    bootstrap(api);
    simulation.start();
    client.create(NODES, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } });
    client.modify(NODES, '', 'n', (node) => void (node.status = { allocatable: { cpu: '4', memory: '8Gi', pods: '110' } }), 'status');
    client.modify(NODES, '', 'n', (node) => void delete node.spec?.taints);
    client.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'default' },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    });
    simulation.advance(500);
    const { reason, message } = client.get(PODS, 'default', 'p')?.status?.conditions?.[0] ?? {};
    assert.equal(reason, 'SchedulerError');
    assert.equal(message, 'binding rejected: running Bind plugin "DefaultBinder": pods "p" is forbidden: not yet');
    assert.equal(client.list(EVENTS, 'default')[0]?.message, message);
    simulation.advance(10_000);
    assert.deepEqual(tried, [0, 2_000, 5_000]);
    assert.equal(client.get(PODS, 'default', 'p')?.spec?.nodeName, 'n');
  });
});
