/**
 * Gives a Service its families, cluster IPs and node ports before it is validated.
 * Invariant: what a Service keeps over an update is not asked for again.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/service/storage (alloc.go), on a cluster of a single stack.
 */
import { failure, internalError, invalid as invalidStatus, type Status } from '../../../apimachinery/errors/status.ts';
import { invalid, type ErrorList } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { parseCIDR } from '../../../apimachinery/net/ip.ts';
import type { Draft } from '../../../base/json.ts';
import type { Allocation } from '../../allocation.ts';
import type { Service, ServiceSpec } from '../../schema/types/core/v1.ts';
import { CLUSTER_IPS } from './clusterIPs.ts';
import { allocateIP, allocateNextIP, type IPAllocator } from './ipAllocator.ts';
import { initFamilies } from './families.ts';
import { allocateNextPort, allocatePort, type PortAllocator } from './portAllocator.ts';
import { holdings, isHeadless, needsHealthCheck, needsNodePort, nodePortsOf, specOf } from './traits.ts';

/** @param old undefined on create */
export function allocateService(service: Draft<Service>, old: Service | undefined, allocation: Allocation<Service>): Status | undefined {
  const spec = (service.spec ??= {});
  const before = old === undefined ? undefined : specOf(old);
  const range = parseCIDR(allocation.pools.clusterIPRange);
  if (range === undefined) return internalError(`invalid service range ${allocation.pools.clusterIPRange}`);
  const errors = initFamilies(spec, before, range.address.family);
  if (errors.length > 0) return refusal(service, errors);
  const taken = takenBy(allocation);
  const ips: IPAllocator = {
    range,
    rangeText: allocation.pools.clusterIPRange,
    used: taken.ips,
    dryRun: allocation.dryRun,
    random: () => allocation.random(),
  };
  const [first, last] = allocation.pools.nodePortRange;
  const ports: PortAllocator = { first, last, used: taken.ports, dryRun: allocation.dryRun, random: () => allocation.random() };
  return allocateClusterIPs(service, spec, before, ips) ?? allocatePorts(service, spec, before, ports);
}

/** New Services and those that were ExternalName get their addresses; all others have theirs. */
function allocateClusterIPs(
  service: Draft<Service>,
  spec: Draft<ServiceSpec>,
  before: ServiceSpec | undefined,
  ips: IPAllocator,
): Status | undefined {
  if (before !== undefined && before.type !== 'ExternalName') return undefined;
  if (spec.type === 'ExternalName' || isHeadless(spec)) return undefined;
  const asked = spec.clusterIPs ?? [];
  for (const index of (spec.ipFamilies ?? []).keys()) {
    const wanted = asked[index] ?? '';
    if (wanted === '') {
      const next = allocateNextIP(ips);
      if (next === undefined) return internalError('failed to allocate a serviceIP: range is full');
      asked[index] = next;
    } else {
      const problem = allocateIP(ips, wanted);
      if (problem !== undefined) return refusal(service, [invalid(CLUSTER_IPS, asked, `failed to allocate IP ${wanted}: ${problem}`)]);
    }
  }
  if (asked.length === 0) return undefined;
  spec.clusterIPs = asked;
  spec.clusterIP = asked[0] ?? '';
  return undefined;
}

function allocatePorts(
  service: Draft<Service>,
  spec: Draft<ServiceSpec>,
  before: ServiceSpec | undefined,
  ports: PortAllocator,
): Status | undefined {
  if (needsNodePort(spec)) {
    const refused = before === undefined ? initNodePorts(service, spec, ports) : updateNodePorts(service, spec, before, ports);
    if (refused !== undefined) return refused;
  }
  if (!needsHealthCheck(spec) || (before !== undefined && needsHealthCheck(before))) return undefined;
  const wanted = spec.healthCheckNodePort ?? 0;
  if (wanted !== 0) {
    const problem = allocatePort(ports, wanted);
    return problem === undefined ? undefined : internalError(`failed to allocate requested HealthCheck NodePort ${wanted}: ${problem}`);
  }
  const next = allocateNextPort(ports);
  if (next === undefined) return internalError('failed to allocate a HealthCheck NodePort 0: range is full');
  spec.healthCheckNodePort = next;
  return undefined;
}

