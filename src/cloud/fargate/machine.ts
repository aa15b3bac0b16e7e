import type { Draft } from '../../base/json.ts';
import type { Node, Pod } from '../../api/schema/types/core/v1.ts';
import { privateDnsName, regionOf as regionOfZone } from '../../api/kubepad/nodepool/region.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
import { instanceDigits } from '../nodepool/instance.ts';
import type { Size } from './sizes.ts';

export const COMPUTE_TYPE = 'eks.amazonaws.com/compute-type';
/** On a machine's Node: the key and the uid of the Pod that it was made for. */
const POD_ANNOTATION = 'kubepad.dev/fargate-pod';

export interface Tenant {
  readonly pod: string;
  readonly uid: string;
}

/** Undefined: the node is no machine of Fargate. */
export function tenantOf({ metadata }: Node): Tenant | undefined {
  const text = metadata.annotations?.[POD_ANNOTATION];
  if (text === undefined) return undefined;
  const end = text.lastIndexOf('/');
  return { pod: text.slice(0, end), uid: text.slice(end + 1) };
}

function regionOf(zone: string): string {
  return regionOfZone(zone) ?? zone;
}

export function nodeName(zone: string, address: string): string {
  return `fargate-${privateDnsName(address, regionOf(zone))}`;
}

/** The Node that the kubelet of a new machine registers. One Pod goes there. */
export function fargateNode(name: string, zone: string, address: string, pod: Pod, { milliCpu, memoryMi }: Size): Draft<Node> {
  const region = regionOf(zone);
  const resources = { cpu: `${milliCpu}m`, memory: `${memoryMi}Mi`, pods: '1', 'ephemeral-storage': '20Gi' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { [POD_ANNOTATION]: `${keyOf(pod)}/${pod.metadata.uid ?? ''}` },
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        [COMPUTE_TYPE]: 'fargate',
        'failure-domain.beta.kubernetes.io/region': region,
        'failure-domain.beta.kubernetes.io/zone': zone,
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'topology.kubernetes.io/region': region,
        'topology.kubernetes.io/zone': zone,
      },
    },
    spec: {
      providerID: `aws:///${zone}/${instanceDigits(pod.metadata.uid ?? '', 10)}/${name}`,
      taints: [{ key: COMPUTE_TYPE, value: 'fargate', effect: 'NoSchedule' }],
    },
    status: {
      capacity: { ...resources },
      allocatable: { ...resources },
      addresses: [{ type: 'InternalIP', address }],
    },
  };
}
