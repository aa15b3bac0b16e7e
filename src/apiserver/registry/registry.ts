/**
 * The one generic store of API objects: every kind's create, update and delete run through here, with the kind's
 * Strategy and the admission chain; no kind writes these itself.
 * Invariant: a request either is one write to the Store or changes nothing.
 * Counterpart: k8s.io/apiserver/pkg/registry/generic/registry.Store and pkg/registry/rest.
 */
import { draft, jsonEqual, type Draft } from '../../base/json.ts';
import * as errors from '../../apimachinery/errors/status.ts';
import type { Status } from '../../apimachinery/errors/status.ts';
import { groupResource, objectKey, type KubeObject, type UnknownObject } from '../../apimachinery/meta/resource.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';
import type { Strategy } from '../../api/strategy.ts';
import { validateCreate, validateStatusUpdate, validateUpdate, type Verdict } from '../../api/verdict.ts';
import type { AdmissionAttributes, AdmissionPlugin, AdmissionWorld } from '../admission/plugin.ts';
import { refused, succeeded, type DeleteOptions, type Outcome, type RequestContext } from '../request.ts';
import type { Store } from '../storage/store.ts';
import { planDeletion } from './deletion.ts';

export interface RegistryOptions {
  readonly store: Store;
  readonly admission: readonly AdmissionPlugin[];
  readonly world: AdmissionWorld;
  now(): number;
  uuid(): string;
  suffix(length: number): string;
}

/** `GuaranteedUpdate`: makes the new object of the stored one; called with a copy that it may change. */
export type Updater = (object: Draft<KubeObject>) => Outcome<KubeObject> | undefined;

const NAME_ATTEMPTS = 8;

export class Registry {
  private readonly options: RegistryOptions;
  private readonly store: Store;

  constructor(options: RegistryOptions) {
    this.options = options;
    this.store = options.store;
  }

  /** Virtual time, milliseconds since 1970. */
  now(): number {
    return this.options.now();
  }

  get(strategy: Strategy, namespace: string, name: string): Outcome<KubeObject> {
    const object = this.store.get(groupResource(strategy.resource), objectKey(namespace, name));
    return object === undefined ? refused(errors.notFound(strategy.resource, name)) : succeeded(object);
  }

  /** @param input a decoded object with structural defaults; it becomes the registry's own and is changed */
  create(context: RequestContext, strategy: Strategy, namespace: string, input: Draft<KubeObject>): Outcome<KubeObject> {
    const object = input;
    const meta = object.metadata;
    if (strategy.resource.namespaced) meta.namespace = namespace;
    else delete meta.namespace;
    strategy.defaults?.(object);
    delete meta.deletionTimestamp;
    delete meta.deletionGracePeriodSeconds;
    delete meta.selfLink;
    if (strategy.tracksGeneration) meta.generation = 1;
    else delete meta.generation;
    meta.uid = this.options.uuid();
    meta.creationTimestamp = formatTime(this.options.now());
    strategy.prepareForCreate?.(object);
    this.generateName(strategy, object);
    const warnings: string[] = [];
    const attributes = this.attributes(context, strategy, 'CREATE', '', object, undefined, warnings);
    const refusal = this.admit(attributes);
    if (refusal !== undefined) return refused(refusal, warnings);
    strategy.defaults?.(object);
    const verdict = validateCreate(strategy, object);
    warnings.push(...verdict.warnings);
    const name = meta.name ?? '';
    if (verdict.errors.length > 0) return refused(errors.invalid(strategy.resource, name, verdict.errors), warnings);
    const denied = this.validateAdmission(attributes);
    if (denied !== undefined) return refused(denied, warnings);
    const resource = groupResource(strategy.resource);
    const existing = this.store.get(resource, objectKey(meta.namespace, name));
    if (existing !== undefined) return refused(errors.alreadyExists(strategy.resource, name), warnings);
    if (context.dryRun === true) return succeeded(object, 201, warnings);
    delete meta.resourceVersion;
    return succeeded(this.store.write({ type: 'ADDED', resource, object, actor: context.user.name, verb: 'create' }), 201, warnings);
  }

