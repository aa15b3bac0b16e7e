/**
 * What a cluster has been: its last revisions in one row, and now and then a checkpoint from which the run can be repeated.
 * Invariant: recording costs a write one entry; what is kept is bounded, the oldest goes first; nothing here changes the cluster.
 * Counterpart: none in Kubernetes, where etcd forgets old revisions after five minutes.
 */
import { jsonEqual, type Json, type JsonObject } from '../../base/json.ts';
import { Emitter } from '../../base/emitter.ts';
import { DisposableStore, type Disposable } from '../../base/lifecycle.ts';
import { ownersOf } from '../../apiserver/storage/managed.ts';
import type { Revision } from '../../apiserver/storage/revision.ts';
import type { Store } from '../../apiserver/storage/store.ts';
import { Cluster, type ClusterCheckpoint } from '../cluster.ts';
import { PastCluster } from './pastCluster.ts';
import { PastView, type Present } from './view.ts';
import { weightOfCheckpoint, Weights } from './weight.ts';

export interface PastOptions {
  /** How many revisions are kept before the oldest quarter is forgotten. */
  readonly limit?: number;
  /** How much memory they may hold on to, bytes, likewise. */
  readonly budget?: number;
  /** Revisions between two checkpoints; more in a large cluster, as each checkpoint costs its objects once. */
  readonly checkpointEvery?: number;
}

/** Where the simulation stood when a revision was written. */
interface Position {
  /** Events handled, with the one that made the write if it was an event's own doing. */
  readonly events: number;
  readonly time: number;
}

/** A write from outside, which a repeated run does not make by itself. */
interface Input extends Position {
  readonly entry: Revision;
  /** The API server's streams of chance after the write. */
  readonly streams: JsonObject;
}

interface Anchor {
  readonly revision: number;
  readonly checkpoint: ClusterCheckpoint;
  readonly bytes: number;
}

export interface PastFork {
  readonly cluster: Cluster;
  /**
   * Whether the run could be repeated: the fork has then the very memory that the cluster had. If not (it began in an earlier
   * process, or somebody worked in a container), it has the objects of that revision, and its parts started anew on them.
   */
  readonly exact: boolean;
}

const LIMIT = 120_000;
const BUDGET = 256 * 2 ** 20;
/** The streams of chance, with a write from outside. */
const INPUT_BYTES = 600;
const CHECKPOINT_EVERY = 2_000;
const MAX_ANCHORS = 64;
/** Revisions that are repeated while a person waits: a few tenths of a second. */
const NEAR = 4_000;
/** The streams that requests from outside draw from. */
const INPUT_STREAMS = 'apiserver/';

export class Past implements Disposable {
  private readonly cluster: Cluster;
  private readonly limit: number;
  private readonly budget: number;
  private readonly weighing = new Weights();
  /** Of each entry. */
  private weights: number[];
  private weight: number;
  private readonly checkpointEvery: number;
  private readonly subscriptions = new DisposableStore();
  /** One for each revision from `first` on, without a gap. */
  private entries: Revision[];
  /** Of the entries that were seen as they were written; those at the end of `entries`. */
  private positions: Position[] = [];
  private inputs: Input[] = [];
  private anchors: Anchor[] = [];
  private outsideActs: number;
  private readonly forgetting = new Emitter<number>();
  /** Revisions before this one will be forgotten now: who shows one of them goes on to it first. */
  readonly onWillForget = this.forgetting.event;

  constructor(cluster: Cluster, options: PastOptions = {}) {
    this.cluster = cluster;
    this.limit = options.limit ?? LIMIT;
    this.budget = options.budget ?? BUDGET;
    this.checkpointEvery = options.checkpointEvery ?? CHECKPOINT_EVERY;
    this.entries = recordedBy(cluster.api.store).slice(-this.limit);
    this.weights = this.entries.map((entry) => this.weighing.of(entry));
    this.weight = sumOf(this.weights);
    this.outsideActs = cluster.kubelets.worlds.outsideActs;
    this.anchor();
    this.subscriptions.add(cluster.api.store.onRevision((entry) => this.take(entry)));
  }

