/**
 * Keeps the numbered Pods of every StatefulSet.
 * Invariant: there is never more than one Pod of a number; the next is made when the last is really gone.
 * Counterpart: k8s.io/kubernetes/pkg/controller/statefulset.
 */
import { PODS, STATEFULSETS } from '../../api/schema/resources.ts';
import type { StatefulSet } from '../../api/schema/types/apps/v1.ts';
import { fromLabelSelector } from '../../apimachinery/labels/selector.ts';
import { splitKey } from '../../apimachinery/meta/resource.ts';
import { syncHistory, truncateHistory } from '../history/history.ts';
import type { Controller, Result } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { orphanWatch } from '../util/orphanWatch.ts';
import { claim } from '../util/refManager.ts';
import { updateStatefulSet, type StatefulView } from './control.ts';
import { ordinalOf, revisionOf } from './identity.ts';
import { syncStatus } from './status.ts';

export function createStatefulSetController(context: ControllerContext): Controller {
  const { client } = context;
  return {
    for: STATEFULSETS,
    // Not its revisions: a set that goes with its dependants would make each again as the collector takes it.
    owns: [PODS],
    watches: [orphanWatch(client, PODS, STATEFULSETS, (set) => set.spec?.selector)],
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const set = client.get(STATEFULSETS, namespace, name);
      return set === undefined ? undefined : reconcileStatefulSet(context, set);
    },
  };
}

function reconcileStatefulSet(context: ControllerContext, set: StatefulSet): Result | undefined {
  const { client } = context;
  const history = syncHistory(client, {
    type: STATEFULSETS,
    object: set,
    selector: set.spec?.selector,
    template: set.spec?.template ?? { metadata: {} },
    collisionCount: set.status?.collisionCount,
    hashLabel: 'controller.kubernetes.io/hash',
  });
  const update = history.current;
  const current = history.all.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update;
  const read = (): StatefulView => ({ set, pods: podsOf(context, set), current, update });
  try {
    updateStatefulSet(context, read());
  } finally {
    syncStatus(context, read());
  }
  const live = new Set([current.metadata.name, update.metadata.name, ...podsOf(context, set).map(revisionOf)]);
  const { minReadySeconds = 0, replicas = 1, revisionHistoryLimit = 10 } = set.spec ?? {};
  truncateHistory(client, history, ({ metadata }) => live.has(metadata.name), { limit: revisionHistoryLimit, countsLive: false });
  const available = client.get(STATEFULSETS, set.metadata.namespace ?? '', set.metadata.name ?? '')?.status?.availableReplicas ?? 0;
  return minReadySeconds > 0 && available !== replicas ? { requeueAfterMs: minReadySeconds * 1000 } : undefined;
}

/** Pods with a name of the set's form; others that the selector means are left alone. */
function podsOf({ client }: ControllerContext, set: StatefulSet): StatefulView['pods'] {
  return claim(client, STATEFULSETS, set, PODS, fromLabelSelector(set.spec?.selector), (pod) => ordinalOf(set, pod) !== undefined);
}
