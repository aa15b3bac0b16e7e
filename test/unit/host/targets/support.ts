import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { Driver } from '../../../../src/host/driver.ts';
import { loadKeys } from '../../../../src/host/http/keys.ts';
import { serveCluster } from '../../../../src/host/http/serveCluster.ts';
import type { RunningServer } from '../../../../src/host/http/server.ts';
import { writeKubeconfig } from '../../../../src/host/kubeconfig/kubeconfig.ts';
import { createRest } from '../worker/support.ts';

/** Something to be applied: a Deployment of two Pods. */
export const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "nginx:1.27"}]}
`;

/** A cluster behind HTTPS that plays the real one. */
export interface Served {
  readonly cluster: Cluster;
  readonly server: RunningServer;
  readonly folder: string;
  /** Leads to it as `production`. */
  readonly kubeconfig: string;
  readonly token: string;
  /** PEM */
  readonly ca: string;
  readonly apply: (text: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function serve(): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'kubepad-target-'));
  const cluster = Cluster.create({ seed: 'real', startTime: Date.now(), preset: 'default', nodes: 2 });
  const driver = new Driver({ simulation: cluster.simulation, api: cluster.api });
  const keys = loadKeys(join(folder, 'keys.json'));
  const token = 'of-the-administrator';
  const before = (): void => driver.sync();
  const after = (): void => driver.wake();
  const server = await serveCluster({ cluster, keys, token, port: 0, before, after });
  driver.start();
  const kubeconfig = join(folder, 'kubeconfig.yaml');
  writeKubeconfig(kubeconfig, { server: server.url, ca: keys.identity.ca, token, name: 'production' });
  return {
    cluster,
    server,
    folder,
    kubeconfig,
    token,
    ca: keys.identity.ca,
    async apply(text) {
      before();
      await createRest(cluster).apply(text);
      after();
    },
    async close() {
      driver.dispose();
      await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Waits until something is as wanted; fails after a while. */
export async function until<T>(what: string, read: () => T, isDone: (value: T) => boolean, limitMs = 15_000): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    const value = read();
    if (isDone(value)) return value;
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
