/**
 * The scheduler's picture of nodes and of the Pods on them, kept up to date change by change.
 * Invariant: it can be built again from the objects alone, but for the order of nodes, which is remembered.
 * Counterpart: k8s.io/kubernetes/pkg/scheduler/backend/cache (Cache, nodeTree, Snapshot in one: reads are never stale here).
 */
import { jsonEqual, type Json } from '../../../base/json.ts';
import type { Node, Pod } from '../../../api/schema/types/core/v1.ts';
import { objectKey } from '../../../apimachinery/meta/resource.ts';
import { NodeInfo } from '../../framework/nodeInfo.ts';
import { takesTheSame } from '../../framework/resizing.ts';
import type { ImageState, SchedulerReader } from '../../framework/interface.ts';
import { claimsOf } from '../../../api/core/pod/claims.ts';
import { PlacedTerms } from './placedTerms.ts';
import { PodCounters } from './podCounter.ts';

export class Cache {
  private readonly nodes = new Map<string, NodeInfo>();
  /** Pods of nodes that are not there (yet, or any more). */
  private readonly homeless = new Map<string, Map<string, Pod>>();
  private readonly nodeOfPod = new Map<string, string>();
  private readonly images = new Map<string, { sizeBytes: number; nodes: number }>();
  /** `namespace/name` of a claim > number of placed Pods that use it. */
  private readonly claimUsers = new Map<string, number>();
  private ordered: readonly NodeInfo[] | undefined;
  private nextSlot = 0;
  private readonly freeSlots: number[] = [];
  private generation = 0;
  /** Counts of Pods by node and by topology domain. */
  readonly podCounters = new PodCounters(() => this.nodes);
  readonly placedTerms: PlacedTerms;

  constructor(reader: SchedulerReader) {
    this.placedTerms = new PlacedTerms(reader);
  }

  /** Zone by zone in turn, so that neighbours in the list stand in different zones. */
  list(): readonly NodeInfo[] {
    this.ordered ??= interleaveZones(this.nodes.values());
    return this.ordered;
  }

  get(name: string): NodeInfo | undefined {
    return this.nodes.get(name);
  }

  imageState(name: string): ImageState | undefined {
    return this.images.get(name);
  }

  isClaimUsed(key: string): boolean {
    return this.claimUsers.has(key);
  }

  setNode(node: Node): void {
    const name = node.metadata.name ?? '';
    const known = this.nodes.get(name);
    if (known === undefined) this.addNode(name, node);
    else {
      if (zoneOf(known.node) !== zoneOf(node)) this.ordered = undefined;
      this.countImages(known.node, -1);
      if (sameDomains(known.node, node)) known.setNode(node);
      else this.moveNode(known, node);
      known.generation = ++this.generation;
    }
    this.countImages(node, 1);
  }

  removeNode(name: string): void {
    const known = this.nodes.get(name);
    if (known === undefined) return;
    this.countImages(known.node, -1);
    if (known.pods.size > 0) this.homeless.set(name, new Map(known.pods));
    for (const pod of [...known.pods.values()]) this.take(pod, known);
    this.podCounters.countNode(known, -1);
    this.freeSlots.push(known.slot);
    this.nodes.delete(name);
    this.ordered = undefined;
  }

  /** A Pod that has a node and has not ended counts there; any other does not. */
  setPod(pod: Pod): void {
    const uid = pod.metadata.uid ?? '';
    const node = pod.spec?.nodeName ?? '';
    const { phase } = pod.status ?? {};
    const counts = node !== '' && phase !== 'Succeeded' && phase !== 'Failed';
    const before = this.nodeOfPod.get(uid);
    if (!counts && before === undefined) return;
    const info = this.nodes.get(node);
    const known = counts && before === node ? info?.pods.get(uid) : undefined;
    if (known !== undefined && samePlace(known, pod)) {
      info?.replacePod(pod);
      return;
    }
    this.removePod(pod);
    if (!counts) return;
    this.nodeOfPod.set(uid, node);
    if (info !== undefined) this.put(pod, info);
    else {
      const pods = this.homeless.get(node) ?? new Map<string, Pod>();
      this.homeless.set(node, pods.set(uid, pod));
    }
  }

  removePod(pod: Pod): void {
    const uid = pod.metadata.uid ?? '';
    const node = this.nodeOfPod.get(uid);
    if (node === undefined) return;
    this.nodeOfPod.delete(uid);
    const info = this.nodes.get(node);
    const known = info?.pods.get(uid);
    if (info !== undefined && known !== undefined) this.take(known, info);
    this.homeless.get(node)?.delete(uid);
  }

  /** The order in which nodes became known; all else follows from the objects. */
  checkpoint(): Json {
    return [...this.nodes.keys()];
  }

