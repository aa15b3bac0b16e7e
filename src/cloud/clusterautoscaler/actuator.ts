/**
 * Takes nodes away: marks them, waits, evicts their Pods, then lets the machine go and the pool be one smaller.
 * Invariant: plain data between its steps; a node whose Pods cannot all leave stays, unmarked.
 * Counterpart: k8s.io/autoscaler/cluster-autoscaler/core/scaledown/actuation.
 */
import type { Json } from '../../base/json.ts';
import { NODEPOOLS } from '../../api/kubepad/types.ts';
import { NODES, PODS } from '../../api/schema/resources.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import type { UserInfo } from '../../apiserver/request.ts';
import { objectReference, type Client } from '../../client/client.ts';
import { evict } from '../nodepool/drain.ts';
import { goesWithNode } from './drainability.ts';
import type { AutoscalerEvents } from './events.ts';
import type { AutoscalerOptions } from './options.ts';
import type { Unneeded } from './scaleDown.ts';
import { removeMark, setMark, TO_BE_DELETED } from './taints.ts';

/** After the mark, so that the scheduler has seen it. */
const DELAY_AFTER_TAINT_MS = 5_000;
const EVICTION_RETRY_MS = 10_000;
const EVICTION_HEADROOM_MS = 30_000;
const GONE_CHECK_MS = 5_000;

interface Deletion {
  readonly group: string;
  readonly drain: boolean;
  readonly startedAt: number;
  /** Uids of Pods whose eviction was granted. */
  readonly evicted: readonly string[];
  readonly lastError: string;
}

export interface ActuatorEnvironment {
  readonly client: Client;
  readonly user: UserInfo;
  readonly events: AutoscalerEvents;
  readonly options: () => Required<AutoscalerOptions>;
  readonly now: () => number;
  /** Calls `step` of the node then. */
  readonly schedule: (node: string, at: number) => void;
  readonly onDeleted: () => void;
  readonly onFailed: (group: string) => void;
}

export class Actuator {
  private readonly environment: ActuatorEnvironment;
  private readonly deletions = new Map<string, Deletion>();

  constructor(environment: ActuatorEnvironment) {
    this.environment = environment;
  }

  get isBusy(): boolean {
    return this.deletions.size > 0;
  }

  isDeleting(node: string): boolean {
    return this.deletions.has(node);
  }

  /** Begins with as many as may go at once; the empty ones stand first. */
  start(removable: readonly Unneeded[]): boolean {
    const { client, events, now, schedule } = this.environment;
    const { maxScaleDownParallelism, maxDrainParallelism } = this.environment.options();
    let draining = [...this.deletions.values()].filter(({ drain }) => drain).length;
    let started = false;
    for (const { group, node, pods, utilization } of removable) {
      const name = node.metadata.name ?? '';
      const drain = pods.length > 0;
      if (this.deletions.size >= maxScaleDownParallelism) break;
      if (drain && draining >= maxDrainParallelism) continue;
      if (drain) draining++;
      const names = pods.map(({ metadata }) => metadata.name ?? '').join(',');
      if (drain)
        events.cluster(
          'Normal',
          'ScaleDown',
          `Scale-down: removing node ${name}, utilization: ${utilization}, pods to reschedule: ${names}`,
        );
      else events.cluster('Normal', 'ScaleDownEmpty', `Scale-down: removing empty node "${name}"`);
      setMark(client, name, TO_BE_DELETED, now());
      events.about(objectReference(NODES, node), 'Normal', 'ScaleDown', 'marked the node as toBeDeleted/unschedulable');
      this.deletions.set(name, { group: group.id, drain, startedAt: now() + DELAY_AFTER_TAINT_MS, evicted: [], lastError: '' });
      schedule(name, now() + DELAY_AFTER_TAINT_MS);
      started = true;
    }
    return started;
  }

