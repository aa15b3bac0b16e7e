import { draft, type Draft } from '../../base/json.ts';
import type { NamespaceCondition } from '../../api/schema/types/core/v1.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';
import type { RemainingContent } from './content.ts';

/** The five conditions of a namespace that is being deleted, without times. */
export function contentConditions(content: RemainingContent): readonly NamespaceCondition[] {
  return [
    condition('NamespaceDeletionDiscoveryFailure', 'False', 'ResourcesDiscovered', 'All resources successfully discovered'),
    condition('NamespaceDeletionGroupVersionParsingFailure', 'False', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'),
    condition(
      'NamespaceDeletionContentFailure',
      'False',
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ),
    remainingCondition(content),
    finalizerCondition(content),
  ];
}

/** lastTransitionTime moves with the status only. */
export function mergeConditions(
  current: readonly NamespaceCondition[],
  wanted: readonly NamespaceCondition[],
  nowMs: number,
): Draft<NamespaceCondition>[] {
  const others = current.filter(({ type }) => !wanted.some((entry) => entry.type === type));
  const merged = wanted.map((entry) => {
    const before = current.find(({ type }) => type === entry.type);
    const kept = before?.status === entry.status ? before.lastTransitionTime : undefined;
    return { ...entry, lastTransitionTime: kept ?? formatTime(nowMs) };
  });
  return [...draft(others), ...draft(merged)];
}

function remainingCondition({ remaining }: RemainingContent): NamespaceCondition {
  if (remaining.size === 0) return condition('NamespaceContentRemaining', 'False', 'ContentRemoved', 'All content successfully removed');
  // The resource is followed by a dot and its group, which is empty for the core group.
  const parts = [...remaining.values()].map(({ type, count }) => `${type.plural}.${type.group} has ${count} resource instances`);
  return condition('NamespaceContentRemaining', 'True', 'SomeResourcesRemain', `Some resources are remaining: ${parts.sort().join(', ')}`);
}

function finalizerCondition({ finalizers }: RemainingContent): NamespaceCondition {
  if (finalizers.size === 0) {
    return condition('NamespaceFinalizersRemaining', 'False', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished');
  }
  const parts = [...finalizers].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`);
  const message = `Some content in the namespace has finalizers remaining: ${parts.sort().join(', ')}`;
  return condition('NamespaceFinalizersRemaining', 'True', 'SomeFinalizersRemain', message);
}

function condition(type: string, status: string, reason: string, message: string): NamespaceCondition {
  return { type, status, reason, message };
}
