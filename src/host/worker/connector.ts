/**
 * The worker's cluster over HTTPS, for kubectl and its kin: off until someone asks, then on the same port with the same
 * token for as long as the worker lives, whichever cluster it holds.
 * Invariant: keys and kubeconfig are files that the user alone can read. Counterpart: `kubepad serve`.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Documentation } from '../../apiserver/endpoints/openapi/openapi.ts';
import { loadKeys } from '../http/keys.ts';
import { serveCluster } from '../http/serveCluster.ts';
import type { RunningServer } from '../http/server.ts';
import { writeKubeconfig } from '../kubeconfig/kubeconfig.ts';
import type { ConnectInfo } from '../protocol/protocol.ts';
import type { Session } from './session.ts';

export class Connector {
  private readonly session: () => Session;
  private readonly documentation: () => Documentation;
  private readonly token = randomBytes(24).toString('base64url');
  private served: { readonly of: Session; readonly server: RunningServer; readonly kubeconfig: string } | undefined;
  private folder = '';
  private busy: Promise<unknown> = Promise.resolve();

  constructor(session: () => Session, documentation: () => Documentation) {
    this.session = session;
    this.documentation = documentation;
  }

  /** @param folder where keys and kubeconfig are kept */
  connect(folder: string): Promise<ConnectInfo> {
    this.folder = folder;
    const connected = this.busy.then(() => this.serve());
    this.busy = connected.catch(() => undefined);
    return connected;
  }

  /** Another cluster is there: whoever is connected goes on with it. */
  async follow(): Promise<void> {
    if (this.served !== undefined) await this.connect(this.folder);
  }

  /** Nobody is served any more. */
  async close(): Promise<void> {
    await this.busy;
    await this.served?.server.close();
    this.served = undefined;
  }

  private async serve(): Promise<ConnectInfo> {
    const session = this.session();
    const former = this.served;
    if (former?.of === session) return { server: former.server.url, kubeconfig: former.kubeconfig };
    await former?.server.close();
    const keys = loadKeys(join(this.folder, 'keys.json'));
    const server = await serveCluster({
      cluster: session.cluster,
      keys,
      token: this.token,
      port: former?.server.port ?? 0,
      documentation: this.documentation,
      before: () => session.driver.sync(),
      after: () => session.written(),
    });
    const kubeconfig = join(this.folder, 'kubeconfig.yaml');
    writeKubeconfig(kubeconfig, { server: server.url, ca: keys.identity.ca, token: this.token });
    this.served = { of: session, server, kubeconfig };
    return { server: server.url, kubeconfig };
  }
}
