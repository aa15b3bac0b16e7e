import { checkNode } from '../eviction/manager.ts';
import { finishExpansion } from '../expandVolume.ts';
import { collectImages } from '../imagegc/manager.ts';
import type { NodeTimer } from '../kubelet.ts';
import type { KubeletHost } from '../kubelets.ts';
import { continueShutdown } from '../nodeshutdown/manager.ts';

interface Payload {
  readonly node?: string;
  readonly slot?: number;
  readonly claim?: string;
}

/** A timer that is not a Pod's came due. Returns false if it is a Pod's. */
export function onNodeTimer(host: KubeletHost, type: NodeTimer, payload: unknown): boolean {
  const { node = '', slot = 0, claim = '' } = payload as Payload;
  // What was written at this very instant is seen first by those that look at Pods.
  if (type === 'evict' || type === 'expand' || type === 'imagegc' || type === 'shutdown') host.observe();
  switch (type) {
    case 'beat':
      host.keeper.beat(slot);
      return true;
    case 'boot':
      host.keeper.becomeReady(node);
      return true;
    case 'evict':
      checkNode(host, node);
      return true;
    case 'expand':
      finishExpansion(host, node, claim);
      return true;
    case 'hits':
      host.hits.flush();
      return true;
    case 'imagegc':
      collectImages(host, node);
      return true;
    case 'images':
      host.holders.flush();
      return true;
    case 'shutdown':
      continueShutdown(host, node);
      return true;
    case 'volumes':
      host.keeper.reportVolumes(node);
      return true;
    default:
      return false;
  }
}
