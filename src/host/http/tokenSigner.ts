import { Buffer } from 'node:buffer';
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, sign, verify } from 'node:crypto';
import type { TokenSigner } from '../../apiserver/authentication/serviceaccount/jwt.ts';

const ES256 = { dsaEncoding: 'ieee-p1363' } as const;

/** A new private key for the tokens of ServiceAccounts, as PEM. */
export function newSigningKey(): string {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** @param pem as `newSigningKey` makes it */
export function createTokenSigner(pem: string): TokenSigner {
  const key = createPrivateKey(pem);
  const publicKey = createPublicKey(key);
  const { kty = '', crv = '', x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return {
    algorithm: 'ES256',
    keyId: createHash('sha256')
      .update(publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64url'),
    publicKey: { kty, crv, x, y },
    sign: (text) => sign('sha256', Buffer.from(text), { key, ...ES256 }).toString('base64url'),
    verify: (text, signature) => verify('sha256', Buffer.from(text), { key: publicKey, ...ES256 }, Buffer.from(signature, 'base64url')),
    newId: randomUUID,
  };
}
