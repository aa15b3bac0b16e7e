/**
 * Runs one controller as a part of the simulation: watches fill its queue, events empty it, a few items at a time.
 * Invariant: one controller is one component with its own memory, so any of them can be stopped by itself.
 * Counterpart: sigs.k8s.io/controller-runtime/pkg/internal/controller, and the workers of pkg/controller/<name>.
 */
import type { Json, JsonObject } from '../../base/json.ts';
import { Client } from '../../client/client.ts';
import { EventRecorder } from '../../client/eventRecorder.ts';
import { WatchCursor, type Change } from '../../client/watchCursor.ts';
import { StatusError } from '../../apimachinery/errors/status.ts';
import { groupResource } from '../../apimachinery/meta/resource.ts';
import type { Component, SimEvent } from '../../sim/component.ts';
import { WAKE } from '../../sim/simulation.ts';
import { RetryError, TerminalError, watchesOf, type Controller, type Watch } from './controller.ts';
import type { ControllerContext, ControllerEnvironment } from './environment.ts';
import { WorkQueue, type Item } from './workQueue.ts';

/** How one controller is made; see descriptors.ts. */
export interface ControllerDescriptor {
  /** As `--controllers` of kube-controller-manager calls it. */
  readonly name: string;
  /** The ServiceAccount in kube-system that it acts as, where it is not the name. */
  readonly serviceAccount?: string;
  /** The user that it acts as, where it is no ServiceAccount in kube-system. */
  readonly user?: string;
  /** Only runs where `--controllers` names it: `*` does not mean it. */
  readonly isDisabledByDefault?: boolean;
  /** The source component of its events, where it is not the name. */
  readonly eventSource?: string;
  /** See LATENCY_MS; more for a controller that steers others and should not look again before they have answered. */
  readonly latencyMs?: number;
  readonly create: (context: ControllerContext) => Controller;
}

/**
 * How long after a change a controller looks at it, milliseconds of virtual time. In a real cluster the watch takes about as long; here it
 * lets the changes of one instant come together: a thousand Pods that become ready at once are one look at their ReplicaSet, not a thousand.
 */
const LATENCY_MS = 1;
/** Items of one kernel event. The thread's owner can take over between two events. */
const BATCH = 16;
const FIELD_MANAGER = 'kube-controller-manager';

/** A watch, the name of its resource, and where the first watch of the same resource stands. */
interface Followed {
  readonly resource: string;
  readonly keys: Watch['keys'];
  readonly first: number;
}

export class ControllerComponent implements Component {
  readonly name: string;
  private readonly environment: ControllerEnvironment;
  private readonly controller: Controller;
  private readonly watches: readonly Watch[];
  private readonly followed: readonly Followed[];
  private readonly cursor: WatchCursor;
  private readonly queue: WorkQueue;
  private readonly events: EventRecorder;
  private readonly latencyMs: number;
  /** Whether an event of type `work` is on its way. */
  private working = false;

  constructor(environment: ControllerEnvironment, descriptor: ControllerDescriptor) {
    const { simulation, api } = environment;
    const { name } = descriptor;
    this.name = name;
    this.latencyMs = descriptor.latencyMs ?? LATENCY_MS;
    this.environment = environment;
    this.queue = new WorkQueue({
      set: (key, at, background) => simulation.schedule({ at, component: name, type: 'delayed', payload: key, background }),
      cancel: (id) => simulation.cancel(id),
    });
    const client = new Client(api, ...identityOf(descriptor), FIELD_MANAGER);
    this.events = new EventRecorder(client, { component: descriptor.eventSource ?? name }, () => simulation.now());
    this.controller = descriptor.create(this.context(client));
    this.watches = watchesOf(this.controller);
    this.followed = follow(this.watches);
    this.cursor = new WatchCursor(api.store, name, [...new Map(this.watches.map(({ type }) => [type.plural + type.group, type])).values()]);
  }

  start(): void {
    this.controller.start?.();
    // Objects that were made before the controller started are looked at, too.
    this.environment.simulation.wake(this.name);
  }

  /** The work that is due soon begins with a look at all changes. */
  isAwake(): boolean {
    return this.working;
  }

  handle(event: SimEvent): void {
    if (event.type === 'work') {
      this.working = false;
      this.poll();
      this.work();
      return;
    }
    if (event.type === 'delayed') this.queue.due(event.payload as string, event.cause);
    else if (event.type !== WAKE) this.fire(event);
    if (event.type === WAKE || this.queue.size > 0) this.scheduleWork(this.latencyMs);
  }

