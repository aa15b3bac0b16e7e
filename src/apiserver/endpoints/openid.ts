import { ISSUER } from '../authentication/serviceaccount/tokens.ts';
import { plainText } from './answer.ts';
import type { RestHost } from './host.ts';
import type { HttpRequest, HttpResponse } from './http.ts';

/** Where others learn by which key the tokens of ServiceAccounts are signed. */
export function openid({ path }: HttpRequest, { tokens }: RestHost): HttpResponse | undefined {
  if (tokens === undefined) return undefined;
  const { algorithm, keyId, publicKey } = tokens.signer;
  switch (path.replace(/\/$/, '')) {
    case '/.well-known/openid-configuration':
      return document('application/json', {
        issuer: ISSUER,
        jwks_uri: `${ISSUER}/openid/v1/jwks`,
        response_types_supported: ['id_token'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: [algorithm],
      });
    case '/openid/v1/jwks':
      return document('application/jwk-set+json', { keys: [{ use: 'sig', kid: keyId, alg: algorithm, ...publicKey }] });
    default:
      return undefined;
  }
}

function document(contentType: string, content: object): HttpResponse {
  return plainText(200, JSON.stringify(content), contentType);
}
