/**
 * JSON Web Tokens in their compact form.
 * Invariant: knows no keys; whoever hosts the cluster signs and verifies. Counterpart: k8s.io/kubernetes/pkg/serviceaccount/jwt.go.
 */

/** A key of the cluster, as its host keeps it. */
export interface TokenSigner {
  /** Name of the algorithm as in the header of a token: `ES256`. */
  readonly algorithm: string;
  readonly keyId: string;
  /** The public key as a JSON Web Key. */
  readonly publicKey: Readonly<Record<string, string>>;
  /** The signature in base64url. */
  sign(text: string): string;
  verify(text: string, signature: string): boolean;
  /** A new name for a token, from real chance: tokens are no part of the simulation. */
  newId(): string;
}

export function encodeToken(signer: TokenSigner, claims: object): string {
  const header = base64url(JSON.stringify({ alg: signer.algorithm, kid: signer.keyId }));
  const text = `${header}.${base64url(JSON.stringify(claims))}`;
  return `${text}.${signer.sign(text)}`;
}

/** The claims of a token that this signer signed; undefined for anything else. */
export function decodeToken(signer: TokenSigner, token: string): Readonly<Record<string, unknown>> | undefined {
  const [header = '', payload = '', signature = '', more] = token.split('.');
  if (more !== undefined || signature === '') return undefined;
  const head = parse(header);
  if (head?.['alg'] !== signer.algorithm || !signer.verify(`${header}.${payload}`, signature)) return undefined;
  return parse(payload);
}

/** What a token says of how it is signed; undefined if it is none. */
export function headerOf(token: string): Readonly<Record<string, unknown>> | undefined {
  return parse(token.split('.')[0] ?? '');
}

function parse(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

function base64url(text: string): string {
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
