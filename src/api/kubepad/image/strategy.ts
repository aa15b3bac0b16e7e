/**
 * Image: what was built from a Dockerfile or described by hand, and what of it a registry has.
 * Invariant: an object is one content; a tag that moves is taken from one object and given to another.
 * Counterpart: none in Kubernetes; the images of a container engine and the manifests of a registry.
 */
import type { Draft } from '../../../base/json.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { age, AGE, integer, NAME, text, wide } from '../../columns.ts';
import type { Strategy } from '../../strategy.ts';
import { imageDigestOf, imageSize } from './digest.ts';
import { DEFAULT_TAG } from './reference.ts';
import { IMAGES, type Image, type ImageSpec } from './types.ts';
import { validateImage } from './validation.ts';

export const IMAGE_STRATEGY: Strategy<Image> = {
  resource: IMAGES,
  singular: 'image',
  shortNames: ['img'],
  categories: [],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  prepareForCreate(image) {
    delete image.status;
    if (image.spec === undefined) return;
    image.spec.tags ??= [DEFAULT_TAG];
    describeContent(image, image.spec);
  },
  prepareForUpdate(image) {
    if (image.spec !== undefined) describeContent(image, image.spec);
  },
  validate: validateImage,
  validateUpdate: validateImage,
  status: { validateUpdate: () => [] },
  defaultPropagation: 'Background',
  table: {
    columns: [
      NAME,
      text('Repository'),
      text('Tags'),
      text('Image ID'),
      text('Size'),
      integer('Nodes'),
      AGE,
      wide('Pushed'),
      wide('Dockerfile'),
    ],
    cells: (image, nowMs) => [
      image.metadata.name ?? '',
      image.spec?.repository ?? '',
      image.spec?.tags?.join(',') || '<none>',
      shortId(image),
      sizeText(image.status?.size ?? 0),
      image.status?.nodeCount ?? 0,
      age(image, nowMs),
      image.spec?.pushed === false ? 'False' : 'True',
      image.spec?.source?.dockerfile ?? '<none>',
    ],
  },
};

/** As engines print sizes: `132MB`, `7.8MB`, `512B`. */
export function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${Number(size.toPrecision(3))}${units[unit] ?? ''}`;
}

/** The first twelve digits of the digest: how engines name an image. */
export function shortId(image: Image): string {
  return image.status?.digest?.slice('sha256:'.length, 'sha256:'.length + 12) ?? '<none>';
}

function describeContent(image: Draft<Image>, spec: Draft<ImageSpec>): void {
  // What is not yet judged may be of any shape; a spec that will be refused needs no digest.
  if (typeof spec.repository !== 'string') return;
  image.status = { ...image.status, digest: imageDigestOf(spec as ImageSpec), size: imageSize(spec as ImageSpec) };
}
