/**
 * Keeps the number of Pods of every ReplicationController, by the ReplicaSet's own code.
 * Invariant: a ReplicationController is looked at as the ReplicaSet that it would be; only its status is written back.
 * Counterpart: k8s.io/kubernetes/pkg/controller/replication.
 */
import { draft } from '../../base/json.ts';
import { PODS, REPLICATIONCONTROLLERS } from '../../api/schema/resources.ts';
import type { ReplicaSet } from '../../api/schema/types/apps/v1.ts';
import type { ReplicationController } from '../../api/schema/types/core/v1.ts';
import { splitKey } from '../../apimachinery/meta/resource.ts';
import type { LabelSelector } from '../../apimachinery/meta/types.ts';
import type { Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { reconcileReplicas, type ReplicaKind } from '../replicaset/reconciler.ts';
import { orphanWatch } from '../util/orphanWatch.ts';

export function createReplicationController(context: ControllerContext): Controller {
  const { client } = context;
  const kind: ReplicaKind = {
    type: REPLICATIONCONTROLLERS,
    countsTerminating: false,
    get: (namespace, name) => asReplicaSet(client.get(REPLICATIONCONTROLLERS, namespace, name)),
    writeStatus: (set, status) => {
      const stored = client.get(REPLICATIONCONTROLLERS, set.metadata.namespace ?? '', set.metadata.name ?? '');
      if (stored !== undefined) client.updateStatus(REPLICATIONCONTROLLERS, { ...draft(stored), status: draft(status) });
    },
  };
  return {
    for: REPLICATIONCONTROLLERS,
    owns: [PODS],
    watches: [orphanWatch(client, PODS, REPLICATIONCONTROLLERS, selectorOf)],
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      return reconcileReplicas(context, kind, namespace, name);
    },
  };
}

function selectorOf(controller: ReplicationController): LabelSelector {
  return { matchLabels: controller.spec?.selector ?? {} };
}

function asReplicaSet(controller: ReplicationController | undefined): ReplicaSet | undefined {
  if (controller === undefined) return undefined;
  const { metadata, spec, status } = controller;
  const { replicas, minReadySeconds, template } = spec ?? {};
  return {
    metadata,
    spec: {
      selector: selectorOf(controller),
      ...(replicas === undefined ? {} : { replicas }),
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      ...(template === undefined ? {} : { template }),
    },
    ...(status === undefined ? {} : { status }),
  };
}
