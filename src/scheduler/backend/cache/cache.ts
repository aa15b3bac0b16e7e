/**
 * The scheduler's picture of nodes and of the Pods on them, kept up to date change by change.
 * Invariant: it can be built again from the objects alone, but for the order of nodes, which is remembered.
 * Counterpart: k8s.io/kubernetes/pkg/scheduler/backend/cache (Cache, nodeTree, Snapshot in one: reads are never stale here).
 */
import type { Json } from '../../../base/json.ts';
import type { Node, Pod } from '../../../api/schema/types/core/v1.ts';
import { NodeInfo } from '../../framework/nodeInfo.ts';
import type { ImageState } from '../../framework/interface.ts';

export class Cache {
  private readonly nodes = new Map<string, NodeInfo>();
  /** Pods of nodes that are not there (yet, or any more). */
  private readonly homeless = new Map<string, Map<string, Pod>>();
  private readonly nodeOfPod = new Map<string, string>();
  private readonly images = new Map<string, { sizeBytes: number; nodes: number }>();
  private ordered: readonly NodeInfo[] | undefined;

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

  setNode(node: Node): void {
    const name = node.metadata.name ?? '';
    const known = this.nodes.get(name);
    if (known === undefined) {
      const info = new NodeInfo(node);
      this.nodes.set(name, info);
      for (const pod of this.homeless.get(name)?.values() ?? []) info.addPod(pod);
      this.homeless.delete(name);
      this.ordered = undefined;
    } else {
      if (zoneOf(known.node) !== zoneOf(node)) this.ordered = undefined;
      this.countImages(known.node, -1);
      known.setNode(node);
    }
    this.countImages(node, 1);
  }

  removeNode(name: string): void {
    const known = this.nodes.get(name);
    if (known === undefined) return;
    this.countImages(known.node, -1);
    if (known.pods.size > 0) this.homeless.set(name, new Map(known.pods));
    this.nodes.delete(name);
    this.ordered = undefined;
  }

  /** A Pod that has a node and has not ended counts there; any other does not. */
  setPod(pod: Pod): void {
    const uid = pod.metadata.uid ?? '';
    const node = pod.spec?.nodeName ?? '';
    const { phase } = pod.status ?? {};
    this.removePod(pod);
    if (node === '' || phase === 'Succeeded' || phase === 'Failed') return;
    this.nodeOfPod.set(uid, node);
    const info = this.nodes.get(node);
    if (info !== undefined) info.addPod(pod);
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
    this.nodes.get(node)?.removePod(pod);
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
    this.ordered = undefined;
    const byName = new Map(nodes.map((node) => [node.metadata.name ?? '', node]));
    for (const name of order as readonly string[]) {
      const node = byName.get(name);
      if (node !== undefined) this.setNode(node);
    }
    for (const pod of pods) this.setPod(pod);
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
