import { readJson } from '../../apimachinery/scheme/jsonText.ts';

/** Where the next page of a list begins, and which state of the store it shows. */
export interface ContinuePlace {
  readonly revision: number;
  /** The key of the last object of the page before. */
  readonly start: string;
}

/** Opaque to clients; in form like that of a real API server. */
export function encodeContinue({ revision, start }: ContinuePlace): string {
  return toBase64Url(JSON.stringify({ v: VERSION, rv: revision, start: `${start}\u0000` }));
}

/** What a token says, or what is wrong with it. */
export function decodeContinue(token: string): ContinuePlace | { readonly error: string } {
  const invalid = 'continue key is not valid';
  const misplaced = misplacedByte(token);
  if (misplaced !== undefined) return { error: `${invalid}: illegal base64 data at input byte ${misplaced}` };
  const read = readJson(fromBase64Url(token));
  if ('error' in read) return { error: `${invalid}: ${read.error}` };
  const { v, rv, start } = (typeof read.value === 'object' && read.value !== null ? read.value : {}) as Readonly<Record<string, unknown>>;
  if (v !== VERSION) return { error: `${invalid}: server does not recognize this encoded version ${typeof v === 'string' ? v : ''}` };
  if (typeof rv !== 'number' || rv === 0) return { error: `${invalid}: incorrect encoded start resourceVersion (version ${VERSION})` };
  if (typeof start !== 'string' || start === '') return { error: `${invalid}: encoded start key empty (version ${VERSION})` };
  // Nothing above the collection can be named.
  if (start.split('/').some((part) => part === '' || part === '.' || part === '..')) return { error: `${invalid}: ${start}` };
  return { revision: rv, start: start.replace(/\u0000$/, '') };
}

const VERSION = 'meta.k8s.io/v1';

/** Where a text stops being base64 for URLs without padding. */
function misplacedByte(token: string): number | undefined {
  const at = token.search(/[^A-Za-z0-9_-]/);
  if (at >= 0) return at;
  return token.length % 4 === 1 ? token.length - 1 : undefined;
}

/** Whether a key comes after the last one of the page before. */
export function isSequel(key: string, start: string): boolean {
  return key > start;
}

function toBase64Url(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

function fromBase64Url(text: string): string {
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}
