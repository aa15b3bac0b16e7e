import { draft, type Draft } from '../../base/json.ts';
import { compileRequired } from '../../api/core/node/nodeSelector.ts';
import { toleratesAny } from '../../api/core/node/tolerates.ts';
import { DAEMONSETS } from '../../api/schema/resources.ts';
import type { DaemonSet } from '../../api/schema/types/apps/v1.ts';
import type { Node, Pod, Taint, Toleration } from '../../api/schema/types/core/v1.ts';
import { podFromTemplate } from '../util/podControl.ts';

/** Whether a node shall have a Pod of the set, and whether one that it has may stay. */
export interface Placement {
  readonly shouldRun: boolean;
  readonly mayStay: boolean;
}

const REFUSED: Placement = { shouldRun: false, mayStay: false };

/** What every Pod of a DaemonSet tolerates: it belongs to its node, healthy or not. */
const TOLERATIONS: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
];
const NETWORK_TOLERATION: Toleration = { key: 'node.kubernetes.io/network-unavailable', operator: 'Exists', effect: 'NoSchedule' };

/**
 * Selector, affinity and taints decide; whether there is room is the scheduler's question. What a set asks for is read once, as all nodes
 * are asked about at every look.
 */
export function placementOf(set: DaemonSet): (node: Node) => Placement {
  const spec = set.spec?.template.spec;
  const { nodeName = '' } = spec ?? {};
  const matches = compileRequired(spec);
  const tolerations = daemonTolerations(set);
  return (node) => {
    if ((nodeName !== '' && nodeName !== node.metadata.name) || !matches(node)) return REFUSED;
    const { taints } = node.spec ?? {};
    if (taints === undefined) return { shouldRun: true, mayStay: true };
    const untolerated = (effect: Taint['effect']): boolean =>
      taints.some((taint) => taint.effect === effect && !toleratesAny(tolerations, taint));
    return untolerated('NoExecute') ? REFUSED : { shouldRun: !untolerated('NoSchedule'), mayStay: true };
  };
}

/** The Pod that a set would have on a node that is not there yet; undefined: none. */
export function podOnNode(set: DaemonSet, node: Node): Pod | undefined {
  return placementOf(set)(node).shouldRun ? (daemonPod(set, node.metadata.name ?? '', '', undefined) as Pod) : undefined;
}

/** The Pod of a set for one node: bound to it by affinity, tolerant of what nodes suffer. */
export function daemonPod(set: DaemonSet, nodeName: string, hash: string, generation: string | undefined): Draft<Pod> {
  const pod = podFromTemplate(set.spec?.template ?? { metadata: {} }, DAEMONSETS, set);
  const labels = (pod.metadata.labels ??= {});
  if (generation !== undefined) labels['pod-template-generation'] = generation;
  labels['controller-revision-hash'] = hash;
  const spec = (pod.spec ??= { containers: [] });
  spec.tolerations = draft(daemonTolerations(set));
  const affinity = ((spec.affinity ??= {}).nodeAffinity ??= {});
  affinity.requiredDuringSchedulingIgnoredDuringExecution = {
    nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [nodeName] }] }],
  };
  return pod;
}

/** The node that a Pod of a set is for, bound or not. */
export function targetNode(pod: Pod): string | undefined {
  if ((pod.spec?.nodeName ?? '') !== '') return pod.spec?.nodeName;
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const fields = (required?.nodeSelectorTerms ?? []).flatMap(({ matchFields = [] }) => matchFields);
  return fields.find(({ key, operator }) => key === 'metadata.name' && operator === 'In')?.values?.[0];
}

/** The template's own come first; one that says the same stands for the default one. */
function daemonTolerations(set: DaemonSet): readonly Toleration[] {
  const spec = set.spec?.template.spec;
  const own = spec?.tolerations ?? [];
  const added = spec?.hostNetwork === true ? [...TOLERATIONS, NETWORK_TOLERATION] : TOLERATIONS;
  const same = (left: Toleration, right: Toleration): boolean =>
    left.key === right.key &&
    left.effect === right.effect &&
    left.operator === right.operator &&
    (left.value ?? '') === (right.value ?? '');
  return [...own.filter((toleration) => !added.some((other) => same(toleration, other))), ...added];
}
