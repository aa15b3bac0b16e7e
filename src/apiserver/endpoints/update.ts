import { checkName, checkNamespace, decodeBody } from '../../api/decodeBody.ts';
import * as errors from '../../apimachinery/errors/status.ts';
import { refuse } from './answer.ts';
import type { HttpResponse } from './http.ts';
import { isStatus } from './list.ts';
import { writeOptions } from './options.ts';
import { answerObject } from './read.ts';
import type { ResourceRequest } from './resource.ts';
import { judgeConverted, storageOf, toStorage } from './versions.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';

/** PUT to an object, or to a subresource that has the object's own form. */
export function updateObject(context: ResourceRequest): HttpResponse {
  const { api, request, info, served, encoding } = context;
  const options = writeOptions(request, 'UpdateOptions');
  if (isStatus(options)) return refuse(options, encoding);
  const decoded = decodeBody(served.type, request.body, request.headers['content-type'] ?? '', options.fieldValidation);
  if (!decoded.ok) return refuse(decoded.status, encoding);
  const { object } = decoded;
  if ((object.metadata.name ?? '') === '') {
    return refuse(
      errors.badRequest(`the name of the object (${info.name} based on URL) was undeterminable: name must be provided`),
      encoding,
    );
  }
  const misplaced = checkName(object, info.name) ?? checkNamespace(object, served.type.namespaced, info.namespace);
  if (misplaced !== undefined) return refuse(misplaced, encoding);
  const invalid = judgeConverted(api, served.type, info.namespace, object as KubeObject);
  if (invalid !== undefined) return refuse(invalid, encoding);
  const outcome = api.update(options.context, storageOf(served.type), info.namespace, info.name, info.subresource, {
    replacement: toStorage(served.type, object),
  });
  const warnings = [...decoded.warnings, ...outcome.warnings];
  return outcome.ok ? answerObject(context, outcome.object, outcome.code, warnings) : refuse(outcome.status, encoding, warnings);
}
