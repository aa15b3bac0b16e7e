import type { Secret } from '../../schema/types/core/v1.ts';
import { decodeBase64 } from './base64.ts';

/**
 * A TLS Secret is stored whatever it holds, with a warning where there is no certificate or no key in it.
 * Whether the two belong together is not checked: nothing in the cluster uses them for real encryption.
 */
export function secretWarnings(secret: Secret): readonly string[] {
  if (secret.type !== 'kubernetes.io/tls') return [];
  const certificate = pemProblem(decodeBase64(secret.data?.['tls.crt'] ?? ''), 'certificate', (type) => type === 'CERTIFICATE');
  if (certificate !== undefined) return [certificate];
  const key = pemProblem(
    decodeBase64(secret.data?.['tls.key'] ?? ''),
    'key',
    (type) => type === 'PRIVATE KEY' || type.endsWith(' PRIVATE KEY'),
  );
  return key === undefined ? [] : [key];
}

const PEM = /-----BEGIN ([^-]+)-----[\s\S]*?-----END \1-----/g;

function pemProblem(text: string, what: 'certificate' | 'key', wanted: (type: string) => boolean): string | undefined {
  const types = Array.from(text.matchAll(PEM), (match) => match[1] ?? '');
  if (types.some(wanted)) return undefined;
  if (types.length === 0) return `tls: failed to find any PEM data in ${what} input`;
  if (what === 'certificate') {
    if (types.length === 1 && (types[0] ?? '').endsWith('PRIVATE KEY')) {
      return 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched';
    }
    return `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${types.join(' ')}]`;
  }
  if (types.length === 1 && types[0] === 'CERTIFICATE') {
    return 'tls: found a certificate rather than a key in the PEM for the private key';
  }
  return `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${types.join(' ')}]`;
}
