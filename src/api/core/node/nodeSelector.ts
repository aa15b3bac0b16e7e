/**
 * Which nodes a Pod or a volume may be on: the same for the scheduler, the kubelet and the controller of DaemonSets.
 * Invariant: pure; a selector is compiled once and then asked about many nodes.
 * Counterpart: k8s.io/component-helpers/scheduling/corev1/nodeaffinity.
 */
import type { Node, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, PodSpec } from '../../schema/types/core/v1.ts';

export type NodeMatcher = (node: Pick<Node, 'metadata'>) => boolean;

/** nodeSelector and the required terms together: both must hold; of the terms, one. */
export function compileRequired(spec: PodSpec | undefined): NodeMatcher {
  const selector = Object.entries(spec?.nodeSelector ?? {});
  const required = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const matchesTerms = required === undefined ? undefined : compileNodeSelector(required);
  return (node) => {
    const { labels } = node.metadata;
    if (!selector.every(([key, wanted]) => labels?.[key] === wanted)) return false;
    return matchesTerms === undefined || matchesTerms(node);
  };
}

/** One of the terms must hold. */
export function compileNodeSelector({ nodeSelectorTerms }: NodeSelector): NodeMatcher {
  const terms = nodeSelectorTerms.map(compileTerm);
  return (node) => terms.some((matches) => matches(node));
}

/** All requirements of a term must hold; a term without any matches nothing. */
export function compileTerm(term: NodeSelectorTerm): NodeMatcher {
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length === 0 && matchFields.length === 0) return () => false;
  return (node) =>
    matchExpressions.every((requirement) => holds(requirement, node.metadata.labels?.[requirement.key])) &&
    matchFields.every((requirement) => requirement.key === 'metadata.name' && holds(requirement, node.metadata.name));
}

/** An operator on a label's value; undefined means that the node lacks the label. Gt and Lt compare whole numbers. */
function holds({ operator, values = [] }: NodeSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return compareIntegers(value, values, (a, b) => a > b);
    case 'Lt':
      return compareIntegers(value, values, (a, b) => a < b);
    default:
      return false;
  }
}

const INTEGER = /^[+-]?\d+$/;

function compareIntegers(value: string | undefined, values: readonly string[], test: (a: bigint, b: bigint) => boolean): boolean {
  const [bound] = values;
  if (value === undefined || bound === undefined || values.length !== 1 || !INTEGER.test(value) || !INTEGER.test(bound)) return false;
  return test(BigInt(value), BigInt(bound));
}
