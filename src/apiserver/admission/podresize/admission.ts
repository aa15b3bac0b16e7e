/**
 * Refuses to resize a running Pod beyond what its node has at all: no kubelet could ever carry that out.
 * Invariant: reads only; what the node's other Pods take is the kubelet's matter, which lets such a resize wait.
 * Counterpart: the check of requests to `pods/resize` in kube-apiserver 1.36 (texts by the recorded kubelet facts).
 */
import { forbidden, type Status } from '../../../apimachinery/errors/status.ts';
import { milliValue, value } from '../../../apimachinery/quantity/quantity.ts';
import { podRequests } from '../../../api/core/pod/effective.ts';
import type { Node, Pod } from '../../../api/schema/types/core/v1.ts';
import type { AdmissionAttributes, AdmissionPlugin, AdmissionWorld } from '../plugin.ts';

export const podResize: AdmissionPlugin = { name: 'PodResize', validate };

const AMOUNTS = [
  ['cpu', milliValue],
  ['memory', value],
] as const;

function validate({ strategy, subresource, name, object }: AdmissionAttributes, { store }: AdmissionWorld): Status | undefined {
  const { resource } = strategy;
  if (resource.plural !== 'pods' || resource.group !== '' || subresource !== 'resize') return undefined;
  const { spec } = object as Pod;
  const allocatable = (store.get('nodes', spec?.nodeName ?? '') as Node | undefined)?.status?.allocatable;
  if (spec === undefined || allocatable === undefined) return undefined;
  const requests = podRequests(spec);
  for (const [amount, read] of AMOUNTS) {
    const [requested, available] = [read(requests[amount]), read(allocatable[amount])];
    if (requested <= available) continue;
    const text = `node didn't have enough allocatable resources: ${amount}, requested: ${requested}, allocatable: ${available}`;
    return forbidden(resource, name, text);
  }
  return undefined;
}
