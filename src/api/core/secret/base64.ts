/** Base64 of UTF-8 texts, as the values of a Secret are written. */

export function encodeBase64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  // In pieces, as a call takes a limited number of arguments.
  for (let start = 0; start < bytes.length; start += CHUNK) binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  return btoa(binary);
}

/** The bytes as UTF-8 text; what is no Base64 (a decoded object has none) reads as empty. */
export function decodeBase64(encoded: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0)));
  } catch {
    return '';
  }
}

const CHUNK = 8192;
