import { DEFAULT_SETTINGS, kubeletSettings, type KubeletSettings } from '../../api/kubepad/nodepool/kubeletConfiguration.ts';
import { POOL_LABEL } from '../../api/kubepad/nodepool/label.ts';
import { NODEPOOLS } from '../../api/kubepad/types.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import type { KubeletHost } from '../kubelets.ts';

/** How the kubelet of this machine is configured: as its NodePool says now. */
export function settingsOf(host: KubeletHost, node: Node): KubeletSettings {
  const pool = node.metadata.labels?.[POOL_LABEL];
  const configuration = pool === undefined ? undefined : host.clientOf('').get(NODEPOOLS, '', pool)?.spec?.kubeletConfiguration;
  return configuration === undefined ? DEFAULT_SETTINGS : kubeletSettings(configuration);
}
