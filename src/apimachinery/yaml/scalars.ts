import type { ScalarTag } from 'yaml';
import { canonicalBase64 } from '../scheme/base64.ts';

const INT = 'tag:yaml.org,2002:int';

/**
 * How plain scalars become values: as kubectl and the API server read YAML 1.1 (`yes` is true, `0644` is 420), which is
 * neither the core schema of YAML 1.2 nor all of 1.1 (`22:22` stays a text, dates stay texts).
 * Counterpart: the resolver that sigs.k8s.io/yaml uses.
 */
export const KUBERNETES_TAGS: readonly ScalarTag[] = [
  {
    tag: 'tag:yaml.org,2002:null',
    default: true,
    identify: (value) => value === null,
    test: /^(?:~|null|Null|NULL)?$/,
    resolve: () => null,
  },
  {
    tag: 'tag:yaml.org,2002:bool',
    default: true,
    identify: (value) => typeof value === 'boolean',
    test: /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON|n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/,
    resolve: (text) => /^(?:y|t|on)/i.test(text),
  },
  {
    tag: INT,
    default: true,
    identify: (value) => typeof value === 'number' && Number.isInteger(value),
    test: /^[-+]?(?:0[bB][01_]+|0[oO]?[0-7_]+|0[xX][0-9a-fA-F_]+|[1-9][0-9_]*|0)$/,
    resolve: (text) => readInteger(text),
  },
  {
    tag: 'tag:yaml.org,2002:float',
    default: true,
    identify: (value) => typeof value === 'number',
    test: /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/,
    // What is too large for a number stays a text.
    resolve: (text) => (Number.isFinite(Number(text)) ? Number(text) : text),
  },
];

function readInteger(source: string): number {
  const text = source.replaceAll('_', '');
  const negative = text.startsWith('-');
  const digits = text.replace(/^[-+]/, '');
  const octal = /^0[0-7]+$/.test(digits);
  const size = octal ? Number.parseInt(digits, 8) : Number(digits);
  return negative ? -size : size;
}

/** Bytes become the text that they are. */
export const BINARY_TAG: ScalarTag = {
  tag: 'tag:yaml.org,2002:binary',
  identify: () => false,
  resolve: (text, onError) => {
    const read = canonicalBase64(text);
    if ('text' in read) return new TextDecoder().decode(Uint8Array.from(atob(read.text), (unit) => unit.charCodeAt(0)));
    onError('!!binary value contains invalid base64 data');
    return text;
  },
};

/** As above, and with what JSON or JavaScript have no value for: integers of 64 bits, infinities, bytes. */
export const EXACT_TAGS: readonly ScalarTag[] = [
  ...KUBERNETES_TAGS.map((tag) => (tag.tag === INT ? { ...tag, identify: isInteger, resolve: readExactInteger } : tag)),
  {
    tag: 'tag:yaml.org,2002:float',
    default: true,
    identify: (value) => typeof value === 'number' && !Number.isFinite(value),
    test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
    resolve: (text) => (/nan$/i.test(text) ? Number.NaN : text.startsWith('-') ? -Infinity : Infinity),
  },
  BINARY_TAG,
];

function isInteger(value: unknown): boolean {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

function readExactInteger(source: string): number | bigint {
  const text = source.replaceAll('_', '').toLowerCase();
  const digits = text.replace(/^[-+]/, '').replace(/^0(?=[0-7]+$)/, '0o');
  const size = /^0[box]?$/.test(digits) ? 0n : BigInt(digits);
  const value = text.startsWith('-') ? -size : size;
  const near = Number(value);
  return Number.isSafeInteger(near) || value < -(2n ** 63n) || value >= 2n ** 64n ? near : value;
}
