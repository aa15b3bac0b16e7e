/**
 * What an apply leads to in a fork of the cluster: which objects it makes other ones, in which order, and who warned of what.
 * Invariant: listens and never writes; a write counts as a consequence if the chain of its causes, or its owners, lead to the apply.
 * Counterpart: none in Kubernetes; an audit log that knows why.
 */
import type { Event as CoreEvent } from '../../../api/schema/types/core/v1.ts';
import type { KubeObject } from '../../../apimachinery/meta/resource.ts';
import type { Revision } from '../../../apiserver/storage/revision.ts';
import type { Store } from '../../../apiserver/storage/store.ts';
import type { Disposable } from '../../../base/lifecycle.ts';

/** An object that the apply changed, itself or by what followed. */
export interface Touched {
  readonly resource: string;
  readonly before: KubeObject | undefined;
  /** Undefined: it is gone. */
  readonly after: KubeObject | undefined;
}

/** How many Pods of a workload were available, from when on. */
export interface CapacityStep {
  readonly at: number;
  readonly available: number;
}

export interface Warning {
  readonly reason: string;
  readonly message: string;
}

/** Written all the time and read by nobody who wants to know what an apply comes to. */
const NOISE: ReadonlySet<string> = new Set([
  'events',
  'events.events.k8s.io',
  'leases.coordination.k8s.io',
  'endpoints',
  'clocks.kubepad.dev',
  'csinodes.storage.k8s.io',
  'pods.metrics.k8s.io',
]);

const WORKLOADS: ReadonlySet<string> = new Set(['deployments.apps', 'statefulsets.apps', 'daemonsets.apps']);

export class Recorder implements Disposable {
  readonly touched = new Map<string, Touched>();
  /** Of workloads by resource and key. */
  readonly capacity = new Map<string, CapacityStep[]>();
  private readonly warned = new Map<string, Map<string, Warning>>();
  private readonly onConsequence: (revision: Revision) => void;
  private readonly ours = new Set<number>();
  private readonly made = new Set<string>();
  private readonly subscription: Disposable;
  private applying = false;

  /** @param onConsequence told of every write that follows from the apply, but for those that say nothing */
  constructor(store: Store, onConsequence: (revision: Revision) => void) {
    this.onConsequence = onConsequence;
    this.subscription = store.onRevision((revision) => this.note(revision));
  }

  /** What is written meanwhile is the apply itself. */
  async during<T>(apply: () => Promise<T>): Promise<T> {
    this.applying = true;
    try {
      return await apply();
    } finally {
      this.applying = false;
    }
  }

  /** The last warning of each reason about an object, oldest reason first. */
  warnings(uid: string | undefined): readonly Warning[] {
    return uid === undefined ? [] : [...(this.warned.get(uid)?.values() ?? [])];
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private note(revision: Revision): void {
    const { resource, object, key } = revision;
    if (resource === 'events') this.noteEvent(object as CoreEvent);
    const id = `${resource} ${key}`;
    if (!this.isOurs(revision, id)) return;
    this.ours.add(revision.revision);
    if (NOISE.has(resource)) return;
    if (object.metadata.uid !== undefined) this.made.add(object.metadata.uid);
    const known = this.touched.get(id);
    const after = revision.type === 'DELETED' ? undefined : object;
    this.touched.set(id, { resource, before: known === undefined ? revision.previous : known.before, after });
    if (WORKLOADS.has(resource)) this.noteCapacity(id, revision);
    this.onConsequence(revision);
  }

  /** Wake-ups of one instant are merged under the first one's cause, so that whose child an object is counts as well. */
  private isOurs({ cause, type, object }: Revision, id: string): boolean {
    if (cause === undefined ? this.applying : this.ours.has(cause)) return true;
    const known = this.touched.get(id);
    if (known !== undefined && (known.before === undefined || type === 'DELETED')) return true;
    return object.metadata.ownerReferences?.some(({ uid, controller }) => controller === true && this.made.has(uid)) === true;
  }

  private noteCapacity(id: string, { at, object, previous }: Revision): void {
    let steps = this.capacity.get(id);
    if (steps === undefined) this.capacity.set(id, (steps = [{ at, available: previous === undefined ? 0 : availableOf(previous) }]));
    const available = availableOf(object);
    if (steps.at(-1)?.available !== available) steps.push({ at, available });
  }

  private noteEvent({ type, reason = '', message = '', involvedObject: { uid } }: CoreEvent): void {
    if (uid === undefined || (type !== 'Warning' && reason !== 'Killing')) return;
    let known = this.warned.get(uid);
    if (known === undefined) this.warned.set(uid, (known = new Map()));
    known.delete(reason);
    known.set(reason, { reason, message });
  }
}

export function availableOf(object: KubeObject): number {
  const { status } = object as { readonly status?: { readonly availableReplicas?: number; readonly numberAvailable?: number } };
  return status?.availableReplicas ?? status?.numberAvailable ?? 0;
}
