/** The pieces of which the texts of all name checks are put together. Counterpart: k8s.io/apimachinery/pkg/util/validation. */

/** How many bytes a text takes as UTF-8; what Go's `len` counts. */
export function byteLength(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x80) continue;
    if (code < 0x800) length += 1;
    else if (code >= 0xd800 && code <= 0xdbff) {
      // A pair of surrogates is one character of four bytes.
      length += 2;
      index++;
    } else length += 2;
  }
  return length;
}

export const EMPTY_ERROR = 'must be non-empty';

/** The limit is counted in bytes, whatever the text says. */
export function maxLengthError(length: number): string {
  return `must be no more than ${length} characters`;
}

/** The same limit in the words of the newer checks. */
export function maxBytesError(length: number): string {
  return `must be no more than ${length} bytes`;
}

export function inclusiveRangeError(low: number, high: number): string {
  return `must be between ${low} and ${high}, inclusive`;
}

/** `… (e.g. 'a',  or 'b', regex used for validation is '…')`; the doubled space is the API server's own. */
export function regexError(message: string, pattern: string, ...examples: readonly string[]): string {
  if (examples.length === 0) return `${message} (regex used for validation is '${pattern}')`;
  return `${message} (e.g. ${examples.map((example) => `'${example}', `).join(' or ')}regex used for validation is '${pattern}')`;
}
