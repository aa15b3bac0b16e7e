import type { KeyObject, X509Certificate } from 'node:crypto';
import type { UserInfo } from '../../apiserver/request.ts';

const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';

/**
 * Whom a certificate of the server's own authority names: the common name, and the organizations as groups.
 * @param nowMs virtual time, in which such certificates are issued and run out
 * @returns undefined if it does not count. Counterpart: k8s.io/apiserver/pkg/authentication/request/x509.
 */
export function userOfCertificate(certificate: X509Certificate, authority: KeyObject, nowMs: number): UserInfo | undefined {
  if (!certificate.verify(authority)) return undefined;
  // The type says that there is a list, but a certificate need not have one.
  const usages = certificate.keyUsage as readonly string[] | undefined;
  if (usages?.includes(CLIENT_AUTHENTICATION) !== true) return undefined;
  if (nowMs < Date.parse(certificate.validFrom) || nowMs > Date.parse(certificate.validTo)) return undefined;
  const { CN: name, O: organizations } = certificate.toLegacyObject().subject as { CN?: string | string[]; O?: string | string[] };
  const commonName = [name ?? []].flat().at(-1) ?? '';
  return commonName === '' ? undefined : { name: commonName, groups: [...[organizations ?? []].flat(), 'system:authenticated'] };
}
