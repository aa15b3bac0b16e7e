import { PODS } from '../api/schema/resources.ts';
import type { Pod } from '../api/schema/types/core/v1.ts';
import { matches, type Labels, type Selector } from '../apimachinery/labels/selector.ts';
import type { KubeObject, ResourceType } from '../apimachinery/meta/resource.ts';
import { INDEX_LABEL, INDEX_SELECTOR, indexedLabel, selectorKeys } from '../apiserver/labelIndex.ts';
import type { Client } from './client.ts';

/**
 * The Pods of a namespace that a selector means, sorted by name. The work grows with the Pods that have the rarest of the labels
 * which the selector demands, not with those of the namespace; without such a label all of the namespace are looked at.
 */
export function podsSelected(client: Client, namespace: string, selector: Selector): readonly Pod[] {
  return candidates(client, namespace, selector).filter(({ metadata }) => matches(selector, metadata.labels));
}

/**
 * What may select an object with these labels, or with those that it had: all that ask for one of the labels, and all that ask for no
 * single value. Whether they do is for the caller to ask. For Services, disruption budgets and the kinds that take in Pods or ReplicaSets.
 */
export function possibleSelectors<T extends KubeObject>(
  client: Client,
  type: ResourceType<T>,
  namespace: string,
  labels: Labels | undefined,
  former: Labels | undefined,
): readonly T[] {
  const keys = new Set(selectorKeys(namespace, labels));
  if (former !== labels) for (const key of selectorKeys(namespace, former)) keys.add(key);
  const found = [...keys].flatMap((key) => client.byIndex(type, INDEX_SELECTOR, key));
  return found.length < 2 ? found : found.sort((left, right) => ((left.metadata.name ?? '') < (right.metadata.name ?? '') ? -1 : 1));
}

function candidates(client: Client, namespace: string, selector: Selector): readonly Pod[] {
  const { store } = client.api;
  let rarest: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const { key, operator, values } of selector) {
    const [value] = values;
    if (value === undefined || (operator !== '=' && (operator !== 'in' || values.length > 1))) continue;
    const label = indexedLabel(namespace, key, value);
    if (label === undefined) continue;
    const count = store.countByIndex('pods', INDEX_LABEL, label);
    if (count < fewest) [rarest, fewest] = [label, count];
  }
  return rarest === undefined ? client.list(PODS, namespace) : client.byIndex(PODS, INDEX_LABEL, rarest);
}
