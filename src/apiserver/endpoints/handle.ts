/**
 * The REST face of the API server: a request as HTTP brings it in, an answer or a watch out.
 * Invariant: pure but for the writes that the request asks for; it knows no sockets and no clock but the cluster's.
 * Counterpart: k8s.io/apiserver/pkg/server (the handler chain) and pkg/endpoints.
 */
import type { ApiServer } from '../apiServer.ts';
import { endingWithOutage, isDown, outageOf } from '../outage.ts';
import { methodNotAllowed, pageNotFound, refuse, resourceNotFound } from './answer.ts';
import { forbiddenStatus, type ResourceAttributes } from '../authorization/attributes.ts';
import { discover } from './discovery/discovery.ts';
import { health } from './health.ts';
import type { RestHost } from './host.ts';
import { isWatch, type HttpAnswer, type HttpRequest } from './http.ts';
import { isRefusal, negotiate } from './negotiation.ts';
import { heldMetrics } from './metrics/held.ts';
import { openid } from './openid.ts';
import { openapi } from './openapi/openapi.ts';
import { isBinary } from './protobuf.ts';
import { withJsonBody } from './protobufBody.ts';
import { parseRequestInfo, type RequestInfo } from './requestInfo.ts';
import { handleResource } from './resource.ts';

export function handleRequest(api: ApiServer, request: HttpRequest, host: RestHost = {}): HttpAnswer {
  const info = parseRequestInfo(request.path);
  const outage = outageOf(api.store, info?.group ?? '');
  // What needs no storage is answered as long as the server is there.
  const isAnswered = info === undefined && (isDiscovery(request.path) || !isDown(api.store));
  if (outage !== undefined && !isAnswered) return refuse(outage);
  if (info === undefined) return handlePath(api, request, host);
  const { user } = request;
  const attributes = attributesOf(request, info);
  const { allowed, reason } = api.authorizer.authorize(user, attributes);
  if (!allowed) return refuse(forbiddenStatus(user, attributes, reason));
  const { catalog } = api;
  const held = heldMetrics(api, request, info);
  if (held !== undefined) return held;
  if (!catalog.isServedGroup(info.group)) return pageNotFound();
  const served = catalog.isServedVersion(info.group, info.version) ? catalog.find(info.group, info.version, info.resource) : undefined;
  // Of the groups that only definitions serve, nothing else has a handler.
  if (served === undefined) return catalog.isCustomGroup(info.group) ? pageNotFound() : refuse(resourceNotFound());
  const encoding = negotiate(request.headers['accept'], isPretty(request), isBinary(served.type));
  if (isRefusal(encoding)) return refuse(encoding, { mediaType: 'application/json', pretty: isPretty(request) });
  const readable = withJsonBody(request);
  if ('status' in readable) return refuse(readable, encoding);
  const answer = handleResource({ api, request: readable, info, served, encoding, host });
  return answer.kind === 'watch' ? endingWithOutage(api.store, info.group, answer) : answer;
}

/** Clients look there before they can ask for anything, the fault that has to be undone too. */
function isDiscovery(path: string): boolean {
  return /^\/(?:apis?|openapi)(?:\/|$)/.test(path);
}

/** Discovery, health, documents: everything that is no resource. */
function handlePath(api: ApiServer, request: HttpRequest, host: RestHost): HttpAnswer {
  const attributes = { verb: request.method.toLowerCase(), path: request.path };
  const { allowed, reason } = api.authorizer.authorize(request.user, attributes);
  if (!allowed) return refuse(forbiddenStatus(request.user, attributes, reason));
  const found = health(api, request) ?? openapi(request, api.catalog, host) ?? openid(request, host) ?? discover(request, api.catalog);
  if (found === undefined) return pageNotFound();
  return request.method === 'GET' || request.method === 'HEAD' ? found : refuse(methodNotAllowed());
}

/** What authorization is asked for: a namespace lies in itself, a list of one name is about that object. */
function attributesOf(request: HttpRequest, info: RequestInfo): ResourceAttributes {
  const { group, resource, subresource, namespace, name } = info;
  const verb = verbOf(request, info);
  return {
    verb,
    group,
    resource,
    subresource,
    namespace: group === '' && resource === 'namespaces' && name !== '' ? name : namespace,
    name: name === '' && OF_COLLECTIONS.has(verb) ? selectedName(request.query) : name,
  };
}

const OF_COLLECTIONS: ReadonlySet<string> = new Set(['list', 'watch', 'deletecollection']);

function selectedName(query: URLSearchParams): string {
  return /(?:^|,)metadata\.name=?=([^,]*)(?:,|$)/.exec(query.get('fieldSelector') ?? '')?.[1] ?? '';
}

const METHODS: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** The verb as authorization names it. */
function verbOf({ method, query }: HttpRequest, { name }: RequestInfo): string {
  const verb = METHODS[method] ?? method.toLowerCase();
  if (verb === 'get' && name === '') return isWatch(query) ? 'watch' : 'list';
  return verb === 'delete' && name === '' ? 'deletecollection' : verb;
}

function isPretty({ query, headers }: HttpRequest): boolean {
  const pretty = query.get('pretty');
  if (pretty !== null) return pretty === '1' || pretty === 'true' || pretty === '';
  return /^(curl|Wget|Mozilla)/.test(headers['user-agent'] ?? '');
}
