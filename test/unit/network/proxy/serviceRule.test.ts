import assert from 'node:assert/strict';
import type { Service } from '../../../../src/api/schema/types/core/v1.ts';
import type { EndpointSlice } from '../../../../src/api/schema/types/discovery/v1.ts';
import { isProxied, portRules, serviceAddresses } from '../../../../src/network/proxy/serviceRule.ts';

const SERVICE: Service = {
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    type: 'LoadBalancer',
    clusterIP: '10.96.0.7',
    clusterIPs: ['10.96.0.7', 'fd00::7'],
    externalIPs: ['203.0.113.1'],
    ports: [
      { name: 'http', port: 80, nodePort: 30080 },
      { name: 'dns', port: 53, protocol: 'UDP' },
    ],
  },
  status: { loadBalancer: { ingress: [{ ip: '203.0.113.9' }, { ip: '203.0.113.10', ipMode: 'Proxy' }, { hostname: 'lb.example.com' }] } },
};

function slice(addressType: 'IPv4' | 'IPv6', ports: EndpointSlice['ports'], ...addresses: readonly string[]): EndpointSlice {
  return {
    addressType,
    metadata: { name: addressType },
    ...(ports === undefined ? {} : { ports }),
    endpoints: addresses.map((address) => ({ addresses: [address] })),
  };
}

const HTTP = { name: 'http', port: 8080, protocol: 'TCP' } as const;

describe('Rules of a Service', () => {
  it('lead each port to the endpoints that have it, by name and protocol, each once', () => {
    const slices = [
      slice('IPv4', [HTTP], '10.1.0.1', '10.1.0.2'),
      slice('IPv4', [HTTP, { name: 'dns', port: 5353, protocol: 'UDP' }], '10.1.0.2', '10.1.0.3'),
    ];
    const rules = portRules({ service: SERVICE, slices }, 'IPv4').map(({ name, nodePort, endpoints }) => [
      name,
      nodePort,
      endpoints.map(({ address, port }) => `${address}:${port}`),
    ]);
    assert.deepEqual(rules, [
      ['http', 30080, ['10.1.0.1:8080', '10.1.0.2:8080', '10.1.0.3:8080']],
      ['dns', undefined, ['10.1.0.2:5353', '10.1.0.3:5353']],
    ]);
  });

  it('keep the families of addresses apart', () => {
    const inputs = { service: SERVICE, slices: [slice('IPv4', [HTTP], '10.1.0.1'), slice('IPv6', [HTTP], 'fd00::1')] };
    const of = (family: 'IPv4' | 'IPv6'): readonly string[] => portRules(inputs, family)[0]!.endpoints.map(({ address }) => address);
    assert.deepEqual([of('IPv4'), of('IPv6')], [['10.1.0.1'], ['fd00::1']]);
    assert.equal(portRules(inputs, 'IPv4'), portRules(inputs, 'IPv4'));
  });

  it('take an endpoint of which nothing is said as ready and serving', () => {
    const [rule] = portRules({ service: SERVICE, slices: [slice('IPv4', [HTTP], '10.1.0.1')] }, 'IPv4');
    const { ready, serving, terminating } = rule!.endpoints[0]!;
    assert.deepEqual({ ready, serving, terminating }, { ready: true, serving: true, terminating: false });
  });

  it('are about the addresses that nodes answer for', () => {
    assert.deepEqual(serviceAddresses(SERVICE), {
      cluster: ['10.96.0.7', 'fd00::7'],
      external: ['203.0.113.1'],
      balancer: ['203.0.113.9'],
    });
    const kinds = [{ clusterIP: 'None' }, { type: 'ExternalName' as const, externalName: 'x.example.com' }, { clusterIP: '10.96.0.8' }];
    assert.deepEqual(
      kinds.map((spec) => isProxied({ metadata: {}, spec })),
      [false, false, true],
    );
  });
});
