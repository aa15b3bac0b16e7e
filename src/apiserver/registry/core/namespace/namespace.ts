import { draft, type Draft } from '../../../../base/json.ts';
import type { Namespace } from '../../../../api/schema/types/core/v1.ts';
import type { KubeObject } from '../../../../apimachinery/meta/resource.ts';
import { formatTime } from '../../../../apimachinery/meta/time.ts';
import type { Strategy } from '../../../../api/strategy.ts';
import type { DeleteOptions } from '../../../request.ts';
import { planDeletion, withPropagation, type DeletionPlan } from '../../deletion.ts';
import type { RegistryHooks } from '../../hooks.ts';

/**
 * A namespace goes in two steps: DELETE makes it Terminating; when the namespace controller has emptied it, it takes
 * `kubernetes` off spec.finalizers through the subresource `finalize`, and with the last finalizer the namespace is gone.
 */
export const namespaceHooks: RegistryHooks = {
  planDeletion: planNamespaceDeletion,
  mayGo: (object) => ((object as Namespace).spec?.finalizers ?? []).length === 0,
  subresources: { finalize: { changes: ['metadata', 'spec'], prepareForUpdate: dropEmptyFinalizers } },
};

function planNamespaceDeletion(strategy: Strategy, old: KubeObject, options: DeleteOptions, nowMs: number): DeletionPlan {
  const stored = old as Namespace;
  if (stored.metadata.deletionTimestamp !== undefined) {
    if ((stored.spec?.finalizers ?? []).length > 0) return { object: old, now: false };
    return planDeletion(strategy, old, options, nowMs);
  }
  const object = draft(stored);
  object.metadata.deletionTimestamp = formatTime(nowMs);
  object.status = { ...object.status, phase: 'Terminating' };
  const finalizers = withPropagation(strategy, object.metadata.finalizers ?? [], options);
  if (finalizers.length > 0) object.metadata.finalizers = [...finalizers];
  else delete object.metadata.finalizers;
  return { object: object as KubeObject, now: false };
}

/** The last finalizer leaves no empty list behind, as the wire form of a real server has none. */
function dropEmptyFinalizers(object: Draft<KubeObject>): void {
  const { spec } = object as Draft<Namespace>;
  if (spec?.finalizers?.length === 0) delete spec.finalizers;
}
