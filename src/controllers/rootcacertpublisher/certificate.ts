import type { ControllerOptions } from '../runtime/environment.ts';

/** Stands for the certificate where the cluster has none of its own: a cluster in memory is not served over TLS. */
const NO_CERTIFICATE = '-----BEGIN CERTIFICATE-----\nS3ViZXBhZA==\n-----END CERTIFICATE-----\n';

/** What Pods check the API server's certificate with, as PEM. */
export function rootCertificateOf({ rootCertificate }: ControllerOptions): string {
  return rootCertificate ?? NO_CERTIFICATE;
}