  /**
   * Replaces an object or its status.
   * @param change makes the wanted object out of the stored one (or a refusal); it has been decoded already
   */
  update(context: RequestContext, strategy: Strategy, namespace: string, name: string, subresource: string, change: Updater): Outcome<KubeObject> {
    const resource = groupResource(strategy.resource);
    const old = this.store.get(resource, objectKey(namespace, name));
    if (old === undefined) return refused(errors.notFound(strategy.resource, name));
    const working = draft(old);
    const made = change(working);
    if (made !== undefined && !made.ok) return made;
    const object = made === undefined ? working : (made.object as Draft<KubeObject>);
    const stale = checkVersion(strategy, old, object);
    if (stale !== undefined) return refused(stale);
    keepSystemFields(object, old);
    const warnings: string[] = [];
    if (subresource === 'status') this.prepareStatus(strategy, object, old);
    const attributes = this.attributes(context, strategy, 'UPDATE', subresource, object, old, warnings);
    if (subresource === '') {
      strategy.defaults?.(object);
      if (strategy.status !== undefined) putBack(object, old, 'status');
      strategy.prepareForUpdate?.(object, old);
      countGeneration(strategy, object, old);
    }
    const refusal = this.admit(attributes);
    if (refusal !== undefined) return refused(refusal, warnings);
    const result = this.judgeUpdate(strategy, subresource, object, old);
    warnings.push(...result.warnings);
    if (result.errors.length > 0) return refused(errors.invalid(strategy.resource, name, result.errors), warnings);
    const denied = this.validateAdmission(attributes);
    if (denied !== undefined) return refused(denied, warnings);
    return this.commit(context, strategy, object, old, subresource === '' ? 'update' : `update ${subresource}`, warnings);
  }

  delete(context: RequestContext, strategy: Strategy, namespace: string, name: string, options: DeleteOptions = {}): Outcome<KubeObject> {
    const resource = groupResource(strategy.resource);
    const old = this.store.get(resource, objectKey(namespace, name));
    if (old === undefined) return refused(errors.notFound(strategy.resource, name));
    const failed = checkPreconditions(strategy, old, options);
    if (failed !== undefined) return refused(failed);
    const warnings: string[] = [];
    const attributes: AdmissionAttributes = { ...this.attributes(context, strategy, 'DELETE', '', undefined, old, warnings), deleteOptions: options };
    const refusal = this.admit(attributes) ?? this.validateAdmission(attributes);
    if (refusal !== undefined) return refused(refusal, warnings);
    const plan = planDeletion(strategy, old, options, this.options.now());
    if (context.dryRun === true) return succeeded(plan.object, 200, warnings);
    const write = { resource, object: plan.object, actor: context.user.name };
    if (plan.now) return succeeded(this.store.write({ ...write, type: 'DELETED', verb: 'delete' }), 200, warnings);
    if (jsonEqual(plan.object, old)) return succeeded(old, 200, warnings);
    return succeeded(this.store.write({ ...write, type: 'MODIFIED', verb: 'delete' }), 200, warnings);
  }

  /** Binding, scale and the like check what they change themselves; they may set what an ordinary update may not. */
  private judgeUpdate(strategy: Strategy, subresource: string, object: Draft<KubeObject>, old: KubeObject): Verdict {
    if (subresource === '') {
      strategy.defaults?.(object);
      return validateUpdate(strategy, object, old);
    }
    if (subresource === 'status') return validateStatusUpdate(strategy, object, old);
    return { errors: [], warnings: [] };
  }

  /** Stores an update; an object that waits for its last finalizer goes with it. An update that changes nothing writes nothing. */
  private commit(
    context: RequestContext,
    strategy: Strategy,
    object: Draft<KubeObject>,
    old: KubeObject,
    verb: string,
    warnings: readonly string[],
  ): Outcome<KubeObject> {
    const resource = groupResource(strategy.resource);
    object.metadata.resourceVersion = old.metadata.resourceVersion ?? '';
    if (jsonEqual(object, old)) return succeeded(old, 200, warnings);
    if (context.dryRun === true) return succeeded(object, 200, warnings);
    const write = { resource, object, actor: context.user.name };
    if (isReadyToGo(object)) return succeeded(this.store.write({ ...write, type: 'DELETED', verb: 'delete' }), 200, warnings);
    return succeeded(this.store.write({ ...write, type: 'MODIFIED', verb }), 200, warnings);
  }

  /** A status update keeps everything but status, and of metadata only what people may change through it. */
  private prepareStatus(strategy: Strategy, object: Draft<KubeObject>, old: KubeObject): void {
    const current = draft(old) as Draft<UnknownObject>;
    const wanted = object as Draft<UnknownObject>;
    for (const key of Object.keys(wanted)) if (key !== 'status' && key !== 'metadata') delete wanted[key];
    for (const key of Object.keys(current)) if (key !== 'status' && key !== 'metadata') wanted[key] = current[key] as Draft<unknown>;
    strategy.status?.prepareForUpdate?.(object, old);
    if (old.metadata.generation !== undefined) object.metadata.generation = old.metadata.generation;
  }

