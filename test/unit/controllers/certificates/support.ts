// Requests for certificates as openssl makes them.
import { generateKeyPairSync, sign } from 'node:crypto';
import {
  bitString,
  explicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  tagged,
  utf8String,
} from '../../../../src/host/http/der.ts';

/** @returns `spec.request`: PEM in base64 */
export function newRequest(
  commonName: string,
  organizations: readonly string[],
  dnsNames: readonly string[] = [],
  { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' }),
): string {
  const attribute = (id: string, value: string): Buffer => setOf(sequence(objectIdentifier(id), utf8String(value)));
  const names = sequence(...dnsNames.map((name) => tagged(0x82, Buffer.from(name, 'ascii'))));
  const extensions = sequence(sequence(objectIdentifier('2.5.29.17'), octetString(names)));
  const info = sequence(
    integer(Buffer.from([0])),
    sequence(...organizations.map((name) => attribute('2.5.4.10', name)), attribute('2.5.4.3', commonName)),
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(0, ...(dnsNames.length === 0 ? [] : [sequence(objectIdentifier('1.2.840.113549.1.9.14'), setOf(extensions))])),
  );
  const request = sequence(info, sequence(objectIdentifier('1.2.840.10045.4.3.2')), bitString(sign('sha256', info, privateKey)));
  const lines = request.toString('base64').match(/.{1,64}/g) ?? [];
  const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${lines.join('\n')}\n-----END CERTIFICATE REQUEST-----\n`;
  return Buffer.from(pem).toString('base64');
}
