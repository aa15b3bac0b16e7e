import type { Json } from '../base/json.ts';

/**
 * Seeded chance. One named stream per component, so that a new component does not shift the numbers of the others.
 * The generator is sfc32, seeded by a hash of the simulation's seed and the stream's name.
 */
export class RandomStream {
  private state: [number, number, number, number];

  constructor(seed: string) {
    const h = hash128(seed);
    this.state = h;
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** A whole number from 0 to 2^32 - 1. */
  uint32(): number {
    const s = this.state;
    const t = (((s[0] + s[1]) | 0) + s[3]) | 0;
    s[3] = (s[3] + 1) | 0;
    s[0] = s[1] ^ (s[1] >>> 9);
    s[1] = (s[2] + (s[2] << 3)) | 0;
    s[2] = (s[2] << 21) | (s[2] >>> 11);
    s[2] = (s[2] + t) | 0;
    return t >>> 0;
  }

  /** A number in [0, 1). */
  float(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  /** A whole number in [0, below). `below` must be positive. */
  int(below: number): number {
    return Math.floor(this.float() * below);
  }

  /**
   * Like Kubernetes' `wait.Jitter`: a number between `value` and `value × (1 + factor)`, in whole units.
   */
  jitter(value: number, factor: number): number {
    return Math.floor(value + this.float() * factor * value);
  }

  /** `length` characters of the alphabet that Kubernetes uses for generated names (no vowels, no look-alikes). */
  suffix(length: number): string {
    let text = '';
    for (let i = 0; i < length; i++) text += SAFE_ALPHABET[this.int(SAFE_ALPHABET.length)];
    return text;
  }

  /** A version 4 UUID. */
  uuid(): string {
    const [a, b, c, d] = [this.uint32(), this.uint32(), this.uint32(), this.uint32()];
    const version = 0x4000 | (b & 0x0fff);
    const variant = 0x8000 | ((c >>> 16) & 0x3fff);
    return `${hex16(a >>> 16)}${hex16(a)}-${hex16(b >>> 16)}-${hex16(version)}-${hex16(variant)}-${hex16(c)}${hex16(d >>> 16)}${hex16(d)}`;
  }

  checkpoint(): Json {
    return [...this.state];
  }

  restore(state: Json): void {
    const [a, b, c, d] = state as readonly number[];
    this.state = [a ?? 0, b ?? 0, c ?? 0, d ?? 0];
  }
}

/** The alphabet of `k8s.io/apimachinery/pkg/util/rand`. */
export const SAFE_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

const BYTES: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The lower 16 bits as four digits. Every object has an id, so this is asked for often. */
function hex16(word: number): string {
  return `${BYTES[(word >>> 8) & 0xff]}${BYTES[word & 0xff]}`;
}

/** Four 32-bit words from a text (cyrb128-like mixing). Not for secrets. */
function hash128(text: string): [number, number, number, number] {
  let [h1, h2, h3, h4] = [1779033703, 3144134277, 1013904242, 2773480762];
  for (let i = 0; i < text.length; i++) {
    const k = text.charCodeAt(i);
    h1 = h2 ^ Math.imul(h1 ^ k, 597399067);
    h2 = h3 ^ Math.imul(h2 ^ k, 2869860233);
    h3 = h4 ^ Math.imul(h3 ^ k, 951274213);
    h4 = h1 ^ Math.imul(h4 ^ k, 2716044179);
  }
  h1 = Math.imul(h3 ^ (h1 >>> 18), 597399067);
  h2 = Math.imul(h4 ^ (h2 >>> 22), 2869860233);
  h3 = Math.imul(h1 ^ (h3 >>> 17), 951274213);
  h4 = Math.imul(h2 ^ (h4 >>> 19), 2716044179);
  return [h1 | 0, h2 | 0, h3 | 0, h4 | 0];
}
