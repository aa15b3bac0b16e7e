// Compares a checkpoint with the recorded one, but for what the recording itself leaves open.
import { stringify } from 'yaml';
import { cloneJson } from '../../../src/base/json.ts';
import type { Case, Obj } from './case.ts';
import { canonical, compareText } from './normalise.ts';

/** Events of nodes that come and go between cases. */
export const NODE_NOISE: readonly string[] = ['RegisteredNode', 'RemovingNode', 'CIDRAssignmentFailed'];

/** Lines of a difference, `-` expected and `+` got; none if the two agree. */
export function compare(want: Obj, got: Obj, test: Case): readonly string[] {
  const [left, right] = [soften(want, test), soften(got, test)];
  if (canonical(left) === canonical(right)) return [];
  const lines = (value: unknown): string[] =>
    stringify(value, { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false }).split('\n');
  return diff(lines(left), lines(right));
}

function soften(check: Obj, { looseEvents, ignoreEvents = [] }: Case): Obj {
  const copy: Obj = cloneJson(check);
  delete copy['trace'];
  for (const set of copy['replicasets'] ?? []) {
    if (!(set.metadata.ownerReferences ?? []).some((reference: Obj) => reference['kind'] === 'Deployment')) continue;
    delete set.metadata.generation;
    delete set.status?.observedGeneration;
  }
  for (const deployment of copy['deployments'] ?? []) {
    for (const condition of deployment.status?.conditions ?? []) {
      if (condition.reason !== 'NewReplicaSetCreated') continue;
      condition.reason = 'ReplicaSetUpdated';
      condition.message = `${condition.message.replace('Created new replica set ', 'ReplicaSet ')} is progressing.`;
    }
  }
  sortLists(copy);
  for (const [key, value] of Object.entries(copy)) {
    if (key !== 'events' && Array.isArray(value)) value.sort((a, b) => compareText(canonical(a), canonical(b)));
  }
  let events: Obj[] = (copy['events'] ?? []).filter(
    (event: Obj) => !NODE_NOISE.includes(event['reason']) && !ignoreEvents.includes(event['reason']),
  );
  if (looseEvents === 'none') events = [];
  else if (looseEvents === 'reasons') {
    events = events.map((event) =>
      Object.fromEntries(['kind', 'name', 'type', 'reason'].filter((key) => key in event).map((key) => [key, event[key]])),
    );
  } else if (looseEvents === true) events = events.map(({ count: _count, ...event }) => event);
  copy['events'] = [...new Map(events.map((event) => [canonical(event), event])).entries()]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([, event]) => event);
  return copy;
}

/** Lists without an order of their own were recorded in the order of their printed form. */
function sortLists(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (Array.isArray(item) && ['ports', 'taints', 'tolerations'].includes(key))
      item.sort((a, b) => compareText(canonical(a), canonical(b)));
    sortLists(item);
  }
}

/** Changed lines with two lines around them, by the longest common subsequence. */
function diff(left: readonly string[], right: readonly string[]): readonly string[] {
  const width = right.length + 1;
  const lengths = new Uint32Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        left[i] === right[j] ? lengths[(i + 1) * width + j + 1]! + 1 : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  const all: string[] = [];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      all.push(` ${left[i]!}`);
      i++;
      j++;
    } else if (j >= right.length || (i < left.length && lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!))
      all.push(`-${left[i++]!}`);
    else all.push(`+${right[j++]!}`);
  }
  const near = (index: number): boolean => all.slice(Math.max(0, index - 3), index + 4).some((line) => !line.startsWith(' '));
  return all.filter((_, index) => near(index));
}
