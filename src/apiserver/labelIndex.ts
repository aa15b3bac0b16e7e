/**
 * Finds Pods by their labels, and what selects Pods by the labels that it asks for.
 * Invariant: an index only narrows down; whether a selector fits is still asked of each object that was found.
 * Counterpart: none; the real controllers walk through a namespace, which a simulation in one thread cannot afford for each change.
 */
import type { ReplicationController, Service } from '../api/schema/types/core/v1.ts';
import type { PodDisruptionBudget } from '../api/schema/types/policy/v1.ts';
import type { Store } from './storage/store.ts';

/** `namespace/label=value` > Pods. */
export const INDEX_LABEL = 'label';
/** `namespace/label=value` > what asks for this label; `namespace/` > what asks for no single value. */
export const INDEX_SELECTOR = 'selector';

/** Labels that controllers set to tell their own Pods apart: found by their owner, so nobody looks for them here. */
const UNLISTED: ReadonlySet<string> = new Set([
  'pod-template-hash',
  'controller-revision-hash',
  'pod-template-generation',
  'controller-uid',
  'batch.kubernetes.io/controller-uid',
]);

export function addLabelIndexes(store: Store): void {
  store.addIndex('pods', INDEX_LABEL, ({ metadata: { namespace = '', labels } }) => {
    const keys: string[] = [];
    for (const key in labels) if (!UNLISTED.has(key)) keys.push(labelKey(namespace, key, labels[key] ?? ''));
    return keys;
  });
  for (const resource of ['services', 'replicationcontrollers'])
    store.addIndex(resource, INDEX_SELECTOR, (object) => [
      selectorKey(object.metadata.namespace, (object as Service | ReplicationController).spec?.selector),
    ]);
  for (const resource of WITH_LABEL_SELECTOR)
    store.addIndex(resource, INDEX_SELECTOR, (object) => [
      selectorKey(object.metadata.namespace, (object as PodDisruptionBudget).spec?.selector?.matchLabels),
    ]);
}

/** What has a LabelSelector in `spec.selector`: budgets, and the controllers that take in objects which nobody controls. */
const WITH_LABEL_SELECTOR = [
  'poddisruptionbudgets.policy',
  'daemonsets.apps',
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'jobs.batch',
] as const;

/** The key of `INDEX_LABEL`; undefined if Pods are not found by this label. */
export function indexedLabel(namespace: string, key: string, value: string): string | undefined {
  return UNLISTED.has(key) ? undefined : labelKey(namespace, key, value);
}

/** The keys of `INDEX_SELECTOR` under which everything stands that may select an object with these labels. */
export function selectorKeys(namespace: string, labels: Readonly<Record<string, string>> | undefined): readonly string[] {
  return [`${namespace}/`, ...Object.entries(labels ?? {}).map(([key, value]) => labelKey(namespace, key, value))];
}

/** One of the labels that must be there is enough to be found by. */
function selectorKey(namespace = '', labels: Readonly<Record<string, string>> | undefined): string {
  for (const key in labels) return labelKey(namespace, key, labels[key] ?? '');
  return `${namespace}/`;
}

function labelKey(namespace: string, key: string, value: string): string {
  return `${namespace}/${key}=${value}`;
}
