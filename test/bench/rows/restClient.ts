/** The client of the REST rows, in a thread of its own as clients are elsewhere: for each path it tells the bytes and the time. */
import { Agent, request } from 'node:https';
import { parentPort, workerData } from 'node:worker_threads';

export interface ClientData {
  readonly ca: string;
  readonly port: number;
}

export type Read = { readonly bytes: number; readonly ms: number } | { readonly failure: string };

const { ca, port } = workerData as ClientData;
const agent = new Agent({ ca, keepAlive: true, servername: 'localhost' });

parentPort?.on('message', (path: string) => {
  const start = performance.now();
  const answer = (read: Read): void => parentPort?.postMessage(read);
  const headers = { authorization: 'Bearer secret' };
  const outgoing = request({ host: '127.0.0.1', port, path, agent, headers }, (incoming) => {
    let bytes = 0;
    incoming.on('data', (chunk: Buffer) => (bytes += chunk.length));
    incoming.on('end', () => {
      const { statusCode = 0 } = incoming;
      answer(statusCode === 200 ? { bytes, ms: performance.now() - start } : { failure: `${path}: ${statusCode}` });
    });
  });
  outgoing.on('error', (error) => answer({ failure: error.message }));
  outgoing.end();
});
