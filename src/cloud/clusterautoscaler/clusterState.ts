/**
 * What is known of each group's growing: what was ordered and until when it has to come, and who is left alone after a failure.
 * Invariant: plain data; a failure doubles the time that a group is left alone, from 5 to 30 minutes, and is forgotten after 3 hours.
 * Counterpart: k8s.io/autoscaler/cluster-autoscaler/clusterstate and utils/backoff.
 */
import { isNodeReady } from '../../api/core/node/readiness.ts';
import type { Json } from '../../base/json.ts';
import type { NodeGroup } from './nodeGroup.ts';
import type { AutoscalerOptions } from './options.ts';

interface ScaleUpRequest {
  readonly increase: number;
  readonly at: number;
  readonly expectedAt: number;
}

export interface Backoff {
  readonly until: number;
  readonly durationMs: number;
  readonly failedAt: number;
  readonly errorCode: string;
  readonly errorMessage: string;
}

export interface Readiness {
  readonly ready: number;
  /** Young, and on its way to be ready. */
  readonly notStarted: number;
  readonly unready: number;
  /** Ordered and not there. */
  readonly unregistered: number;
}

export class ClusterState {
  private readonly options: () => Required<AutoscalerOptions>;
  private readonly requests = new Map<string, ScaleUpRequest>();
  private readonly backoffs = new Map<string, Backoff>();

  constructor(options: () => Required<AutoscalerOptions>) {
    this.options = options;
  }

  /** @param notStarted whether a node that is not ready is just young */
  readiness({ nodes, target }: NodeGroup, notStarted: (node: NodeGroup['nodes'][number]) => boolean): Readiness {
    const ready = nodes.filter(isNodeReady).length;
    const young = nodes.filter((node) => !isNodeReady(node) && notStarted(node)).length;
    return { ready, notStarted: young, unready: nodes.length - ready - young, unregistered: Math.max(0, target - nodes.length) };
  }

  registerScaleUp(group: string, increase: number, now: number, provisionTimeMs: number): void {
    const before = this.requests.get(group);
    this.requests.set(group, { increase: (before?.increase ?? 0) + increase, at: now, expectedAt: now + provisionTimeMs });
  }

  /**
   * Takes note of requests that came true or ran out of time. A group without a request whose machines do not come is looked at in
   * the same way: somebody else asked for them.
   * @returns the groups whose machines did not come, and how long they were waited for
   */
  update(groups: readonly NodeGroup[], now: number): readonly { readonly group: NodeGroup; readonly waitedMs: number }[] {
    const late: { group: NodeGroup; waitedMs: number }[] = [];
    for (const group of groups) {
      const request = this.requests.get(group.id);
      if (request === undefined) continue;
      if (group.nodes.filter(isNodeReady).length >= group.target) {
        this.requests.delete(group.id);
        this.backoffs.delete(group.id);
      } else if (request.expectedAt < now) {
        this.requests.delete(group.id);
        this.fail(group.id, 'timeout', '', now);
        late.push({ group, waitedMs: now - request.at });
      }
    }
    for (const id of [...this.requests.keys(), ...this.backoffs.keys()]) if (!groups.some((group) => group.id === id)) this.forget(id);
    return late;
  }

  fail(group: string, errorCode: string, errorMessage: string, now: number): void {
    const { initialNodeGroupBackoffDurationMs, maxNodeGroupBackoffDurationMs, nodeGroupBackoffResetTimeoutMs } = this.options();
    const before = this.backoffs.get(group);
    const isFresh = before === undefined || before.failedAt + nodeGroupBackoffResetTimeoutMs < now;
    const durationMs = isFresh
      ? initialNodeGroupBackoffDurationMs
      : Math.min(maxNodeGroupBackoffDurationMs, before.until > now ? before.durationMs : before.durationMs * 2);
    this.backoffs.set(group, { until: now + durationMs, durationMs, failedAt: now, errorCode, errorMessage });
  }

  isScalingUp(group: string): boolean {
    return this.requests.has(group);
  }

  /** The group is left alone until then. */
  backoff(group: string, now: number): Backoff | undefined {
    const backoff = this.backoffs.get(group);
    return backoff !== undefined && backoff.until > now ? backoff : undefined;
  }

  isHealthy({ id, target, nodes }: NodeGroup, { ready }: Readiness): boolean {
    const missing = Math.max(0, target - (this.requests.get(id)?.increase ?? 0) - ready);
    const { okTotalUnreadyCount, maxTotalUnreadyPercentage } = this.options();
    return missing <= okTotalUnreadyCount || missing <= (maxTotalUnreadyPercentage / 100) * nodes.length;
  }

  /** When the next of its deadlines comes. */
  nextDeadline(now: number): number | undefined {
    const times = [...this.requests.values()].map(({ expectedAt }) => expectedAt + 1);
    for (const { until } of this.backoffs.values()) if (until > now) times.push(until);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  get hasRequests(): boolean {
    return this.requests.size > 0;
  }

  checkpoint(): Json {
    return {
      requests: [...this.requests].map(([id, request]) => [id, { ...request }]),
      backoffs: [...this.backoffs].map(([id, backoff]) => [id, { ...backoff }]),
    };
  }

  restore(state: Json): void {
    const { requests, backoffs } = state as unknown as {
      readonly requests: readonly [string, ScaleUpRequest][];
      readonly backoffs: readonly [string, Backoff][];
    };
    this.requests.clear();
    this.backoffs.clear();
    for (const [id, request] of requests) this.requests.set(id, request);
    for (const [id, backoff] of backoffs) this.backoffs.set(id, backoff);
  }

  private forget(group: string): void {
    this.requests.delete(group);
    this.backoffs.delete(group);
  }
}
