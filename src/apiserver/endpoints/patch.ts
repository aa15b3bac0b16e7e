/**
 * PATCH: a JSON patch, merge patch or strategic merge patch against the stored object, then an ordinary update.
 * Invariant: what the patch makes is decoded like any body; a patch that does not fit changes nothing.
 * Counterpart: k8s.io/apiserver/pkg/endpoints/handlers/patch.go.
 */
import type { Draft } from '../../base/json.ts';
import { checkName, checkNamespace, decodeValue, type DecodedBody, type ExpectedKind, type FieldValidation } from '../../api/decodeBody.ts';
import { SCHEMAS, SCHEME } from '../../api/scheme.ts';
import type { TypeNode } from '../../apimachinery/scheme/typeNode.ts';
import * as errors from '../../apimachinery/errors/status.ts';
import type { Status } from '../../apimachinery/errors/status.ts';
import { apiVersion, type KubeObject } from '../../apimachinery/meta/resource.ts';
import { goValue } from '../../apimachinery/field/goValue.ts';
import { inGoOrder, stringifyWith } from '../../apimachinery/scheme/goOrder.ts';
import { restoreProblem } from '../../apimachinery/scheme/restore.ts';
import { applyJsonPatch, applyMergePatch } from '../../apimachinery/patch/jsonPatch.ts';
import type { PatchResult } from '../../apimachinery/patch/result.ts';
import { applyStrategicMergePatch } from '../../apimachinery/patch/strategicMerge.ts';
import { readJson } from '../../apimachinery/scheme/jsonText.ts';
import { refused, succeeded } from '../request.ts';
import { refuse } from './answer.ts';
import { applierOf } from './apply.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { isStatus } from './list.ts';
import { writeOptions, type WriteOptions } from './options.ts';
import { badPatch, repeatedFields, strictOperationErrors, unfitting, unprocessable } from './patchErrors.ts';
import { answerObject, strategyFor } from './read.ts';
import type { ResourceRequest } from './resource.ts';
import { fromStorage, storageOf, toStorage } from './versions.ts';

/** PATCH of an object, or of a subresource that has the object's own form. */
export function patchObject(context: ResourceRequest): HttpResponse {
  const { api, request, info, served, encoding } = context;
  const unsupported = checkMediaType(request, served.strategy !== undefined);
  if (unsupported !== undefined) return refuse(unsupported, encoding);
  const options = writeOptions(request, 'PatchOptions', isApply(request));
  if (isStatus(options)) return refuse(options, encoding);
  if (isApply(request)) return applyObject(context, options);
  const warnings: string[] = [];
  const outcome = api.update(options.context, storageOf(served.type), info.namespace, info.name, info.subresource, (_draft, stored) => {
    const patched = patchAndDecode(request, served.type, fromStorage(served.type, stored), options.fieldValidation);
    if (!patched.ok) return refused(patched.status);
    warnings.push(...patched.warnings);
    const misplaced = checkPlace(context, patched.object);
    return misplaced === undefined ? succeeded(toStorage(served.type, patched.object) as KubeObject) : refused(misplaced);
  });
  warnings.push(...outcome.warnings);
  return outcome.ok ? answerObject(context, outcome.object, outcome.code, warnings) : refuse(outcome.status, encoding, warnings);
}

function applyObject(context: ResourceRequest, options: WriteOptions): HttpResponse {
  const { api, info, served, encoding } = context;
  const warnings: string[] = [];
  const apply = applierOf(context, options, strategyFor(context), (text) => warnings.push(text));
  const outcome = api.update(options.context, storageOf(served.type), info.namespace, info.name, info.subresource, {
    apply: (stored) => {
      const applied = apply(stored);
      const misplaced = applied.ok ? checkPlace(context, applied.object.object) : undefined;
      return misplaced === undefined ? applied : refused(misplaced);
    },
  });
  warnings.push(...outcome.warnings);
  return outcome.ok ? answerObject(context, outcome.object, outcome.code, warnings) : refuse(outcome.status, encoding, warnings);
}

