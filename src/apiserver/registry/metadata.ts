import { jsonEqual, type Draft } from '../../base/json.ts';
import * as errors from '../../apimachinery/errors/status.ts';
import { isEmptySet, type FieldSet } from '../../apimachinery/managedfields/fieldSet.ts';
import { quote } from '../../apimachinery/field/quote.ts';
import type { Status } from '../../apimachinery/errors/status.ts';
import { groupResource, type KubeObject, type UnknownObject } from '../../apimachinery/meta/resource.ts';
import type { Strategy } from '../../api/strategy.ts';

/** A stale resourceVersion is a conflict; none at all means: whatever is stored, where the kind allows that. */
export function checkVersion(strategy: Strategy, old: KubeObject, object: KubeObject, dryRun: boolean): Status | undefined {
  const { resourceVersion, uid, name = '' } = object.metadata;
  const { resource } = strategy;
  if (uid !== undefined && uid !== '' && uid !== old.metadata.uid) {
    const text = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid ?? ''}`;
    // A dry run does not reach the storage that knows the prefix of all keys.
    const key = `${dryRun ? '' : '/registry'}/${storageFolder(strategy)}/${resource.namespaced ? `${old.metadata.namespace ?? ''}/` : ''}${name}`;
    return errors.conflict(
      resource,
      name,
      `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${text}`,
    );
  }
  if (resourceVersion === undefined || resourceVersion === '' || resourceVersion === '0') {
    return strategy.allowUnconditionalUpdate ? undefined : versionRequired(strategy, name);
  }
  if (resourceVersion === old.metadata.resourceVersion) return undefined;
  if (!/^[0-9]+$/.test(resourceVersion))
    return errors.failure(500, undefined, `strconv.ParseUint: parsing ${quote(resourceVersion)}: invalid syntax`);
  return errors.conflict(resource, name, errors.OPTIMISTIC_LOCK_TEXT);
}

/** Here the API server names the resource where it otherwise names the kind. */
function versionRequired({ resource }: Strategy, name: string): Status {
  const body = 'Invalid value: 0: must be specified for an update';
  const field = 'metadata.resourceVersion';
  return errors.failure(422, 'Invalid', `${groupResource(resource)} "${name}" is invalid: ${field}: ${body}`, {
    name,
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.plural,
    causes: [{ reason: 'FieldValueInvalid', message: body, field }],
  });
}

/** Where etcd would keep the objects; a few kinds have kept the names of long ago. */
function storageFolder({ resource }: Strategy): string {
  return FOLDERS[groupResource(resource)] ?? resource.plural;
}

const FOLDERS: Readonly<Record<string, string>> = {
  nodes: 'minions',
  services: 'services/specs',
  endpoints: 'services/endpoints',
  replicationcontrollers: 'controllers',
  'ingresses.networking.k8s.io': 'ingress',
};

/** What a client cannot change by an update, whatever it sends. */
export function keepSystemFields(object: Draft<KubeObject>, old: KubeObject): void {
  const meta = object.metadata;
  const stored = old.metadata;
  if (meta.uid === undefined || meta.uid === '') meta.uid = stored.uid ?? '';
  if (stored.creationTimestamp !== undefined) meta.creationTimestamp = stored.creationTimestamp;
  if (meta.deletionTimestamp === undefined && stored.deletionTimestamp !== undefined) meta.deletionTimestamp = stored.deletionTimestamp;
  if (meta.deletionGracePeriodSeconds === undefined && stored.deletionGracePeriodSeconds !== undefined) {
    meta.deletionGracePeriodSeconds = stored.deletionGracePeriodSeconds;
  }
  delete meta.selfLink;
  delete meta.managedFields;
  if (stored.generation === undefined) delete meta.generation;
  else meta.generation = stored.generation;
}

/** Puts the stored content of a member back; the parts are shared, which is safe as neither is ever changed in place. */
export function putBack(object: Draft<KubeObject>, old: KubeObject, field: string): void {
  const wanted = object as Draft<UnknownObject>;
  const stored = (old as UnknownObject)[field];
  if (stored === undefined) delete wanted[field];
  else wanted[field] = stored as Draft<unknown>;
}

/** What an update of the status leaves of metadata: all that people set, or the members that a set names. */
export function keepMetadata(object: Draft<KubeObject>, old: KubeObject, kept: FieldSet | undefined): void {
  if (kept === undefined) return;
  const { metadata } = object as { readonly metadata: Record<string, unknown> };
  for (const name of SET_BY_PEOPLE) {
    if (!isEmptySet(kept) && kept[`f:${name}`] === undefined) continue;
    const stored = old.metadata[name];
    if (stored === undefined) delete metadata[name];
    else metadata[name] = stored;
  }
}

const SET_BY_PEOPLE = ['labels', 'annotations', 'finalizers', 'ownerReferences'] as const;

/** `putBack` of everything but the members named. */
export function keepOnly(object: Draft<KubeObject>, old: KubeObject, changeable: readonly string[]): void {
  for (const key of new Set([...Object.keys(object), ...Object.keys(old)])) if (!changeable.includes(key)) putBack(object, old, key);
}

/** generation counts changes of everything but metadata and status. */
export function countGeneration(strategy: Strategy, object: Draft<KubeObject>, old: KubeObject): void {
  if (!strategy.tracksGeneration) return;
  // A custom resource without a status subresource has no status of its own kind: it is content like any other.
  const isSystem = (key: string): boolean => SYSTEM_KEYS.has(key) && (key !== 'status' || strategy.status !== undefined);
  const changed = [...new Set([...Object.keys(object), ...Object.keys(old)])].some(
    (key) => !isSystem(key) && !jsonEqual((object as UnknownObject)[key], (old as UnknownObject)[key]),
  );
  if (changed) object.metadata.generation = (old.metadata.generation ?? 0) + 1;
}

const SYSTEM_KEYS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);
