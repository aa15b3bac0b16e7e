/** Nodes that hold the Pod's images score higher. Counterpart: plugins/imagelocality. */
import type { Pod } from '../../../../api/schema/types/core/v1.ts';
import { MAX_NODE_SCORE, type Handle, type Plugin } from '../../interface.ts';
import type { NodeInfo } from '../../nodeInfo.ts';

const MIB = 1024 * 1024;
const MIN_BYTES = 23 * MIB;
const MAX_BYTES_PER_CONTAINER = 1000 * MIB;

export const imageLocality = {
  name: 'ImageLocality',
  weight: 1,
  /**
   * Each image counts with its size times the share of nodes that have it (so that one node does not draw everything);
   * the sum is scaled between 23 MiB and 1000 MiB per container.
   * Example: 400 MiB on 1 of 2 nodes = 200 MiB: 100 × (200 - 23) / (1000 - 23) = 18.
   */
  score: (_state, pod, node, handle) => {
    const containers = (pod.spec?.containers.length ?? 0) + (pod.spec?.initContainers?.length ?? 0);
    const max = MAX_BYTES_PER_CONTAINER * containers;
    const sum = Math.min(Math.max(localBytes(pod, node, handle), MIN_BYTES), max);
    return Math.floor((MAX_NODE_SCORE * (sum - MIN_BYTES)) / (max - MIN_BYTES));
  },
} satisfies Plugin;

function localBytes(pod: Pod, node: NodeInfo, handle: Handle): number {
  const { images } = node.node.status ?? {};
  if (images === undefined || images.length === 0) return 0;
  const total = handle.nodeInfos().length;
  let sum = 0;
  for (const container of [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])]) {
    const name = normalizedImageName(container.image ?? '');
    if (!images.some((image) => image.names?.includes(name) === true)) continue;
    const state = handle.imageState(name);
    if (state !== undefined) sum += Math.floor(state.sizeBytes * (state.nodes / total));
  }
  return sum;
}

/** A name without a tag means `:latest`. Short names are not expanded. */
export function normalizedImageName(name: string): string {
  return name.lastIndexOf(':') <= name.lastIndexOf('/') ? `${name}:latest` : name;
}
