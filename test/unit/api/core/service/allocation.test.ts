import assert from 'node:assert/strict';
import { DEFAULT_POOLS } from '../../../../../src/api/allocation.ts';
import { allocateService } from '../../../../../src/api/core/service/allocation.ts';
import { SERVICE_TABLE } from '../../../../../src/api/core/service/columns.ts';
import { defaultService, normalizeClusterIPs } from '../../../../../src/api/core/service/defaults.ts';
import { allocateNextIP } from '../../../../../src/api/core/service/ipAllocator.ts';
import { allocateNextPort } from '../../../../../src/api/core/service/portAllocator.ts';
import { parseCIDR } from '../../../../../src/apimachinery/net/ip.ts';
import type { Draft } from '../../../../../src/base/json.ts';
import type { Service } from '../../../../../src/api/schema/types/core/v1.ts';

type Spec = Readonly<Record<string, unknown>>;

/** @returns the message of the refusal, or the Service */
function allocate(spec: Spec, stored: readonly Service[] = [], dryRun = false): string | Service {
  const service = { metadata: { name: 'x' }, spec: structuredClone(spec) } as Draft<Service>;
  defaultService(service);
  normalizeClusterIPs(service);
  const status = allocateService(service, undefined, { dryRun, stored: () => stored, random: () => 0, pools: DEFAULT_POOLS });
  return status?.message ?? service;
}

const TAKEN = allocate({ type: 'NodePort', clusterIP: '10.96.0.1', ports: [{ port: 443, nodePort: 30443 }] }) as Service;

describe('allocation for a Service', () => {
  const refused: readonly (readonly [title: string, spec: Spec, message: string])[] = [
    [
      'an address that is taken',
      { clusterIP: '10.96.0.1' },
      'spec.clusterIPs: Invalid value: ["10.96.0.1"]: failed to allocate IP 10.96.0.1: provided IP is already allocated',
    ],
    [
      'the network address',
      { clusterIP: '10.96.0.0' },
      'spec.clusterIPs: Invalid value: ["10.96.0.0"]: failed to allocate IP 10.96.0.0: the provided network does not match the current range',
    ],
    [
      'an address of another family',
      { clusterIP: 'fd00::5' },
      'spec.clusterIPs[0]: Invalid value: ["fd00::5"]: IPv6 is not configured on this cluster',
    ],
    [
      'two families',
      { ipFamilyPolicy: 'RequireDualStack' },
      'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
    ],
    ['another family', { ipFamilies: ['IPv6'] }, 'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster'],
    [
      'a port that is taken',
      { type: 'NodePort', ports: [{ port: 1, nodePort: 30443 }] },
      'spec.ports[0].nodePort: Invalid value: 30443: provided port is already allocated',
    ],
    [
      'a port out of range',
      { type: 'NodePort', ports: [{ port: 1, nodePort: 29999 }] },
      'spec.ports[0].nodePort: Invalid value: 29999: provided port is not in the valid range. The range of valid ports is 30000-32767',
    ],
  ];
  for (const [title, spec, message] of refused) {
    it(`refuses ${title}`, () => assert.equal(allocate(spec, [TAKEN]), `Service "x" is invalid: ${message}`));
  }

  it('reserves nothing on a dry run, but knows the range', () => {
    assert.equal(typeof allocate({ clusterIP: '10.96.0.1', ports: [{ port: 1 }] }, [TAKEN], true), 'object');
    assert.match(
      allocate({ clusterIP: '192.168.5.5' }, [], true) as string,
      /the provided IP \(192\.168\.5\.5\) is not in the valid range/,
    );
  });

  it('gives TCP and UDP of one port the same node port', () => {
    const ports = [
      { name: 'a', port: 53, protocol: 'UDP' },
      { name: 'b', port: 53, protocol: 'TCP', nodePort: 30053 },
    ];
    const service = allocate({ type: 'NodePort', ports }) as Service;
    assert.deepEqual(
      service.spec?.ports?.map((port) => port.nodePort),
      [30053, 30053],
    );
  });

  it('gives a load balancer of local traffic a port for health checks', () => {
    const service = allocate({ type: 'LoadBalancer', externalTrafficPolicy: 'Local', ports: [{ port: 80 }] }) as Service;
    assert.deepEqual([service.spec?.ports?.[0]?.nodePort, service.spec?.healthCheckNodePort], [30086, 30087]);
  });

  it('lets a headless Service without selector have both families', () => {
    const service = allocate({ clusterIP: 'None', ipFamilies: ['IPv6'] }) as Service;
    assert.deepEqual([service.spec?.ipFamilies, service.spec?.ipFamilyPolicy], [['IPv6', 'IPv4'], 'RequireDualStack']);
  });
});

describe('the pools', () => {
  const small = parseCIDR('10.0.0.0/29');
  const ips = (used: readonly string[]) => ({
    range: small!,
    rangeText: '10.0.0.0/29',
    used: new Set(used),
    dryRun: false,
    random: () => 0.99,
  });

  it('give the next free address after a random one, around the end', () => {
    assert.equal(allocateNextIP(ips([])), '10.0.0.6');
    assert.equal(allocateNextIP(ips(['10.0.0.6'])), '10.0.0.1');
    assert.equal(allocateNextIP(ips([1, 2, 3, 4, 5, 6].map((last) => `10.0.0.${last}`))), undefined);
  });
  it('leave the lower part to people until the upper one is full', () => {
    const used = new Set<number>();
    const pool = { first: 30000, last: 30031, used, dryRun: false, random: () => 0 };
    assert.equal(allocateNextPort(pool), 30016);
    for (let port = 30017; port <= 30031; port++) used.add(port);
    assert.equal(allocateNextPort(pool), 30000);
  });
});

describe('the columns of a Service', () => {
  it('show ports with node ports and a pending address', () => {
    const service = allocate({
      type: 'LoadBalancer',
      clusterIP: '10.96.1.1',
      selector: { b: '2', a: '1' },
      ports: [{ port: 80, nodePort: 30080 }],
    }) as Service;
    assert.deepEqual(SERVICE_TABLE.cells(service, 0), [
      'x',
      'LoadBalancer',
      '10.96.1.1',
      '<pending>',
      '80:30080/TCP',
      '<unknown>',
      'a=1,b=2',
    ]);
  });
});
