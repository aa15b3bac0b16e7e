/**
 * Subresources: the parts of an object, and the acts on it, that have paths of their own.
 * Counterpart: the REST storages beside the main one in k8s.io/kubernetes/pkg/registry.
 */
import { isCustomType } from '../../../api/apiextensions/customresource/kind.ts';
import * as errors from '../../../apimachinery/errors/status.ts';
import { methodNotAllowed, refuse, resourceNotFound } from '../answer.ts';
import type { HttpAnswer } from '../http.ts';
import { patchObject } from '../patch.ts';
import { getObject } from '../read.ts';
import type { ResourceRequest } from '../resource.ts';
import { updateObject } from '../update.ts';
import { bindPod } from './binding.ts';
import { evictPod } from './eviction.ts';
import { handleScale } from './scale.ts';
import { connect } from './connect.ts';
import { requestToken } from './token.ts';

const VERBS: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

export function handleSubresource(context: ResourceRequest): HttpAnswer {
  const { served, info, request, encoding } = context;
  const subresource = served.subresources.find(({ name }) => name === info.subresource);
  if (subresource === undefined) {
    return refuse(isCustomType(served.type) ? errors.notFound(served.type, info.name) : resourceNotFound(), encoding);
  }
  const verb = VERBS[request.method] ?? '';
  if (!subresource.verbs.includes(verb)) return refuse(methodNotAllowed(), encoding);
  switch (subresource.name) {
    case 'scale':
      return handleScale(context);
    case 'binding':
      return bindPod(context, info.name);
    case 'eviction':
      return evictPod(context);
    case 'log':
    case 'exec':
    case 'attach':
    case 'portforward':
    case 'proxy':
      return connect(context);
    case 'token':
      return requestToken(context);
    default:
      break;
  }
  if (verb === 'get') return getObject(context);
  return verb === 'patch' ? patchObject(context) : updateObject(context);
}
