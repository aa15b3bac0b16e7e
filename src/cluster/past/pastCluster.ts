/**
 * The API server of one revision of the past: it answers reads as it would have done then.
 * Invariant: nothing can be written; to go to another revision costs the objects that differ; the cluster itself does not notice.
 * Counterpart: none; an API server on a snapshot of etcd comes closest.
 */
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import type { ApiServer } from '../../apiserver/apiServer.ts';
import type { Revision } from '../../apiserver/storage/revision.ts';
import { Store, type StoreKernel } from '../../apiserver/storage/store.ts';
import type { Cluster } from '../cluster.ts';
import type { Change, Record } from './view.ts';

/** What can be looked at of a cluster, whether it is the present one or one of the past. */
export interface Looked extends Pick<Cluster, 'options' | 'api'> {
  readonly simulation: Pick<Cluster['simulation'], 'now'>;
  readonly scheduler: Pick<Cluster['scheduler'], 'attempts'>;
}

/** What is known of the past. */
export interface PastRecord extends Record {
  /** The oldest revision that is known. */
  readonly first: number;
  entry(revision: number): Revision | undefined;
  /** When a revision was written, virtual milliseconds since 1970. */
  timeOf(revision: number): number;
}

export class PastCluster implements Looked {
  readonly options: Looked['options'];
  readonly api: ApiServer;
  readonly simulation: Looked['simulation'];
  readonly scheduler: Looked['scheduler'];
  private readonly store: PastStore;

  /** Shows the present until it is moved. */
  constructor(cluster: Cluster, record: PastRecord) {
    let made: PastStore | undefined;
    this.api = cluster.apiTwin((kernel) => (made = new PastStore(kernel, record, cluster.api.store.revision)));
    if (made === undefined) throw new Error('the twin was made without its store');
    const store = made;
    this.store = store;
    this.options = cluster.options;
    this.simulation = { now: () => record.timeOf(store.revision) };
    this.scheduler = {
      attempts: (uid) => {
        const now = this.simulation.now();
        return cluster.scheduler.attempts(uid).filter(({ at }) => at <= now);
      },
    };
  }

  /** @param changes all objects that differ between the revision that was shown and this one */
  move(revision: number, changes: readonly Change[]): void {
    this.store.move(revision, changes);
  }
}

class PastStore extends Store {
  private readonly record: PastRecord;
  private shown: number;

  constructor(kernel: StoreKernel, record: PastRecord, shown: number) {
    super(kernel);
    this.record = record;
    this.shown = shown;
  }

  override get revision(): number {
    return this.shown;
  }

  move(revision: number, changes: readonly Change[]): void {
    this.shown = revision;
    for (const { resource, key, after } of changes) this.place(resource, key, after);
  }

  override at(revision: number, resource?: string): Revision | undefined {
    const entry = revision > this.shown ? undefined : this.record.entry(revision);
    return resource === undefined || entry?.resource === resource ? entry : undefined;
  }

  override since(resource: string, revision: number): readonly Revision[] | undefined {
    if (revision < this.record.first) return undefined;
    return this.record.between(revision, this.shown).filter((entry) => entry.resource === resource);
  }

  override lastOf(resource: string, key: string): Revision | undefined {
    const { record } = this;
    for (let revision = this.shown; revision > record.first; revision--) {
      const entry = record.entry(revision);
      if (entry?.key === key && entry.resource === resource) return entry;
    }
    return undefined;
  }

  /** Of the revision that is shown only. */
  override listAt(resource: string, revision: number): readonly KubeObject[] | undefined {
    return revision === this.shown ? this.list(resource) : undefined;
  }

  override compactedRevision(): number {
    return this.record.first;
  }

  override write(): never {
    throw new Error('the past cannot be changed');
  }
}
