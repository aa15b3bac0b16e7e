import { fnv1a } from '../../base/fnv.ts';
import { draft } from '../../base/json.ts';
import type { PodTemplateSpec } from '../../api/schema/types/core/v1.ts';
import { SAFE_ALPHABET } from '../../sim/random.ts';

/** The label that tells the Pods of one ReplicaSet of a Deployment from those of another. */
export const POD_TEMPLATE_HASH = 'pod-template-hash';

/**
 * A short name for a Pod template, of the same letters as Kubernetes' (the decimal digits of a 32-bit number, each as a
 * letter of the safe alphabet). The number differs from a real cluster's, which hashes Go's print of the structure.
 * @param collisions status.collisionCount: another count gives another name
 */
export function computeHash(template: PodTemplateSpec, collisions: number | undefined): string {
  const text = JSON.stringify(sortKeys(template)) + (collisions === undefined ? '' : `#${collisions}`);
  let hash = fnv1a(text);
  // FNV leaves neighbours near each other; a final mix spreads them.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return encode(String((hash ^ (hash >>> 16)) >>> 0).padStart(8, '0'));
}

/** The template without the label that the controller itself adds: what is compared between a Deployment and its ReplicaSets. */
export function withoutHash(template: PodTemplateSpec | undefined): PodTemplateSpec {
  if (template === undefined) return { metadata: {} };
  if (template.metadata?.labels?.[POD_TEMPLATE_HASH] === undefined) return template;
  const copy = draft(template);
  const labels = copy.metadata?.labels;
  if (labels !== undefined) delete labels[POD_TEMPLATE_HASH];
  return copy;
}

function encode(digits: string): string {
  let text = '';
  for (let index = 0; index < digits.length; index++) text += SAFE_ALPHABET[digits.charCodeAt(index) % SAFE_ALPHABET.length] ?? '';
  return text;
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sortKeys(item)]));
}
