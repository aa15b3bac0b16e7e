/**
 * The wire form of Protocol Buffers: fields by number, each a number or a piece of bytes.
 * Invariant: reads within the bytes it is given; what does not fit ends the reading with an error value.
 */
export interface WireField {
  readonly number: number;
  /** Whole numbers (varint), the bits of fixed64 and fixed32 fields, or the bytes of anything else. */
  readonly value: bigint | Uint8Array;
}

/** All fields in the order of the bytes; undefined if the bytes are no message. */
export function readMessage(bytes: Uint8Array): readonly WireField[] | undefined {
  const fields: WireField[] = [];
  let position = 0;
  const varint = (): bigint | undefined => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[position++];
      if (byte === undefined) return undefined;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return undefined;
  };
  while (position < bytes.length) {
    const tag = varint();
    if (tag === undefined) return undefined;
    const number = Number(tag >> 3n);
    const wireType = Number(tag & 7n);
    const length = wireType === 2 ? varint() : wireType === 1 ? 8n : wireType === 5 ? 4n : undefined;
    if (wireType === 0) {
      const value = varint();
      if (value === undefined) return undefined;
      fields.push({ number, value: BigInt.asIntN(64, value) });
      continue;
    }
    if (length === undefined || position + Number(length) > bytes.length) return undefined;
    fields.push({ number, value: bytes.subarray(position, position + Number(length)) });
    position += Number(length);
  }
  return fields;
}

export function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
