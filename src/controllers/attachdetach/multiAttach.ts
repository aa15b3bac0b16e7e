import type { PersistentVolume, Pod } from '../../api/schema/types/core/v1.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { tell } from './attach.ts';

/** Whether a volume may be attached to several nodes at once. One that says nothing of its access modes may. */
export function allowsMultiAttach({ spec }: PersistentVolume): boolean {
  const modes = spec?.accessModes ?? [];
  return modes.length === 0 || modes.some((mode) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany');
}

/**
 * Says to the Pods of a node why their volume cannot come: another node has it. Names of Pods are told within their namespace only.
 * Counterpart: reportMultiAttachError of k8s.io/kubernetes/pkg/controller/volume/attachdetach/reconciler.
 * @param others Pods that want the volume on the nodes that have it
 */
export function reportMultiAttach(
  context: ControllerContext,
  volume: PersistentVolume,
  waiting: readonly Pod[],
  others: readonly Pod[],
): void {
  for (const pod of waiting) {
    const text = `Multi-Attach error for volume "${volume.metadata.name ?? ''}" ${usedBy(pod, others)}`;
    tell(context, [pod], 'Warning', 'FailedAttachVolume', text);
  }
}

function usedBy(pod: Pod, others: readonly Pod[]): string {
  if (others.length === 0) return "Volume is already exclusively attached to one node and can't be attached to another";
  const local = others.filter(({ metadata }) => metadata.namespace === pod.metadata.namespace).map(({ metadata }) => metadata.name ?? '');
  const foreign = others.length - local.length;
  const elsewhere = `${foreign} pod(s) in different namespaces`;
  if (local.length === 0) return `Volume is already used by ${elsewhere}`;
  return `Volume is already used by pod(s) ${local.join(', ')}${foreign > 0 ? ` and ${elsewhere}` : ''}`;
}