/** Ports of the same number (TCP and UDP 53, say) share one node port, the one asked for by any of them. */
function initNodePorts(service: Draft<Service>, spec: Draft<ServiceSpec>, allocator: PortAllocator): Status | undefined {
  const given = new Map<number, number>();
  const ports = spec.ports ?? [];
  for (const [index, port] of ports.entries()) {
    const asked = port.nodePort ?? 0;
    if (asked === 0 && !allocatesByItself(spec)) continue;
    const shared = given.get(port.port);
    if (shared === undefined) {
      const wanted = ports.find((other) => other.port === port.port && (other.nodePort ?? 0) !== 0)?.nodePort ?? 0;
      if (wanted !== 0) {
        const problem = allocatePort(allocator, wanted);
        if (problem !== undefined) return portRefusal(service, index, wanted, problem);
        port.nodePort = wanted;
      } else {
        const next = allocateNextPort(allocator);
        if (next === undefined) return internalError('failed to allocate a nodePort: range is full');
        port.nodePort = next;
      }
      given.set(port.port, port.nodePort);
    } else if (asked === 0) port.nodePort = shared;
    else if (asked !== shared) {
      const problem = allocatePort(allocator, asked);
      if (problem !== undefined) return portRefusal(service, index, asked, problem);
    }
  }
  return undefined;
}

function updateNodePorts(
  service: Draft<Service>,
  spec: Draft<ServiceSpec>,
  before: ServiceSpec,
  allocator: PortAllocator,
): Status | undefined {
  const held = nodePortsOf(before);
  const allocated = new Set<number>();
  const seen = new Set<string>();
  for (const [index, port] of (spec.ports ?? []).entries()) {
    let nodePort = port.nodePort ?? 0;
    if (nodePort === 0 && !allocatesByItself(spec)) continue;
    if (nodePort === 0) {
      const next = allocateNextPort(allocator);
      if (next === undefined) return internalError('failed to allocate a nodePort: range is full');
      nodePort = port.nodePort = next;
    } else if (!held.includes(nodePort) && !allocated.has(nodePort)) {
      const problem = allocatePort(allocator, nodePort);
      if (problem !== undefined) return portRefusal(service, index, nodePort, problem);
      allocated.add(nodePort);
    }
    const key = `${port.protocol ?? ''} ${nodePort}`;
    // The API server gives this one back as a plain error, without a reason.
    if (seen.has(key)) return failure(500, undefined, `duplicate nodePort: {${key}}`);
    seen.add(key);
  }
  return undefined;
}

function allocatesByItself(spec: ServiceSpec): boolean {
  return spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);
}

function takenBy(allocation: Allocation<Service>): { readonly ips: Set<string>; readonly ports: Set<number> } {
  const ips = new Set<string>();
  const ports = new Set<number>();
  for (const service of allocation.stored()) {
    const held = holdings(service);
    for (const ip of held.ips) ips.add(ip);
    for (const port of held.ports) ports.add(port);
  }
  for (const { metadata } of allocation.others?.('ipaddresses.networking.k8s.io') ?? []) ips.add(metadata.name ?? '');
  return { ips, ports };
}

function portRefusal(service: Draft<Service>, index: number, port: number, problem: string): Status {
  return refusal(service, [invalid(Path.of('spec', 'ports').index(index).child('nodePort'), port, problem)]);
}

function refusal(service: Draft<Service>, errors: ErrorList): Status {
  return invalidStatus({ group: '', kind: 'Service' }, service.metadata.name ?? '', errors);
}
