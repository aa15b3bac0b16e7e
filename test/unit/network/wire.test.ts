import assert from 'node:assert/strict';
import { NODES, SERVICES } from '../../../src/api/schema/resources.ts';
import { outsideAddress } from '../../../src/network/dns/outside.ts';
import { Targets } from '../../../src/network/balancer/targets.ts';
import { Proxier } from '../../../src/network/proxy/proxier.ts';
import { Wire } from '../../../src/network/wire.ts';
import type { Servers } from '../../../src/runtime/network.ts';
import { clusterWith, service } from './support.ts';

describe('The way through a load balancer', () => {
  const COUNT = 400;
  const BALANCER = 'web-1.elb.example.com';

  /** Which node a client gets to, and how many were asked for it. */
  function pick(client: string, down: (name: string) => boolean, atMs = 0): { readonly node: string | undefined; readonly asked: number } {
    let asked = 0;
    const servers: Partial<Servers> = {
      machine: (name) => {
        asked++;
        return down(name) ? 'down' : 'up';
      },
      listens: () => 'refused',
    };
    const proxier = new Proxier(
      admin,
      () => 0,
      () => undefined,
    );
    const machines = { client: admin, servers: () => servers as Servers };
    const targets = new Targets({ ...machines, nowMs: () => 0, localEndpoints: () => 0, hasEndpoints: () => true });
    const wire = new Wire({ ...machines, nowMs: () => atMs, proxier, targets, ingressAddress: '', podNetwork: '10.244.0.0/16' });
    let node: string | undefined;
    const route = proxier.route.bind(proxier);
    proxier.route = (packet) => {
      node = packet.node;
      return route(packet);
    };
    wire.reach({ kind: 'outside', address: client }, { address: outsideAddress(BALANCER), port: 80, protocol: 'TCP' });
    return { node, asked };
  }

  const cluster = clusterWith([service('web', 'type: LoadBalancer\nports: [{ port: 80 }]')], { preset: 'empty' });
  const admin = cluster.admin();
  for (let index = 0; index < COUNT; index++)
    admin.create(NODES, { metadata: { name: `node-${index}` }, status: {} } as Parameters<typeof admin.create<never>>[1]);
  admin.modify(
    SERVICES,
    'default',
    'web',
    (copy) => void (copy.status = { loadBalancer: { ingress: [{ hostname: BALANCER }] } }),
    'status',
  );

  it('looks at few of many nodes, and spreads clients over them', () => {
    const picks = Array.from({ length: 50 }, (_, index) => pick(`203.0.113.${index}`, () => false));
    for (const { asked } of picks) assert.ok(asked < 10, `${asked} nodes were asked`);
    assert.ok(new Set(picks.map(({ node }) => node)).size > 30);
    assert.deepEqual(pick('203.0.113.7', () => false).node, picks[7]?.node, 'the same connection gets to the same node');
  });

  it('spreads the connections of one client', () => {
    const picks = Array.from({ length: 50 }, (_, index) => pick('203.0.113.7', () => false, index * 250).node);
    assert.ok(new Set(picks).size > 30);
  });

  it('finds the only node that is well', () => {
    assert.equal(pick('203.0.113.1', (name) => name !== 'node-17').node, 'node-17');
  });
});
