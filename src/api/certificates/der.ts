/**
 * The outer form of DER: whether bytes are one element of nested ones, without asking what they mean.
 * Counterpart: Go's encoding/asn1, as far as an X.509 structure is told from other bytes.
 */

export interface DerElement {
  readonly class: number;
  readonly tag: number;
  readonly isCompound: boolean;
  /** Where the content begins, and how long it says it is. */
  readonly start: number;
  readonly length: number;
}

const SEQUENCE = 16;
const BIT_STRING = 3;

/**
 * Certificates and requests alike are a sequence of what is signed, the algorithm and the signature.
 * @param bytes one character a byte
 * @param goType what Go calls the structure, as its message says it
 * @returns what Go says of bytes that are none; undefined if they are
 */
export function signedStructureProblem(bytes: string, goType: string): string | undefined {
  if (bytes === '') return 'asn1: syntax error: sequence truncated';
  const outer = readHeader(bytes, 0);
  if (typeof outer === 'string') return outer;
  if (!isElement(outer, SEQUENCE)) return mismatch(SEQUENCE, outer, goType);
  const end = outer.start + outer.length;
  if (end > bytes.length) return 'asn1: syntax error: data truncated';
  if (end < bytes.length) return 'asn1: syntax error: trailing data';
  let at = outer.start;
  for (const tag of [SEQUENCE, SEQUENCE, BIT_STRING]) {
    if (at === end) return 'asn1: syntax error: sequence truncated';
    const part = readHeader(bytes, at);
    if (typeof part === 'string') return part;
    if (!isElement(part, tag)) return mismatch(tag, part, '');
    at = part.start + part.length;
    if (at > end) return 'asn1: syntax error: data truncated';
  }
  return undefined;
}

/** Sequences are made of others, strings of bits are not. */
function isElement(element: DerElement, tag: number): boolean {
  return element.class === 0 && element.tag === tag && element.isCompound === (tag === SEQUENCE);
}

function mismatch(expected: number, found: DerElement, goType: string): string {
  const header = `{class:${found.class} tag:${found.tag} length:${found.length} isCompound:${found.isCompound}}`;
  return `asn1: structure error: tags don't match (${expected} vs ${header}) ${NO_PARAMETERS} ${goType} @${found.start}`;
}

const NO_PARAMETERS =
  '{optional:false explicit:false application:false private:false defaultValue:<nil> tag:<nil> stringType:0 timeType:0 set:false omitEmpty:false}';

/** Tag and length, or what is wrong with them. Tags of several bytes are not told apart: no X.509 structure has one. */
export function readHeader(bytes: string, at: number): DerElement | string {
  const first = bytes.charCodeAt(at);
  const header = { class: first >> 6, tag: first & 0x1f, isCompound: (first & 0x20) !== 0 };
  if (at + 1 >= bytes.length) return TRUNCATED;
  const short = bytes.charCodeAt(at + 1);
  if (short < 0x80) return { ...header, start: at + 2, length: short };
  const count = short & 0x7f;
  if (count === 0) return 'asn1: syntax error: indefinite length found (not DER)';
  let length = 0;
  for (let index = 0; index < count; index++) {
    if (at + 2 + index >= bytes.length) return TRUNCATED;
    if (length >= 2 ** 23) return 'asn1: structure error: length too large';
    length = length * 256 + bytes.charCodeAt(at + 2 + index);
    if (length === 0) return 'asn1: structure error: superfluous leading zeros in length';
  }
  if (length < 0x80) return 'asn1: structure error: non-minimal length';
  return { ...header, start: at + 2 + count, length };
}

export function contentOf(bytes: string, { start, length }: DerElement): string {
  return bytes.slice(start, start + length);
}

/** What an element is made of, as far as it can be read. */
export function partsOf(bytes: string, element: DerElement | string | undefined): readonly DerElement[] {
  if (typeof element !== 'object' || !element.isCompound) return [];
  const parts: DerElement[] = [];
  const end = Math.min(element.start + element.length, bytes.length);
  for (let at = element.start; at < end;) {
    const part = readHeader(bytes, at);
    if (typeof part === 'string') break;
    parts.push(part);
    at = part.start + part.length;
  }
  return parts;
}

const TRUNCATED = 'asn1: syntax error: truncated tag or length';
