/**
 * A picture of the cluster in which things can be tried: nodes that are not there yet, Pods in other places.
 * Invariant: it follows the objects change by change; after `trial` it is as before. What fits is said by the scheduler's own plugins.
 * Counterpart: k8s.io/autoscaler/cluster-autoscaler/simulator/clustersnapshot.
 */
import type { Json } from '../../base/json.ts';
import { POOL_LABEL } from '../../api/kubepad/nodepool/label.ts';
import { NODEPOOLS } from '../../api/kubepad/types.ts';
import { NODES, PODS, RESOURCECLAIMS, RESOURCESLICES } from '../../api/schema/resources.ts';
import type { Node, Pod } from '../../api/schema/types/core/v1.ts';
import { groupResource, type KubeObject } from '../../apimachinery/meta/resource.ts';
import type { Client } from '../../client/client.ts';
import type { KubeSchedulerConfiguration } from '../../scheduler/apis/config/types.ts';
import { Cache } from '../../scheduler/backend/cache/cache.ts';
import type { CycleState } from '../../scheduler/framework/interface.ts';
import type { NodeInfo } from '../../scheduler/framework/nodeInfo.ts';
import { DEVICE_INDEXES } from '../../scheduler/framework/plugins/dynamicresources/allocated.ts';
import { plannedClaims } from '../../scheduler/framework/plugins/dynamicresources/dynamicResources.ts';
import { podRequests } from '../../scheduler/framework/resource.ts';
import { Nominator } from '../../scheduler/nominator.ts';
import { createFrameworks, DEFAULT_SCHEDULER, schedulerNameOf, type Framework } from '../../scheduler/profile/frameworks.ts';
import { devicesOf, sliceOf } from '../dradriver/slices.ts';
import { TriedObjects } from './triedObjects.ts';

const CLAIMS = groupResource(RESOURCECLAIMS);
const SLICES = groupResource(RESOURCESLICES);

export interface SnapshotEnvironment {
  readonly client: Client;
  readonly now: () => number;
  readonly configuration: KubeSchedulerConfiguration | undefined;
}

export class Snapshot {
  private readonly client: Client;
  private readonly objects: TriedObjects;
  private readonly cache: Cache;
  private readonly frameworks: ReadonlyMap<string, Framework>;
  private readonly undo: (() => void)[] = [];

  constructor({ client, now, configuration }: SnapshotEnvironment) {
    this.client = client;
    const reader = (this.objects = new TriedObjects(client.api.store, DEVICE_INDEXES));
    this.cache = new Cache(reader);
    this.frameworks = createFrameworks(configuration, { client, reader, cache: this.cache, nominator: new Nominator(), now });
  }

  setNode(node: Node): void {
    this.cache.setNode(node);
  }

  removeNode(name: string): void {
    this.cache.removeNode(name);
  }

  setPod(pod: Pod): void {
    this.cache.setPod(pod);
  }

  removePod(pod: Pod): void {
    this.cache.removePod(pod);
  }

  /** Builds the picture from the objects. @param order what `checkpoint` gave */
  restore(order: Json): void {
    for (const { profile } of this.frameworks.values()) profile.reset();
    const nodes = this.client.list(NODES);
    this.cache.restore(order, nodes, this.client.list(PODS));
    for (const node of nodes) if (this.cache.get(node.metadata.name ?? '') === undefined) this.cache.setNode(node);
  }

  clear(): void {
    this.cache.restore([], [], []);
  }

  /** The order of the nodes; all else follows from the objects. */
  checkpoint(): Json {
    return this.cache.checkpoint();
  }

  node(name: string): NodeInfo | undefined {
    return this.cache.get(name);
  }

  /** Runs something that tries things, and takes all of it back. Trials may stand within each other. */
  trial<T>(act: () => T): T {
    const mark = this.undo.length;
    try {
      return act();
    } finally {
      while (this.undo.length > mark) this.undo.pop()?.();
    }
  }

