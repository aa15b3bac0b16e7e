/**
 * Requests on resources: which handler a method and a path come to.
 * Counterpart: the routes that k8s.io/apiserver/pkg/endpoints/installer.go registers.
 */
import { strategyOf } from '../../api/register.ts';
import { badRequest } from '../../apimachinery/errors/status.ts';
import { errorText, invalid } from '../../apimachinery/field/error.ts';
import { Path } from '../../apimachinery/field/path.ts';
import { apiVersion } from '../../apimachinery/meta/resource.ts';
import type { ApiServer } from '../apiServer.ts';
import { methodNotAllowed, refuse } from './answer.ts';
import { componentStatuses } from './componentStatuses.ts';
import { createObject } from './create.ts';
import { deleteCollection, deleteObject } from './delete.ts';
import type { RestHost } from './host.ts';
import { isWatch, type HttpAnswer, type HttpRequest } from './http.ts';
import { metrics } from './metrics/metrics.ts';
import { METRICS_GROUP } from './metrics/served.ts';
import type { Negotiated } from './negotiation.ts';
import { patchObject } from './patch.ts';
import { getObject, listCollection, watchCollection } from './read.ts';
import type { RequestInfo } from './requestInfo.ts';
import { review } from './reviews/reviews.ts';
import type { ServedResource } from './served.ts';
import { handleSubresource } from './subresources/subresources.ts';
import { updateObject } from './update.ts';
import { bindThroughCollection } from './subresources/binding.ts';

/** What every handler of a resource is given. */
export interface ResourceRequest {
  readonly api: ApiServer;
  readonly request: HttpRequest;
  readonly info: RequestInfo;
  readonly served: ServedResource;
  readonly encoding: Negotiated;
  readonly host: RestHost;
}

export function handleResource(context: ResourceRequest): HttpAnswer {
  const { encoding, request } = context;
  const answer = (encoding.transform === 'Table' ? checkIncludeObject(request) : undefined) ?? route(context);
  const { type, strategy } = context.served;
  const deprecated = strategy?.deprecated ?? DEPRECATED[`${apiVersion(type)} ${type.kind}`];
  if (deprecated === undefined || answer.kind !== 'response') return answer;
  return { ...answer, warnings: [deprecated, ...answer.warnings] };
}

/** APIs that every use is warned of. */
const DEPRECATED: Readonly<Record<string, string>> = {
  'v1 Endpoints': 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  'v1 ComponentStatus': 'v1 ComponentStatus is deprecated in v1.19+',
};

const INCLUDED: ReadonlySet<string> = new Set(['', 'None', 'Metadata', 'Object']);

/** What the rows of a table have of their objects. */
function checkIncludeObject({ query }: HttpRequest): HttpAnswer | undefined {
  const include = query.get('includeObject') ?? '';
  if (INCLUDED.has(include)) return undefined;
  const problem = errorText(invalid(Path.of('includeObject'), include, "must be 'Metadata', 'Object', 'None', or empty"));
  return refuse(badRequest(`Unable to convert to Table as requested: ${problem}`));
}

function route(context: ResourceRequest): HttpAnswer {
  const { info, served, request } = context;
  const { verbs, type } = served;
  const allowed = (verb: string): boolean => verbs.includes(verb);
  const refused = refuse(methodNotAllowed());
  if (served.strategy === undefined && strategyOf(type.group, type.version, type.plural) === undefined) return answerUnstored(context);
  if (info.subresource !== '') return handleSubresource(context);
  if (info.name === '') {
    // A collection across namespaces can be read, not written.
    const writable = !type.namespaced || info.namespace !== '';
    switch (request.method) {
      case 'GET':
      case 'HEAD':
        if (isWatch(request.query)) return allowed('watch') ? watchCollection(context) : refused;
        return allowed('list') ? listCollection(context) : refused;
      case 'POST':
        return allowed('create') && writable ? createObject(context) : refused;
      case 'DELETE':
        return allowed('deletecollection') && writable ? deleteCollection(context) : refused;
      default:
        return refused;
    }
  }
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return allowed('get') ? getObject(context) : refused;
    case 'PUT':
      return allowed('update') ? updateObject(context) : refused;
    case 'PATCH':
      return allowed('patch') ? patchObject(context) : refused;
    case 'DELETE':
      return allowed('delete') ? deleteObject(context) : refused;
    default:
      return refused;
  }
}

/** Reviews and bindings are answered, not stored; component statuses are no more. */
function answerUnstored(context: ResourceRequest): HttpAnswer {
  const { request, served } = context;
  if (served.type.group === METRICS_GROUP.group) return metrics(context);
  if (served.type.plural === 'bindings') return request.method === 'POST' ? bindThroughCollection(context) : refuse(methodNotAllowed());
  if (served.type.plural === 'componentstatuses') return request.method === 'GET' ? componentStatuses(context) : refuse(methodNotAllowed());
  return request.method === 'POST' ? review(context) : refuse(methodNotAllowed());
}
