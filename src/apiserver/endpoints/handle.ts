/**
 * The REST face of the API server: a request as HTTP brings it in, an answer or a watch out.
 * Invariant: pure but for the writes that the request asks for; it knows no sockets and no clock but the cluster's.
 * Counterpart: k8s.io/apiserver/pkg/server (the handler chain) and pkg/endpoints.
 */
import type { ApiServer } from '../apiServer.ts';
import { methodNotAllowed, pageNotFound, refuse, resourceNotFound } from './answer.ts';
import { mayAccessPath, mayAccessResource, pathForbidden, resourceForbidden } from './authorization.ts';
import { discover } from './discovery/discovery.ts';
import { health } from './health.ts';
import { isWatch, type HttpAnswer, type HttpRequest } from './http.ts';
import { isRefusal, negotiate } from './negotiation.ts';
import { openapi } from './openapi/openapi.ts';
import { withJsonBody } from './protobufBody.ts';
import { parseRequestInfo, type RequestInfo } from './requestInfo.ts';
import { handleResource } from './resource.ts';
import { findServed, isServedGroup, isServedVersion } from './served.ts';

export function handleRequest(api: ApiServer, request: HttpRequest): HttpAnswer {
  const info = parseRequestInfo(request.path);
  if (info === undefined) return handlePath(api, request);
  const { user } = request;
  const attributes = {
    verb: verbOf(request, info),
    group: info.group,
    resource: info.resource,
    subresource: info.subresource,
    namespace: info.namespace,
    name: info.name,
  };
  if (!mayAccessResource(user, attributes)) return refuse(resourceForbidden(user, attributes));
  if (!isServedGroup(info.group)) return pageNotFound();
  const served = isServedVersion(info.group, info.version) ? findServed(info.group, info.version, info.resource) : undefined;
  if (served === undefined) return refuse(resourceNotFound());
  const encoding = negotiate(request.headers['accept'], isPretty(request));
  if (isRefusal(encoding)) return refuse(encoding, { mediaType: 'application/json', pretty: isPretty(request) });
  const readable = withJsonBody(request);
  if ('status' in readable) return refuse(readable, encoding);
  return handleResource({ api, request: readable, info, served, encoding });
}

/** Discovery, health, documents: everything that is no resource. */
function handlePath(api: ApiServer, request: HttpRequest): HttpAnswer {
  const attributes = { verb: METHODS[request.method] ?? request.method.toLowerCase(), path: request.path };
  if (!mayAccessPath(request.user, attributes)) return refuse(pathForbidden(request.user, attributes));
  const found = health(api, request) ?? openapi(request) ?? discover(request);
  if (found === undefined) return pageNotFound();
  return request.method === 'GET' || request.method === 'HEAD' ? found : refuse(methodNotAllowed());
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
