/**
 * Keeps as many machines as each NodePool says: makes Nodes that are missing, drains and takes away the last ones that are too many.
 * Invariant: a machine of a pool is named POOL-N with the lowest free N; it belongs to the pool by its label and its owner.
 * Counterpart: a cloud provider's node group, which lives outside of a real cluster.
 */
import type { Json } from '../../base/json.ts';
import { NODES } from '../../api/schema/resources.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import { POOL_LABEL } from '../../api/kubepad/nodepool/label.ts';
import { NODEPOOLS, type NodePool } from '../../api/kubepad/types.ts';
import type { ApiServer } from '../../apiserver/apiServer.ts';
import { Client } from '../../client/client.ts';
import { WatchCursor } from '../../client/watchCursor.ts';
import type { Component, SimEvent } from '../../sim/component.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { drain, keep } from './drain.ts';
import { machine } from './machine.ts';

const NAME = 'nodepool-controller';
const USER = { name: `system:kubepad:${NAME}`, groups: ['system:masters', 'system:authenticated'] };
const DRAIN = 'drain';
/** How soon a refused eviction is asked for again, as kubectl drain does. */
const DRAIN_RETRY_MS = 5_000;

export function createNodePoolController(environment: { readonly simulation: Simulation; readonly api: ApiServer }): Component {
  return new NodePoolController(environment.simulation, environment.api);
}

class NodePoolController implements Component {
  readonly name = NAME;
  private readonly simulation: Simulation;
  private readonly client: Client;
  private readonly cursor: WatchCursor;
  /** Pools whose drains have a timer. */
  private readonly draining = new Set<string>();

  constructor(simulation: Simulation, api: ApiServer) {
    this.simulation = simulation;
    this.client = new Client(api, USER.name, USER.groups, NAME);
    this.cursor = new WatchCursor(api.store, NAME, [NODEPOOLS, NODES]);
    api.store.addIndex('nodes', POOL_LABEL, (node) => {
      const pool = node.metadata.labels?.[POOL_LABEL];
      return pool === undefined ? [] : [pool];
    });
  }

  start(): void {
    this.simulation.wake(NAME);
  }

  /** Only pools that changed, or whose nodes came, went or turned ready, are looked at: a node's status says nothing new otherwise. */
  handle({ type, payload }: SimEvent): void {
    const pools = new Set<string>();
    if (type === DRAIN) {
      const name = payload as string;
      this.draining.delete(name);
      pools.add(name);
    }
    for (const change of this.cursor.poll(NODEPOOLS)) pools.add(change.object.metadata.name ?? '');
    for (const { type, object } of this.cursor.poll(NODES)) {
      const pool = object.metadata.labels?.[POOL_LABEL];
      if (pool !== undefined && type !== 'MODIFIED') pools.add(pool);
    }
    for (const name of pools) {
      const pool = this.client.get(NODEPOOLS, '', name);
      if (pool !== undefined && pool.metadata.deletionTimestamp === undefined) this.reconcile(pool);
    }
  }

  checkpoint(): Json {
    return { cursor: this.cursor.checkpoint(), draining: [...this.draining] };
  }

  restore(state: Json): void {
    const { cursor, draining } = state as { readonly cursor: Json; readonly draining: readonly string[] };
    this.cursor.restore(cursor);
    this.draining.clear();
    for (const name of draining) this.draining.add(name);
  }

  private reconcile(pool: NodePool): void {
    const name = pool.metadata.name ?? '';
    const nodes = this.client.byIndex(NODES, POOL_LABEL, name);
    const wanted = pool.spec?.count ?? pool.spec?.min ?? 0;
    const taken = new Set(nodes.map((node) => node.metadata.name ?? ''));
    for (let index = 1; taken.size < wanted; index++) {
      const nodeName = `${name}-${index}`;
      if (taken.has(nodeName)) continue;
      taken.add(nodeName);
      if (this.client.get(NODES, '', nodeName) === undefined) this.client.create(NODES, machine(pool, nodeName, index));
    }
    const leaving = surplus(nodes, wanted);
    for (const node of nodes) if (!leaving.includes(node)) keep(this.client, node);
    const waiting = leaving.filter((node) => !this.takeAway(node)).map(({ metadata }) => metadata.name ?? '');
    if (waiting.length > 0 && !this.draining.has(name)) {
      this.draining.add(name);
      this.simulation.schedule({ at: this.simulation.now() + DRAIN_RETRY_MS, component: NAME, type: DRAIN, payload: name });
    }
    const count = this.client.byIndex(NODES, POOL_LABEL, name).length;
    const message = waiting.length === 0 ? undefined : `draining ${waiting.join(', ')}`;
    this.client.modify(
      NODEPOOLS,
      '',
      name,
      (copy) => {
        const { message: _before, ...status } = copy.status ?? {};
        copy.status = { ...status, nodes: count, ...(message === undefined ? {} : { message }) };
      },
      'status',
    );
  }

  /** True when the node is gone; false while Pods are still to leave it. */
  private takeAway(node: Node): boolean {
    if (drain(this.client, USER, node) > 0) return false;
    this.client.delete(NODES, '', node.metadata.name ?? '');
    return true;
  }
}

/** The nodes with the highest numbers go first. */
function surplus(nodes: readonly Node[], wanted: number): readonly Node[] {
  const number = (node: Node): number => Number(/-(\d+)$/.exec(node.metadata.name ?? '')?.[1] ?? 0);
  return nodes.toSorted((a, b) => number(a) - number(b)).slice(wanted);
}
