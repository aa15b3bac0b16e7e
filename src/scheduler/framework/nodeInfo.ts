import type { ContainerPort, Node, Pod } from '../../api/schema/types/core/v1.ts';
import { claimsOf } from '../../api/core/pod/claims.ts';
import { placedRequests } from './resizing.ts';
import { addResource, emptyResource, isSidecar, resourceOf, type Resource } from './resource.ts';

/** A host port in use: `TCP 0.0.0.0 8080`. */
export interface HostPort {
  readonly protocol: string;
  readonly ip: string;
  readonly port: number;
}

/**
 * What the scheduler knows of one node: the object and the sums over its Pods, kept up to date Pod by Pod.
 * Counterpart: k8s.io/kubernetes/pkg/scheduler/framework.NodeInfo.
 */
export class NodeInfo {
  node: Node;
  allocatable: Resource;
  readonly requested: Resource = emptyResource();
  /** Requests with the defaults that scoring assumes. */
  nonZeroMilliCpu = 0;
  nonZeroMemoryBytes = 0;
  readonly pods = new Map<string, Pod>();
  /** How many volumes of claims its Pods have, each counted for each Pod. */
  claimUses = 0;
  /** A small number of its own among the nodes of a cache: where tables about nodes keep what they know of this one. */
  readonly slot: number;
  /** Grows with every change of the node or of its Pods; what was worked out for one generation holds while it lasts. */
  generation = 0;
  /** `protocol ip port` > number of Pods that use it */
  private readonly usedPorts = new Map<string, number>();

  private imageNames: ReadonlySet<string> | undefined;

  constructor(node: Node, slot: number) {
    this.node = node;
    this.slot = slot;
    this.allocatable = resourceOf(node.status?.allocatable);
  }

  get name(): string {
    return this.node.metadata.name ?? '';
  }

  setNode(node: Node): void {
    const before = this.node.status?.allocatable;
    if (this.node.status?.images !== node.status?.images) this.imageNames = undefined;
    this.node = node;
    if (before !== node.status?.allocatable) this.allocatable = resourceOf(node.status?.allocatable);
  }

  addPod(pod: Pod): void {
    const uid = pod.metadata.uid ?? '';
    this.pods.set(uid, pod);
    this.count(pod, 1);
  }

  removePod(pod: Pod): void {
    const uid = pod.metadata.uid ?? '';
    const known = this.pods.get(uid);
    if (known === undefined) return;
    this.pods.delete(uid);
    this.count(known, -1);
  }

  /** Whether the node reports the image; the set is made when somebody first asks. */
  hasImage(name: string): boolean {
    this.imageNames ??= new Set((this.node.status?.images ?? []).flatMap(({ names }) => names ?? []));
    return this.imageNames.has(name);
  }

  /** A Pod of the node changed in nothing that sums or filters look at. */
  replacePod(pod: Pod): void {
    this.pods.set(pod.metadata.uid ?? '', pod);
  }

  /** The same node with the same Pods, for trying what happens without some of them. */
  clone(): NodeInfo {
    const copy = new NodeInfo(this.node, this.slot);
    for (const pod of this.pods.values()) copy.addPod(pod);
    return copy;
  }

  /** Whether a host port collides with one in use: 0.0.0.0 stands for every address. */
  conflicts(wanted: HostPort): boolean {
    if (this.usedPorts.size === 0) return false;
    const end = ` ${wanted.port}`;
    for (const used of this.usedPorts.keys()) {
      if (!used.endsWith(end)) continue;
      const [protocol, ip] = used.split(' ');
      if (protocol === wanted.protocol && (ip === wanted.ip || ip === ANY || wanted.ip === ANY)) return true;
    }
    return false;
  }

  private count(pod: Pod, sign: 1 | -1): void {
    const requests = placedRequests(pod);
    addResource(this.requested, requests.total, sign);
    this.requested.pods += sign;
    this.claimUses += sign * claimsOf(pod).length;
    this.nonZeroMilliCpu += sign * requests.nonZeroMilliCpu;
    this.nonZeroMemoryBytes += sign * requests.nonZeroMemoryBytes;
    for (const { protocol, ip, port } of hostPorts(pod)) {
      const key = `${protocol} ${ip} ${port}`;
      const users = (this.usedPorts.get(key) ?? 0) + sign;
      if (users > 0) this.usedPorts.set(key, users);
      else this.usedPorts.delete(key);
    }
  }
}

const ANY = '0.0.0.0';
const NO_PORTS: readonly HostPort[] = [];

/** The host ports of a Pod's containers and sidecars; those of ordinary init containers are not looked at. */
export function hostPorts(pod: Pod): readonly HostPort[] {
  let found: HostPort[] | undefined;
  const collect = (ports: readonly ContainerPort[] | undefined): void => {
    for (const { hostPort, hostIP, protocol } of ports ?? []) {
      if ((hostPort ?? 0) <= 0) continue;
      (found ??= []).push({ protocol: protocol ?? 'TCP', ip: hostIP === undefined || hostIP === '' ? ANY : hostIP, port: hostPort ?? 0 });
    }
  };
  for (const container of pod.spec?.containers ?? []) collect(container.ports);
  for (const container of pod.spec?.initContainers ?? []) if (isSidecar(container)) collect(container.ports);
  return found ?? NO_PORTS;
}
