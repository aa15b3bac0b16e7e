/**
 * PodTopologyLabels: a Pod that gets a node takes the node's zone and region as labels.
 * Invariant: acts when the node becomes known (a binding, or a Pod created with one); a missing node is no error.
 * Counterpart: k8s.io/kubernetes/plugin/pkg/admission/podtopologylabels.
 */
import type { Draft } from '../../../base/json.ts';
import type { Node, Pod } from '../../../api/schema/types/core/v1.ts';
import type { AdmissionAttributes, AdmissionPlugin, AdmissionWorld } from '../plugin.ts';

const LABELS = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];

export const podTopologyLabels: AdmissionPlugin = { name: 'PodTopologyLabels', admit };

function admit({ strategy, operation, subresource, object }: AdmissionAttributes, world: AdmissionWorld): undefined {
  const { resource } = strategy;
  if (resource.plural !== 'pods' || resource.group !== '') return undefined;
  if (!(operation === 'CREATE' && subresource === '') && subresource !== 'binding') return undefined;
  const pod = object as Draft<Pod>;
  const nodeName = pod.spec?.nodeName ?? '';
  if (nodeName === '') return undefined;
  const labels = (world.store.get('nodes', nodeName) as Node | undefined)?.metadata.labels;
  for (const label of LABELS) {
    const value = labels?.[label];
    if (value !== undefined) (pod.metadata.labels ??= {})[label] = value;
  }
  return undefined;
}
