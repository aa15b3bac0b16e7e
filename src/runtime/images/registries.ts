/**
 * Which registry has what. The world's registries have every image that is asked for, as nobody can tell a simulation what they hold.
 * A registry of the workspace holds what was pushed and nothing else: one on this machine, a private one of Amazon ECR, and every
 * repository that an Image object is about.
 * Invariant: reads the Images as they are now; a tag that is moved means the new image from then on.
 * Counterpart: the distribution API of registries.
 */
import { DEFAULT_TAG, isOfWorkspace, parseReference, repositoryName, type Reference } from '../../api/kubepad/image/reference.ts';
import type { Image } from '../../api/kubepad/image/types.ts';
import { contentOf, type ImageContent } from './content.ts';

/** The Image objects, found by what they are called. */
export interface ImageSource {
  /** Of a repository by its whole name, such as `docker.io/library/web`. */
  inRepository(name: string): readonly Image[];
  withDigest(digest: string): readonly Image[];
}

export const NO_IMAGES: ImageSource = { inRepository: () => [], withDigest: () => [] };

export type LookUp =
  | { readonly found: ImageContent }
  /** The registry has no such image: `missing` is the tag, `denied` the whole repository. */
  | { readonly fault: 'missing' | 'denied' };

/** What a registry answers; undefined: it is one of the world, about which Images say nothing. */
export function lookUp(source: ImageSource, image: string, official: (image: string) => boolean): LookUp | undefined {
  const reference = parseReference(image);
  if (reference === undefined) return undefined;
  const known = source.inRepository(repositoryName(reference));
  const meant = newest(known.filter((candidate) => candidate.spec?.pushed !== false && isMeant(candidate, reference)));
  const found = meant === undefined ? undefined : contentOf(meant);
  if (found !== undefined) return { found };
  if (isOfWorkspace(reference.registry)) return { fault: 'missing' };
  if (known.length === 0 || official(image)) return undefined;
  return { fault: known.some(({ spec }) => spec?.pushed !== false) ? 'missing' : 'denied' };
}

function isMeant({ spec, status }: Image, { tag, digest }: Reference): boolean {
  if (digest !== undefined) return status?.digest === digest;
  return spec?.tags?.includes(tag ?? DEFAULT_TAG) === true;
}

/** Two Images with one tag: the one that was made last. Whoever pushes takes the tag away from others, so only people bring this about. */
function newest(images: readonly Image[]): Image | undefined {
  const at = ({ metadata }: Image): string => `${metadata.creationTimestamp ?? ''} ${metadata.name ?? ''}`;
  return images.reduce<Image | undefined>((best, image) => (best === undefined || at(image) > at(best) ? image : best), undefined);
}
