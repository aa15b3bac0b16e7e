/** Nodes that hold the Pod's images score higher. Counterpart: plugins/imagelocality. */
import type { Pod } from '../../../../api/schema/types/core/v1.ts';
import { MAX_NODE_SCORE, type Handle, type Plugin } from '../../interface.ts';

const MIB = 1024 * 1024;
const MIN_BYTES = 23 * MIB;
const MAX_BYTES_PER_CONTAINER = 1000 * MIB;

const STATE = 'PreScoreImageLocality';

interface LocalImage {
  readonly name: string;
  readonly shareBytes: number;
}

interface State {
  readonly images: readonly LocalImage[];
  /** The most that counts, bytes. */
  readonly max: number;
}

export const imageLocality = {
  name: 'ImageLocality',
  weight: 1,
  /**
   * Each image counts with its size times the share of nodes that have it (so that one node does not draw everything);
   * the sum is scaled between 23 MiB and 1000 MiB per container.
   * Example: 400 MiB on 1 of 2 nodes = 200 MiB: 100 × (200 - 23) / (1000 - 23) = 18.
   */
  preScore: (state, pod, _nodes, handle) => {
    state.set(STATE, prepare(pod, handle));
    return undefined;
  },
  // Images that no node has count for none.
  sameScore: (state) => ((state.get(STATE) as State).images.length === 0 ? 0 : undefined),
  score: (state, _pod, node) => {
    const { images, max } = state.get(STATE) as State;
    let bytes = 0;
    for (const { name, shareBytes } of images) if (node.hasImage(name)) bytes += shareBytes;
    const sum = Math.min(Math.max(bytes, MIN_BYTES), max);
    return Math.floor((MAX_NODE_SCORE * (sum - MIN_BYTES)) / (max - MIN_BYTES));
  },
} satisfies Plugin;

/** The Pod's images that any node has, once for each container and volume, with size × share of the nodes that have it. */
function prepare(pod: Pod, handle: Handle): State {
  const containers = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])].map(({ image }) => image ?? '');
  const volumes = (pod.spec?.volumes ?? []).flatMap(({ image }) => (image === undefined ? [] : [image.reference ?? '']));
  const names = [...containers, ...volumes];
  const total = handle.nodeInfos().length;
  const images: LocalImage[] = [];
  for (const image of names) {
    const name = normalizedImageName(image);
    const known = handle.imageState(name);
    if (known !== undefined) images.push({ name, shareBytes: Math.floor(known.sizeBytes * (known.nodes / total)) });
  }
  return { images, max: MAX_BYTES_PER_CONTAINER * names.length };
}

/** A name without a tag means `:latest`. Short names are not expanded. */
export function normalizedImageName(name: string): string {
  return name.lastIndexOf(':') <= name.lastIndexOf('/') ? `${name}:latest` : name;
}
