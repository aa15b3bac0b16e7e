import {
  DEFAULT_SETTINGS,
  kubeletSettings,
  type KubeletConfiguration,
  type KubeletSettings,
} from '../../api/kubepad/nodepool/kubeletConfiguration.ts';
import { POOL_LABEL } from '../../api/kubepad/nodepool/label.ts';
import { NODEPOOLS, type NodePool } from '../../api/kubepad/types.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import type { KubeObject, ResourceType } from '../../apimachinery/meta/resource.ts';

interface Reader {
  get<T extends KubeObject>(type: ResourceType<T>, namespace: string, name: string): T | undefined;
}

/** Stored objects are replaced, never changed: what follows from one is worked out once. */
const known = new WeakMap<KubeletConfiguration, KubeletSettings>();

/** How the kubelet of this machine is configured: as its NodePool says now. */
export function settingsOf(reader: Reader, node: Node): KubeletSettings {
  const configuration = configurationOf(reader, node);
  if (configuration === undefined) return DEFAULT_SETTINGS;
  let settings = known.get(configuration);
  if (settings === undefined) known.set(configuration, (settings = kubeletSettings(configuration)));
  return settings;
}

export function configurationOf(reader: Reader, node: Node | undefined): KubeletConfiguration | undefined {
  const pool = node?.metadata.labels?.[POOL_LABEL];
  return pool === undefined ? undefined : reader.get<NodePool>(NODEPOOLS, '', pool)?.spec?.kubeletConfiguration;
}
