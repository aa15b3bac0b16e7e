/**
 * What a person writes for a run to wait for: an object, and a condition in the words of `kubectl wait`; `deployment/web
 * condition=Available`, `pod/shop/web-0 delete`, `deployment/web .status.readyReplicas=3`.
 * Invariant: a text that says nothing is answered with what is missing, never with a run that cannot end. Counterpart: kubectl wait.
 */
import type { Catalog } from '../../../apiserver/catalog.ts';
import { apiVersion, groupResource, type ResourceType } from '../../../apimachinery/meta/resource.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import { conditionMet } from '../../tools/condition.ts';
import { ToolError } from '../../tools/tool.ts';

/** Asked after each event; or a text that says why it makes no sense. */
export function parseCondition(text: string, cluster: Cluster): (() => boolean) | string {
  const [subject = '', wish = '', ...rest] = text.trim().split(/\s+/);
  const [word = '', ...place] = subject.split('/');
  if (rest.length > 0 || wish === '' || place.length < 1 || place.length > 2)
    return 'Say what to wait for as KIND/NAME condition=Ready, KIND/NAME .status.readyReplicas=3, KIND/NAME create or KIND/NAME delete.';
  const type = resourceNamed(cluster.api.catalog, word.toLowerCase());
  if (type === undefined) return `There is no resource ${word}.`;
  const namespace = !type.namespaced ? '' : place.length === 2 ? (place[0] ?? '') : 'default';
  const ref = { apiVersion: apiVersion(type), kind: type.kind, namespace, name: place.at(-1) ?? '' };
  try {
    return conditionMet(cluster, ref, wish.replace(/^(\.[^=]+)=/, 'jsonpath={$1}='));
  } catch (error) {
    if (error instanceof ToolError) return error.message;
    throw error;
  }
}

/** By its plural, singular, short name, kind, or plural with group. */
function resourceNamed(catalog: Catalog, word: string): ResourceType | undefined {
  for (const { group, preferred } of [{ group: '', preferred: 'v1' }, ...catalog.groups()])
    for (const { type, singular, shortNames } of catalog.resourcesOf(group, preferred))
      if ([type.plural, singular, type.kind.toLowerCase(), groupResource(type), ...shortNames].includes(word)) return type;
  return undefined;
}
