/**
 * The verbs of kubectl as functions over a REST client, the same for the simulator and for a real cluster.
 * Invariant: nothing here knows the API server's inside; all it knows of objects is what the API says.
 * Counterpart: k8s.io/kubectl/pkg/cmd.
 */
import { RESOURCES } from '../api/register.ts';
import type { ResourceFact } from '../api/generic/strategy.ts';
import { failure, type Status } from '../apimachinery/errors/status.ts';
import { apiVersion, type UnknownObject } from '../apimachinery/meta/resource.ts';

export interface RestRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  /** The form of the answer that is wanted; default: JSON. */
  readonly accept?: string;
  readonly body?: string;
}

export interface RestAnswer {
  readonly code: number;
  /** The parsed JSON of the answer; a text where the server answers text. */
  readonly body: unknown;
  readonly warnings: readonly string[];
}

/**
 * Sends one request. Promised: an answer for everything the server says, refusals included. Not promised: order among
 * requests that are under way together. A lost connection rejects.
 */
export interface Rest {
  request(request: RestRequest): Promise<RestAnswer>;
}

export type Answered<T> =
  { readonly ok: true; readonly value: T; readonly warnings: readonly string[] } | { readonly ok: false; readonly status: Status };

export interface ObjectName {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** The resource that serves a kind; undefined if the server has none. */
export function resourceOf(version: string, kind: string): ResourceFact | undefined {
  return RESOURCES.find((resource) => resource.kind === kind && apiVersion(resource) === version);
}

/** `resourceOf`, and where the kind is none of Kubernetes' own, what the server says of it: a custom resource. */
export async function findResource(rest: Rest, version: string, kind: string): Promise<ResourceFact | undefined> {
  const known = resourceOf(version, kind);
  const [group = '', name = ''] = version.split('/');
  if (known !== undefined || name === '') return known;
  const { code, body } = await rest.request({ method: 'GET', path: `/apis/${group}/${name}` });
  if (code !== 200 || typeof body !== 'object' || body === null) return undefined;
  const { resources = [] } = body as { readonly resources?: readonly DiscoveredResource[] };
  const found = resources.find((resource) => resource.kind === kind && !resource.name.includes('/'));
  if (found === undefined) return undefined;
  const { singularName, shortNames = [], categories = [], namespaced, verbs } = found;
  return {
    group,
    version: name,
    plural: found.name,
    kind,
    namespaced,
    singular: singularName,
    shortNames,
    categories,
    verbs,
    subresources: [],
    preferred: true,
  };
}

interface DiscoveredResource {
  readonly name: string;
  readonly singularName: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly namespaced: boolean;
  readonly kind: string;
  readonly verbs: readonly string[];
}

/** `/apis/apps/v1/namespaces/shop/deployments/web`; without a name the path of the collection. */
export function pathOf(resource: ResourceFact, namespace: string, name: string, subresource = ''): string {
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const scope = resource.namespaced && namespace !== '' ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  const own = name === '' ? '' : `/${encodeURIComponent(name)}`;
  return `${root}${scope}/${resource.plural}${own}${subresource === '' ? '' : `/${subresource}`}`;
}

/** `deployment.apps/web`, as kubectl prints a name. */
export function subjectOf(resource: ResourceFact, name: string): string {
  return `${resource.singular}${resource.group === '' ? '' : `.${resource.group}`}/${name}`;
}

export async function send(rest: Rest, request: RestRequest): Promise<Answered<UnknownObject>> {
  const { code, body, warnings } = await rest.request(request);
  if (code >= 200 && code < 300) return { ok: true, value: body as UnknownObject, warnings };
  return { ok: false, status: toStatus(code, body) };
}

/** GET of one object. */
export async function getObject(rest: Rest, name: ObjectName): Promise<Answered<UnknownObject>> {
  const resource = await findResource(rest, name.apiVersion, name.kind);
  if (resource === undefined) return { ok: false, status: noMatch(name.apiVersion, name.kind) };
  return send(rest, { method: 'GET', path: pathOf(resource, name.namespace, name.name) });
}

export function noMatch(version: string, kind: string): Status {
  return failure(404, 'NotFound', `no matches for kind "${kind}" in version "${version}"`);
}

function toStatus(code: number, body: unknown): Status {
  if (typeof body === 'object' && body !== null && (body as Status).kind === 'Status') return body as Status;
  return failure(code, undefined, typeof body === 'string' && body !== '' ? body.trim() : `the server answered ${code}`);
}
