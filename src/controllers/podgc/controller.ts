/**
 * Removes Pods that nobody else will: of nodes that are gone or out of service, deleted before they had a node, and finished ones beyond a number.
 * Invariant: a Pod that has not ended is marked Failed before it is removed by force.
 * Counterpart: k8s.io/kubernetes/pkg/controller/podgc.
 */
import type { Json } from '../../base/json.ts';
import { NODES, PODS } from '../../api/schema/resources.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
import { watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { setPodCondition } from '../util/podCondition.ts';
import { isPodFinished } from '../util/podUtil.ts';
import type { ApiServer } from '../../apiserver/apiServer.ts';

const PERIOD_MS = 20_000;
/** A node has to be gone for this long before its Pods are. */
const QUARANTINE_MS = 40_000;
const DEFAULT_THRESHOLD = 12_500;
const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';
const INDEX_GC = 'controllers/podgc';
const TICK = 'tick';

/** Finds the Pods that collection is about without looking at all of them. */
export function addPodGCIndex(api: ApiServer): void {
  api.store.addIndex('pods', INDEX_GC, (object) => {
    const pod = object as Pod;
    const unscheduled = pod.metadata.deletionTimestamp !== undefined && (pod.spec?.nodeName ?? '') === '' ? ['unscheduled'] : [];
    return isPodFinished(pod) ? ['finished', ...unscheduled] : unscheduled;
  });
}

export function createPodGCController(context: ControllerContext): Controller {
  const { client } = context;
  /** Nodes that Pods name and that are not there: since when that is known. */
  const missing = new Map<string, number>();

  const suspect = (nodeName: string | undefined): void => {
    if (nodeName === undefined || nodeName === '' || missing.has(nodeName) || client.get(NODES, '', nodeName) !== undefined) return;
    missing.set(nodeName, context.now());
  };

  return {
    watches: [
      watch(NODES, ({ metadata }, _previous, deleted) => {
        if (deleted && client.podsOnNode(metadata.name ?? '').length > 0) suspect(metadata.name);
        return [];
      }),
      watch(PODS, (pod, previous, deleted) => {
        if (!deleted && pod.spec?.nodeName !== previous?.spec?.nodeName) suspect(pod.spec?.nodeName);
        return [];
      }),
    ],
    start: () => schedule(context),
    timer: () => {
      schedule(context);
      collectFinished(context);
      collectTerminating(context);
      collectOrphaned(context, missing);
      for (const pod of client.byIndex(PODS, INDEX_GC, 'unscheduled')) removePod(context, pod, undefined);
    },
    checkpoint: () => [...missing],
    restore: (state: Json) => {
      missing.clear();
      for (const [name, at] of state as unknown as readonly [string, number][]) missing.set(name, at);
    },
  };
}

/** In the background: whoever waits for the cluster to come to rest does not wait for this. */
function schedule(context: ControllerContext): void {
  context.setTimer({ at: context.now() + PERIOD_MS, type: TICK, key: '', background: true });
}

/** Beyond the threshold the oldest finished Pods go, evicted ones before others. */
function collectFinished(context: ControllerContext): void {
  const threshold = context.options.terminatedPodGcThreshold ?? DEFAULT_THRESHOLD;
  if (threshold <= 0) return;
  const finished = context.client.byIndex(PODS, INDEX_GC, 'finished');
  const surplus = finished.length - threshold;
  if (surplus <= 0) return;
  const order = (pod: Pod): string => `${pod.status?.reason === 'Evicted' ? 0 : 1} ${pod.metadata.creationTimestamp ?? ''} ${keyOf(pod)}`;
  const oldest = [...finished].sort((left, right) => (order(left) < order(right) ? -1 : 1)).slice(0, surplus);
  for (const pod of oldest) removePod(context, pod, undefined);
}

/** A person has said by a taint that a silent node will not come back as it was: its Pods on their way out go at once. */
function collectTerminating(context: ControllerContext): void {
  const { client } = context;
  for (const node of client.list(NODES)) {
    const isOut = (node.spec?.taints ?? []).some(({ key }) => key === OUT_OF_SERVICE);
    if (!isOut || node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true) continue;
    for (const pod of client.podsOnNode(node.metadata.name ?? '')) {
      if (pod.metadata.deletionTimestamp !== undefined) removePod(context, pod, undefined);
    }
  }
}

function collectOrphaned(context: ControllerContext, missing: Map<string, number>): void {
  for (const [name, since] of [...missing]) {
    const pods = context.client.podsOnNode(name);
    if (pods.length === 0 || context.client.get(NODES, '', name) !== undefined) missing.delete(name);
    else if (context.now() - since >= QUARANTINE_MS) {
      for (const pod of pods) removePod(context, pod, 'PodGC: node no longer exists');
      missing.delete(name);
    }
  }
}

function removePod(context: ControllerContext, pod: Pod, disruption: string | undefined): void {
  const { namespace = '', name = '', uid = '' } = pod.metadata;
  if (!isPodFinished(pod)) {
    context.client.modify(
      PODS,
      namespace,
      name,
      (copy) => {
        const status = (copy.status ??= {});
        status.phase = 'Failed';
        if (disruption === undefined) return;
        setPodCondition(copy, { type: 'DisruptionTarget', status: 'True', reason: 'DeletionByPodGC', message: disruption }, context.now());
      },
      'status',
    );
  }
  context.client.delete(PODS, namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
}
