/** A small cluster with devices, for tests of their allocation. Nobody plays the kubelets. */
import {
  DEVICECLASSES,
  EVENTS,
  NODES,
  PODS,
  RESOURCECLAIMS,
  RESOURCECLAIMTEMPLATES,
  RESOURCESLICES,
  SERVICEACCOUNTS,
} from '../../../../../src/api/schema/resources.ts';
import type { Pod, PodSpec } from '../../../../../src/api/schema/types/core/v1.ts';
import type {
  Device,
  DeviceClaim,
  DeviceClassSpec,
  ResourceClaim,
  ResourceSliceSpec,
} from '../../../../../src/api/schema/types/resource/v1.ts';
import { draft, type Draft } from '../../../../../src/base/json.ts';
import { Cluster } from '../../../../../src/cluster/cluster.ts';

export const DRIVER = 'gpu.example.com';

export class DeviceWorld {
  readonly cluster: Cluster;

  constructor(nodes: readonly string[] = ['n1', 'n2'], more: readonly string[] = []) {
    const controllers = ['resourceclaim-controller', 'garbage-collector-controller', ...more];
    this.cluster = Cluster.create({ seed: 's', startTime: 0, preset: 'empty', kubelet: 'manual', controllers, freeze: true });
    const { client } = this;
    client.create(SERVICEACCOUNTS, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' } });
    for (const name of nodes) {
      client.create(NODES, { apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { 'kubernetes.io/hostname': name } } });
      client.modify(NODES, '', name, (node) => void (node.status = { allocatable: { cpu: '4', memory: '8Gi', pods: '110' } }), 'status');
      client.modify(NODES, '', name, (node) => void delete node.spec?.taints);
    }
  }

  get client(): ReturnType<Cluster['admin']> {
    return this.cluster.admin();
  }

  deviceClass(name: string, spec: DeviceClassSpec = { selectors: [{ cel: { expression: `device.driver == "${DRIVER}"` } }] }): void {
    this.client.create(DEVICECLASSES, { apiVersion: 'resource.k8s.io/v1', kind: 'DeviceClass', metadata: { name }, spec: draft(spec) });
  }

  /** A slice with all devices of a node. */
  slice(node: string, devices: readonly (string | Device)[], more: Partial<ResourceSliceSpec> = {}): void {
    const list = devices.map((device) => (typeof device === 'string' ? { name: device } : device));
    const pool = { name: node, generation: 1, resourceSliceCount: 1 };
    this.publish(`slice-${node}`, { driver: DRIVER, pool, nodeName: node, devices: list, ...more });
  }

  publish(name: string, spec: ResourceSliceSpec): void {
    this.client.create(RESOURCESLICES, { apiVersion: 'resource.k8s.io/v1', kind: 'ResourceSlice', metadata: { name }, spec: draft(spec) });
  }

  claim(name: string, devices: DeviceClaim): void {
    this.client.create(RESOURCECLAIMS, {
      apiVersion: 'resource.k8s.io/v1',
      kind: 'ResourceClaim',
      metadata: { name, namespace: 'default' },
      spec: { devices: draft(devices) },
    });
  }

  template(name: string, devices: DeviceClaim): void {
    this.client.create(RESOURCECLAIMTEMPLATES, {
      apiVersion: 'resource.k8s.io/v1',
      kind: 'ResourceClaimTemplate',
      metadata: { name, namespace: 'default' },
      spec: { metadata: {}, spec: { devices: draft(devices) } },
    });
  }

  /** A Pod with the claims `c0`, `c1`, … of those names, or of that template. */
  pod(name: string, claims: readonly string[] | { readonly template: string }, more: Partial<PodSpec> = {}): void {
    const resourceClaims =
      'template' in claims
        ? [{ name: 'c0', resourceClaimTemplateName: claims.template }]
        : claims.map((resourceClaimName, index) => ({ name: `c${index}`, resourceClaimName }));
    const spec: Draft<PodSpec> = { containers: [{ name: 'c', image: 'i' }], resourceClaims, ...draft(more) };
    this.client.create(PODS, { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec });
  }

  run(ms = 100): void {
    this.cluster.simulation.advance(this.cluster.simulation.now() + ms);
  }

  podNamed(name: string): Pod | undefined {
    return this.client.get(PODS, 'default', name);
  }

  nodeOf(name: string): string | undefined {
    return this.podNamed(name)?.spec?.nodeName;
  }

  /** The text of PodScheduled. */
  message(name: string): string | undefined {
    return this.podNamed(name)?.status?.conditions?.find(({ type }) => type === 'PodScheduled')?.message;
  }

  claimNamed(name: string): ResourceClaim | undefined {
    return this.client.get(RESOURCECLAIMS, 'default', name);
  }

  /** `request pool/device`, one each. */
  devicesOf(name: string): readonly string[] {
    const results = this.claimNamed(name)?.status?.allocation?.devices?.results ?? [];
    return results.map(({ request, pool, device }) => `${request} ${pool}/${device}`);
  }

  events(): readonly string[] {
    return this.client.list(EVENTS, 'default').map(({ reason, message }) => `${reason ?? ''}: ${message ?? ''}`);
  }
}

/** One request for devices of the class `gpu`. */
export function ask(name: string, count = 1, selector?: string): NonNullable<DeviceClaim['requests']>[number] {
  const selectors = selector === undefined ? {} : { selectors: [{ cel: { expression: selector } }] };
  return { name, exactly: { deviceClassName: 'gpu', count, ...selectors } };
}
