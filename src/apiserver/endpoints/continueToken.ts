/** Where the next page of a list begins, and which state of the store it shows. */
export interface ContinuePlace {
  readonly revision: number;
  /** The key of the last object of the page before. */
  readonly start: string;
}

/** Opaque to clients; in form like that of a real API server. */
export function encodeContinue({ revision, start }: ContinuePlace): string {
  return toBase64Url(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: `${start}\u0000` }));
}

export function decodeContinue(token: string): ContinuePlace | undefined {
  try {
    const { v, rv, start } = JSON.parse(fromBase64Url(token)) as { readonly v?: unknown; readonly rv?: unknown; readonly start?: unknown };
    if (v !== 'meta.k8s.io/v1' || typeof rv !== 'number' || typeof start !== 'string') return undefined;
    return { revision: rv, start: start.replace(/\u0000$/, '') };
  } catch {
    return undefined;
  }
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
