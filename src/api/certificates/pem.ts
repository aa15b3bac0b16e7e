/** PEM armour around DER. Counterpart: Go's encoding/pem. */

export interface PemBlock {
  readonly type: string;
  readonly hasHeaders: boolean;
  /** What is inside, as a binary string: one character a byte. */
  readonly bytes: string;
}

/**
 * The blocks of a text, in order; what stands between them is skipped, as is a block that is not well formed.
 * @param text one character a byte, or plain text
 */
export function decodePem(text: string): readonly PemBlock[] {
  const blocks: PemBlock[] = [];
  for (const [, type = '', body = ''] of text.matchAll(/-----BEGIN ([^\n]*?)-----[ \t]*\r?\n([\s\S]*?)-----END \1-----/g)) {
    const lines = body.split(/\r?\n/);
    const headers = lines.findIndex((line) => !line.includes(':'));
    const bytes = decode(lines.slice(Math.max(headers, 0)).join(''));
    if (bytes !== undefined) blocks.push({ type, hasHeaders: headers > 0, bytes });
  }
  return blocks;
}

/** A base64 text as a binary string; undefined for what is none. */
export function decode(base64: string): string | undefined {
  try {
    return atob(base64);
  } catch {
    return undefined;
  }
}
