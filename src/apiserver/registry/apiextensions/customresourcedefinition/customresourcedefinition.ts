import { acceptNames } from '../../../../api/apiextensions/customresourcedefinition/naming.ts';
import { conditionOf, isConditionTrue, withCondition } from '../../../../api/apiextensions/customresourcedefinition/conditions.ts';
import { CUSTOMRESOURCEDEFINITIONS } from '../../../../api/schema/resources.ts';
import type { CustomResourceDefinition } from '../../../../api/schema/types/apiextensions/v1.ts';
import { draft, jsonEqual } from '../../../../base/json.ts';
import type { KubeObject } from '../../../../apimachinery/meta/resource.ts';
import { formatTime } from '../../../../apimachinery/meta/time.ts';
import type { Strategy } from '../../../../api/strategy.ts';
import type { DeleteOptions } from '../../../request.ts';
import { planDeletion, type DeletionPlan } from '../../deletion.ts';
import type { RegistryHooks } from '../../hooks.ts';
import type { SelfClient } from '../../self.ts';

export const CLEANUP_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io';

/**
 * A definition goes with its objects: DELETE marks it, and a controller lets go of it when the objects are gone. Names
 * are accepted as soon as it is written, and looked at again when another definition changes.
 */
export const definitionHooks: RegistryHooks = {
  planDeletion: planDefinitionDeletion,
  written: (_before, _after, self) => acceptNamesOfAll(self),
};

function planDefinitionDeletion(strategy: Strategy, old: KubeObject, options: DeleteOptions, nowMs: number): DeletionPlan {
  if (old.metadata.deletionTimestamp !== undefined) return planDeletion(strategy, old, options, nowMs);
  const object = draft(old as CustomResourceDefinition);
  const { metadata } = object;
  metadata.deletionTimestamp = formatTime(nowMs);
  metadata.finalizers = [...new Set([...(metadata.finalizers ?? []), CLEANUP_FINALIZER])];
  const message = 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon';
  const condition = { type: 'Terminating', status: 'True' as const, reason: 'InstanceDeletionPending', message };
  return { object: withCondition(object as CustomResourceDefinition, condition, nowMs), now: false };
}

function acceptNamesOfAll(self: SelfClient): void {
  const definitions = new Map(self.list(CUSTOMRESOURCEDEFINITIONS).map((object) => [object.metadata.name ?? '', object]));
  for (const [name, definition] of definitions) {
    const settled = settle(definition, [...definitions.values()], self.now());
    if (jsonEqual(settled.status, definition.status)) continue;
    definitions.set(name, settled);
    const { status } = settled;
    if (status !== undefined) self.updateStatus(CUSTOMRESOURCEDEFINITIONS, '', name, (object) => void (object.status = draft(status)));
  }
}

function settle(definition: CustomResourceDefinition, all: readonly CustomResourceDefinition[], nowMs: number): CustomResourceDefinition {
  const { accepted, conflict } = acceptNames(definition, all);
  const named = { ...definition, status: { storedVersions: [], ...definition.status, acceptedNames: accepted } };
  const judged = withCondition(
    named,
    conflict === undefined
      ? { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }
      : { type: 'NamesAccepted', status: 'False', ...conflict },
    nowMs,
  );
  if (isConditionTrue(judged, 'Established')) return judged;
  if (conflict === undefined) {
    const message = 'the initial names have been accepted';
    return withCondition(judged, { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message }, nowMs);
  }
  if (conditionOf(judged, 'Established') !== undefined) return judged;
  return withCondition(
    judged,
    { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' },
    nowMs,
  );
}
