/** What goes wrong in the cluster, in few words: for the badge of its view and for the status bar. */
import type { Problems } from '../../host/protocol/view.ts';

/** `2 Pods failing, 1 node not ready`; empty: nothing goes wrong. */
export function problemsText(problems: Problems | undefined): string {
  if (problems === undefined) return '';
  const { pods, nodes } = problems;
  const parts = [
    pods === 0 ? '' : `${pods} ${pods === 1 ? 'Pod' : 'Pods'} failing`,
    nodes === 0 ? '' : `${nodes} ${nodes === 1 ? 'node' : 'nodes'} not ready`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

export function problemCount(problems: Problems | undefined): number {
  return problems === undefined ? 0 : problems.pods + problems.nodes;
}
