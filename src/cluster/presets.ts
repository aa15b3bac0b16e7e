/**
 * What a new cluster begins with beside the objects of its control plane: the Clock, machines as node pools, storage.
 * Invariant: a preset is data; what it names is made through the API, as a person would. Counterpart: kind, eksctl, kubeadm.
 */
import { draft } from '../base/json.ts';
import type { Client } from '../client/client.ts';
import { INGRESS_NGINX } from '../api/networking/ingress/claim.ts';
import { CLOCKS, CLUSTER_CLOCK, NODEPOOLS, type NodePoolSpec } from '../api/kubepad/types.ts';
import { regionOf } from '../api/kubepad/nodepool/region.ts';
import { METRICS_PRIORITY } from '../api/apiregistration/apiservice/priorities.ts';
import { APISERVICES, CSIDRIVERS, INGRESSCLASSES, STORAGECLASSES } from '../api/schema/resources.ts';
import { KUBEPAD_DRIVER } from '../cloud/csidriver/drivers.ts';
import { outsideAddress } from '../network/dns/outside.ts';
import { CONTROL_PLANE_PODS } from './controlPlanePods.ts';
import type { ClusterOptions, Preset } from './options.ts';

interface StorageFacts {
  readonly className: string;
  /** Whether claims that name no class get this one. */
  readonly isDefault: boolean;
  readonly allowVolumeExpansion: boolean;
  /** Whether volumes are disks of a cloud, which are attached to a machine before it can mount them. */
  readonly attachRequired: boolean;
}

interface PresetFacts {
  /** Machines that the option `nodes` says nothing about. */
  readonly controlPlane: Readonly<Record<string, NodePoolSpec>>;
  /** Machines for Pods. Where `nodes` is given, they are that many altogether. */
  readonly workers: Readonly<Record<string, NodePoolSpec>>;
  readonly storage?: StorageFacts;
  /** Whether a cloud is behind it, which gives Services of type LoadBalancer an address. */
  readonly hasCloud?: boolean;
}

const ZONES = ['zone-a', 'zone-b', 'zone-c'] as const;
const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';

const CONTROL_PLANE_MACHINE: NodePoolSpec = {
  count: 1,
  zones: [ZONES[0]],
  labels: { [CONTROL_PLANE]: '' },
  taints: [{ key: CONTROL_PLANE, effect: 'NoSchedule' }],
};

/** What eksctl and the console call a managed node group. m5.large: 2 CPU, 8 GiB, 29 Pods. */
function nodeGroup(name: string): NodePoolSpec {
  return {
    count: 2,
    instanceType: 'm5.large',
    zones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
    labels: { 'eks.amazonaws.com/capacityType': 'ON_DEMAND', 'eks.amazonaws.com/nodegroup': name },
  };
}

/**
 * Machines without an instance type have 4 CPU, 8 GiB and 110 Pods each.
 * `kind`: the multi-node example of kind's documentation, on one host, so without zones; its control plane are static Pods. `eks`: the control plane is the cloud's
 * and no node; the class `gp2` is no default one, as of EKS 1.30. `large`: as many nodes as Kubernetes promises to bear.
 */
const PRESETS: Readonly<Record<Preset, PresetFacts>> = {
  default: { controlPlane: { 'control-plane': CONTROL_PLANE_MACHINE }, workers: { worker: { count: 3, zones: [...ZONES] } } },
  empty: { controlPlane: {}, workers: { worker: { count: 0, zones: [...ZONES] } } },
  eks: {
    controlPlane: {},
    workers: { 'ng-1': nodeGroup('ng-1'), 'ng-2': nodeGroup('ng-2') },
    storage: { className: 'gp2', isDefault: false, allowVolumeExpansion: false, attachRequired: true },
    hasCloud: true,
  },
  kind: {
    controlPlane: {
      'kind-control-plane': {
        count: 1,
        nodeNames: ['kind-control-plane'],
        labels: { [CONTROL_PLANE]: '', 'node.kubernetes.io/exclude-from-external-load-balancers': '' },
        taints: [{ key: CONTROL_PLANE, effect: 'NoSchedule' }],
        staticPods: CONTROL_PLANE_PODS,
      },
    },
    workers: { 'kind-worker': { count: 2, nodeNames: ['kind-worker'] } },
    storage: { className: 'standard', isDefault: true, allowVolumeExpansion: false, attachRequired: false },
  },
  large: { controlPlane: { 'control-plane': CONTROL_PLANE_MACHINE }, workers: { worker: { count: 5_000, zones: [...ZONES] } } },
};

