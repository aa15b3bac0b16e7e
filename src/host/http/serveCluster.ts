/**
 * A running cluster behind HTTPS: what the program `kubepad serve` and the extension's worker have in common.
 * Invariant: each request happens at the present virtual time, and its writes are on the disk before its answer leaves.
 */
import { createPublicKey } from 'node:crypto';
import { handleRequest } from '../../apiserver/endpoints/handle.ts';
import type { Documentation } from '../../apiserver/endpoints/openapi/openapi.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import type { ServingKeys } from './keys.ts';
import { userOfCertificate } from './clientCertificate.ts';
import { createRestHost } from './restHost.ts';
import { signRequests } from './requestSigner.ts';
import { fillTokenSecrets } from './tokenSecrets.ts';
import { startServer, type RunningServer } from './server.ts';

export interface ServeOptions {
  readonly cluster: Cluster;
  readonly keys: ServingKeys;
  /** Of the administrator. */
  readonly token: string;
  /** 0: any free port. */
  readonly port: number;
  readonly documentation?: () => Documentation;
  readonly metrics?: boolean;
  /** Brings the clock to the present. */
  readonly before: () => void;
  /** Puts writes on the disk and lets the cluster go on. */
  readonly after: () => void;
}

export async function serveCluster({
  cluster,
  keys,
  token,
  port,
  documentation,
  metrics,
  before,
  after,
}: ServeOptions): Promise<RunningServer> {
  const { api, kubelets } = cluster;
  const host = createRestHost({
    api,
    adminToken: token,
    signingKey: keys.signingKey,
    kubelets,
    sync: before,
    ...(metrics === undefined ? {} : { metrics }),
    ...(documentation === undefined ? {} : { documentation }),
  });
  const authority = createPublicKey(keys.identity.ca);
  const server = await startServer({
    port,
    identity: keys.identity,
    authentication: { userOfToken: host.userOfToken, authorizer: api.authorizer },
    userOfCertificate: (certificate) => userOfCertificate(certificate, authority, api.registry.now()),
    handle: (request) => {
      before();
      const answer = handleRequest(api, request, host);
      after();
      return answer;
    },
  });
  const outside = { cluster, before, after };
  const signing = [signRequests({ ...outside, identity: keys.identity }), fillTokenSecrets(outside, host.tokens)];
  return {
    ...server,
    close: () => {
      for (const work of signing) work.dispose();
      return server.close();
    },
  };
}
