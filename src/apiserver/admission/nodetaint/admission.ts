/**
 * TaintNodesByCondition: a new Node is tainted not-ready until the node lifecycle controller has seen it ready.
 * Invariant: only on create, and only if the taint is not there.
 * Counterpart: k8s.io/kubernetes/plugin/pkg/admission/nodetaint.
 */
import type { Draft } from '../../../base/json.ts';
import type { Node } from '../../../api/schema/types/core/v1.ts';
import type { AdmissionAttributes, AdmissionPlugin } from '../plugin.ts';

const NOT_READY = 'node.kubernetes.io/not-ready';

export const taintNodesByCondition: AdmissionPlugin = { name: 'TaintNodesByCondition', admit };

function admit({ operation, strategy, subresource, object }: AdmissionAttributes): undefined {
  const { resource } = strategy;
  if (operation !== 'CREATE' || resource.plural !== 'nodes' || resource.group !== '' || subresource !== '') return undefined;
  const node = object as Draft<Node>;
  const taints = ((node.spec ??= {}).taints ??= []);
  if (!taints.some((taint) => taint.key === NOT_READY && taint.effect === 'NoSchedule'))
    taints.push({ key: NOT_READY, effect: 'NoSchedule' });
  return undefined;
}
