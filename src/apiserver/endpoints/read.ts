import { isCustomType } from '../../api/apiextensions/customresource/kind.ts';
import { strategyOf } from '../../api/register.ts';
import type { Strategy } from '../../api/strategy.ts';
import { apiVersion, groupResource, type KubeObject } from '../../apimachinery/meta/resource.ts';
import * as errors from '../../apimachinery/errors/status.ts';
import type { ListMeta } from '../../apimachinery/meta/types.ts';
import { answer, refuse } from './answer.ts';
import type { HttpAnswer, HttpResponse } from './http.ts';
import { invalidVersion, isStatus, listObjects, parseVersion, tooLarge } from './list.ts';
import { longListAnswer, ObjectTexts } from './listText.ts';
import type { ResourceRequest } from './resource.ts';
import { tableForm, toPartialMetadata, toTable, transformMismatch, type IncludeObject } from './transform.ts';
import { openWatch } from './watch.ts';
import { asWritten, fromStorage, isConverted, storageOf } from './versions.ts';

export function getObject(context: ResourceRequest): HttpResponse {
  const { api, request, info, served } = context;
  const version = request.query.get('resourceVersion') ?? '';
  const least = parseVersion(version);
  if (least === undefined) return refuse(invalidVersion(version), context.encoding);
  if (least > api.store.revision) return refuse(tooLarge(least, api.store.revision), context.encoding);
  const found = api.get(storageOf(served.type), info.namespace, info.name);
  return found.ok ? answerObject(context, found.object, 200) : refuse(found.status, context.encoding);
}

export function listCollection(context: ResourceRequest): HttpResponse {
  const { api, request, info, served } = context;
  const list = listObjects(api.store, served.type, info.namespace, request.query);
  if (isStatus(list)) return refuse(list, context.encoding);
  return answerList(context, list.objects, list.metadata);
}

export function watchCollection(context: ResourceRequest): HttpAnswer {
  const { api, request, info, served, encoding } = context;
  const watch = openWatch({
    store: api.store,
    strategy: strategyFor(context),
    type: served.type,
    namespace: info.namespace,
    query: request.query,
    encoding,
    now: () => api.registry.now(),
  });
  return isStatus(watch) ? refuse(watch, encoding) : watch;
}

/** One object in the form that was asked for. */
export function answerObject(context: ResourceRequest, stored: KubeObject, code: number, warnings: readonly string[] = []): HttpResponse {
  const { encoding, served } = context;
  const { type } = served;
  const object = fromStorage(type, stored);
  const version = encoding.transformVersion ?? '';
  if (encoding.transform === undefined)
    return answer({ kind: type.kind, apiVersion: apiVersion(type), ...asWritten(type, object) }, code, encoding, warnings);
  const mismatch = transformMismatch(encoding.transform, false, `${packageOf(type)}.${type.kind}`);
  if (mismatch !== undefined) return refuse(errors.failure(406, 'NotAcceptable', mismatch, {}), encoding, warnings);
  if (encoding.transform !== 'Table') return answer(toPartialMetadata(object, version), code, encoding, warnings);
  const { resourceVersion } = object.metadata;
  const table = toTable([object], resourceVersion === undefined ? {} : { resourceVersion }, tableOptions(context));
  return answer(table, code, encoding, warnings);
}

/** A list in the form that was asked for; its items carry no kind, but for custom resources. */
export function answerList(
  context: ResourceRequest,
  stored: readonly KubeObject[],
  metadata: ListMeta,
  warnings: readonly string[] = [],
): HttpResponse {
  const { encoding, served } = context;
  const { type } = served;
  if (encoding.transform === undefined) return answerItems(context, stored, metadata, warnings);
  const version = encoding.transformVersion ?? '';
  const mismatch = transformMismatch(encoding.transform, true, `${packageOf(type)}.${type.kind}List`);
  if (mismatch !== undefined) return refuse(errors.failure(406, 'NotAcceptable', mismatch, {}), encoding, warnings);
  const long = encoding.transform === 'Table' ? longTable(context, stored, metadata) : undefined;
  if (long !== undefined) return warnings.length === 0 ? long : { ...long, warnings };
  const objects = stored.map((object) => fromStorage(type, object));
  if (encoding.transform === 'Table') return answer(toTable(objects, metadata, tableOptions(context)), 200, encoding, warnings);
  const items = objects.map((object) => toPartialMetadata(object, version));
  return answer({ kind: 'PartialObjectMetadataList', apiVersion: version, metadata, items }, 200, encoding, warnings);
}

