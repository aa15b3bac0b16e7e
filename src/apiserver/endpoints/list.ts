/**
 * Lists: which objects, of which version of the store, in which portions.
 * Invariant: the pages of one list show one state, that of the first page.
 * Counterpart: k8s.io/apiserver/pkg/endpoints/handlers.ListResource and pkg/storage (continue tokens, resourceVersion).
 */
import * as errors from '../../apimachinery/errors/status.ts';
import type { Status } from '../../apimachinery/errors/status.ts';
import { parseFieldSelector, requiredValue, type FieldSelector } from '../../apimachinery/fields/selector.ts';
import { parseSelector } from '../../apimachinery/labels/parse.ts';
import { matches, type Selector } from '../../apimachinery/labels/selector.ts';
import { groupResource, keyOf, objectKey, type KubeObject, type ResourceType } from '../../apimachinery/meta/resource.ts';
import type { ListMeta } from '../../apimachinery/meta/types.ts';
import type { Store } from '../storage/store.ts';
import { decodeContinue, encodeContinue, isSequel, type ContinuePlace } from './continueToken.ts';
import { checkListOptions } from './listOptions.ts';
import { storageOf } from './versions.ts';
import { matchesSelectedFields, selectableFields } from './fields.ts';

export interface ObjectSelector {
  readonly labels: Selector;
  readonly fields: FieldSelector;
}

export interface ObjectList {
  readonly metadata: ListMeta;
  readonly objects: readonly KubeObject[];
}

export function isStatus(value: object): value is Status {
  return (value as { readonly kind?: string }).kind === 'Status';
}

/** The selectors of a list, watch or deletecollection request. */
export function selectorOf(type: ResourceType, query: URLSearchParams): ObjectSelector | Status {
  const labels = parseSelector(query.get('labelSelector') ?? '');
  if ('error' in labels) return errors.badRequest(labels.error);
  const { supported, unsupported } = selectableFields(type);
  const fields = parseFieldSelector(query.get('fieldSelector') ?? '', supported);
  if (!('error' in fields)) return { labels: labels.selector, fields: fields.selector };
  const prefix = 'field label not supported: ';
  return errors.badRequest(fields.error.startsWith(prefix) ? unsupported(fields.error.slice(prefix.length)) : fields.error);
}

export function isSelected(type: ResourceType, { labels, fields }: ObjectSelector, object: KubeObject): boolean {
  return (
    (labels.length === 0 || matches(labels, object.metadata.labels)) && (fields.length === 0 || matchesSelectedFields(type, fields, object))
  );
}

export function listObjects(store: Store, type: ResourceType, namespace: string, query: URLSearchParams): ObjectList | Status {
  const selector = selectorOf(type, query);
  if (isStatus(selector)) return selector;
  const refusal = checkListOptions(query);
  if (refusal !== undefined) return refusal;
  const version = versionOf(query);
  if (isStatus(version)) return version;
  const place = placeOf(query, version);
  if (place !== undefined && isStatus(place)) return place;
  const resource = groupResource(storageOf(type));
  const head = store.revision;
  const revision = place?.revision ?? (version.exact ? version.revision : head);
  const least = Math.max(revision, version.revision);
  if (least > head) return tooLarge(least, head);
  const all = revision < head ? store.listAt(resource, revision) : candidates(store, type, namespace, selector);
  if (all === undefined) return place === undefined ? expired(revision, store.compactedRevision(resource)) : continueExpired();
  const scoped = revision < head && namespace !== '' ? all.filter((object) => object.metadata.namespace === namespace) : all;
  const everything = selector.labels.length === 0 && selector.fields.length === 0;
  const selected = everything ? scoped : scoped.filter((object) => isSelected(type, selector, object));
  const start = place?.start;
  const from = start === undefined ? 0 : selected.findIndex((object) => isSequel(keyOf(object), start));
  const rest = from <= 0 ? (from === 0 ? selected : []) : selected.slice(from);
  const limit = Number(query.get('limit') ?? '0');
  if (!(limit > 0) || rest.length <= limit) return { metadata: { resourceVersion: String(revision) }, objects: rest };
  const objects = rest.slice(0, limit);
  const last = objects.at(-1);
  return {
    metadata: {
      resourceVersion: String(revision),
      continue: encodeContinue({ revision, start: last === undefined ? '' : keyOf(last) }),
      ...(everything ? { remainingItemCount: rest.length - limit } : {}),
    },
    objects,
  };
}

/** A list by name needs no walk; pods of a node have an index of their own. */
function candidates(store: Store, type: ResourceType, namespace: string, { fields }: ObjectSelector): readonly KubeObject[] {
  const resource = groupResource(storageOf(type));
  const name = requiredValue(fields, 'metadata.name');
  if (name !== undefined && (namespace !== '' || !type.namespaced)) {
    const object = store.get(resource, objectKey(namespace, name));
    return object === undefined ? [] : [object];
  }
  const nodeName = resource === 'pods' ? requiredValue(fields, 'spec.nodeName') : undefined;
  if (nodeName === undefined) return store.list(resource, namespace);
  const pods = store.byIndex('pods', 'spec.nodeName', nodeName);
  return namespace === '' ? pods : pods.filter((pod) => pod.metadata.namespace === namespace);
}

interface Version {
  readonly revision: number;
  readonly exact: boolean;
}

function versionOf(query: URLSearchParams): Version | Status {
  const text = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch') ?? '';
  const revision = parseVersion(text);
  if (revision === undefined) return invalidVersion(text);
  // With a limit and without a word about matching, the version is meant exactly, as in the old days.
  if (match === '') return { revision, exact: revision > 0 && Number(query.get('limit') ?? '0') > 0 };
  return { revision, exact: match === 'Exact' };
}

/** Where a list goes on; undefined for its first page. */
function placeOf(query: URLSearchParams, version: Version): ContinuePlace | Status | undefined {
  const token = query.get('continue') ?? '';
  if (token === '') return undefined;
  if (version.revision > 0) return errors.badRequest('specifying resource version is not allowed when using continue');
  const place = decodeContinue(token);
  return 'error' in place ? errors.badRequest(`invalid continue token: ${place.error}`) : place;
}

/** Empty counts as 0; undefined is no version. */
export function parseVersion(text: string): number | undefined {
  if (text === '') return 0;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

export function invalidVersion(text: string): Status {
  const message = `resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`;
  return errors.failure(500, undefined, message);
}

/** The version lies before what history keeps. */
export function expired(revision: number, compacted: number): Status {
  return errors.failure(410, 'Expired', `too old resource version: ${revision} (${compacted})`);
}

function continueExpired(): Status {
  const text =
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.';
  return errors.failure(410, 'Expired', text);
}

/** A real server waits for the version for three seconds, in vain if it will not come. */
export function tooLarge(revision: number, head: number): Status {
  const message = `Too large resource version: ${revision}, current: ${head}`;
  return errors.failure(504, 'Timeout', `Timeout: ${message}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}