  private generateName(strategy: Strategy, object: Draft<KubeObject>): void {
    const meta = object.metadata;
    if ((meta.name ?? '') !== '' || (meta.generateName ?? '') === '') return;
    const resource = groupResource(strategy.resource);
    const base = (meta.generateName ?? '').slice(0, 58);
    for (let attempt = 0; attempt < NAME_ATTEMPTS; attempt++) {
      meta.name = `${base}${this.options.suffix(5)}`;
      if (this.store.get(resource, objectKey(meta.namespace, meta.name)) === undefined) return;
    }
  }

  private attributes(
    context: RequestContext,
    strategy: Strategy,
    operation: AdmissionAttributes['operation'],
    subresource: string,
    object: Draft<KubeObject> | undefined,
    old: KubeObject | undefined,
    warnings: string[],
  ): AdmissionAttributes {
    const meta = object?.metadata ?? old?.metadata;
    return {
      operation,
      strategy,
      subresource,
      namespace: meta?.namespace ?? '',
      name: meta?.name ?? '',
      object,
      old,
      user: context.user,
      dryRun: context.dryRun === true,
      warn: (text) => warnings.push(text),
    };
  }

  private admit(attributes: AdmissionAttributes): Status | undefined {
    for (const plugin of this.options.admission) {
      const refusal = plugin.admit?.(attributes, this.options.world);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }

  private validateAdmission(attributes: AdmissionAttributes): Status | undefined {
    for (const plugin of this.options.admission) {
      const refusal = plugin.validate?.(attributes, this.options.world);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }
}

/** A stale resourceVersion is a conflict; none at all means: whatever is stored. */
function checkVersion(strategy: Strategy, old: KubeObject, object: Draft<KubeObject>): Status | undefined {
  const { resourceVersion, uid, name } = object.metadata;
  if (uid !== undefined && uid !== '' && uid !== old.metadata.uid) {
    const text = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid ?? ''}`;
    return errors.conflict(strategy.resource, name ?? '', text);
  }
  if (resourceVersion === undefined || resourceVersion === '' || resourceVersion === old.metadata.resourceVersion) return undefined;
  return errors.conflict(strategy.resource, name ?? '', errors.OPTIMISTIC_LOCK_TEXT);
}

function checkPreconditions(strategy: Strategy, old: KubeObject, options: DeleteOptions): Status | undefined {
  const { uid, resourceVersion } = options.preconditions ?? {};
  const { metadata } = old;
  const name = metadata.name ?? '';
  if (uid !== undefined && uid !== metadata.uid) {
    return errors.conflict(strategy.resource, name, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid ?? ''}`);
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    const text = `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${metadata.resourceVersion ?? ''}`;
    return errors.conflict(strategy.resource, name, text);
  }
  return undefined;
}

/** What a client cannot change by an update, whatever it sends. */
function keepSystemFields(object: Draft<KubeObject>, old: KubeObject): void {
  const meta = object.metadata;
  const stored = old.metadata;
  if (meta.uid === undefined || meta.uid === '') meta.uid = stored.uid ?? '';
  if (meta.creationTimestamp === undefined && stored.creationTimestamp !== undefined) meta.creationTimestamp = stored.creationTimestamp;
  if (stored.deletionTimestamp !== undefined && meta.deletionTimestamp === undefined) meta.deletionTimestamp = stored.deletionTimestamp;
  if (stored.deletionGracePeriodSeconds !== undefined && meta.deletionGracePeriodSeconds === undefined) {
    meta.deletionGracePeriodSeconds = stored.deletionGracePeriodSeconds;
  }
  delete meta.selfLink;
  if (stored.generation === undefined) delete meta.generation;
  else meta.generation = stored.generation;
}

function putBack(object: Draft<KubeObject>, old: KubeObject, field: string): void {
  const wanted = object as Draft<UnknownObject>;
  const stored = (old as UnknownObject)[field];
  if (stored === undefined) delete wanted[field];
  else wanted[field] = stored as Draft<unknown>;
}

/** generation counts changes of everything but metadata and status. */
function countGeneration(strategy: Strategy, object: Draft<KubeObject>, old: KubeObject): void {
  if (!strategy.tracksGeneration) return;
  const changed = [...new Set([...Object.keys(object), ...Object.keys(old)])].some(
    (key) => !SYSTEM_KEYS.has(key) && !jsonEqual((object as UnknownObject)[key], (old as UnknownObject)[key]),
  );
  if (changed) object.metadata.generation = (old.metadata.generation ?? 0) + 1;
}

const SYSTEM_KEYS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);

function isReadyToGo(object: Draft<KubeObject>): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = object.metadata;
  return deletionTimestamp !== undefined && (deletionGracePeriodSeconds ?? 0) === 0 && (finalizers ?? []).length === 0;
}
