import type { Client } from '../client/client.ts';
import { CLOCKS, CLUSTER_CLOCK, NODEPOOLS, type NodePoolSpec } from '../api/kubepad/types.ts';
import { CSIDRIVERS, STORAGECLASSES } from '../api/schema/resources.ts';
import { KUBEPAD_DRIVER } from '../cloud/csidriver/drivers.ts';
import type { ClusterOptions } from './options.ts';

const ZONES = ['zone-a', 'zone-b', 'zone-c'] as const;
const DEFAULT_WORKERS = 3;

/**
 * What a new cluster begins with beside the objects of its control plane: the Clock, and the preset's machines as node
 * pools. `default` has one control plane node and three workers of 4 CPU, 8 GiB and 110 Pods each, over three zones; `empty`
 * has no machines unless `nodes` asks for workers.
 */
export function applyPreset(client: Client, options: ClusterOptions): void {
  client.create(CLOCKS, { apiVersion: 'kubepad.dev/v1', kind: 'Clock', metadata: { name: CLUSTER_CLOCK }, spec: {} });
  if (options.defaultStorageClass !== undefined) installStorage(client, options.defaultStorageClass);
  if (options.preset === 'default') {
    createPool(client, 'control-plane', {
      count: 1,
      zones: [ZONES[0]],
      labels: { 'node-role.kubernetes.io/control-plane': '' },
      taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
    });
  }
  const workers = options.nodes ?? (options.preset === 'empty' ? 0 : DEFAULT_WORKERS);
  if (workers > 0) createPool(client, 'worker', { count: workers, zones: [...ZONES] });
}

function createPool(client: Client, name: string, spec: NodePoolSpec): void {
  client.create(NODEPOOLS, {
    apiVersion: 'kubepad.dev/v1',
    kind: 'NodePool',
    metadata: { name },
    spec: {
      ...(spec.count === undefined ? {} : { count: spec.count }),
      zones: [...(spec.zones ?? [])],
      ...(spec.labels === undefined ? {} : { labels: { ...spec.labels } }),
      ...(spec.taints === undefined ? {} : { taints: spec.taints.map((taint) => ({ ...taint })) }),
    },
  });
}

/** A driver, and a class whose volumes are made where the first Pod that needs them is placed. */
function installStorage(client: Client, className: string): void {
  client.create(CSIDRIVERS, {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name: KUBEPAD_DRIVER },
    spec: { attachRequired: false, podInfoOnMount: false, volumeLifecycleModes: ['Persistent'] },
  });
  client.create(STORAGECLASSES, {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: className, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: KUBEPAD_DRIVER,
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
    allowVolumeExpansion: true,
  });
}
