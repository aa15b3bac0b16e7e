/** Labels of nodes that have a newer name: whoever selects by the old one is warned. Counterpart: k8s.io/kubernetes/pkg/api/node. */
import type { Path } from '../../../apimachinery/field/path.ts';
import type { NodeSelectorTerm } from '../../schema/types/core/v1.ts';

/** What is said of a label; nothing of most. */
export const DEPRECATED_NODE_LABELS: { readonly [label: string]: string } = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

export function nodeSelectorTermWarnings(warnings: string[], term: NodeSelectorTerm, path: Path): void {
  for (const [index, { key }] of (term.matchExpressions ?? []).entries()) {
    const text = DEPRECATED_NODE_LABELS[key];
    if (text) warnings.push(`${path.child('matchExpressions').index(index).child('key').toString()}: ${key} is ${text}`);
  }
}