/** Where Ingresses are reached: as the installation notes of ingress-nginx have it for each kind of cluster. */
export function ingressPlace(options: ClusterOptions): IngressPlace {
  const region = cloudRegion(options);
  if (region !== undefined) {
    const hostname = `a1c0ffee5e7d4c3f8b2a90d1e6f74b52-1534102648.${region}.elb.amazonaws.com`;
    return { published: { hostname }, address: outsideAddress(hostname) };
  }
  return { published: options.preset === 'kind' ? { hostname: 'localhost' } : { ip: BARE_METAL_ADDRESS }, address: BARE_METAL_ADDRESS };
}

export interface IngressPlace {
  /** What the status of Ingresses says. */
  readonly published: { readonly ip?: string; readonly hostname?: string };
  /** Where packets go. */
  readonly address: string;
}

/** From the block that a balancer of a local cluster usually has. */
const BARE_METAL_ADDRESS = '172.18.255.200';

/** In which region of a cloud the cluster is; undefined: in none. */
export function cloudRegion({ preset, nodePools }: ClusterOptions): string | undefined {
  const { hasCloud = false, workers } = PRESETS[preset];
  if (!hasCloud) return undefined;
  const zones = Object.values(nodePools ?? workers).flatMap((pool) => pool.zones ?? []);
  return regionOf(zones[0] ?? '') ?? DEFAULT_REGION;
}

const DEFAULT_REGION = 'us-east-1';

export function applyPreset(client: Client, options: ClusterOptions): void {
  if (options.metrics !== false) installMetricsServer(client);
  if (options.ingressClass !== undefined) installIngressClass(client, options.ingressClass);
  client.create(CLOCKS, { apiVersion: 'kubepad.dev/v1', kind: 'Clock', metadata: { name: CLUSTER_CLOCK }, spec: {} });
  const { controlPlane, workers, storage } = PRESETS[options.preset];
  if (storage !== undefined) installStorage(client, storage);
  else if (options.defaultStorageClass !== undefined)
    installStorage(client, { className: options.defaultStorageClass, isDefault: true, allowVolumeExpansion: true, attachRequired: true });
  if (options.nodePools !== undefined) {
    // What runs on a control plane is the preset's matter, not the file's that describes the machines.
    const staticPods = Object.values(controlPlane).find((pool) => pool.staticPods !== undefined)?.staticPods;
    for (const [name, spec] of Object.entries(options.nodePools)) {
      const isControlPlane = staticPods !== undefined && spec.labels?.[CONTROL_PLANE] !== undefined;
      createPool(client, name, isControlPlane ? { staticPods, ...spec } : spec);
    }
    return;
  }
  for (const [name, spec] of Object.entries(controlPlane)) createPool(client, name, spec);
  const groups = Object.entries(workers);
  for (const [index, [name, spec]] of groups.entries()) {
    // The first groups take one more where it does not come out even.
    const count = options.nodes === undefined ? (spec.count ?? 0) : Math.ceil((options.nodes - index) / groups.length);
    if (count > 0) createPool(client, name, { ...spec, count });
  }
}

function createPool(client: Client, name: string, spec: NodePoolSpec): void {
  client.create(NODEPOOLS, { apiVersion: 'kubepad.dev/v1', kind: 'NodePool', metadata: { name }, spec: draft(spec) });
}

/** What its manifest registers. It runs as a part of the simulation, so there is no Pod behind the Service. */
function installMetricsServer(client: Client): void {
  client.create(APISERVICES, {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1beta1.metrics.k8s.io', labels: { 'k8s-app': 'metrics-server' } },
    spec: {
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      insecureSkipTLSVerify: true,
      service: { namespace: 'kube-system', name: 'metrics-server' },
      ...METRICS_PRIORITY,
    },
  });
}

/** The class of the Ingress controller, which Ingresses without a class get. */
function installIngressClass(client: Client, name: string): void {
  client.create(INGRESSCLASSES, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name, annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } },
    spec: { controller: INGRESS_NGINX },
  });
}

/** A driver, and a class whose volumes are made where the first Pod that needs them is placed. */
function installStorage(client: Client, { className, isDefault, allowVolumeExpansion, attachRequired }: StorageFacts): void {
  client.create(CSIDRIVERS, {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name: KUBEPAD_DRIVER },
    spec: { attachRequired, podInfoOnMount: false, volumeLifecycleModes: ['Persistent'] },
  });
  client.create(STORAGECLASSES, {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: className, ...(isDefault ? { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } } : {}) },
    provisioner: KUBEPAD_DRIVER,
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
    ...(allowVolumeExpansion ? { allowVolumeExpansion } : {}),
  });
}
