import type { Status } from './framework/status.ts';

/**
 * The text of FailedScheduling: `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable. preemption: …`.
 * Every reason of the first plugin that refused a node counts for that node; entries are sorted as texts, so `10 …` comes before `2 …`.
 * @param postFilter what the PostFilter plugins said; empty when they made room
 */
export function fitErrorMessage(
  nodes: number,
  statuses: Iterable<Status>,
  preFilterMessage: string | undefined,
  postFilter: readonly string[],
): string {
  if (nodes === 0) return 'no nodes available to schedule pods';
  let text = `0/${nodes} nodes are available:`;
  if (preFilterMessage !== undefined) text += ` ${preFilterMessage}.`;
  else {
    const entries = countReasons(statuses);
    if (entries.length > 0) text += ` ${entries.join(', ')}.`;
  }
  return postFilter.length === 0 ? text : `${text} ${postFilter.join(', ')}`;
}

export function countReasons(statuses: Iterable<Status>): readonly string[] {
  const counts = new Map<string, number>();
  for (const { reasons } of statuses) for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
}
