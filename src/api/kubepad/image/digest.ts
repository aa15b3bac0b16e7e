/**
 * Digests of images: the same content has the same digest, wherever and whenever it was built.
 * Counterpart: the digests of the Open Container Initiative's manifests.
 */
import { sha256 } from '../../../base/sha256.ts';
import type { ImageLayer, ImageSpec } from './types.ts';

/** An image of which nobody said what is in it is as large as this. */
export const UNKNOWN_SIZE = 10_000_000;

/** Of layers and configuration, not of names: a tag that moves does not change it. */
export function imageDigestOf({ layers = [], config = {}, program = {}, repository }: ImageSpec): string {
  // Without layers there is no content to tell one such image from another: then its name does.
  const content = layers.length === 0 ? [repository] : layers.map(layerDigest);
  return `sha256:${sha256(stable({ content, config, program }))}`;
}

export function layerDigest(layer: ImageLayer): string {
  const { digest, size, createdBy = '', files = [] } = layer;
  return digest ?? `sha256:${sha256(stable({ size, createdBy, files }))}`;
}

export function imageSize({ layers = [] }: ImageSpec): number {
  return layers.length === 0 ? UNKNOWN_SIZE : layers.reduce((sum, { size }) => sum + size, 0);
}

/** JSON with the members of each object in the order of their names, so that equal values are equal texts. */
export function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${stable(member)}`);
  return `{${members.join(',')}}`;
}
