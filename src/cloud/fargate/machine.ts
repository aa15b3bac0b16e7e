import type { Draft } from '../../base/json.ts';
import type { Node, Pod } from '../../api/schema/types/core/v1.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
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

/** `us-east-1` of `us-east-1a`. */
function regionOf(zone: string): string {
  return zone.replace(/[a-z]$/, '');
}

export function nodeName(zone: string, address: string): string {
  const region = regionOf(zone);
  return `fargate-ip-${address.replaceAll('.', '-')}.${region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`}`;
}

/** The Node that the kubelet of a new machine registers. One Pod goes there. */
export function fargateNode(name: string, zone: string, pod: Pod, { milliCpu, memoryMi }: Size): Draft<Node> {
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
    spec: { taints: [{ key: COMPUTE_TYPE, value: 'fargate', effect: 'NoSchedule' }] },
    status: { capacity: { ...resources }, allocatable: { ...resources } },
  };
}