function answerItems(
  { encoding, served: { type } }: ResourceRequest,
  stored: readonly KubeObject[],
  metadata: ListMeta,
  warnings: readonly string[],
): HttpResponse {
  const head = { kind: `${type.kind}List`, apiVersion: apiVersion(type), metadata };
  const write = (object: KubeObject): object => {
    const shown = fromStorage(type, object);
    return isCustomType(type) ? shown : withoutKind(asWritten(type, shown));
  };
  if (isPlainJson(encoding)) {
    const texts = isCustomType(type) || isConverted(type) ? undefined : TEXTS;
    const long = longListAnswer({ head, objects: stored, write, texts });
    if (long !== undefined) return warnings.length === 0 ? long : { ...long, warnings };
  }
  return answer({ ...head, items: stored.map(write) }, 200, encoding, warnings);
}

/** Of stored objects in the form in which they are stored. */
const TEXTS = new ObjectTexts();

/** What kubectl prints of thousands of objects: most of it is their metadata, which stays as it is. */
function longTable(context: ResourceRequest, stored: readonly KubeObject[], metadata: ListMeta): HttpResponse | undefined {
  const { type } = context.served;
  const options = tableOptions(context);
  if (!isPlainJson(context.encoding) || options.include !== 'Metadata' || isCustomType(type) || isConverted(type)) return undefined;
  const { head, inOrder, cells } = tableForm(metadata, options);
  return longListAnswer({
    head,
    member: 'rows',
    objects: inOrder(stored),
    write: (object) => toPartialMetadata(fromStorage(type, object), options.version),
    texts: options.version === 'meta.k8s.io/v1' ? METADATA_TEXTS : undefined,
    around: (object, text) => `{"cells":${JSON.stringify(cells(object))},"object":${text}}`,
  });
}

/** Of the metadata of stored objects, as rows of tables have it. */
const METADATA_TEXTS = new ObjectTexts();

function isPlainJson({ mediaType, pretty }: ResourceRequest['encoding']): boolean {
  return mediaType === 'application/json' && pretty !== true;
}

function tableOptions(context: ResourceRequest): Parameters<typeof toTable>[2] {
  const { api, encoding, request, served } = context;
  return {
    strategy: strategyFor(context),
    type: served.type,
    version: encoding.transformVersion ?? '',
    include: (request.query.get('includeObject') ?? 'Metadata') as IncludeObject,
    nowMs: api.registry.now(),
    withColumns: true,
  };
}

export function strategyFor({ served }: ResourceRequest): Strategy {
  const { group, version, plural } = served.type;
  const strategy = served.strategy ?? strategyOf(group, version, plural);
  if (strategy === undefined) throw new Error(`${groupResource(served.type)} has no strategy`);
  return strategy;
}

/** The strategy of the form in which the objects are kept. */
export function storedStrategy(context: ResourceRequest): Strategy {
  const type = storageOf(context.served.type);
  return context.served.strategy ?? strategyOf(type.group, type.version, type.plural) ?? strategyFor(context);
}

function withoutKind(object: KubeObject): object {
  const { kind: _kind, apiVersion: _version, ...rest } = object;
  return rest;
}

/** The Go package of the internal types: `core`, `apps`, `rbac`. */
function packageOf({ group }: { readonly group: string }): string {
  return group === '' ? 'core' : (group.split('.')[0] ?? group);
}
