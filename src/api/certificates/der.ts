/**
 * The outer form of DER: whether bytes are one element of nested ones, without asking what they mean.
 * Counterpart: Go's encoding/asn1, as far as an X.509 structure is told from other bytes.
 */

export interface DerElement {
  readonly tag: number;
  /** Where the content begins and the element ends. */
  readonly start: number;
  readonly end: number;
}

const SEQUENCE = 0x30;
const BIT_STRING = 0x03;

/** The element at a place of a binary string; undefined where the bytes end too early or a length has no canonical form. */
export function readElement(bytes: string, at: number): DerElement | undefined {
  if (at + 2 > bytes.length) return undefined;
  const tag = bytes.charCodeAt(at);
  let length = bytes.charCodeAt(at + 1);
  let start = at + 2;
  if (length >= 0x80) {
    const count = length & 0x7f;
    if (count === 0 || count > 4 || start + count > bytes.length) return undefined;
    length = 0;
    for (let index = 0; index < count; index++) length = length * 256 + bytes.charCodeAt(start + index);
    start += count;
    if (length < 0x80) return undefined;
  }
  const end = start + length;
  return end > bytes.length ? undefined : { tag, start, end };
}

/** The elements inside of one; undefined where they do not fill it. */
export function readElements(bytes: string, parent: DerElement): readonly DerElement[] | undefined {
  const elements: DerElement[] = [];
  for (let at = parent.start; at < parent.end;) {
    const element = readElement(bytes, at);
    if (element === undefined || element.end > parent.end) return undefined;
    elements.push(element);
    at = element.end;
  }
  return elements;
}

/**
 * Certificates and requests alike are a sequence of what is signed, the algorithm and the signature.
 * @returns what Go says of bytes that are not; undefined if they are
 */
export function signedStructureProblem(bytes: string): string | undefined {
  const outer = readElement(bytes, 0);
  if (outer === undefined) return 'asn1: syntax error: data truncated';
  if (outer.tag !== SEQUENCE) return 'asn1: structure error: tags do not match';
  if (outer.end !== bytes.length) return 'asn1: syntax error: trailing data';
  const parts = readElements(bytes, outer);
  if (parts === undefined) return 'asn1: syntax error: data truncated';
  const [signed, algorithm, signature] = parts;
  const wellFormed = parts.length === 3 && signed?.tag === SEQUENCE && algorithm?.tag === SEQUENCE && signature?.tag === BIT_STRING;
  return wellFormed ? undefined : 'asn1: structure error: tags do not match';
}
