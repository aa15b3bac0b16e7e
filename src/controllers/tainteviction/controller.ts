/**
 * Deletes Pods from nodes with a NoExecute taint that they do not tolerate, or no longer.
 * Invariant: a Pod has at most one pending deletion; it is taken back when the taint goes or is tolerated for ever.
 * Counterpart: k8s.io/kubernetes/pkg/controller/tainteviction.
 */
import { jsonEqual, type Json } from '../../base/json.ts';
import { NODES, PODS } from '../../api/schema/resources.ts';
import type { Node, Pod, Taint } from '../../api/schema/types/core/v1.ts';
import { keyOf, splitKey } from '../../apimachinery/meta/resource.ts';
import { watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { setPodCondition } from '../util/podCondition.ts';
import { tolerationTime } from './tolerations.ts';

const EVICT = 'evict';

/** A pending deletion; `timer` is gone once it was carried out. */
interface Eviction {
  readonly timer: number | null;
  readonly since: number;
  readonly at: number;
}

export function createTaintEvictionController(context: ControllerContext): Controller {
  const { client } = context;
  const evictions = new Map<string, Eviction>();

  const cancel = (key: string): void => {
    const eviction = evictions.get(key);
    evictions.delete(key);
    if (eviction === undefined || eviction.timer === null) return;
    context.cancelTimer(eviction.timer);
    record(context, key, `Cancelling deletion of Pod ${key}`);
  };
  const plan = (key: string, since: number, at: number): void => {
    if (evictions.has(key)) return;
    evictions.set(key, { timer: context.setTimer({ at, type: EVICT, key, background: false }), since, at });
  };
  const judge = (key: string, pod: Pod, taints: readonly Taint[]): void => {
    const seconds = taints.length === 0 ? undefined : tolerationTime(taints, pod.spec?.tolerations ?? []);
    const now = context.now();
    const pending = evictions.get(key);
    if (seconds === undefined) {
      cancel(key);
      return;
    }
    // A change of the taints does not start the time anew.
    const since = pending?.timer === undefined || pending.timer === null || seconds === 0 ? now : pending.since;
    const at = since + seconds * 1000;
    if (pending !== undefined && pending.at === at) return;
    if (pending !== undefined && pending.since + seconds * 1000 < now && seconds > 0) return;
    if (pending?.timer !== null && pending !== undefined) cancel(key);
    plan(key, since, at);
  };

  return {
    watches: [
      watch(NODES, (node, previous, deleted) => {
        const [before, after] = [noExecute(previous), deleted ? [] : noExecute(node)];
        if (jsonEqual(before, after)) return [];
        return client.podsOnNode(node.metadata.name ?? '').map(keyOf);
      }),
      watch(PODS, (pod, previous, deleted) => {
        if (deleted) return evictions.has(keyOf(pod)) ? [keyOf(pod)] : [];
        const same = previous?.spec?.nodeName === pod.spec?.nodeName && jsonEqual(previous?.spec?.tolerations, pod.spec?.tolerations);
        if (same || (pod.spec?.nodeName ?? '') === '') return [];
        return noExecute(client.get(NODES, '', pod.spec?.nodeName ?? '')).length > 0 || evictions.has(keyOf(pod)) ? [keyOf(pod)] : [];
      }),
    ],
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const pod = client.get(PODS, namespace, name);
      if (pod === undefined) cancel(key);
      else judge(key, pod, noExecute(client.get(NODES, '', pod.spec?.nodeName ?? '')));
      return undefined;
    },
    timer: (_type, key) => {
      const eviction = evictions.get(key);
      if (eviction !== undefined) evictions.set(key, { ...eviction, timer: null });
      evict(context, key);
    },
    checkpoint: () => [...evictions].map(([key, eviction]) => [key, { ...eviction }]),
    restore: (state: Json) => {
      evictions.clear();
      for (const [key, eviction] of state as unknown as readonly [string, Eviction][]) evictions.set(key, eviction);
    },
  };
}

function noExecute(node: Node | undefined): readonly Taint[] {
  return (node?.spec?.taints ?? []).filter(({ effect }) => effect === 'NoExecute');
}

/** Says so, marks the Pod as disrupted, and deletes it with its own grace period. */
function evict(context: ControllerContext, key: string): void {
  const { namespace, name } = splitKey(key);
  record(context, key, `Marking for deletion Pod ${key}`);
  const message = 'Taint manager: deleting due to NoExecute taint';
  context.client.modify(
    PODS,
    namespace,
    name,
    (pod) =>
      void setPodCondition(pod, { type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager', message }, context.now()),
    'status',
  );
  context.client.delete(PODS, namespace, name);
}

function record(context: ControllerContext, key: string, message: string): void {
  const { namespace, name } = splitKey(key);
  context.events.event({ apiVersion: 'v1', kind: 'Pod', namespace, name }, 'Normal', 'TaintManagerEviction', message);
}