  /** The next step of a node's way out. */
  step(name: string): void {
    const { client, now, schedule } = this.environment;
    const deletion = this.deletions.get(name);
    if (deletion === undefined) return;
    if (client.get(NODES, '', name) === undefined) {
      this.deletions.delete(name);
      return;
    }
    const pods = client.podsOnNode(name).filter((pod) => !goesWithNode(pod, now()));
    if (pods.length === 0) this.finish(name, deletion);
    else if (!deletion.drain) this.giveUp(name, deletion);
    else {
      const after = this.evictAll(pods, deletion);
      this.deletions.set(name, after);
      const refused = pods.filter(({ metadata }) => !after.evicted.includes(metadata.uid ?? ''));
      const waitedMs = now() - deletion.startedAt;
      const { maxGracefulTerminationSec, maxPodEvictionTimeMs } = this.environment.options();
      const graceMs =
        Math.max(...pods.map(({ spec }) => Math.min(maxGracefulTerminationSec, spec?.terminationGracePeriodSeconds ?? 30))) * 1000;
      if (refused.length > 0 && waitedMs >= maxPodEvictionTimeMs)
        this.fail(
          name,
          after,
          refused.map((pod) => tooLate(pod, after.lastError)),
        );
      else if (refused.length === 0 && waitedMs >= maxPodEvictionTimeMs + graceMs + EVICTION_HEADROOM_MS)
        this.fail(name, after, pods.map(remaining));
      else schedule(name, now() + (refused.length > 0 ? EVICTION_RETRY_MS : GONE_CHECK_MS));
    }
  }

  checkpoint(): Json {
    return [...this.deletions].map(([name, deletion]) => [name, { ...deletion, evicted: [...deletion.evicted] }]);
  }

  restore(state: Json): void {
    this.deletions.clear();
    for (const [name, deletion] of state as unknown as readonly [string, Deletion][]) this.deletions.set(name, deletion);
  }

  private evictAll(pods: readonly Pod[], deletion: Deletion): Deletion {
    const { client, user, events } = this.environment;
    const evicted = [...deletion.evicted];
    let { lastError } = deletion;
    const isFirst = deletion.evicted.length === 0 && lastError === '';
    for (const pod of pods) {
      const uid = pod.metadata.uid ?? '';
      if (evicted.includes(uid)) continue;
      if (isFirst) events.about(objectReference(PODS, pod), 'Normal', 'ScaleDown', 'deleting pod for node scale down');
      const grace = pod.spec?.terminationGracePeriodSeconds ?? 30;
      const error = evict(client, user, pod, Math.min(this.environment.options().maxGracefulTerminationSec, grace));
      if (error === undefined) evicted.push(uid);
      else lastError = error;
    }
    return { ...deletion, evicted, lastError };
  }

  private finish(name: string, { group, drain }: Deletion): void {
    const { client, events, onDeleted } = this.environment;
    this.deletions.delete(name);
    const node = client.get(NODES, '', name);
    const pool = client.get(NODEPOOLS, '', group);
    if (node === undefined) return;
    // The pool and the machine change in one instant, so nobody sees one machine too few or too many.
    if (pool?.spec?.count !== undefined && pool.spec.count > (pool.spec.min ?? 0))
      client.modify(NODEPOOLS, '', group, ({ spec }) => {
        if (spec?.count !== undefined) spec.count--;
      });
    client.delete(NODES, '', name);
    events.about(objectReference(NODES, node), 'Normal', 'ScaleDown', 'nodes removed by cluster autoscaler');
    if (drain) events.cluster('Normal', 'ScaleDown', `Scale-down: node ${name} removed with drain`);
    else events.cluster('Normal', 'ScaleDownEmpty', `Scale-down: empty node ${name} removed`);
    onDeleted();
  }

  private fail(name: string, deletion: Deletion, errors: readonly string[]): void {
    const { client, events } = this.environment;
    const node = client.get(NODES, '', name);
    const text = `failed to drain and delete node: Failed to drain node /${name}, due to following errors: [${errors.join(' ')}]`;
    if (node !== undefined) events.about(objectReference(NODES, node), 'Warning', 'ScaleDownFailed', text);
    this.giveUp(name, deletion);
  }

  private giveUp(name: string, { group }: Deletion): void {
    this.deletions.delete(name);
    removeMark(this.environment.client, name, TO_BE_DELETED);
    this.environment.onFailed(group);
  }
}

function tooLate({ metadata }: Pod, error: string): string {
  return `failed to evict pod ${metadata.namespace ?? ''}/${metadata.name ?? ''} within allowed timeout (last error: ${error})`;
}

function remaining({ metadata }: Pod): string {
  return `pod ${metadata.namespace ?? ''}/${metadata.name ?? ''} still present on node`;
}
