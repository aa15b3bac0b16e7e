import type { RandomStream } from '../sim/random.ts';

/** 64 hexadecimal digits, as container runtimes name containers. */
export function containerId(random: RandomStream): string {
  let id = '';
  for (let i = 0; i < 8; i++) id += random.uint32().toString(16).padStart(8, '0');
  return id;
}

/** A digest that is always the same for an image name; stands for what the registry would resolve the name to. */
export function imageDigest(image: string): string {
  let digest = digests.get(image);
  if (digest === undefined) {
    let [a, b] = [0x811c9dc5, 0x9e3779b9];
    digest = '';
    for (let round = 0; round < 8; round++) {
      for (let i = 0; i < image.length; i++) {
        a = Math.imul(a ^ image.charCodeAt(i), 0x01000193);
        b = Math.imul(b + a + round, 0x85ebca6b) ^ (b >>> 13);
      }
      digest += (b >>> 0).toString(16).padStart(8, '0');
    }
    if (digests.size > 4096) digests.clear();
    digests.set(image, digest);
  }
  return digest;
}

const digests = new Map<string, string>();
