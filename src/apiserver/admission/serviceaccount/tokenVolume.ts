import type { Draft } from '../../../base/json.ts';
import type { Volume } from '../../../api/schema/types/core/v1.ts';

/** Where every container finds its account's token. */
export const TOKEN_MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
export const TOKEN_VOLUME_PREFIX = 'kube-api-access-';

/** One hour, and seven seconds by which such a token is told from one that somebody asked for. */
const EXPIRATION_SECONDS = 3607;

export function tokenVolume(name: string): Draft<Volume> {
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: EXPIRATION_SECONDS, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
      ],
      defaultMode: 0o644,
    },
  };
}

/** Whether a volume is one that admission made before, as in a Pod that is created from a copy of another one. */
export function isTokenVolume(volume: Draft<Volume>): boolean {
  if (!volume.name.startsWith(TOKEN_VOLUME_PREFIX)) return false;
  return JSON.stringify(volume.projected) === JSON.stringify(tokenVolume(volume.name).projected);
}
