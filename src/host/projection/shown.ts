/**
 * What the lists on the screen show: the cluster as it is, or as it was at one revision.
 * Invariant: they are told of each difference as of a write, so going through time costs what was written in between.
 * Counterpart: none.
 */
import { Emitter } from '../../base/emitter.ts';
import { DisposableStore, type Disposable } from '../../base/lifecycle.ts';
import type { Revision } from '../../apiserver/storage/revision.ts';
import type { Store } from '../../apiserver/storage/store.ts';
import type { Past } from '../../cluster/past/past.ts';
import type { PastCluster } from '../../cluster/past/pastCluster.ts';
import { PastView, type Change } from '../../cluster/past/view.ts';
import type { ObjectSource } from './groups.ts';

export class Shown implements Disposable {
  private readonly store: Store;
  private readonly past: Past;
  private readonly changed: (entry: Revision) => void;
  private readonly subscriptions = new DisposableStore();
  private readonly moving = new Emitter<readonly Change[]>();
  /** Another revision is shown: these objects are others now. */
  readonly onDidMove = this.moving.event;
  private view: PastView | undefined;
  /** Made when somebody looks at more than the lists do. */
  private opened: PastCluster | undefined;
  /** Always the objects that are shown, whichever these are. */
  readonly source: ObjectSource = {
    get: (resource, key) => (this.view ?? this.store).get(resource, key),
    list: (resource, namespace) => (this.view ?? this.store).list(resource, namespace),
    count: (resource) => (this.view ?? this.store).count(resource),
  };

  constructor(store: Store, past: Past, changed: (entry: Revision) => void) {
    this.store = store;
    this.past = past;
    this.changed = changed;
    this.subscriptions.add(store.onRevision((entry) => (this.view === undefined ? changed(entry) : this.view.take(entry))));
    this.subscriptions.add(
      past.onWillForget((first) => {
        if (this.view !== undefined && this.view.revision < first) this.show(first);
      }),
    );
  }

  /** Undefined: the present. */
  get revision(): number | undefined {
    return this.view?.revision;
  }

  /** The past that is shown, for whoever reads objects, their history or what an index finds; undefined: the present is shown. */
  get cluster(): PastCluster | undefined {
    const { view, past, store } = this;
    if (view === undefined || this.opened !== undefined) return this.opened;
    const opened = past.open();
    opened.move(view.revision, new PastView(store, past, store.revision).move(view.revision));
    return (this.opened = opened);
  }

  /** @param revision undefined: the present, which goes on; one that is forgotten or not there yet: the nearest that is known */
  show(revision: number | undefined): void {
    if (revision === undefined && this.view === undefined) return;
    const { past, store } = this;
    this.view ??= new PastView(store, past, store.revision);
    const changes = this.view.move(revision === undefined ? store.revision : Math.min(Math.max(revision, past.first), store.revision));
    if (revision === undefined) {
      this.view = undefined;
      this.opened = undefined;
    }
    this.opened?.move(this.view?.revision ?? store.revision, changes);
    this.moving.fire(changes);
    for (const change of changes) this.changed(asRevision(change, this.revision ?? store.revision));
  }

  dispose(): void {
    this.subscriptions.dispose();
  }
}

/** Nobody has written it: there is no actor and no moment. */
function asRevision({ resource, key, before, after }: Change, revision: number): Revision {
  const type = after === undefined ? 'DELETED' : before === undefined ? 'ADDED' : 'MODIFIED';
  const object = (after ?? before) as Revision['object'];
  return { revision, type, resource, key, object, previous: before, at: 0, actor: '', verb: '', cause: undefined };
}