  checkpoint(): Json {
    return {
      cursor: this.cursor.checkpoint(),
      queue: this.queue.checkpoint(),
      events: this.events.checkpoint(),
      working: this.working,
      controller: this.controller.checkpoint?.() ?? null,
    };
  }

  restore(state: Json): void {
    const memory = state as JsonObject;
    this.cursor.restore(memory['cursor'] ?? {});
    this.queue.restore(memory['queue'] ?? null);
    this.events.restore(memory['events'] ?? null);
    this.working = memory['working'] === true;
    this.controller.restore?.(memory['controller'] ?? null);
  }

  private context(client: Client): ControllerContext {
    const { simulation, options, podUsage } = this.environment;
    const { name, events, queue } = this;
    return {
      client,
      events,
      options,
      podUsage,
      random: simulation.stream(name),
      now: () => simulation.now(),
      enqueue: (key) => queue.add(key, simulation.currentCause),
      enqueueAfter: (key, delayMs, background = false) => queue.addAt(key, simulation.now() + Math.max(0, delayMs), background),
      setTimer: ({ at, type, key, background }) => simulation.schedule({ at, component: name, type, payload: key, background }),
      cancelTimer: (id) => simulation.cancel(id),
    };
  }

  /** A controller's own timer is not retried: the next look of its kind makes up for it. */
  private fire({ type, payload }: SimEvent): void {
    try {
      this.controller.timer?.(type, payload as string);
    } catch (error) {
      if (!(error instanceof StatusError)) this.reportBug(`${type} ${payload as string}`, error);
    }
  }

  private poll(): void {
    const more = this.controller.moreWatches?.() ?? [];
    const followed = more.length === 0 ? this.followed : follow([...this.watches, ...more]);
    // Several watches may follow one resource: each sees all of its changes.
    const polled: (readonly Change[])[] = [];
    for (const { resource, keys, first } of followed) {
      const changes = polled[first] ?? this.cursor.pollResource(resource);
      polled.push(changes);
      for (const change of changes) {
        for (const key of keys(change.object, change.previous, change.type === 'DELETED')) this.queue.add(key, change.revision);
      }
    }
  }

  private work(): void {
    const { simulation } = this.environment;
    for (let count = 0; count < BATCH; count++) {
      const item = this.queue.take();
      if (item === undefined) return;
      simulation.withCause(item.cause, () => this.reconcile(item));
    }
    if (this.queue.size > 0) this.scheduleWork(0);
  }

  private scheduleWork(delayMs: number): void {
    if (this.working) return;
    this.working = true;
    const { simulation } = this.environment;
    simulation.schedule({ at: simulation.now() + delayMs, component: this.name, type: 'work' });
  }

  private reconcile({ key }: Item): void {
    const now = this.environment.simulation.now();
    try {
      const result = this.controller.reconcile?.(key);
      if (result?.requeue === true) {
        this.queue.retry(key, now);
        return;
      }
      this.queue.forget(key);
      if (result?.requeueAfterMs !== undefined) this.queue.addAt(key, now + Math.max(0, result.requeueAfterMs), result.background === true);
    } catch (error) {
      if (error instanceof TerminalError) {
        this.queue.forget(key);
        return;
      }
      if (!(error instanceof StatusError) && !(error instanceof RetryError)) this.reportBug(key, error);
      this.queue.retry(key, now);
    }
  }

  private reportBug(subject: string, error: unknown): void {
    const { onBug } = this.environment;
    if (onBug === undefined) throw error;
    onBug(this.name, subject, error);
  }
}

function follow(watches: readonly Watch[]): readonly Followed[] {
  const firsts = new Map<string, number>();
  return watches.map(({ type, keys }, index) => {
    const resource = groupResource(type);
    const first = firsts.get(resource) ?? index;
    if (first === index) firsts.set(resource, index);
    return { resource, keys, first };
  });
}

/** The user and its groups, as webhooks, policies and the history are told. */
function identityOf({ name, serviceAccount = name, user }: ControllerDescriptor): readonly [user: string, groups: readonly string[]] {
  const userName = user ?? `system:serviceaccount:kube-system:${serviceAccount}`;
  const [, , namespace] = /^(system:serviceaccount):([^:]+):/.exec(userName) ?? [];
  const accounts = namespace === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
  return [userName, [...accounts, 'system:authenticated']];
}
