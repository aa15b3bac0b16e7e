/**
 * Writes the wire form of Protocol Buffers, piece by piece.
 * Invariant: pieces are kept as they come and joined once, so a message of any depth costs each byte a few copies only.
 */
export class WireWriter {
  private buffer = new Uint8Array(256);
  private length = 0;

  varint(value: number | bigint): void {
    if (typeof value === 'number' && value >= 0 && value < 0x8000_0000) {
      let rest = value;
      for (; rest > 0x7f; rest >>>= 7) this.byte((rest & 0x7f) | 0x80);
      this.byte(rest);
      return;
    }
    // Negative numbers are written as the 64 bits of their two's complement.
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 0x7fn; rest >>= 7n) this.byte(Number(rest & 0x7fn) | 0x80);
    this.byte(Number(rest));
  }

  /** The head of a field that holds a number. */
  number(field: number, value: number | bigint): void {
    this.varint(field << 3);
    this.varint(value);
  }

  double(field: number, value: number): void {
    this.varint((field << 3) | 1);
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    this.raw(bytes);
  }

  bytes(field: number, value: Uint8Array): void {
    this.varint((field << 3) | 2);
    this.varint(value.length);
    this.raw(value);
  }

  text(field: number, value: string): void {
    this.bytes(field, encoder.encode(value));
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.buffer.slice(0, this.length);
  }

  private raw(value: Uint8Array): void {
    this.reserve(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
  }

  private byte(value: number): void {
    this.reserve(1);
    this.buffer[this.length++] = value;
  }

  private reserve(more: number): void {
    if (this.length + more <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.length + more));
    larger.set(this.buffer);
    this.buffer = larger;
  }
}

const encoder = new TextEncoder();
