/** Which changes of the cluster's health are worth a sentence to someone who does not look at the screen. */
import type { Health } from '../../host/protocol/view.ts';
import { plural } from '../shared/format.ts';

/** Empty: nothing worth saying. Nodes first, then Pods that fail, then Pods that wait or no longer wait. */
export function healthNews(before: Health, after: Health): string {
  const sentences: string[] = [];
  const down = after.nodes - after.nodesReady;
  if (down !== before.nodes - before.nodesReady) sentences.push(down === 0 ? 'All nodes are ready.' : `${plural(down, 'node')} not ready.`);
  if (after.failing > before.failing) sentences.push(`${plural(after.failing, 'Pod')} failing.`);
  if (after.pending > 0 && before.pending === 0) sentences.push(`${plural(after.pending, 'Pod')} pending.`);
  if (after.pending + after.failing === 0 && before.pending + before.failing > 0)
    sentences.push(`No Pods pending, ${after.running} running.`);
  return sentences.join(' ');
}
