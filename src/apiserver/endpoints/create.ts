import { checkNamespace, decodeBody } from '../../api/decodeBody.ts';
import { refuse } from './answer.ts';
import type { HttpResponse } from './http.ts';
import { isStatus } from './list.ts';
import { writeOptions } from './options.ts';
import { answerObject } from './read.ts';
import type { ResourceRequest } from './resource.ts';
import { createStored } from './versions.ts';

/** POST to a collection. */
export function createObject(context: ResourceRequest): HttpResponse {
  const { api, request, info, served, encoding } = context;
  const options = writeOptions(request, 'CreateOptions');
  if (isStatus(options)) return refuse(options, encoding);
  const decoded = decodeBody(served.type, request.body, request.headers['content-type'] ?? '', options.fieldValidation);
  if (!decoded.ok) return refuse(decoded.status, encoding);
  const misplaced = checkNamespace(decoded.object, served.type.namespaced, info.namespace);
  if (misplaced !== undefined) return refuse(misplaced, encoding);
  const outcome = createStored(api, options.context, served.type, info.namespace, decoded.object);
  const warnings = [...decoded.warnings, ...outcome.warnings];
  return outcome.ok ? answerObject(context, outcome.object, outcome.code, warnings) : refuse(outcome.status, encoding, warnings);
}
