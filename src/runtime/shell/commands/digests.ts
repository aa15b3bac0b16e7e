import { sha256 } from '../../../base/sha256.ts';
import { decodeUtf8 } from '../../files/bytes.ts';

/** The digest of bytes as hexadecimal digits. */
export function digestHex(kind: 'md5' | 'sha256', bytes: string): string {
  return kind === 'sha256' ? sha256(decodeUtf8(bytes)) : md5(bytes);
}

const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const SINES = Array.from({ length: 64 }, (_, index) => Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32) | 0);

/** RFC 1321. */
function md5(bytes: string): string {
  const length = bytes.length;
  const blocks = ((length + 8) >> 6) + 1;
  const words = new Int32Array(blocks * 16);
  for (let index = 0; index < length; index++)
    words[index >> 2] = (words[index >> 2] ?? 0) | (bytes.charCodeAt(index) << ((index % 4) * 8));
  words[length >> 2] = (words[length >> 2] ?? 0) | (0x80 << ((length % 4) * 8));
  words[blocks * 16 - 2] = length * 8;
  words[blocks * 16 - 1] = Math.floor(length / 2 ** 29);
  let [a0, b0, c0, d0] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let block = 0; block < words.length; block += 16) {
    let [a, b, c, d] = [a0, b0, c0, d0];
    for (let step = 0; step < 64; step++) {
      const round = step >> 4;
      const mixed = round === 0 ? (b & c) | (~b & d) : round === 1 ? (d & b) | (~d & c) : round === 2 ? b ^ c ^ d : c ^ (b | ~d);
      const place = round === 0 ? step : round === 1 ? (5 * step + 1) % 16 : round === 2 ? (3 * step + 5) % 16 : (7 * step) % 16;
      const sum = (a + mixed + (SINES[step] ?? 0) + (words[block + place] ?? 0)) | 0;
      const shift = SHIFTS[round * 4 + (step % 4)] ?? 0;
      [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0];
    }
    [a0, b0, c0, d0] = [(a0 + a) | 0, (b0 + b) | 0, (c0 + c) | 0, (d0 + d) | 0];
  }
  return [a0, b0, c0, d0].flatMap((word) => [0, 8, 16, 24].map((shift) => ((word >>> shift) & 255).toString(16).padStart(2, '0'))).join('');
}
