/**
 * What a request does to an object between decoding and the store, without a store: for the editor, for dry checks and
 * for tests. The registry runs the same steps with admission between them.
 * Invariant: pure; the suffix of a generated name is the caller's, no uid and no time are set.
 * Counterpart: k8s.io/apiserver/pkg/registry/rest.BeforeCreate and BeforeUpdate.
 */
import { draft, jsonEqual, type Draft } from '../base/json.ts';
import type { ErrorList } from '../apimachinery/field/error.ts';
import type { KubeObject, UnknownObject } from '../apimachinery/meta/resource.ts';
import { DEFAULT_POOLS, type Allocation } from './allocation.ts';
import type { Preparation, Strategy } from './strategy.ts';
import { validateCreate, validateUpdate } from './verdict.ts';

export interface Prepared {
  /** Defaulted and prepared, as it would be stored but for uid, times and resourceVersion. */
  readonly object: KubeObject;
  readonly errors: ErrorList;
  readonly warnings: readonly string[];
}

export interface CreateOptions {
  /** The namespace of the request; of no use for cluster-scoped kinds. */
  readonly namespace: string;
  /** Five letters and digits for generateName. */
  readonly suffix?: () => string;
}

const MAX_GENERATED_PREFIX = 58;

/** @param input decoded (`decodeBody`); it is changed */
export function prepareCreate(strategy: Strategy, input: Draft<KubeObject>, options: CreateOptions): Prepared {
  const object = input;
  const { metadata } = object;
  if (strategy.resource.namespaced) metadata.namespace ??= options.namespace;
  else delete metadata.namespace;
  for (const field of SERVER_FIELDS) delete metadata[field];
  strategy.defaults?.(object);
  if (strategy.tracksGeneration) metadata.generation = 1;
  else delete metadata.generation;
  strategy.prepareForCreate?.(object, NOBODY);
  generateName(object, options.suffix ?? (() => 'xxxxx'));
  // Values out of pools must be there for validation; whether this cluster could give those asked for is the registry's matter.
  strategy.allocate?.(object, undefined, NOTHING_TAKEN);
  return { object, ...validateCreate(strategy, object) };
}

/** @param input decoded; it is changed. `old` is the stored object. */
export function prepareUpdate(strategy: Strategy, input: Draft<KubeObject>, old: KubeObject): Prepared {
  const object = input;
  keepServerFields(object, old);
  strategy.defaults?.(object);
  if (strategy.status !== undefined) restore(object, old, 'status');
  strategy.prepareForUpdate?.(object, old, NOBODY);
  strategy.allocate?.(object, old, NOTHING_TAKEN);
  if (strategy.tracksGeneration && contentChanged(object, old)) object.metadata.generation = (old.metadata.generation ?? 0) + 1;
  return { object, ...validateUpdate(strategy, object, old) };
}

/** Whether anything but metadata and status differs: what metadata.generation counts. */
export function contentChanged(object: KubeObject, old: KubeObject): boolean {
  const [left, right] = [object as UnknownObject, old as UnknownObject];
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].some((key) => !META_KEYS.has(key) && !jsonEqual(left[key], right[key]));
}

/** Nobody asks and no time is known. */
const NOBODY: Preparation = { now: '1970-01-01T00:00:00Z', user: { name: '', groups: [] } };
const NOTHING_TAKEN: Allocation = { dryRun: true, stored: () => [], random: () => 0, pools: DEFAULT_POOLS };
const SERVER_FIELDS = ['deletionTimestamp', 'deletionGracePeriodSeconds', 'selfLink', 'managedFields', 'resourceVersion', 'uid'] as const;
const META_KEYS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);

/** A long prefix is cut, so that the whole stays a name: at most 58 and the five that follow. */
function generateName(object: Draft<KubeObject>, suffix: () => string): void {
  const { metadata } = object;
  const { name = '', generateName: prefix = '' } = metadata;
  if (name === '' && prefix !== '') metadata.name = `${prefix.slice(0, MAX_GENERATED_PREFIX)}${suffix()}`;
}

/** What a client cannot change, and what it may leave out of an update. */
function keepServerFields(object: Draft<KubeObject>, old: KubeObject): void {
  const { metadata } = object;
  const stored = draft(old.metadata);
  delete metadata.selfLink;
  delete metadata.managedFields;
  if (metadata.uid === undefined) Object.assign(metadata, stored.uid === undefined ? {} : { uid: stored.uid });
  if (metadata.resourceVersion === undefined && stored.resourceVersion !== undefined) metadata.resourceVersion = stored.resourceVersion;
  if (stored.creationTimestamp !== undefined) metadata.creationTimestamp = stored.creationTimestamp;
  if (stored.deletionTimestamp !== undefined) metadata.deletionTimestamp = stored.deletionTimestamp;
  if (stored.deletionGracePeriodSeconds !== undefined) metadata.deletionGracePeriodSeconds ??= stored.deletionGracePeriodSeconds;
  if (stored.generation === undefined) delete metadata.generation;
  else metadata.generation = stored.generation;
}

function restore(object: Draft<KubeObject>, old: KubeObject, field: string): void {
  const wanted = object as Draft<UnknownObject>;
  const stored = (old as UnknownObject)[field];
  if (stored === undefined) delete wanted[field];
  else wanted[field] = draft(stored);
}
