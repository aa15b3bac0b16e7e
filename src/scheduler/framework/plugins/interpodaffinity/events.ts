import { jsonEqual } from '../../../../base/json.ts';
import type { Node, Pod } from '../../../../api/schema/types/core/v1.ts';
import type { Change } from '../../../../client/watchCursor.ts';
import { compileTerms } from '../../affinityTerm.ts';
import type { ClusterEvent, SchedulerReader } from '../../interface.ts';
import { placedChange } from '../helper/placedChange.ts';

/** What may bring a Pod the company that it wants, or take away what it does not want. */
export const COMPANY_EVENTS: readonly ClusterEvent[] = [
  { resource: 'pods', helps: podHelps },
  { resource: 'nodes', helps: nodeHelps },
];

/** A new Pod may be the one that is waited for; one that leaves, or gets other labels, may be the one that was in the way. */
function podHelps(pod: Pod, change: Change, reader: SchedulerReader): boolean {
  const placed = placedChange(change);
  if (placed === undefined) return false;
  const { before, after } = placed;
  if (before !== undefined && after !== undefined && jsonEqual(before.metadata.labels, after.metadata.labels)) return false;
  const isCompany = (other: Pod | undefined): boolean => {
    const terms = other === undefined ? [] : compileTerms('requiredAffinity', pod, reader);
    return other !== undefined && terms.length > 0 && terms.every((term) => term.matches(other));
  };
  const isInTheWay = (other: Pod | undefined): boolean =>
    other !== undefined && compileTerms('requiredAntiAffinity', pod, reader).some((term) => term.matches(other));
  if (after === undefined) {
    // The last one of a group that only wants to be near its own kind leaves its successor free to go anywhere.
    return (
      isInTheWay(before) || isCompany(before) || compileTerms('requiredAntiAffinity', before, reader).some((term) => term.matches(pod))
    );
  }
  return (isCompany(after) && !isCompany(before)) || (isInTheWay(before) && !isInTheWay(after));
}

/** A new node, or one whose labels make another domain of it. */
function nodeHelps(pod: Pod, { type, object, previous }: Change): boolean {
  if (type === 'DELETED') return false;
  if (previous === undefined) return true;
  const [now, before] = [(object as Node).metadata.labels, (previous as Node).metadata.labels];
  if (now === before || jsonEqual(now, before)) return false;
  const { podAffinity, podAntiAffinity } = pod.spec?.affinity ?? {};
  const affinity = podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const antiAffinity = podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  // Without terms of its own it is kept away by those of others, which may be about any label.
  if (affinity.length === 0 && antiAffinity.length === 0) return true;
  const changed = ({ topologyKey }: { readonly topologyKey: string }): boolean => now?.[topologyKey] !== before?.[topologyKey];
  return affinity.some((term) => changed(term) && now?.[term.topologyKey] !== undefined) || antiAffinity.some(changed);
}
