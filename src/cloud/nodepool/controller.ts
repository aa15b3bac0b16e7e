/**
 * Keeps as many machines as each NodePool says: makes Nodes that are missing, drains and takes away the last ones that are too many.
 * Invariant: a machine of a pool gets the first free one of its names (names.ts); it belongs to the pool by its label and its owner.
 * Counterpart: a cloud provider's node group, which lives outside of a real cluster.
 */
import type { Json } from '../../base/json.ts';
import { NODES } from '../../api/schema/resources.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import { INSTANCE_ANNOTATION, POOL_LABEL, TERMINATED } from '../../api/kubepad/nodepool/label.ts';
import { FAULTS, NODEPOOLS, type Fault, type NodePool } from '../../api/kubepad/types.ts';
import type { ApiServer } from '../../apiserver/apiServer.ts';
import { Client } from '../../client/client.ts';
import { WatchCursor } from '../../client/watchCursor.ts';
import type { Component, SimEvent } from '../../sim/component.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { parseDuration } from '../../api/kubepad/duration.ts';
import { targetSize } from '../../api/kubepad/nodepool/targetSize.ts';
import { drain, keep } from './drain.ts';
import { instanceOf, machinesOf } from './instance.ts';
import { machine } from './machine.ts';
import { machineIndex, machineName } from './names.ts';
import { faultsOff, hasBegun, hasEnded, isSwitchedOff, lostTo, REPLACEMENT_MS } from './replacement.ts';

const NAME = 'nodepool-controller';
const USER = { name: `system:kubepad:${NAME}`, groups: ['system:masters', 'system:authenticated'] };
const DRAIN = 'drain';
const ARRIVAL = 'arrival';
const REPLACE = 'replace';
const NO_ZONE = 'no machine can be started: all zones of the pool are down';
/** How soon a refused eviction is asked for again, as kubectl drain does. */
const DRAIN_RETRY_MS = 5_000;

export interface NodePoolEnvironment {
  readonly simulation: Simulation;
  readonly api: ApiServer;
  /** Whether machines are instances of a cloud, whose own controllers see to their Nodes. */
  readonly hasCloud: boolean;
}

export function createNodePoolController(environment: NodePoolEnvironment): Component {
  return new NodePoolController(environment);
}

class NodePoolController implements Component {
  readonly name = NAME;
  private readonly simulation: Simulation;
  private readonly hasCloud: boolean;
  private readonly client: Client;
  private readonly cursor: WatchCursor;
  /** Pools whose drains have a timer. */
  private readonly draining = new Set<string>();
  /** By pool, when the machines that are ordered will be there, the earliest first. */
  private readonly orders = new Map<string, readonly number[]>();

  constructor({ simulation, api, hasCloud }: NodePoolEnvironment) {
    this.simulation = simulation;
    this.hasCloud = hasCloud;
    this.client = new Client(api, USER.name, USER.groups, NAME);
    this.cursor = new WatchCursor(api.store, NAME, [FAULTS, NODEPOOLS, NODES]);
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
    if (type === ARRIVAL) pools.add(payload as string);
    if (type === REPLACE) for (const name of payload as readonly string[]) this.replace(name, pools);
    for (const change of this.cursor.poll(FAULTS)) {
      if (hasEnded(change)) for (const name of this.orders.keys()) pools.add(name);
      const lost = hasBegun(change) ? lostTo(this.client, change.object as Fault) : [];
      if (lost.length > 0)
        this.simulation.schedule({ at: this.simulation.now() + REPLACEMENT_MS, component: NAME, type: REPLACE, payload: lost });
    }
    for (const change of this.cursor.poll(NODEPOOLS)) pools.add(change.object.metadata.name ?? '');
    for (const { type, object } of this.cursor.poll(NODES)) {
      const pool = object.metadata.labels?.[POOL_LABEL];
      if (pool !== undefined && type !== 'MODIFIED') pools.add(pool);
    }
    for (const name of pools) {
      const pool = this.client.get(NODEPOOLS, '', name);
      if (pool !== undefined && pool.metadata.deletionTimestamp === undefined) this.reconcile(pool);
      else this.orders.delete(name);
    }
  }

  checkpoint(): Json {
    return { cursor: this.cursor.checkpoint(), draining: [...this.draining], orders: [...this.orders] };
  }

  restore(state: Json): void {
    const {
      cursor,
      draining,
      orders = [],
    } = state as {
      readonly cursor: Json;
      readonly draining: readonly string[];
      readonly orders?: readonly [string, readonly number[]][];
    };
    this.cursor.restore(cursor);
    this.draining.clear();
    for (const name of draining) this.draining.add(name);
    this.orders.clear();
    for (const [name, times] of orders) this.orders.set(name, times);
  }

