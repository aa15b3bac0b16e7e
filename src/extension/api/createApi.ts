/**
 * The exported API over the worker's tools.
 * Invariant: one call is one tool; the tool's data is the answer. Counterpart: none in Kubernetes.
 */
import type { CancellationToken } from 'vscode';
import type { JsonObject } from '../../base/json.ts';
import { toolRequests, type ToolAnswer, type ToolName } from '../../host/protocol/tool.ts';
import type { WorkerHost } from '../host/workerHost.ts';
import type { ApiEvent, ApiObject, Applied, KubepadApi, KubepadCluster, KubepadFork, Outlook, RunEnd, Validation } from './kubepad.ts';

/** More than a cluster of 150,000 Pods has of anything. */
const ALL = 1_000_000;
const MAIN = 'main';

export function createApi(host: Pick<WorkerHost, 'request'>, version: unknown): KubepadApi {
  if (version !== 1) throw new Error(`Kubepad has no API of version ${String(version)}; it has version 1.`);
  return { version, main: clusterOf(host, MAIN) };
}

function clusterOf(host: Pick<WorkerHost, 'request'>, name: string): KubepadCluster {
  const ask = async (tool: ToolName, input: object, token?: CancellationToken): Promise<ToolAnswer> =>
    host.request(toolRequests.call, { tool, input: { ...given(input), cluster: name } }, token);
  // What the tools answer is what the types say: the tools' own tests hold them to it.
  const call = async <T>(tool: ToolName, input: object, token?: CancellationToken): Promise<T> =>
    dataOf(await ask(tool, input, token)) as unknown as T;
  return {
    name,
    validate: (manifest, options, token) => call<Validation>('validate_manifest', { manifest, ...options }, token),
    apply: (manifest, options, token) => call<Applied>('apply', { manifest, ...options }, token),
    forecast: (manifest, options, token) => call<Outlook>('forecast', { manifest, ...options }, token),
    async get(object) {
      const answer = await ask('get', { ...object, output: 'json' });
      if (answer.reason === 'NotFound') return undefined;
      return (dataOf(answer) as unknown as Items).items[0];
    },
    async list({ namespace, ...query }) {
      const within = namespace === undefined ? { allNamespaces: true } : { namespace };
      return (await call<Items>('get', { ...query, ...within, output: 'json', limit: ALL })).items;
    },
    async delete(object) {
      await call('delete', object);
    },
    async events(query = {}) {
      return (await call<{ readonly events: readonly ApiEvent[] }>('events', query)).events;
    },
    async logs(pod) {
      return (await call<{ readonly text: string }>('logs', pod)).text;
    },
    async runUntil(until, token) {
      const answer = await ask('run_until', until, token);
      // How a run ended is told even where it did not come to its goal.
      return (answer.data ?? dataOf(answer)) as unknown as RunEnd;
    },
    async fork() {
      const { cluster } = await call<{ readonly cluster: string }>('fork', {});
      return forkOf(host, cluster);
    },
  };
}

interface Items {
  readonly items: readonly ApiObject[];
}

function forkOf(host: Pick<WorkerHost, 'request'>, name: string): KubepadFork {
  return {
    ...clusterOf(host, name),
    // One that is gone with its origin needs no farewell.
    dispose: () => void host.request(toolRequests.call, { tool: 'discard', input: { cluster: name } }).catch(() => undefined),
  };
}

function dataOf({ data, text, reason, isError }: ToolAnswer): JsonObject {
  if (!isError && data !== undefined) return data;
  throw Object.assign(new Error(text), reason === undefined ? {} : { reason });
}

/** Tools take what is missing as left out, and nothing as undefined. */
function given(input: object): JsonObject {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as JsonObject;
}