/** A patch cannot move an object, nor take its name away. */
function checkPlace({ info, served }: ResourceRequest, object: Draft<KubeObject>): Status | undefined {
  const misplaced = checkNamespace(object, served.type.namespaced, info.namespace);
  if (misplaced !== undefined) return misplaced;
  if ((object.metadata.name ?? '') !== '') return checkName(object, info.name);
  return errors.badRequest(`the name of the object (${info.name} based on URL) was undeterminable: name must be provided`);
}

/** Whether a PATCH applies a configuration (server-side apply). */
export function isApply(request: HttpRequest): boolean {
  return mediaTypeOf(request) === APPLY;
}

/** The object as the patch of the request leaves it. */
export function patchAndDecode(request: HttpRequest, kind: ExpectedKind, current: KubeObject, validation: FieldValidation): DecodedBody {
  const mediaType = mediaTypeOf(request);
  const read = readJson(request.body);
  if ('error' in read)
    return { ok: false, status: errors.badRequest(`${mediaType === STRATEGIC ? '' : 'error decoding patch: '}${read.error}`) };
  const patch = read.value;
  const result = apply(mediaType, kind, current, patch);
  if ('badRequest' in result) return { ok: false, status: badPatch(result.badRequest) };
  if ('unprocessable' in result) return { ok: false, status: unprocessable() };
  const strict = mediaType === JSON_PATCH ? strictOperationErrors : repeatedFields;
  const decoded = decodeValue(kind, result.value, validation, { strictErrors: strict(patch, read.source) });
  if (decoded.ok || decoded.status.code !== 400) return decoded;
  const reason = reasonOf(decoded.status);
  const node = SCHEME.kind(apiVersion(kind), kind.kind);
  if (mediaType !== STRATEGIC) return { ok: false, status: unfitting(patchedText(mediaType, node, current, patch), reason) };
  const shape = node === undefined ? undefined : restoreProblem(node, result.value);
  return { ok: false, status: unfitting(goValue(patch), shape ?? reason) };
}

/** The patched object as the server would print it: as it was, but for what the patch opened. */
function patchedText(mediaType: string, node: TypeNode | undefined, current: KubeObject, patch: unknown): string {
  const opened = new WeakSet();
  const printed = node === undefined ? current : inGoOrder(node, current);
  const result = mediaType === MERGE ? applyMergePatch(printed, patch, opened) : applyJsonPatch(printed, patch, opened);
  return 'value' in result ? stringifyWith(result.value, opened) : '';
}

const JSON_PATCH = 'application/json-patch+json';
const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';
const APPLY = 'application/apply-patch+yaml';
const MEDIA_TYPES: ReadonlySet<string> = new Set([JSON_PATCH, MERGE, STRATEGIC, APPLY]);
const CUSTOM_MEDIA_TYPES = [JSON_PATCH, MERGE, APPLY].join(', ');

/** Custom resources have no merge keys, and so no strategic merge patches. */
function checkMediaType(request: HttpRequest, isCustom: boolean): Status | undefined {
  const mediaType = mediaTypeOf(request);
  if (isCustom && mediaType === STRATEGIC) {
    const text = `the body of the request was in an unknown format - accepted media types include: ${CUSTOM_MEDIA_TYPES}`;
    return errors.failure(415, 'UnsupportedMediaType', text, {});
  }
  if (MEDIA_TYPES.has(mediaType)) return undefined;
  return errors.failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
}

function mediaTypeOf({ headers }: HttpRequest): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

function apply(mediaType: string, kind: ExpectedKind, current: KubeObject, patch: unknown): PatchResult {
  if (mediaType === JSON_PATCH) return applyJsonPatch(current, patch);
  if (mediaType === MERGE) return applyMergePatch(current, patch);
  return applyStrategicMergePatch(SCHEMAS, SCHEMAS.kinds[`${apiVersion(kind)}/${kind.kind}`] ?? '', current, patch);
}

/** What is wrong with the object, without the words about a request's body. */
function reasonOf({ message = '' }: Status): string {
  return message.replace(/^\S+ in version "[^"]*" cannot be handled as an? \S+: /, '');
}
