import type { EndpointRule } from './serviceRule.ts';

/** A node as its kube-proxy sees it. */
export interface NodePlace {
  readonly name: string;
  readonly zone: string | undefined;
}

/** Which endpoints a node uses. */
export interface Categorized {
  /** For traffic that may go to any node. */
  readonly cluster: readonly EndpointRule[];
  /** For traffic that must stay on the node. */
  readonly local: readonly EndpointRule[];
  /** Whether there is any that could be used, wherever it is: without one connections are refused, else dropped. */
  readonly usable: boolean;
}

/**
 * Sorts the endpoints of a Service's port for a node: ready ones, those that the hints mean for it; where none is ready, those that
 * still serve while they terminate.
 * Worked example: three ready endpoints with hints for the zones a, a and b: a node of zone a uses two, one of zone c all three.
 * Counterpart: CategorizeEndpoints of k8s.io/kubernetes/pkg/proxy.
 */
export function categorize(endpoints: readonly EndpointRule[], node: NodePlace): Categorized {
  let known = memo.get(endpoints);
  if (known === undefined) memo.set(endpoints, (known = { byPlace: new Map(), hinted: hintsOf(endpoints) }));
  const key = known.hinted ? `${node.name} ${node.zone ?? ''}` : node.name;
  let found = known.byPlace.get(key);
  if (found === undefined) {
    // Without hints all nodes use the same endpoints, and those who ask see that they are the same list.
    const [other] = known.byPlace.values();
    found = sort(endpoints, node, known.hinted ? undefined : other?.cluster);
    known.byPlace.set(key, found);
  }
  return found;
}

interface Known {
  readonly byPlace: Map<string, Categorized>;
  readonly hinted: boolean;
}

/** A pure memo: lists of endpoints are replaced, never changed. */
const memo = new WeakMap<readonly EndpointRule[], Known>();

function hintsOf(endpoints: readonly EndpointRule[]): boolean {
  return endpoints.some(({ forNodes, forZones }) => forNodes.length + forZones.length > 0);
}

function sort(endpoints: readonly EndpointRule[], node: NodePlace, sameCluster: readonly EndpointRule[] | undefined): Categorized {
  const ready = endpoints.filter((endpoint) => endpoint.ready);
  const draining = endpoints.filter((endpoint) => !endpoint.ready && endpoint.serving && endpoint.terminating);
  const here = ({ nodeName }: EndpointRule): boolean => nodeName === node.name;
  const cluster = sameCluster ?? (ready.length > 0 ? hinted(ready, node) : draining);
  const local = ready.some(here) ? ready.filter(here) : draining.filter(here);
  return { cluster, local, usable: ready.length + draining.length > 0 };
}

/** Hints count only if every ready endpoint has some and one of them is for this node. */
function hinted(ready: readonly EndpointRule[], { name, zone }: NodePlace): readonly EndpointRule[] {
  if (ready.every(({ forNodes }) => forNodes.length > 0)) {
    const mine = ready.filter(({ forNodes }) => forNodes.includes(name));
    if (mine.length > 0) return mine;
  }
  if (zone !== undefined && zone !== '' && ready.every(({ forZones }) => forZones.length > 0)) {
    const mine = ready.filter(({ forZones }) => forZones.includes(zone));
    if (mine.length > 0) return mine;
  }
  return ready;
}
