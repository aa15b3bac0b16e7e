/**
 * Keeps the number of Pods of every ReplicaSet.
 * Invariant: a Pod is made or removed only for a ReplicaSet that controls it, or adopts it, by its selector.
 * Counterpart: k8s.io/kubernetes/pkg/controller/replicaset.
 */
import { draft } from '../../base/json.ts';
import { PODS, REPLICASETS } from '../../api/schema/resources.ts';
import { splitKey } from '../../apimachinery/meta/resource.ts';
import type { Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { orphanWatch } from '../util/orphanWatch.ts';
import { reconcileReplicas, type ReplicaKind } from './reconciler.ts';

export function createReplicaSetController(context: ControllerContext): Controller {
  const { client } = context;
  const kind: ReplicaKind = {
    type: REPLICASETS,
    countsTerminating: true,
    get: (namespace, name) => client.get(REPLICASETS, namespace, name),
    writeStatus: (set, status) => void client.updateStatus(REPLICASETS, { ...draft(set), status: draft(status) }),
  };
  return {
    for: REPLICASETS,
    owns: [PODS],
    watches: [orphanWatch(client, PODS, REPLICASETS, (set) => set.spec?.selector)],
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      return reconcileReplicas(context, kind, namespace, name);
    },
  };
}
