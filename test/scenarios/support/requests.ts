// Requests of a person, as kubectl would send them, to a cluster in this process.
import { ADMIN } from '../../../src/apiserver/authentication/users.ts';
import { handleRequest } from '../../../src/apiserver/endpoints/handle.ts';
import type { RestHost } from '../../../src/apiserver/endpoints/host.ts';
import { STRATEGIES } from '../../../src/api/register.ts';
import type { ResourceType } from '../../../src/apimachinery/meta/resource.ts';
import type { Cluster } from '../../../src/cluster/cluster.ts';

export interface Named {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name?: string; readonly namespace?: string };
}

export interface Answer {
  readonly code: number;
  readonly body: string;
}

/** The path of an object's collection. */
export function collectionOf(cluster: Cluster, { apiVersion, kind, metadata }: Named): string {
  const resource = cluster.api.catalog.strategyForKind(apiVersion, kind)?.resource;
  if (resource === undefined) throw new Error(`no such kind: ${kind}`);
  return pathOf(resource, metadata.namespace ?? 'default');
}

/** The resource of a plural, as a person says it without its group. */
export function resourceOf(cluster: Cluster, plural: string): ResourceType {
  const found = [...STRATEGIES.values(), ...cluster.api.catalog.customStrategies()].find(({ resource }) => resource.plural === plural);
  if (found === undefined) throw new Error(`no such resource: ${plural}`);
  return found.resource;
}

export function pathOf({ group, version, plural, namespaced }: ResourceType, namespace: string | undefined): string {
  const base = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${base}${namespaced && namespace !== undefined ? `/namespaces/${namespace}` : ''}/${plural}`;
}

/** @param host what the process around a cluster adds: the use of Pods is asked for through it */
export function ask(
  cluster: Cluster,
  method: string,
  url: string,
  body = '',
  headers: Readonly<Record<string, string>> = {},
  host?: RestHost,
): Answer {
  const { pathname, searchParams } = new URL(url, 'https://cluster');
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const request = { method, path: pathname, query: searchParams, headers: { 'content-type': type, ...headers }, body, user: ADMIN };
  const answer = handleRequest(cluster.api, request, host);
  return answer.kind === 'response' ? { code: answer.code, body: answer.body } : { code: 500, body: '' };
}
