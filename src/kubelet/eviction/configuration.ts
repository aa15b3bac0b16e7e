import { jsonEqual } from '../../base/json.ts';
import { POOL_LABEL } from '../../api/kubepad/nodepool/label.ts';
import type { NodePool } from '../../api/kubepad/types.ts';
import { NODES } from '../../api/schema/resources.ts';
import type { Change } from '../../client/watchCursor.ts';
import type { KubeletHost } from '../kubelets.ts';
import { watchAges } from '../imagegc/manager.ts';
import type { NodeState } from '../state.ts';
import { watchNode } from './manager.ts';
import { settingsOf } from './settings.ts';

/** A machine with thresholds of its own, or with images that grow too old, is looked at from its start on. */
export function watchThresholds(host: KubeletHost, state: NodeState): void {
  const node = host.nodeObject(state.name);
  if (node !== undefined && !state.down && settingsOf(host, node).hasOwnThresholds) watchNode(host, state);
  if (!state.down) watchAges(host, state);
}

/** The configuration of a pool changed: its machines go by it from now on. */
export function onConfigurationChange(host: KubeletHost, { object, previous }: Change): void {
  const now = (object as NodePool).spec?.kubeletConfiguration ?? {};
  const before = (previous as NodePool | undefined)?.spec?.kubeletConfiguration ?? {};
  if (jsonEqual(now, before)) return;
  for (const node of host.clientOf('').list(NODES)) {
    const state = node.metadata.labels?.[POOL_LABEL] === object.metadata.name ? host.findNode(node.metadata.name ?? '') : undefined;
    if (state !== undefined) watchThresholds(host, state);
  }
}