  private reconcile(pool: NodePool): void {
    const name = pool.metadata.name ?? '';
    const nodes = machinesOf(this.client, name);
    const orders = this.orders.get(name) ?? [];
    const wanted = targetSize(pool, nodes.length + orders.length);
    const missing = this.startMachines(pool, this.order(pool, orders, wanted - nodes.length));
    const leaving = surplus(pool, nodes, wanted);
    for (const node of nodes) if (!leaving.includes(node)) keep(this.client, node);
    const waiting = leaving.filter((node) => !this.takeAway(node)).map(({ metadata }) => metadata.name ?? '');
    if (waiting.length > 0 && !this.draining.has(name)) {
      this.draining.add(name);
      this.simulation.schedule({ at: this.simulation.now() + DRAIN_RETRY_MS, component: NAME, type: DRAIN, payload: name });
    }
    const count = machinesOf(this.client, name).length;
    const message = missing > 0 ? NO_ZONE : waiting.length === 0 ? undefined : `draining ${waiting.join(', ')}`;
    this.client.modify(
      NODEPOOLS,
      '',
      name,
      (copy) => {
        const { message: _message, pending: _pending, ...status } = copy.status ?? {};
        const pending = this.orders.get(name)?.length;
        copy.status = {
          ...status,
          nodes: count,
          ...(pending === undefined ? {} : { pending }),
          ...(message === undefined ? {} : { message }),
        };
      },
      'status',
    );
  }

  /**
   * Orders the machines that are missing and cancels the last ones that are too many. The first machines of a pool are there at once.
   * @returns how many have arrived
   */
  private order(pool: NodePool, before: readonly number[], missing: number): number {
    const name = pool.metadata.name ?? '';
    const now = this.simulation.now();
    const delayMs = pool.status?.nodes === undefined ? 0 : provisioningDelayMs(pool);
    const orders = before.slice(0, Math.max(0, missing));
    while (orders.length < missing) orders.push(now + delayMs);
    const waiting = orders.filter((at) => at > now);
    if (waiting.length === 0) this.orders.delete(name);
    else this.orders.set(name, waiting);
    for (const at of new Set(waiting.filter((at) => !before.includes(at))))
      this.simulation.schedule({ at, component: NAME, type: ARRIVAL, payload: name });
    return orders.length - waiting.length;
  }

  /**
   * Starts machines with the lowest free numbers; one that would be off at once, by its name or its zone, is passed over.
   * @returns how many could not be started: they are ordered still
   */
  private startMachines(pool: NodePool, count: number): number {
    const name = pool.metadata.name ?? '';
    const faults = count > 0 ? faultsOff(this.client) : [];
    // Each fault may switch off one number, or each number of a zone.
    let passes = (faults.length + 1) * ((pool.spec?.zones ?? []).length + 1);
    let left = count;
    for (let index = 1; left > 0 && passes > 0; index++) {
      const nodeName = machineName(pool, index);
      if (this.client.get(NODES, '', nodeName) !== undefined) continue;
      const made = machine(pool, nodeName, index);
      if (isSwitchedOff(faults, made as Node)) passes--;
      else {
        left--;
        this.client.create(NODES, this.hasCloud ? instanceOf(made, this.simulation.now()) : made);
      }
    }
    if (left > 0) this.orders.set(name, [...Array.from({ length: left }, () => this.simulation.now()), ...(this.orders.get(name) ?? [])]);
    return left;
  }

  /** Ends an instance that is still off; as it is no more, the group orders another one. What becomes of its Node is the cloud's business. */
  private replace(name: string, pools: Set<string>): void {
    const node = this.client.get(NODES, '', name);
    if (node === undefined || !isSwitchedOff(faultsOff(this.client), node)) return;
    if (this.hasCloud)
      this.client.modify(NODES, '', name, ({ metadata }) => void ((metadata.annotations ??= {})[INSTANCE_ANNOTATION] = TERMINATED));
    else this.client.delete(NODES, '', name);
    pools.add(node.metadata.labels?.[POOL_LABEL] ?? '');
  }

  /** True when the node is gone; false while Pods are still to leave it. */
  private takeAway(node: Node): boolean {
    if (drain(this.client, USER, node) > 0) return false;
    this.client.delete(NODES, '', node.metadata.name ?? '');
    return true;
  }
}

const AUTOSCALED_DELAY_MS = 60_000;

function provisioningDelayMs({ spec }: NodePool): number {
  const given = spec?.provisioningDelay === undefined ? undefined : parseDuration(spec.provisioningDelay);
  return given ?? (spec?.max === undefined ? 0 : AUTOSCALED_DELAY_MS);
}

/** The nodes with the highest numbers go first. */
function surplus(pool: NodePool, nodes: readonly Node[], wanted: number): readonly Node[] {
  const number = (node: Node): number => machineIndex(pool, node.metadata.name ?? '');
  return nodes.toSorted((a, b) => number(a) - number(b)).slice(wanted);
}
