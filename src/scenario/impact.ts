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

export interface Impact {
  readonly fault: string;
  readonly type: string;
  /** Virtual milliseconds since the story's begin. */
  readonly fromMs: number;
  /** When the fault was over, likewise; undefined: it is not. */
  readonly overMs: number | undefined;
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
  readonly dips: Readonly<Record<Gauge, { readonly before: number; least: number; after: number }>>;
  readonly budgets: ReadonlyMap<string, { readonly before: number; least: number }>;
  /** Requests since it began. */
  readonly since: { sent: number; failed: number };
  recoveredAt: number | undefined;
  overAt: number | undefined;
}

/** The objects that there are when counting begins. */
interface Objects {
  list(resource: string): readonly KubeObject[];
}

/** So long after the end of a fault, and after all was as before, what else happens is none of its doing any more. */
const AFTERMATH_MS = 120_000;

type Gauge = 'readyPods' | 'readyNodes' | 'milliCpu';
const GAUGES: readonly Gauge[] = ['readyPods', 'readyNodes', 'milliCpu'];

export class Impacts {
  private readonly beganAt: number;
  private readonly gauges: Record<Gauge, number> = { readyPods: 0, readyNodes: 0, milliCpu: 0 };
  private readonly budgets = new Map<string, number>();
  private readonly following: Following[] = [];
  /** Those whose counts still go on. */
  private open: readonly Following[] = [];

  /** @param beganAt virtual milliseconds since 1970 */
  constructor(objects: Objects, beganAt: number) {
    this.beganAt = beganAt;
    for (const resource of ['pods', 'nodes']) for (const object of objects.list(resource)) this.count(resource, object, 1);
    for (const budget of objects.list(BUDGETS)) this.budgets.set(keyOf(budget), roomOf(budget));
  }

  see({ type, resource, key, object, previous, at }: Revision): void {
    if (this.open.some((each) => isPast(each, at))) this.open = this.open.filter((each) => !isPast(each, at));
    if (resource === 'pods' || resource === 'nodes') {
      if (previous !== undefined) this.count(resource, previous, -1);
      if (type !== 'DELETED') this.count(resource, object, 1);
      for (const each of this.open) this.note(each, at);
    } else if (resource === BUDGETS) {
      this.budgets.set(key, roomOf(object));
      for (const { budgets } of this.open) {
        const room = budgets.get(key);
        if (room !== undefined) room.least = Math.min(room.least, roomOf(object));
      }
    } else if (resource === LOADS) {
      if (type !== 'DELETED') this.request(object as Load, previous as Load | undefined);
    } else if (resource === 'faults.kubepad.dev') {
      const was = (previous as Fault | undefined)?.status?.phase === 'Active';
      const is = type !== 'DELETED' && (object as Fault).status?.phase === 'Active';
      if (is && !was) this.begin(object as Fault, at);
      if (was && !is) this.end(object, at);
    }
  }

  report(): readonly Impact[] {
    return this.following.map(({ fault, type, at, overAt, dips, budgets, since, recoveredAt }) => ({
      fault,
      type,
      fromMs: at - this.beganAt,
      overMs: overAt === undefined ? undefined : overAt - this.beganAt,
      readyPods: { ...dips.readyPods },
      readyNodes: { ...dips.readyNodes },
      milliCpu: { ...dips.milliCpu },
      budgets: [...budgets].map(([name, room]) => ({ name, ...room })),
      recoveredAfterMs: recoveredAt === undefined ? undefined : recoveredAt - at,
      requests: { sent: since.sent, lost: since.failed },
    }));
  }

  private begin({ metadata, spec }: Fault, at: number): void {
    const dip = (gauge: Gauge) => ({ before: this.gauges[gauge], least: this.gauges[gauge], after: this.gauges[gauge] });
    const following: Following = {
      fault: metadata.name ?? '',
      type: spec?.type ?? '',
      at,
      dips: { readyPods: dip('readyPods'), readyNodes: dip('readyNodes'), milliCpu: dip('milliCpu') },
      budgets: new Map([...this.budgets].map(([name, room]) => [name, { before: room, least: room }])),
      since: { sent: 0, failed: 0 },
      recoveredAt: at,
      overAt: undefined,
    };
    this.following.push(following);
    this.open = [...this.open, following];
  }

  private end({ metadata }: KubeObject, at: number): void {
    for (const each of this.open) if (each.fault === metadata.name) each.overAt ??= at;
  }

  private note(following: Following, now: number): void {
    for (const gauge of GAUGES) {
      const dip = following.dips[gauge];
      dip.after = this.gauges[gauge];
      dip.least = Math.min(dip.least, dip.after);
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

  private request({ status }: Load, before: Load | undefined): void {
    const sent = (status?.sent ?? 0) - (before?.status?.sent ?? 0);
    const failed = (status?.failed ?? 0) - (before?.status?.failed ?? 0);
    for (const { since } of this.open) {
      since.sent += sent;
      since.failed += failed;
    }
  }
}

function isPast({ overAt, recoveredAt }: Following, at: number): boolean {
  return overAt !== undefined && recoveredAt !== undefined && at - Math.max(overAt, recoveredAt) >= AFTERMATH_MS;
}

const BUDGETS = 'poddisruptionbudgets.policy';
const LOADS = 'loads.kubepad.dev';

function isReady(object: KubeObject): boolean {
  const { metadata, status } = object as Pod | Node;
  if (metadata.deletionTimestamp !== undefined) return false;
  return (status?.conditions ?? []).some(({ type, status: value }) => type === 'Ready' && value === 'True');
}

function roomOf(budget: KubeObject): number {
  return (budget as PodDisruptionBudget).status?.disruptionsAllowed ?? 0;
}