  /** In a trial: a node that is not there, with Pods on it; or another state of one that is. */
  tryNode(node: Node, pods: readonly Pod[] = []): void {
    const name = node.metadata.name ?? '';
    const before = this.cache.get(name)?.node;
    this.cache.setNode(node);
    this.undo.push(() => (before === undefined ? this.cache.removeNode(name) : this.cache.setNode(before)));
    if (before === undefined) for (const slice of this.slicesOf(node)) this.undo.push(this.objects.lay(SLICES, slice));
    for (const pod of pods) this.tryPod(pod, name);
  }

  /** In a trial: the Pod runs on the node, with the devices that it asks for. */
  tryPod(pod: Pod, nodeName: string): void {
    for (const claim of this.claimsOn(pod, nodeName)) this.undo.push(this.objects.lay(CLAIMS, claim));
    const placed: Pod = { ...pod, spec: { ...pod.spec, containers: pod.spec?.containers ?? [], nodeName } };
    this.cache.setPod(placed);
    this.undo.push(() => this.cache.removePod(placed));
  }

  /** In a trial: the Pod has left its node. Returns it as one that waits for a node. */
  tryUnbind(pod: Pod): Pod {
    this.cache.removePod(pod);
    this.undo.push(() => this.cache.setPod(pod));
    const { nodeName: _nodeName, ...spec } = pod.spec ?? { containers: [] };
    return { ...pod, spec };
  }

  /** Why the Pod does not fit on the node; undefined: it does. */
  refusal(pod: Pod, nodeName: string): readonly string[] | undefined {
    const { profile, handle } = this.frameworkOf(pod);
    const info = this.cache.get(nodeName);
    if (info === undefined) return [];
    const state: CycleState = new Map();
    const { status, nodeNames, narrowedBy } = profile.preFilter(state, pod, handle);
    if (status !== undefined) return status.reasons;
    if (nodeNames?.has(nodeName) === false) return [`node(s) didn't satisfy plugin(s) [${narrowedBy.join(' ')}]`];
    return handle.runFilters(state, pod, info)?.reasons;
  }

  /** The first node that takes the Pod, of those that are asked about. */
  findNode(pod: Pod, mayBe: (info: NodeInfo) => boolean): string | undefined {
    const { profile, handle } = this.frameworkOf(pod);
    const state: CycleState = new Map();
    const { status, nodeNames } = profile.preFilter(state, pod, handle);
    if (status !== undefined) return undefined;
    for (const info of this.cache.list()) {
      if (nodeNames?.has(info.name) === false || !mayBe(info)) continue;
      if (handle.runFilters(state, pod, info) === undefined) return info.name;
    }
    return undefined;
  }

  /** What the driver would publish of a machine's devices. */
  private slicesOf(node: Node): readonly KubeObject[] {
    const pool = this.client.get(NODEPOOLS, '', node.metadata.labels?.[POOL_LABEL] ?? '');
    return pool === undefined ? [] : devicesOf(pool).map((devices) => sliceOf(node, devices) as KubeObject);
  }

  /** The claims of a Pod as they would be on a node. */
  private claimsOn(pod: Pod, nodeName: string): readonly KubeObject[] {
    if (pod.spec?.resourceClaims === undefined && podRequests(pod).total.scalars === undefined) return [];
    const { profile, handle } = this.frameworkOf(pod);
    const info = this.cache.get(nodeName);
    const state: CycleState = new Map();
    if (info === undefined || profile.preFilter(state, pod, handle).status !== undefined) return [];
    if (handle.runFilters(state, pod, info) !== undefined) return [];
    return plannedClaims(profile.preBindPreFlight(state, pod, info, handle), pod, handle.reader);
  }

  private frameworkOf(pod: Pod): Framework {
    const found = this.frameworks.get(schedulerNameOf(pod)) ?? this.frameworks.get(DEFAULT_SCHEDULER) ?? [...this.frameworks.values()][0];
    // A scheduler has one profile at least.
    if (found === undefined) throw new Error('no scheduler profile');
    return found;
  }
}
