/**
 * What a fault did: how much was lost, what budgets had left, when all was as before, which requests were lost.
 * Invariant: counts by writes, without walking the cluster; the cluster does not notice. Counterpart: none; an incident's report.
 */
import type { Load } from '../api/kubepad/load/types.ts';
import type { Fault } from '../api/kubepad/types.ts';
import type { Node, Pod } from '../api/schema/types/core/v1.ts';
import type { PodDisruptionBudget } from '../api/schema/types/policy/v1.ts';
import { keyOf, type KubeObject } from '../apimachinery/meta/resource.ts';
import { milliValue } from '../apimachinery/quantity/quantity.ts';
import type { Revision } from '../apiserver/storage/revision.ts';
import type { Cluster } from '../cluster/cluster.ts';

export interface Impact {
  readonly fault: string;
  readonly type: string;
  /** Virtual milliseconds since the story's begin. */
  readonly fromMs: number;
  readonly readyPods: Dip;
  readonly readyNodes: Dip;
  /** CPU of the ready nodes, thousandths of a core. */
  readonly milliCpu: Dip;
  /** How many Pods each budget would have let go at the worst moment. */
  readonly budgets: readonly { readonly name: string; readonly before: number; readonly least: number }[];
  /** From the fault's begin until as many Pods were ready as before, for good; undefined: never. */
  readonly recoveredAfterMs: number | undefined;
  readonly requests: { readonly sent: number; readonly lost: number };
}

export interface Dip {
  readonly before: number;
  readonly least: number;
  readonly after: number;
}

interface Following {
  readonly fault: string;
  readonly type: string;
  readonly at: number;
  readonly dips: Readonly<Record<Gauge, { readonly before: number; least: number }>>;
  readonly budgets: ReadonlyMap<string, { readonly before: number; least: number }>;
  readonly requests: { readonly sent: number; readonly failed: number };
  recoveredAt: number | undefined;
}

type Gauge = 'readyPods' | 'readyNodes' | 'milliCpu';
const GAUGES: readonly Gauge[] = ['readyPods', 'readyNodes', 'milliCpu'];

export class Impacts {
  private readonly cluster: Cluster;
  private readonly beganAt: number;
  private readonly gauges: Record<Gauge, number> = { readyPods: 0, readyNodes: 0, milliCpu: 0 };
  private readonly budgets = new Map<string, number>();
  private readonly following: Following[] = [];

  constructor(cluster: Cluster) {
    this.cluster = cluster;
    this.beganAt = cluster.simulation.now();
    const { store } = cluster.api;
    for (const resource of ['pods', 'nodes']) for (const object of store.list(resource)) this.count(resource, object, 1);
    for (const budget of store.list(BUDGETS)) this.budgets.set(keyOf(budget), roomOf(budget));
  }

  see({ type, resource, key, object, previous }: Revision): void {
    const now = this.cluster.simulation.now();
    if (resource === 'pods' || resource === 'nodes') {
      if (previous !== undefined) this.count(resource, previous, -1);
      if (type !== 'DELETED') this.count(resource, object, 1);
      for (const each of this.following) this.note(each, now);
    } else if (resource === BUDGETS) {
      this.budgets.set(key, roomOf(object));
      for (const { budgets } of this.following) {
        const room = budgets.get(key);
        if (room !== undefined) room.least = Math.min(room.least, roomOf(object));
      }
    } else if (resource === 'faults.kubepad.dev' && type !== 'DELETED') {
      const isNew = (object as Fault).status?.phase === 'Active' && (previous as Fault | undefined)?.status?.phase !== 'Active';
      if (isNew) this.begin(object as Fault, now);
    }
  }

  report(): readonly Impact[] {
    return this.following.map(({ fault, type, at, dips, budgets, requests, recoveredAt }) => {
      const dipOf = (gauge: Gauge): Dip => ({ before: dips[gauge].before, least: dips[gauge].least, after: this.gauges[gauge] });
      const { sent, failed } = this.requests();
      return {
        fault,
        type,
        fromMs: at - this.beganAt,
        readyPods: dipOf('readyPods'),
        readyNodes: dipOf('readyNodes'),
        milliCpu: dipOf('milliCpu'),
        budgets: [...budgets].map(([name, room]) => ({ name, ...room })),
        recoveredAfterMs: recoveredAt === undefined ? undefined : recoveredAt - at,
        requests: { sent: sent - requests.sent, lost: failed - requests.failed },
      };
    });
  }

  private begin({ metadata, spec }: Fault, at: number): void {
    const dip = (gauge: Gauge) => ({ before: this.gauges[gauge], least: this.gauges[gauge] });
    this.following.push({
      fault: metadata.name ?? '',
      type: spec?.type ?? '',
      at,
      dips: { readyPods: dip('readyPods'), readyNodes: dip('readyNodes'), milliCpu: dip('milliCpu') },
      budgets: new Map([...this.budgets].map(([name, room]) => [name, { before: room, least: room }])),
      requests: this.requests(),
      recoveredAt: at,
    });
  }

  private note(following: Following, now: number): void {
    for (const gauge of GAUGES) {
      const dip = following.dips[gauge];
      dip.least = Math.min(dip.least, this.gauges[gauge]);
    }
    const isWhole = this.gauges.readyPods >= following.dips.readyPods.before;
    if (!isWhole) following.recoveredAt = undefined;
    else following.recoveredAt ??= now;
  }

  private count(resource: string, object: KubeObject, by: number): void {
    if (!isReady(object)) return;
    if (resource === 'pods') {
      this.gauges.readyPods += by;
      return;
    }
    this.gauges.readyNodes += by;
    this.gauges.milliCpu += by * milliValue((object as Node).status?.allocatable?.['cpu']);
  }

  private requests(): { readonly sent: number; readonly failed: number } {
    let [sent, failed] = [0, 0];
    for (const { status } of this.cluster.api.store.list('loads.kubepad.dev') as readonly Load[]) {
      sent += status?.sent ?? 0;
      failed += status?.failed ?? 0;
    }
    return { sent, failed };
  }
}

const BUDGETS = 'poddisruptionbudgets.policy';

function isReady(object: KubeObject): boolean {
  const { metadata, status } = object as Pod | Node;
  if (metadata.deletionTimestamp !== undefined) return false;
  return (status?.conditions ?? []).some(({ type, status: value }) => type === 'Ready' && value === 'True');
}

function roomOf(budget: KubeObject): number {
  return (budget as PodDisruptionBudget).status?.disruptionsAllowed ?? 0;
}
