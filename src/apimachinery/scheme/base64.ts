/** Base64 as Go's `base64.StdEncoding` reads it: padded, line ends are skipped. */

export type Base64Result = { readonly text: string } | { readonly error: string };

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** @returns the text as Go writes it after reading, or the position of the first byte that is wrong */
export function canonicalBase64(text: string): Base64Result {
  if (!WELL_FORMED.test(text)) {
    const position = firstWrongByte(text);
    if (position !== undefined) return { error: `illegal base64 data at input byte ${position}` };
  }
  const plain = text.includes('\n') || text.includes('\r') ? text.replaceAll(/[\r\n]/g, '') : text;
  const padding = plain.endsWith('==') ? 2 : plain.endsWith('=') ? 1 : 0;
  if (padding === 0) return { text: plain };
  // The last digit may carry bits that belong to no byte.
  const last = plain.length - padding - 1;
  const digit = DIGITS.indexOf(plain[last] ?? 'A') & (padding === 1 ? ~3 : ~15);
  return { text: `${plain.slice(0, last)}${DIGITS[digit] ?? ''}${'='.repeat(padding)}` };
}

/** How many bytes well-formed base64 stands for. */
export function decodedLength(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}

const WELL_FORMED = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function firstWrongByte(text: string): number | undefined {
  const bytes = new TextEncoder().encode(text);
  const isLineEnd = (index: number): boolean => bytes[index] === 10 || bytes[index] === 13;
  let index = 0;
  for (;;) {
    let count = 0;
    while (count < 4) {
      if (index === bytes.length) return count === 0 ? undefined : index - count;
      const byte = bytes[index] ?? 0;
      index++;
      if (isLineEnd(index - 1)) continue;
      if (byte !== 0x3d) {
        if (byte >= 0x80 || !DIGITS.includes(String.fromCharCode(byte))) return index - 1;
        count++;
        continue;
      }
      if (count < 2) return index - 1;
      if (count === 2) {
        while (index < bytes.length && isLineEnd(index)) index++;
        if (index === bytes.length) return bytes.length;
        if (bytes[index] !== 0x3d) return index - 1;
        index++;
      }
      while (index < bytes.length && isLineEnd(index)) index++;
      return index < bytes.length ? index : undefined;
    }
  }
}
