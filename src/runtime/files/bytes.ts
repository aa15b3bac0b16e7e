/**
 * Bytes as texts: each character is one byte. So files, pipes and streams are plain JSON data and are joined and cut like texts.
 * Invariant: no character above 255 in such a text.
 */
export function encodeUtf8(text: string): string {
  return fromBytes(new TextEncoder().encode(text));
}

export function decodeUtf8(bytes: string): string {
  return new TextDecoder().decode(toBytes(bytes));
}

export function fromBytes(bytes: Uint8Array): string {
  const PIECE = 8192;
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return text;
}

export function toBytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}
