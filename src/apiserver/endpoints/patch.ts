import { checkName, decodeValue, type ExpectedKind, type FieldValidation } from '../../api/decodeBody.ts';
import * as errors from '../../apimachinery/errors/status.ts';
import type { Status } from '../../apimachinery/errors/status.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import { refused, succeeded } from '../request.ts';
import { refuse } from './answer.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { isStatus } from './list.ts';
import { writeOptions } from './options.ts';
import { answerObject } from './read.ts';
import type { ResourceRequest } from './resource.ts';

/** PATCH of an object, or of a subresource that has the object's own form. */
export function patchObject(context: ResourceRequest): HttpResponse {
  const { api, request, info, served, encoding } = context;
  const options = writeOptions(request, 'PatchOptions');
  if (isStatus(options)) return refuse(options, encoding);
  const unsupported = checkMediaType(request);
  if (unsupported !== undefined) return refuse(unsupported, encoding);
  const warnings: string[] = [];
  const outcome = api.update(options.context, served.type, info.namespace, info.name, info.subresource, (old) => {
    const result = applyPatch(request, served.type, old as KubeObject, options.fieldValidation);
    if (isStatus(result)) return refused(result);
    const decoded = decodeValue(served.type, result.value, options.fieldValidation);
    if (!decoded.ok) return refused(decoded.status);
    warnings.push(...decoded.warnings);
    const misplaced = checkName(decoded.object, info.name);
    return misplaced === undefined ? succeeded(decoded.object as KubeObject) : refused(misplaced);
  });
  warnings.push(...outcome.warnings);
  return outcome.ok ? answerObject(context, outcome.object, outcome.code, warnings) : refuse(outcome.status, encoding, warnings);
}

const MEDIA_TYPES: ReadonlySet<string> = new Set(['application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json']);

function checkMediaType(request: HttpRequest): Status | undefined {
  if (MEDIA_TYPES.has(mediaTypeOf(request))) return undefined;
  return errors.failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
}

function mediaTypeOf({ headers }: HttpRequest): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** The object as the patch leaves it, still to be decoded; or what is wrong with the patch. */
export function applyPatch(request: HttpRequest, _kind: ExpectedKind, _current: KubeObject, _validation: FieldValidation): { readonly value: unknown } | Status {
  return errors.failure(415, 'UnsupportedMediaType', `415: Unsupported Media Type ${request.method}`, {});
}
