import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { handleRequest } from '../../../src/apiserver/endpoints/handle.ts';
import { DEPLOYMENTS, PODS } from '../../../src/api/schema/resources.ts';
import { createServerIdentity } from '../../../src/host/http/certificate.ts';
import { createRestHost } from '../../../src/host/http/restHost.ts';
import { startServer } from '../../../src/host/http/server.ts';
import { count, quantile, seconds, type Row } from '../row.ts';
import type { ClientData, Read } from './restClient.ts';
import { addNodes, deployment, newCluster, runUntilReady } from './support.ts';

const GETS = 2_000;
const LISTS = 5;

export const REST_ROWS: readonly Row[] = [
  {
    id: 'rest',
    lines: [
      { what: 'REST over TLS on loopback: GET of one Pod, p99', target: '≤ 5 ms', peer: '' },
      { what: 'REST over TLS on loopback: LIST of 10,000 Pods', target: '≤ 0.5 s', peer: '' },
    ],
    run: async () => {
      const cluster = newCluster({ preset: 'empty', kubelet: 'fast' });
      addNodes(cluster.admin(), 100);
      cluster.admin().create(DEPLOYMENTS, deployment('app', 10_000));
      runUntilReady(cluster, 10_000);
      const identity = createServerIdentity(Date.now());
      const host = createRestHost({ api: cluster.api, adminToken: 'secret' });
      const authentication = { userOfToken: host.userOfToken, authorizer: cluster.api.authorizer };
      const server = await startServer({
        port: 0,
        identity,
        authentication,
        handle: (incoming) => handleRequest(cluster.api, incoming, host),
      });
      const workerData: ClientData = { ca: identity.ca, port: server.port };
      const client = new Worker(join(import.meta.dirname, 'restClient.ts'), { workerData });
      const get = (path: string): Promise<{ readonly bytes: number; readonly ms: number }> => read(client, path);
      const names = cluster
        .admin()
        .list(PODS, 'default')
        .map(({ metadata }) => metadata.name ?? '');
      const path = '/api/v1/namespaces/default/pods';
      for (let i = 0; i < 200; i++) await get(`${path}/${names[i] ?? ''}`);
      const gets: number[] = [];
      for (let i = 0; i < GETS; i++) gets.push((await get(`${path}/${names[i] ?? ''}`)).ms);
      const lists: number[] = [];
      let bytes = 0;
      for (let i = 0; i < LISTS; i++) {
        const list = await get(path);
        lists.push(list.ms);
        bytes = list.bytes;
      }
      await client.terminate();
      await server.close();
      const p99 = quantile(gets, 0.99);
      const list = Math.min(...lists);
      return [
        {
          value: seconds(p99),
          meetsTarget: p99 <= 5,
          meetsPeer: true,
          work: `${count(GETS)} requests, one after the other; median ${seconds(quantile(gets, 0.5))}`,
        },
        { value: seconds(list), meetsTarget: list <= 500, meetsPeer: true, work: `${(bytes / 1e6).toFixed(1)} MB of JSON` },
      ];
    },
  },
];

/** @throws Error if the answer is none of success */
function read(client: Worker, path: string): Promise<{ readonly bytes: number; readonly ms: number }> {
  return new Promise((resolve, reject) => {
    client.once('message', (read: Read) => {
      if ('failure' in read) reject(new Error(read.failure));
      else resolve(read);
    });
    client.postMessage(path);
  });
}
