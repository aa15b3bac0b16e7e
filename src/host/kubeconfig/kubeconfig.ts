/**
 * The kubeconfig that leads kubectl to the simulated cluster: a file of its own, never the user's current one.
 */
import { Buffer } from 'node:buffer';
import { stringify } from 'yaml';
import { writePrivate } from '../http/keys.ts';

export interface KubeconfigOptions {
  readonly server: string;
  /** PEM */
  readonly ca: string;
  readonly token: string;
  /** Name of cluster, user and context. */
  readonly name?: string;
}

export function kubeconfigText({ server, ca, token, name = 'kubepad' }: KubeconfigOptions): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}

/** Readable by the user alone: it holds the token. */
export function writeKubeconfig(path: string, options: KubeconfigOptions): void {
  writePrivate(path, kubeconfigText(options));
}
