import { DEFAULT_TAG, parseReference, repositoryName } from '../../api/kubepad/image/reference.ts';
import type { Image } from '../../api/kubepad/image/types.ts';
import { imagesInRepository } from '../../apiserver/imageIndex.ts';
import type { Client } from '../../client/client.ts';
import type { KnownImage } from '../protocol/image.ts';

/** What the cluster has under each name; null: nothing, or the text is no name of an image. */
export function knownImages(client: Client, references: readonly string[]): readonly (KnownImage | null)[] {
  return references.map((text) => {
    const reference = parseReference(text);
    if (reference === undefined) return null;
    const { tag = DEFAULT_TAG, digest } = reference;
    const inRepository = imagesInRepository(client.api.store, repositoryName(reference));
    const meant = inRepository.filter(({ spec, status }) =>
      digest === undefined ? spec?.tags?.includes(tag) === true : status?.digest === digest,
    );
    // A name that nothing has yet still leads to where its repository is built.
    const [found] = [...meant, ...inRepository];
    return found === undefined
      ? null
      : { pushed: meant.some(isPushed), built: meant.length > 0, dockerfile: dockerfileOf(meant) ?? dockerfileOf(inRepository) ?? '' };
  });
}

function isPushed({ spec }: Image): boolean {
  return spec?.pushed !== false;
}

function dockerfileOf(images: readonly Image[]): string | undefined {
  return images.find(({ spec }) => spec?.source !== undefined)?.spec?.source?.dockerfile;
}
