/**
 * Takes away the objects of a CustomResourceDefinition that is being deleted, and then lets go of the definition.
 * Invariant: a definition goes when none of its objects is left. It runs in the API server, whatever `--controllers` says.
 * Counterpart: k8s.io/apiextensions-apiserver/pkg/controller/finalizer.
 */
import { draft } from '../../base/json.ts';
import { isConditionTrue, withCondition } from '../../api/apiextensions/customresourcedefinition/conditions.ts';
import { CUSTOMRESOURCEDEFINITIONS } from '../../api/schema/resources.ts';
import type { CustomResourceDefinition, CustomResourceDefinitionCondition } from '../../api/schema/types/apiextensions/v1.ts';
import { CLEANUP_FINALIZER } from '../../apiserver/registry/apiextensions/customresourcedefinition/customresourcedefinition.ts';
import type { Controller, Result } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';

/** How often the rest is counted while finalizers hold it. */
const POLL_MS = 5000;

export function createCustomResourceCleanup(context: ControllerContext): Controller {
  return { for: CUSTOMRESOURCEDEFINITIONS, reconcile: (name) => cleanUp(context, name) };
}

function cleanUp(context: ControllerContext, name: string): Result | undefined {
  const { client } = context;
  const definition = client.get(CUSTOMRESOURCEDEFINITIONS, '', name);
  const { deletionTimestamp, finalizers = [] } = definition?.metadata ?? {};
  if (definition === undefined || deletionTimestamp === undefined || !finalizers.includes(CLEANUP_FINALIZER)) return undefined;
  if (!isConditionTrue(definition, 'Established')) {
    finish(context, name, { type: 'Terminating', status: 'False', reason: 'NeverEstablished', message: 'resource was never established' });
    return undefined;
  }
  setCondition(context, name, {
    type: 'Terminating',
    status: 'True',
    reason: 'InstanceDeletionInProgress',
    message: 'CustomResource deletion is in progress',
  });
  if (deleteInstances(context, definition) > 0) return { requeueAfterMs: POLL_MS, background: true };
  finish(context, name, { type: 'Terminating', status: 'False', reason: 'InstanceDeletionCompleted', message: 'removed all instances' });
  return undefined;
}

/** @returns how many are left */
function deleteInstances({ client }: ControllerContext, { spec }: CustomResourceDefinition): number {
  const type = client.api.strategy({ group: spec.group, plural: spec.names.plural })?.resource;
  if (type === undefined) return 0;
  for (const { metadata } of client.list(type)) {
    if (metadata.deletionTimestamp === undefined) client.delete(type, metadata.namespace ?? '', metadata.name ?? '');
  }
  return client.list(type).length;
}

function setCondition(context: ControllerContext, name: string, condition: CustomResourceDefinitionCondition): void {
  context.client.modify(
    CUSTOMRESOURCEDEFINITIONS,
    '',
    name,
    (copy) => {
      const { status } = withCondition(copy as CustomResourceDefinition, condition, context.now());
      if (status !== undefined) copy.status = draft(status);
    },
    'status',
  );
}

function finish(context: ControllerContext, name: string, condition: CustomResourceDefinitionCondition): void {
  setCondition(context, name, condition);
  context.client.modify(CUSTOMRESOURCEDEFINITIONS, '', name, ({ metadata }) => {
    metadata.finalizers = (metadata.finalizers ?? []).filter((finalizer) => finalizer !== CLEANUP_FINALIZER);
  });
}
