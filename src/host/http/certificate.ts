/**
 * The server's own certificate authority: made for one server, kept by it, trusted by nobody but its kubeconfig.
 * Invariant: keys never leave the process but in what the caller stores itself.
 */
import { Buffer } from 'node:buffer';
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { bitString, boolean, explicit, integer, objectIdentifier, octetString, sequence, setOf, tagged, time, utf8String } from './der.ts';

/** PEM texts. */
export interface ServerIdentity {
  readonly ca: string;
  /** Of the authority; what requests for certificates are signed with. */
  readonly caKey: string;
  readonly certificate: string;
  readonly key: string;
}

const YEARS_10 = 10 * 365 * 86_400_000;
const CLOCK_SKEW_MS = 3_600_000;
const HOST_NAMES = ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local'];
const ADDRESSES = [Buffer.from([127, 0, 0, 1]), Buffer.concat([Buffer.alloc(15), Buffer.from([1])]), Buffer.from([10, 96, 0, 1])];

export const CA_NAME = 'kubepad-ca';
export const ECDSA_SHA256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));

/** @param nowMs real time, milliseconds since 1970 */
export function createServerIdentity(nowMs: number): ServerIdentity {
  const ca = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const caCertificate = certify({
    subject: CA_NAME,
    issuer: CA_NAME,
    publicKey: ca.publicKey,
    issuerPublicKey: ca.publicKey,
    signingKey: ca.privateKey,
    nowMs,
    // certificate signing, certificate revocation lists, digital signature
    extensions: [extension('2.5.29.19', sequence(boolean(true)), true), extension('2.5.29.15', bitString(Buffer.from([0x86]), 1), true)],
  });
  const names = sequence(
    ...HOST_NAMES.map((name) => tagged(0x82, Buffer.from(name, 'ascii'))),
    ...ADDRESSES.map((address) => tagged(0x87, address)),
  );
  const certificate = certify({
    subject: 'kubepad',
    issuer: CA_NAME,
    publicKey: server.publicKey,
    issuerPublicKey: ca.publicKey,
    signingKey: ca.privateKey,
    nowMs,
    extensions: [
      extension('2.5.29.19', sequence(), true),
      extension('2.5.29.15', bitString(Buffer.from([0x80]), 7), true),
      extension('2.5.29.37', sequence(objectIdentifier('1.3.6.1.5.5.7.3.1'))),
      extension('2.5.29.17', names),
    ],
  });
  return {
    ca: pem(caCertificate),
    caKey: ca.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: pem(certificate),
    key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** Whether a stored identity can be used still: it parses, and its keys are those of its certificates' form. */
export function isUsable({ key, caKey }: ServerIdentity): boolean {
  try {
    for (const each of [key, caKey]) createPublicKey(createPrivateKey(each));
    return true;
  } catch {
    return false;
  }
}

interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly issuerPublicKey: KeyObject;
  readonly signingKey: KeyObject;
  readonly nowMs: number;
  readonly extensions: readonly Buffer[];
}

function certify({ subject, issuer, publicKey, issuerPublicKey, signingKey, nowMs, extensions }: Certificate): Buffer {
  const keyInfo = publicKey.export({ type: 'spki', format: 'der' });
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(newSerial()),
    ECDSA_SHA256,
    distinguishedName(issuer),
    sequence(time(nowMs - CLOCK_SKEW_MS), time(nowMs + YEARS_10)),
    distinguishedName(subject),
    keyInfo,
    explicit(
      3,
      sequence(
        extension('2.5.29.14', octetString(keyId(publicKey))),
        extension('2.5.29.35', sequence(tagged(0x80, keyId(issuerPublicKey)))),
        ...extensions,
      ),
    ),
  );
  return sequence(body, ECDSA_SHA256, bitString(sign('sha256', body, signingKey)));
}

/** 16 bytes of chance, a positive number. */
export function newSerial(): Buffer {
  const serial = randomBytes(16);
  serial[0] = (serial[0] ?? 0) & 0x7f || 1;
  return serial;
}

export function keyId(publicKey: KeyObject): Buffer {
  return createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest();
}

export function distinguishedName(commonName: string): Buffer {
  return sequence(setOf(sequence(objectIdentifier('2.5.4.3'), utf8String(commonName))));
}

export function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(objectIdentifier(id), ...(critical ? [boolean(true)] : []), octetString(value));
}

export function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
