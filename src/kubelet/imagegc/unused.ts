import { imageBytes } from '../images.ts';
import type { KubeletHost } from '../kubelets.ts';
import type { NodeState } from '../state.ts';

/** The images that no container and no pull of the node has to do with. */
export function unusedImages(host: KubeletHost, state: NodeState): readonly string[] {
  const used = new Set(
    host
      .podsOf(state.name)
      .filter(({ work }) => work !== 'finished')
      .flatMap(({ records }) => records.map(({ image }) => image)),
  );
  for (const { image } of state.pulls) used.add(image);
  return Object.keys(state.images).filter((image) => !used.has(image));
}

/** @returns how many bytes that has freed; layers that another image has stay */
export function deleteImage(host: KubeletHost, state: NodeState, image: string): number {
  const before = imageBytes(host, state);
  delete state.images[image];
  delete state.imageUse[image];
  host.holders.set(state, image, undefined);
  const freed = before - imageBytes(host, state);
  if (state.eviction !== null) state.eviction.freedBytes += freed;
  return freed;
}
