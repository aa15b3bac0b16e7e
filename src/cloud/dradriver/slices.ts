import { draft, type Draft } from '../../base/json.ts';
import { GPU_DRIVER, INSTANCE_TYPES } from '../../api/kubepad/nodepool/instanceTypes.ts';
import type { NodePool, PoolDevices } from '../../api/kubepad/types.ts';
import { NODES } from '../../api/schema/resources.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import type { Device, DeviceClass, ResourceSlice } from '../../api/schema/types/resource/v1.ts';

/** What each machine of the pool has: what the pool says, else what its instance type brings. */
export function devicesOf({ spec = {} }: NodePool): readonly PoolDevices[] {
  if (spec.devices !== undefined) return spec.devices;
  const gpus = INSTANCE_TYPES.get(spec.instanceType ?? '')?.gpus;
  if (gpus === undefined) return [];
  const attributes = { model: { string: gpus.model } };
  return [{ driver: GPU_DRIVER, count: gpus.count, attributes, capacity: { memory: `${gpus.memoryGibi}Gi` } }];
}

/** All devices of one driver on one machine: `gpu-0`, `gpu-1`, … with their number as an attribute. They go with the Node. */
export function sliceOf(node: Node, { driver, count = 1, attributes = {}, capacity = {} }: PoolDevices): Draft<ResourceSlice> {
  const { name = '', uid = '' } = node.metadata;
  const kind = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?/.exec(driver)?.[0] ?? 'device';
  const devices = Array.from({ length: count }, (_, index): Device => ({
    name: `${kind}-${index}`,
    attributes: { index: { int: index }, ...attributes },
    ...(Object.keys(capacity).length === 0
      ? {}
      : { capacity: Object.fromEntries(Object.entries(capacity).map(([each, value]) => [each, { value }])) }),
  }));
  return {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceSlice',
    metadata: {
      name: `${name}-${driver}`,
      ownerReferences: [{ apiVersion: NODES.version, kind: NODES.kind, name, uid, controller: true }],
    },
    spec: { driver, nodeName: name, pool: { name, generation: 1, resourceSliceCount: 1 }, devices: draft(devices) },
  };
}

/** By the name of the driver: all of its devices. */
export function classOf(driver: string): Draft<DeviceClass> {
  return {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'DeviceClass',
    metadata: { name: driver },
    spec: { selectors: [{ cel: { expression: `device.driver == ${JSON.stringify(driver)}` } }] },
  };
}
