/**
 * The kubeconfig that leads kubectl to the simulated cluster: a file of its own, never the user's current one.
 */
import { chmodSync, closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Buffer } from 'node:buffer';
import { stringify } from 'yaml';

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
  mkdirSync(dirname(path), { recursive: true });
  // A file that is there already may be open to others: it is closed to them before the token is in it.
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  writeFileSync(path, kubeconfigText(options));
}