  get present(): Present {
    return this.cluster.api.store;
  }

  /** The oldest revision of which the objects are known: the one before the first entry. */
  get first(): number {
    return this.last - this.entries.length;
  }

  /** The newest revision. */
  get last(): number {
    return this.cluster.api.store.revision;
  }

  /** Memory that the record holds on to, bytes: an estimate. */
  get bytes(): number {
    return this.weight + this.anchorBytes;
  }

  /** When the oldest known revision was overtaken, virtual milliseconds since 1970. */
  get begin(): number {
    return this.entries[0]?.at ?? this.cluster.simulation.now();
  }

  /** The write that made a revision; undefined if it is forgotten, or not made yet. */
  entry(revision: number): Revision | undefined {
    return this.entries[revision - this.first - 1];
  }

  /** Writes after one revision up to and including another, oldest first. */
  between(after: number, upTo: number): readonly Revision[] {
    const { first } = this;
    return this.entries.slice(Math.max(0, after - first), Math.max(0, upTo - first));
  }

  /** The last revision that was there at a moment. @param at virtual milliseconds since 1970 */
  at(at: number): number {
    const { entries } = this;
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((entries[middle]?.at ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return this.first + low;
  }

  /** When a revision was written; of one that is forgotten, when the oldest known one was overtaken. Virtual milliseconds since 1970. */
  timeOf(revision: number): number {
    return this.entry(revision)?.at ?? this.begin;
  }

  /** An API server that can be moved through the past; it shows the present yet. */
  open(): PastCluster {
    return new PastCluster(this.cluster, this);
  }

  /** Makes a checkpoint if one is due. Call it between two events, when there is time. */
  tick(): void {
    const last = this.anchors.at(-1);
    const { outsideActs } = this.cluster.kubelets.worlds;
    const due = last === undefined || this.last - last.revision >= this.interval() || outsideActs !== this.outsideActs;
    if (due && !this.cluster.simulation.dispatching) this.anchor();
  }

  /** A second cluster that goes on by itself from the end of the act that wrote a revision; undefined: that is forgotten. */
  fork(revision: number): PastFork | undefined {
    const { cluster, first, last } = this;
    if (revision < first || revision > last) return undefined;
    if (revision === last) return { cluster: cluster.fork(), exact: true };
    const exact = this.repeat(revision);
    return exact === undefined ? { cluster: this.restartAt(revision), exact: false } : { cluster: exact, exact: true };
  }

  /** Whether what ran in containers at a revision can be had again while a person waits; that it really can, only `still` knows. */
  isNear(revision: number): boolean {
    if (revision === this.last) return true;
    const anchor = this.anchors.findLast((each) => each.revision <= revision);
    return anchor !== undefined && revision - anchor.revision <= NEAR;
  }

  /** The very cluster of a revision, to look at: it stands still. Undefined: its run is too long, or cannot be repeated. */
  still(revision: number): Cluster | undefined {
    if (revision < this.first || revision > this.last || !this.isNear(revision)) return undefined;
    return revision === this.last ? this.cluster.fork() : this.repeat(revision);
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private take(entry: Revision): void {
    const { simulation } = this.cluster;
    const position = { events: simulation.eventsHandled, time: simulation.now() };
    this.entries.push(entry);
    this.positions.push(position);
    if (!simulation.dispatching) this.inputs.push({ ...position, entry, streams: simulation.streamStates(INPUT_STREAMS) });
    const weight = this.weighing.of(entry) + (simulation.dispatching ? 0 : INPUT_BYTES);
    this.weights.push(weight);
    this.weight += weight;
    if (this.entries.length > this.limit || this.weight > (this.budget * 2) / 3) this.forget(Math.ceil(this.entries.length / 4));
  }

  private forget(count: number): void {
    this.forgetting.fire(this.first + count);
    this.entries = this.entries.slice(count);
    this.weights = this.weights.slice(count);
    this.weight = sumOf(this.weights);
    this.positions = this.positions.slice(-this.entries.length);
    const { first } = this;
    const from = this.anchors.findLastIndex(({ revision }) => revision <= first);
    this.anchors = this.anchors.slice(Math.max(0, from));
    const base = this.anchors[0]?.revision ?? first;
    this.inputs = this.inputs.filter(({ entry }) => entry.revision > base);
  }

  private get anchorBytes(): number {
    return this.anchors.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  private anchor(): void {
    const { cluster, anchors } = this;
    const checkpoint = cluster.checkpoint();
    anchors.push({
      revision: this.last,
      checkpoint,
      bytes: weightOfCheckpoint(checkpoint, (resource) => cluster.api.store.count(resource)),
    });
    this.outsideActs = cluster.kubelets.worlds.outsideActs;
    // Every other one goes: the run between the rest is longer then, and nothing is lost but time.
    const many = anchors.length > MAX_ANCHORS || this.anchorBytes > this.budget / 3;
    if (many && anchors.length > 2) this.anchors = anchors.filter((_, index) => index % 2 === 0 || index === anchors.length - 1);
  }

  /** A checkpoint's lists are copied by the next writes, so the objects of a large cluster are not copied for a few writes. */
  private interval(): number {
    return Math.max(this.checkpointEvery, this.cluster.api.store.count('pods'));
  }

  /** Undefined: the run went another way, or there is nothing to repeat it from. */
  private repeat(revision: number): Cluster | undefined {
    const anchor = this.anchors.findLast((each) => each.revision <= revision);
    const position = this.positionOf(revision);
    if (anchor === undefined) return undefined;
    const fork = Cluster.restore(anchor.checkpoint, this.cluster.hooks);
    if (anchor.revision === revision) return fork;
    const { simulation, api } = fork;
    for (const { entry, events, time, streams } of this.inputs) {
      if (entry.revision <= anchor.revision) continue;
      if (entry.revision > revision) break;
      if (!simulation.replayTo(events, time) || api.store.revision !== entry.revision - 1) return undefined;
      const { type, resource, object, actor, verb } = entry;
      api.store.write({ type, resource, object, actor, verb, owners: ownersOf(object) });
      simulation.restoreStreams(streams);
    }
    if (position === undefined || !simulation.replayTo(position.events, position.time)) return undefined;
    return this.cameTo(fork, revision) ? fork : undefined;
  }

  /** The same write under the same number. The act that it belongs to may have made more of them. */
  private cameTo(fork: Cluster, revision: number): boolean {
    const entry = this.entry(revision);
    if (entry === undefined) return false;
    const again = fork.api.store.since(entry.resource, revision - 1)?.[0];
    return again?.revision === revision && again.key === entry.key && jsonEqual(again.object, entry.object);
  }

  private positionOf(revision: number): Position | undefined {
    return this.positions[this.positions.length - (this.last - revision) - 1];
  }

  private restartAt(revision: number): Cluster {
    const { cluster } = this;
    const view = new PastView(cluster.api.store, this, revision);
    const tables = cluster.api.store.resources().map((resource): [string, Json] => {
      const objects = view.list(resource);
      return [resource, { compacted: revision, objects, owners: objects.map(ownersOf), history: [] } as unknown as Json];
    });
    const { simulation, ...rest } = cluster.checkpoint();
    const time = this.timeOf(revision);
    const store: JsonObject = { head: revision, tables: Object.fromEntries(tables) };
    return Cluster.restart({ ...rest, simulation: { ...simulation, time }, store }, cluster.hooks);
  }
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}

function recordedBy(store: Store): Revision[] {
  const resources = store.resources();
  const from = Math.max(0, ...resources.map((resource) => store.compactedRevision(resource)));
  return resources.flatMap((resource) => store.since(resource, from) ?? []).sort((a, b) => a.revision - b.revision);
}
