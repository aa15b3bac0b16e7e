import type { Draft } from '../../base/json.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import { allocatableBy } from '../../api/kubepad/nodepool/kubeletConfiguration.ts';
import { allocatableOf, capacityOf, INSTANCE_TYPES } from '../../api/kubepad/nodepool/instanceTypes.ts';
import { POOL_LABEL } from '../../api/kubepad/nodepool/label.ts';
import { regionOf } from '../../api/kubepad/nodepool/region.ts';
import type { NodePool } from '../../api/kubepad/types.ts';

/** What a machine offers where its pool does not say: 4 CPU, 8 GiB, 110 Pods. */
export const DEFAULT_RESOURCES = { cpu: '4', memory: '8Gi', pods: '110', 'ephemeral-storage': '100Gi' } as const;

/**
 * The Node as a kubelet registers it on a new machine of the pool.
 * @param index from 1; machines are spread over the pool's zones in turn; zones that are none of a cloud lie in the region `local`
 */
export function machine(pool: NodePool, name: string, index: number): Draft<Node> {
  const { instanceType, resources, zones = [], labels, taints = [], kubelet, kubeletConfiguration = {} } = pool.spec ?? {};
  const type = INSTANCE_TYPES.get(instanceType ?? '');
  const { maxPods } = kubeletConfiguration;
  const pods = maxPods === undefined ? {} : { pods: String(maxPods) };
  // With an instance type, resources are its disk at most.
  const capacity = { ...(type === undefined ? DEFAULT_RESOURCES : capacityOf(type)), ...resources, ...pods };
  const allocatable = type === undefined ? capacity : { ...allocatableOf(type), ...resources, ...pods };
  const arch = type?.arch ?? 'amd64';
  const zone = zones[(index - 1) % Math.max(1, zones.length)];
  const owner = {
    apiVersion: 'kubepad.dev/v1',
    kind: 'NodePool',
    name: pool.metadata.name ?? '',
    uid: pool.metadata.uid ?? '',
    controller: true,
  };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'beta.kubernetes.io/arch': arch,
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': arch,
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        [POOL_LABEL]: pool.metadata.name ?? '',
        ...(zone === undefined ? {} : { 'topology.kubernetes.io/region': regionOf(zone) ?? 'local', 'topology.kubernetes.io/zone': zone }),
        ...(type === undefined || instanceType === undefined
          ? {}
          : { 'beta.kubernetes.io/instance-type': instanceType, 'node.kubernetes.io/instance-type': instanceType }),
        ...labels,
      },
      ownerReferences: [owner],
      ...(kubelet === undefined ? {} : { annotations: { 'kubepad.dev/kubelet': kubelet } }),
    },
    spec: { ...(taints.length === 0 ? {} : { taints: taints.map((taint) => ({ ...taint })) }) },
    status: { capacity: { ...capacity }, allocatable: allocatableBy(kubeletConfiguration, capacity) ?? { ...allocatable } },
  };
}