  restore(order: Json, nodes: readonly Node[], pods: readonly Pod[]): void {
    this.nodes.clear();
    this.homeless.clear();
    this.nodeOfPod.clear();
    this.images.clear();
    this.claimUsers.clear();
    this.podCounters.clear();
    this.placedTerms.clear();
    this.ordered = undefined;
    const byName = new Map(nodes.map((node) => [node.metadata.name ?? '', node]));
    for (const name of order as readonly string[]) {
      const node = byName.get(name);
      if (node !== undefined) this.setNode(node);
    }
    for (const pod of pods) this.setPod(pod);
  }

  private addNode(name: string, node: Node): void {
    const info = new NodeInfo(node, this.freeSlots.pop() ?? this.nextSlot++);
    info.generation = ++this.generation;
    this.podCounters.countNode(info, 1);
    this.nodes.set(name, info);
    for (const pod of this.homeless.get(name)?.values() ?? []) this.put(pod, info);
    this.homeless.delete(name);
    this.ordered = undefined;
  }

  /** The node's labels or taints are others now: it may be in other domains. */
  private moveNode(info: NodeInfo, node: Node): void {
    this.podCounters.countNode(info, -1);
    for (const pod of info.pods.values()) this.placedTerms.countPod(pod, info, -1);
    info.setNode(node);
    for (const pod of info.pods.values()) this.placedTerms.countPod(pod, info, 1);
    this.podCounters.countNode(info, 1);
  }

  private put(pod: Pod, info: NodeInfo): void {
    info.addPod(pod);
    info.generation = ++this.generation;
    this.podCounters.countPod(pod, info, 1);
    this.placedTerms.countPod(pod, info, 1);
    this.countClaims(pod, 1);
  }

  private take(pod: Pod, info: NodeInfo): void {
    info.removePod(pod);
    info.generation = ++this.generation;
    this.podCounters.countPod(pod, info, -1);
    this.placedTerms.countPod(pod, info, -1);
    this.countClaims(pod, -1);
  }

  private countClaims(pod: Pod, sign: 1 | -1): void {
    for (const { name, ephemeral } of claimsOf(pod)) {
      if (ephemeral) continue;
      const key = objectKey(pod.metadata.namespace, name);
      const users = (this.claimUsers.get(key) ?? 0) + sign;
      if (users > 0) this.claimUsers.set(key, users);
      else this.claimUsers.delete(key);
    }
  }

  /** The size of an image is the one that the node first seen reported. */
  private countImages(node: Node, sign: 1 | -1): void {
    for (const image of node.status?.images ?? []) {
      for (const name of image.names ?? []) {
        const known = this.images.get(name);
        if (known === undefined) {
          if (sign === 1) this.images.set(name, { sizeBytes: image.sizeBytes ?? 0, nodes: 1 });
        } else if (known.nodes + sign <= 0) this.images.delete(name);
        else known.nodes += sign;
      }
    }
  }
}

/** Whether a Pod of a node changed in nothing but what neither sums nor counts look at, as most writes of its status. */
function samePlace(before: Pod, after: Pod): boolean {
  const [a, b] = [before.metadata, after.metadata];
  if ((a.deletionTimestamp === undefined) !== (b.deletionTimestamp === undefined)) return false;
  return (
    (before.spec === after.spec || jsonEqual(before.spec, after.spec)) &&
    (a.labels === b.labels || jsonEqual(a.labels, b.labels)) &&
    (before.spec?.resources === undefined || jsonEqual(before.status?.resources, after.status?.resources)) &&
    takesTheSame(before, after)
  );
}

function sameDomains(before: Node, after: Node): boolean {
  return jsonEqual(before.metadata.labels, after.metadata.labels) && jsonEqual(before.spec?.taints, after.spec?.taints);
}

function zoneOf(node: Node): string {
  const { labels } = node.metadata;
  const zone = labels?.['topology.kubernetes.io/zone'] ?? labels?.['failure-domain.beta.kubernetes.io/zone'] ?? '';
  const region = labels?.['topology.kubernetes.io/region'] ?? labels?.['failure-domain.beta.kubernetes.io/region'] ?? '';
  return `${region}\0${zone}`;
}

function interleaveZones(nodes: Iterable<NodeInfo>): readonly NodeInfo[] {
  const zones = new Map<string, NodeInfo[]>();
  for (const node of nodes) {
    const zone = zoneOf(node.node);
    const list = zones.get(zone);
    if (list === undefined) zones.set(zone, [node]);
    else list.push(node);
  }
  const lists = [...zones.values()];
  const longest = Math.max(0, ...lists.map((list) => list.length));
  const result: NodeInfo[] = [];
  for (let i = 0; i < longest; i++) for (const list of lists) if (list[i] !== undefined) result.push(list[i] as NodeInfo);
  return result;
}
