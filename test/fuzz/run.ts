/**
 * Sends random requests to an API server and holds it to what no request may change.
 * Invariant: it answers each, never with 500 but where the recordings show that the real server does, and goes on.
 */
import fc from 'fast-check';
import { ADMIN } from '../../src/apiserver/authentication/users.ts';
import { handleRequest } from '../../src/apiserver/endpoints/handle.ts';
import type { HttpAnswer } from '../../src/apiserver/endpoints/http.ts';
import type { RestHost } from '../../src/apiserver/endpoints/host.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { createRestHost } from '../../src/host/http/restHost.ts';
import { anyRequest, type FuzzRequest } from './requests.ts';

/** The real server answers 500 here: to versions that are no numbers, where a webhook cannot be called, to strategic
 * merge patches whose lists do not hold what their merge keys need, to configurations whose values are of another type, and
 * where the port of a health check is taken or a kubelet cannot be reached. */
const REAL_500 =
  /strconv\.ParseUint|failed calling webhook|does not contain declared merge key|list element types are not identical|cannot merge lists without merge key|failed to create typed patch object|HealthCheck NodePort|dial tcp/;

/** So many requests go to one cluster; then there is a new one, as what they made adds up. */
const PER_CLUSTER = 5000;

export interface FuzzOptions {
  readonly requests: number;
  readonly seed: number;
  readonly onProgress?: (done: number) => void;
}

export interface FuzzReport {
  /** How many answers there were of each code. */
  readonly codes: ReadonlyMap<number, number>;
  readonly problems: readonly string[];
}

export function fuzz({ requests, seed, onProgress }: FuzzOptions): FuzzReport {
  const codes = new Map<number, number>();
  const problems: string[] = [];
  for (let done = 0; done < requests && problems.length < 20; done += PER_CLUSTER) {
    const cluster = Cluster.create({ seed: `fuzz-${seed + done}`, startTime: Date.UTC(2026, 0, 2), preset: 'default', nodes: 2 });
    cluster.simulation.advance(cluster.simulation.now() + 10_000);
    const host = createRestHost({ api: cluster.api, adminToken: 'secret', kubelets: cluster.kubelets });
    const sample = fc.sample(anyRequest, { numRuns: Math.min(PER_CLUSTER, requests - done), seed: seed + done });
    for (const [index, request] of sample.entries()) {
      const problem = send(cluster, host, request, codes);
      if (problem !== undefined) problems.push(`${seed + done}/${index}: ${problem}\n  ${describe(request)}`);
      if (index % 50 === 0) advance(cluster, problems);
    }
    advance(cluster, problems);
    const alive = answerTo(cluster, host, { ...EMPTY, method: 'GET', path: '/api/v1/namespaces/kube-system' });
    if (alive.kind !== 'response' || alive.code !== 200) problems.push(`${seed + done}: the server does not answer any more`);
    onProgress?.(done + sample.length);
  }
  return { codes, problems };
}

const EMPTY: FuzzRequest = { method: 'GET', path: '/', query: '', headers: {}, body: '', bytes: undefined };

function send(cluster: Cluster, host: RestHost, request: FuzzRequest, codes: Map<number, number>): string | undefined {
  const before = cluster.api.store.revision;
  let answer: HttpAnswer;
  try {
    answer = answerTo(cluster, host, request);
    if (answer.kind === 'watch') answer.read(100);
  } catch (error) {
    return `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
  if (answer.kind !== 'response') return undefined;
  codes.set(answer.code, (codes.get(answer.code) ?? 0) + 1);
  const text = answer.bytes === undefined ? answer.body : Buffer.from(answer.bytes).toString('latin1');
  const failed = answer.code >= 500 && answer.code !== 503 && answer.code !== 504;
  if (failed && !REAL_500.test(text)) return `answered ${answer.code}: ${text.slice(0, 400)}`;
  const reads = ['GET', 'HEAD', 'OPTIONS'].includes(request.method) || /dryRun=All/.test(request.query);
  // A form that does not fit the answer is noticed when the object is made already, and a quota is charged before it is seen
  // that the name is taken: both as in the real server.
  if (
    (reads || (answer.code >= 400 && answer.code !== 406 && answer.code !== 409)) &&
    cluster.api.store.revision !== before &&
    !/deletecollection|DELETE/.test(request.method)
  ) {
    return `answered ${answer.code} and wrote`;
  }
  return undefined;
}

function answerTo({ api }: Cluster, host: RestHost, { method, path, query, headers, body, bytes }: FuzzRequest): HttpAnswer {
  const request = {
    method,
    path,
    query: new URLSearchParams(query),
    headers,
    body,
    user: ADMIN,
    ...(bytes === undefined ? {} : { bytes }),
  };
  return handleRequest(api, request, host);
}

function advance({ simulation }: Cluster, problems: string[]): void {
  try {
    simulation.advance(simulation.now() + 1000);
  } catch (error) {
    problems.push(`the simulation threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

function describe({ method, path, query, headers, body, bytes }: FuzzRequest): string {
  return `${method} ${path}?${query} ${JSON.stringify(headers)}\n  ${bytes === undefined ? body.slice(0, 1500) : Buffer.from(bytes).toString('base64')}`;
}
