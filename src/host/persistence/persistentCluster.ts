/**
 * Keeps a cluster's memory on disk: a checkpoint now and then, and every write from outside between two of them. After a
 * crash the checkpoint is restored and the run repeated with the recorded inputs at their recorded moments, which gives
 * the same cluster byte for byte, as the simulation is deterministic.
 * Invariant: a write is acknowledged only after `flush`; a flushed write survives a kill. Counterpart: etcd's WAL and snapshots.
 */
import type { JsonObject } from '../../base/json.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import { managedOf } from '../../apiserver/storage/managed.ts';
import { Cluster, CHECKPOINT_VERSION, type ClusterCheckpoint, type ClusterHooks } from '../../cluster/cluster.ts';
import type { ClusterOptions } from '../../cluster/options.ts';
import { decodeCheckpoint, encodeCheckpoint } from './encode.ts';
import type { InputWrite, Journal, Recording } from './journal.ts';

/** The streams that requests from outside draw from (uids, generated names). */
const INPUT_STREAMS = 'apiserver/';
/** A checkpoint is due after so many events, or inputs: what a restart would have to repeat. */
const CHECKPOINT_EVENTS = 20_000;
const CHECKPOINT_INPUTS = 200;
/** What somebody does in a container is no write: a checkpoint keeps it, so many ticks after the last one. */
const TICKS_BETWEEN = 5;

export interface PersistentClusterOptions {
  readonly cluster: ClusterOptions;
  /** Makes the cluster where there is no recording; left out: a new one by the options. */
  readonly first?: (hooks: ClusterHooks) => Cluster;
  readonly hooks?: ClusterHooks;
  readonly journal: Journal;
  /** Names the program: its version, and what else decides how a run repeats. */
  readonly program: string;
  /** Told when a recording could not be used as it is. */
  readonly warn?: (message: string) => void;
}

export class PersistentCluster implements Disposable {
  readonly cluster: Cluster;
  /** The cluster goes on from a recording. */
  readonly restored: boolean;
  private readonly journal: Journal;
  private readonly program: string;
  private readonly subscription: Disposable;
  private pending: InputWrite[] = [];
  private pendingAt = { events: 0, time: 0, revision: 0 };
  private inputs = 0;
  private checkpointEvents = 0;
  private checkpointActs = 0;
  private ticks = 0;

  constructor(options: PersistentClusterOptions) {
    this.journal = options.journal;
    this.program = options.program;
    const recording = this.journal.load();
    this.restored = recording !== undefined;
    const { hooks = {}, first = () => Cluster.create(options.cluster, hooks) } = options;
    this.cluster = recording === undefined ? first(hooks) : restore(recording, options);
    this.subscription = this.cluster.api.store.onRevision(({ type, resource, object, actor, verb, revision }) => {
      const { simulation } = this.cluster;
      if (simulation.dispatching) return;
      if (this.pending.length > 0 && (this.pendingAt.events !== simulation.eventsHandled || this.pendingAt.time !== simulation.now()))
        this.flush();
      if (this.pending.length === 0) this.pendingAt = { events: simulation.eventsHandled, time: simulation.now(), revision: revision - 1 };
      this.pending.push({ type, resource, object, actor, verb, owners: managedOf(object) });
    });
    this.checkpoint();
  }

  /** Puts everything that came in so far on the disk. Call it before a write is acknowledged. */
  flush(): void {
    if (this.pending.length === 0) return;
    // What cannot be written stays here: the next attempt may succeed, and a checkpoint holds it anyhow.
    this.journal.append({ ...this.pendingAt, writes: this.pending, streams: this.cluster.simulation.streamStates(INPUT_STREAMS) });
    this.pending = [];
    this.inputs++;
  }

  /**
   * Notes how far the clock has come, and makes a checkpoint if one is due. Call it when there is time, about once a second.
   */
  tick(): void {
    this.flush();
    const { simulation, kubelets } = this.cluster;
    const isLong = simulation.eventsHandled - this.checkpointEvents >= CHECKPOINT_EVENTS || this.inputs >= CHECKPOINT_INPUTS;
    const isTouched = ++this.ticks >= TICKS_BETWEEN && kubelets.worlds.outsideActs !== this.checkpointActs;
    if (isLong || isTouched) this.checkpoint();
    else this.journal.mark({ events: simulation.eventsHandled, time: simulation.now() });
  }

  /** Writes everything; what came in before need not be repeated any more. */
  checkpoint(): void {
    this.journal.checkpoint(this.program, encodeCheckpoint(this.cluster.checkpoint() as unknown as JsonObject));
    this.pending = [];
    this.inputs = 0;
    this.checkpointEvents = this.cluster.simulation.eventsHandled;
    this.checkpointActs = this.cluster.kubelets.worlds.outsideActs;
    this.ticks = 0;
  }

  dispose(): void {
    this.subscription.dispose();
    this.checkpoint();
    this.journal.close();
  }
}

function restore(recording: Recording, options: PersistentClusterOptions): Cluster {
  const checkpoint = decodeCheckpoint(recording.checkpoint) as unknown as ClusterCheckpoint;
  const exact = checkpoint.version === CHECKPOINT_VERSION ? restoreExactly(checkpoint, options.hooks) : undefined;
  if (exact === undefined) options.warn?.('The stored cluster is of another version: all objects were kept, its parts were started anew.');
  const cluster = exact ?? Cluster.restart(checkpoint, options.hooks);
  const { simulation } = cluster;
  // Another program's run need not repeat event by event; its writes from outside are kept all the same.
  let repeats = exact !== undefined && recording.program === options.program;
  for (const input of recording.inputs) {
    if (repeats && !(simulation.replayTo(input.events, input.time) && cluster.api.store.revision === input.revision)) {
      repeats = false;
      options.warn?.('The stored run could not be repeated exactly; all applied objects were kept.');
    }
    for (const write of input.writes) cluster.api.store.write(write);
    simulation.restoreStreams(input.streams);
  }
  const { position } = recording;
  if (repeats && position !== undefined && position.events >= simulation.eventsHandled) simulation.replayTo(position.events, position.time);
  return cluster;
}

/** Undefined if the memory of a part has another form than this program's; the objects can be used all the same. */
function restoreExactly(checkpoint: ClusterCheckpoint, hooks: ClusterHooks | undefined): Cluster | undefined {
  try {
    return Cluster.restore(checkpoint, hooks);
  } catch {
    return undefined;
  }
}
