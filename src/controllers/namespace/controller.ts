/**
 * Empties namespaces that are being deleted, and then lets go of them.
 * Invariant: Pods go first; nothing else is touched while one of them is left.
 * Counterpart: k8s.io/kubernetes/pkg/controller/namespace.
 */
import { NAMESPACES } from '../../api/schema/resources.ts';
import type { Namespace } from '../../api/schema/types/core/v1.ts';
import { keyOf, splitKey } from '../../apimachinery/meta/resource.ts';
import { watch, type Controller, type Result } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { contentConditions, mergeConditions } from './conditions.ts';
import { deleteAllContent } from './content.ts';

/** Waited before a namespace is looked at, so that what was created in the last moment is seen. */
const GRACE_MS = 5_000;
const FINALIZER = 'kubernetes';

export function createNamespaceController(context: ControllerContext): Controller {
  return {
    watches: [
      watch(NAMESPACES, (namespace, previous, deleted) => {
        if (deleted || namespace.metadata.deletionTimestamp === undefined) return [];
        context.enqueueAfter(keyOf(namespace), GRACE_MS, previous?.metadata.deletionTimestamp !== undefined);
        return [];
      }),
    ],
    reconcile: (key) => reconcileNamespace(context, splitKey(key).name),
  };
}

function reconcileNamespace(context: ControllerContext, name: string): Result | undefined {
  const { client } = context;
  const namespace = client.get(NAMESPACES, '', name);
  if (namespace?.metadata.deletionTimestamp === undefined) return undefined;
  if ((namespace.spec?.finalizers ?? []).length === 0) {
    client.delete(NAMESPACES, '', name, { preconditions: { uid: namespace.metadata.uid ?? '' } });
    return undefined;
  }
  const content = deleteAllContent(client, name);
  writeStatus(context, namespace, contentConditions(content));
  if (content.unexpected) return { requeue: true };
  if (content.remaining.size > 0) {
    // Half of the time that the content may still need, in whole seconds, and one.
    // What a finalizer holds may stay for ever; looking again for it is a routine.
    return { requeueAfterMs: (Math.floor(content.estimateSeconds / 2) + 1) * 1000, background: content.held };
  }
  finalize(context, name);
  return undefined;
}

function writeStatus(context: ControllerContext, namespace: Namespace, wanted: ReturnType<typeof contentConditions>): void {
  const { client } = context;
  client.modify(
    NAMESPACES,
    '',
    namespace.metadata.name ?? '',
    (copy) => {
      const status = (copy.status ??= {});
      status.phase = 'Terminating';
      status.conditions = mergeConditions(status.conditions ?? [], wanted, context.now());
    },
    'status',
  );
}

function finalize(context: ControllerContext, name: string): void {
  context.client.modify(
    NAMESPACES,
    '',
    name,
    (copy) => {
      const spec = (copy.spec ??= {});
      spec.finalizers = (spec.finalizers ?? []).filter((finalizer) => finalizer !== FINALIZER);
    },
    'finalize',
  );
}
