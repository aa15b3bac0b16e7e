/**
 * What chooses an object without owning it: Services and budgets a Pod by its labels, autoscalers a workload by its name.
 * Invariant: reads those of the object's namespace that can choose, which are few, never what they choose from.
 * Counterpart: the selectors and targets of the API; `kubectl get pods -l` the other way round.
 */
import { HORIZONTALPODAUTOSCALERS, PODDISRUPTIONBUDGETS, SERVICES } from '../../../api/schema/resources.ts';
import type { HorizontalPodAutoscaler } from '../../../api/schema/types/autoscaling/v2.ts';
import type { Service } from '../../../api/schema/types/core/v1.ts';
import type { PodDisruptionBudget } from '../../../api/schema/types/policy/v1.ts';
import { fromSet, matches, matchesLabelSelector } from '../../../apimachinery/labels/selector.ts';
import { groupResource, type KubeObject } from '../../../apimachinery/meta/resource.ts';
import type { Store } from '../../../apiserver/storage/store.ts';
import type { ObjectRef } from '../../protocol/view.ts';

export interface Choice {
  readonly chooser: KubeObject;
  /** What it does with the object: `is sent to by`. */
  readonly link: string;
}

export function choosersAmong(
  store: Pick<Store, 'list'>,
  { apiVersion, kind, namespace, name }: ObjectRef,
  object: KubeObject,
): readonly Choice[] {
  if (namespace === '') return [];
  const { labels } = object.metadata;
  if (apiVersion === 'v1' && kind === 'Pod') {
    const services = store.list(groupResource(SERVICES), namespace) as readonly Service[];
    const budgets = store.list(groupResource(PODDISRUPTIONBUDGETS), namespace) as readonly PodDisruptionBudget[];
    return [
      // A Service without a selector has endpoints that somebody else writes.
      ...services
        .filter(({ spec }) => spec?.selector !== undefined && spec.type !== 'ExternalName' && matches(fromSet(spec.selector), labels))
        .map((chooser) => ({ chooser, link: 'is chosen by' })),
      ...budgets
        .filter(({ spec }) => spec?.selector !== undefined && matchesLabelSelector(spec.selector, labels))
        .map((chooser) => ({ chooser, link: 'is protected by' })),
    ];
  }
  const group = groupOf(apiVersion);
  const scalers = store.list(groupResource(HORIZONTALPODAUTOSCALERS), namespace) as readonly HorizontalPodAutoscaler[];
  return scalers
    .filter(({ spec }) => {
      const target = spec?.scaleTargetRef;
      return target?.kind === kind && target.name === name && groupOf(target.apiVersion ?? '') === group;
    })
    .map((chooser) => ({ chooser, link: 'is scaled by' }));
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}
