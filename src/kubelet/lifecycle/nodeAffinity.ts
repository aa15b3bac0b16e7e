import type { Node, NodeSelectorRequirement, NodeSelectorTerm, Pod } from '../../api/schema/types/core/v1.ts';

/** Whether a node has what nodeSelector and the required node affinity ask for. */
export function matchesNode(pod: Pod, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  for (const [key, wanted] of Object.entries(pod.spec?.nodeSelector ?? {})) if (labels[key] !== wanted) return false;
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || required.nodeSelectorTerms.some((term) => matchesTerm(term, labels, node.metadata.name ?? ''));
}

/** An empty term matches nothing; the requirements of a term must all hold. */
function matchesTerm(term: NodeSelectorTerm, labels: Readonly<Record<string, string>>, name: string): boolean {
  const expressions = term.matchExpressions ?? [];
  const fields = term.matchFields ?? [];
  if (expressions.length === 0 && fields.length === 0) return false;
  return (
    expressions.every((requirement) => holds(requirement, labels[requirement.key])) &&
    fields.every((requirement) => requirement.key === 'metadata.name' && holds(requirement, name))
  );
}

function holds({ operator, values }: NodeSelectorRequirement, actual: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return actual !== undefined && (values ?? []).includes(actual);
    case 'NotIn':
      return actual === undefined || !(values ?? []).includes(actual);
    case 'Exists':
      return actual !== undefined;
    case 'DoesNotExist':
      return actual === undefined;
    case 'Gt':
      return actual !== undefined && Number.parseInt(actual, 10) > Number.parseInt(values?.[0] ?? '', 10);
    case 'Lt':
      return actual !== undefined && Number.parseInt(actual, 10) < Number.parseInt(values?.[0] ?? '', 10);
    default:
      return false;
  }
}
