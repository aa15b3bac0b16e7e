/**
 * The recorded revisions as lanes and plots need them: when each actor wrote, how each object was, how many Pods there were.
 * Invariant: made when somebody looks; then each revision is taken in once. Forgotten revisions are left out by beginning anew.
 * Counterpart: none.
 */
import type { Load } from '../../../api/kubepad/load/types.ts';
import type { Pod } from '../../../api/schema/types/core/v1.ts';
import type { KubeObject } from '../../../apimachinery/meta/resource.ts';
import type { Revision } from '../../../apiserver/storage/revision.ts';
import type { Store } from '../../../apiserver/storage/store.ts';
import type { Past } from '../../../cluster/past/past.ts';
import { PastView } from '../../../cluster/past/view.ts';
import { keyOf } from '../../../apimachinery/meta/resource.ts';
import { summarise } from '../../projection/podSummary.ts';
import { Samples } from './samples.ts';
import { LANE_RESOURCES, replicasOf, stateOf, type State } from './states.ts';

/** How an object was from a moment on; undefined: it was not there. */
export interface Turn {
  readonly at: number;
  readonly state: State | undefined;
}

export interface ObjectTrack {
  readonly resource: string;
  readonly kind: string;
  readonly key: string;
  readonly turns: Turn[];
}

const POD_COUNTS = ['running', 'pending', 'failing'] as const;
const LOADS = 'loads.kubepad.dev';
const SCALED: ReadonlySet<string> = new Set(['deployments.apps', 'statefulsets.apps', 'daemonsets.apps']);
const WITH_LANES: ReadonlySet<string> = new Set(LANE_RESOURCES);

export class Tracks {
  /** Moments of all writes by who made them. */
  readonly actors = new Map<string, number[]>();
  readonly objects = new Map<string, ObjectTrack>();
  /** Running, pending, failing. */
  readonly pods = new Samples(3);
  /** Wanted and ready of all workloads. */
  readonly replicas = new Samples(2);
  /** Answered and failed requests since the beginning. */
  readonly requests = new Samples(2);
  /** The oldest revision that is in here. */
  readonly first: number;
  private readonly past: Past;
  private next: number;
  private readonly podCounts = [0, 0, 0];
  private readonly replicaCounts = [0, 0];
  private readonly requestCounts = [0, 0];

  constructor(store: Store, past: Past) {
    this.past = past;
    this.first = past.first;
    this.next = this.first;
    const view = new PastView(store, past, this.first);
    for (const resource of [...WITH_LANES, LOADS])
      for (const object of view.list(resource)) this.change(resource, keyOf(object), undefined, object, past.begin);
  }

  /** Takes in what was written since the last look. */
  catchUp(): void {
    const { past } = this;
    const entries = past.between(this.next, past.last);
    for (const entry of entries) this.take(entry);
    this.next = past.last;
  }

  private take({ resource, key, previous, object, type, at, actor }: Revision): void {
    const times = this.actors.get(actor);
    if (times === undefined) this.actors.set(actor, [at]);
    else times.push(at);
    if (WITH_LANES.has(resource) || resource === LOADS) this.change(resource, key, previous, type === 'DELETED' ? undefined : object, at);
  }

  private change(resource: string, key: string, before: KubeObject | undefined, after: KubeObject | undefined, at: number): void {
    if (resource === LOADS) {
      // What a Load that is deleted has sent was sent all the same.
      if (after === undefined) return;
      this.count(this.requestCounts, requestsOf(before), requestsOf(after));
      this.requests.add(at, [...this.requestCounts]);
      return;
    }
    if (resource === 'pods') {
      this.count(this.podCounts, podCountsOf(before), podCountsOf(after));
      this.pods.add(at, [...this.podCounts]);
    } else if (SCALED.has(resource)) {
      this.count(this.replicaCounts, before && replicasOf(resource, before), after && replicasOf(resource, after));
      this.replicas.add(at, [...this.replicaCounts]);
    }
    this.turn(resource, key, before, after, at);
  }

  private turn(resource: string, key: string, before: KubeObject | undefined, after: KubeObject | undefined, at: number): void {
    const id = `${resource} ${key}`;
    let track = this.objects.get(id);
    const kind = (after ?? before)?.kind ?? '';
    if (track === undefined) this.objects.set(id, (track = { resource, kind, key, turns: [] }));
    const state = after && stateOf(resource, after);
    const last = track.turns.at(-1);
    if (last?.state?.text === state?.text && last?.state?.tone === state?.tone && track.turns.length > 0) return;
    if (last?.at === at) track.turns.pop();
    track.turns.push({ at, state });
  }

  private count(counts: number[], before: readonly number[] | undefined, after: readonly number[] | undefined): void {
    for (const index of counts.keys()) counts[index] = (counts[index] ?? 0) - (before?.[index] ?? 0) + (after?.[index] ?? 0);
  }
}

function podCountsOf(object: KubeObject | undefined): readonly number[] | undefined {
  if (object === undefined) return undefined;
  const { counts } = summarise(object as Pod);
  return POD_COUNTS.map((name) => (name === counts ? 1 : 0));
}

function requestsOf(object: KubeObject | undefined): readonly number[] | undefined {
  const status = (object as Load | undefined)?.status;
  return status && [status.answered ?? 0, status.failed ?? 0];
}
