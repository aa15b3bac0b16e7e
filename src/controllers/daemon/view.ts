import type { DaemonSet } from '../../api/schema/types/apps/v1.ts';
import type { Node, Pod } from '../../api/schema/types/core/v1.ts';
import type { IntOrString } from '../../apimachinery/meta/types.ts';
import type { Placement } from './placement.ts';

/** A DaemonSet at one look. */
export interface DaemonView {
  readonly set: DaemonSet;
  readonly nodes: readonly Node[];
  readonly placement: (node: Node) => Placement;
  readonly byNode: ReadonlyMap<string, readonly Pod[]>;
  /** The hash of the current revision. */
  readonly hash: string;
  /** The number of the template, as the deprecated label has it. */
  readonly generation: string | undefined;
}

export function allowsSurge(set: DaemonSet): boolean {
  const rolling = set.spec?.updateStrategy?.type === 'RollingUpdate' ? set.spec.updateStrategy.rollingUpdate : undefined;
  return scaledUp(rolling?.maxSurge ?? 0, 100) > 0;
}

export function nodeNames({ nodes }: DaemonView): ReadonlySet<string> {
  return new Set(nodes.map(({ metadata }) => metadata.name ?? ''));
}

/** Made from the current template; an older cluster knows it by the generation only. */
export function isUpdated(pod: Pod, { hash, generation }: Pick<DaemonView, 'hash' | 'generation'>): boolean {
  const labels = pod.metadata.labels ?? {};
  return labels['controller-revision-hash'] === hash || (generation !== undefined && labels['pod-template-generation'] === generation);
}

/** Pods on a node before those that wait for one, then the oldest. */
export function byCreation(left: Pod, right: Pod): number {
  const scheduled = (pod: Pod): number => ((pod.spec?.nodeName ?? '') === '' ? 1 : 0);
  const key = ({ metadata }: Pod): string => `${metadata.creationTimestamp ?? ''} ${metadata.name ?? ''}`;
  return scheduled(left) - scheduled(right) || (key(left) < key(right) ? -1 : 1);
}

/** A percentage of a DaemonSet rounds up. */
export function scaledUp(value: IntOrString, total: number): number {
  if (typeof value === 'number') return value;
  return Math.ceil((Number.parseInt(value, 10) * total) / 100);
}
