/**
 * The one generic store of API objects: every kind's create, update and delete run through here, with the kind's
 * Strategy and the admission chain; no kind writes these itself.
 * Invariant: a request that is refused changes nothing; one that is granted is one write (a deletion with a grace period
 * of zero is two: the mark and the removal, as watchers of a real API server see it).
 * Counterpart: k8s.io/apiserver/pkg/registry/generic/registry.Store and pkg/registry/rest.
 */
import { jsonEqual, shareEqual, type Draft } from '../../base/json.ts';
import * as errors from '../../apimachinery/errors/status.ts';
import type { Status } from '../../apimachinery/errors/status.ts';
import { groupResource, objectKey, type KubeObject } from '../../apimachinery/meta/resource.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';
import type { ManagedFieldsEntry } from '../../apimachinery/meta/types.ts';
import type { Allocation } from '../../api/allocation.ts';
import type { Preparation, Strategy, Surroundings } from '../../api/strategy.ts';
import { validateCreate } from '../../api/verdict.ts';
import type { AdmissionAttributes, AdmissionPlugin, AdmissionWorld } from '../admission/plugin.ts';
import * as admission from '../admission/runner.ts';
import { refused, succeeded, type DeleteOptions, type Outcome, type RequestContext } from '../request.ts';
import { forbiddenStatus } from '../authorization/attributes.ts';
import type { Authorizer } from '../authorization/authorizer.ts';
import { attachManaged, ownersOf } from '../storage/managed.ts';
import type { Store, Write } from '../storage/store.ts';
import { checkPreconditions, isReadyToGo, planDeletion } from './deletion.ts';
import type { RegistryHooks } from './hooks.ts';
import type { ManagedFields } from '../../apimachinery/managedfields/managers.ts';
import { createdOwners, sameOwners, updatedOwners, writerOf } from './ownership.ts';
import type { SelfClient } from './self.ts';
import { makeWanted, type Change, type Owned } from './change.ts';
import { checkVersion, countGeneration, keepSystemFields } from './metadata.ts';
import { judgeUpdate, prepareUpdate } from './update.ts';

export interface RegistryOptions {
  readonly store: Store;
  readonly admission: readonly AdmissionPlugin[];
  /** By group resource. */
  readonly hooks: ReadonlyMap<string, RegistryHooks>;
  readonly world: AdmissionWorld;
  readonly self: SelfClient;
  readonly authorizer: Authorizer;
  readonly pools: Allocation['pools'];
  /** Seeded chance for allocations, in [0, 1). */
  random(): number;
  now(): number;
  /** @param group of the object that gets it */
  uuid(group: string): string;
  suffix(length: number): string;
}

/** The object as the deletion left it; `now` if it is gone. */
export type DeletionOutcome = Outcome<KubeObject> & { readonly now?: boolean };

/** What an update is, beside the object that it makes. */
interface Update {
  readonly subresource: string;
  /** metadata.managedFields of the request. */
  readonly sent: readonly ManagedFieldsEntry[] | undefined;
  readonly warnings: readonly string[];
}

/** Updates of what a user wants; a status or a binding is not. */
const COUNTED: ReadonlySet<string> = new Set(['', 'scale', 'ephemeralcontainers', 'resize']);
const NAME_ATTEMPTS = 8;
const MAX_GENERATED_PREFIX = 58;

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
    const object = this.stored(strategy, namespace, name);
    return object === undefined ? refused(errors.notFound(strategy.resource, name)) : succeeded(object);
  }

  private stored(strategy: Strategy, namespace: string, name: string): KubeObject | undefined {
    const object = this.store.get(groupResource(strategy.resource), objectKey(namespace, name));
    return object === undefined ? undefined : inVersion(strategy, object);
  }

  /** Stores, and lets the kind's storage do what else it does then. */
  private write(strategy: Strategy, write: Write, before: KubeObject | undefined): KubeObject {
    const { toStorage } = strategy;
    const stored = this.store.write(toStorage === undefined ? write : { ...write, object: toStorage(write.object) });
    this.options.hooks.get(write.resource)?.written?.(before, write.type === 'DELETED' ? undefined : stored, this.options.self);
    return inVersion(strategy, stored);
  }

  /** @param input a decoded object with structural defaults; it becomes the registry's own and is changed */
  create(
    context: RequestContext,
    strategy: Strategy,
    namespace: string,
    input: Draft<KubeObject>,
    owners?: ManagedFields,
  ): Outcome<KubeObject> {
    const object = input;
    const { metadata: meta } = object;
    const resource = groupResource(strategy.resource);
    if (strategy.takesNoMore !== undefined) return refused(closed(strategy, meta.name ?? ''));
    const warnings: string[] = [];
    const sent = meta.managedFields;
    this.fillSystemFields(strategy, namespace, object);
    strategy.defaults?.(object);
    // Before admission: what that adds is nobody's.
    const managed = owners ?? createdOwners(strategy, object, sent, writerOf(context, strategy, '', this.options.now()));
    const attributes = this.attributes(context, strategy, 'CREATE', '', object, undefined, warnings);
    const refusal = admission.admit(this.options.admission, attributes, this.options.world);
    if (refusal !== undefined) return refused(refusal, warnings);
    const unauthorized = this.guard(context, strategy, namespace, object, undefined);
    if (unauthorized !== undefined) return refused(unauthorized, warnings);
    // Mutating admission speaks of the prefix only (`pods "web-" is forbidden`); the name is made after it.
    this.generateName(strategy, object);
    strategy.defaults?.(object);
    if (strategy.tracksGeneration) meta.generation = 1;
    strategy.prepareForCreate?.(object, this.preparation(context));
    const unallocated = strategy.allocate?.(object, undefined, this.allocation(strategy, context));
    if (unallocated !== undefined) return refused(unallocated, warnings);
    const name = meta.name ?? '';
    const verdict = validateCreate(strategy, object, context.withoutWarnings !== true, this.surroundings(meta.namespace));
    warnings.push(...verdict.warnings);
    if (verdict.errors.length > 0) return refused(errors.invalid(namedAs(strategy, object), name, verdict.errors), warnings);
    const denied = admission.validate(this.options.admission, { ...attributes, name }, this.options.world);
    if (denied !== undefined) return refused(denied, warnings);
    const existing = this.store.get(resource, objectKey(meta.namespace, name));
    if (existing !== undefined) return refused(taken(strategy, existing), warnings);
    // What is read back from the store has its defaults; they may follow from what preparing has set.
    strategy.defaults?.(object);
    if (context.dryRun === true) return succeeded(attachManaged(object as KubeObject, managed), 201, warnings);
    const write = { type: 'ADDED', resource, object, actor: context.user.name, verb: 'create', owners: managed } as const;
    return succeeded(this.write(strategy, write, undefined), 201, warnings);
  }

  /** Replaces an object, or the part of it that a subresource stands for. */
  update(
    context: RequestContext,
    strategy: Strategy,
    namespace: string,
    name: string,
    subresource: string,
    change: Change,
  ): Outcome<KubeObject> {
    const resource = groupResource(strategy.resource);
    const old = this.stored(strategy, namespace, name);
    if (old === undefined) return this.createOnUpdate(context, strategy, namespace, name, subresource, change);
    const made = makeWanted(old, change);
    if (!made.ok) return made;
    const { object } = made.object;
    const sent = object.metadata.managedFields;
    if (object.apiVersion === undefined && old.apiVersion !== undefined) object.apiVersion = old.apiVersion;
    if (object.kind === undefined && old.kind !== undefined) object.kind = old.kind;
    const hooks = this.options.hooks.get(resource);
    const warnings: string[] = [];
    if (strategy.resource.namespaced) object.metadata.namespace = namespace;
    keepSystemFields(object, old);
    prepareUpdate(strategy, subresource, { object, old }, hooks, this.preparation(context));
    const attributes = this.attributes(context, strategy, 'UPDATE', subresource, object, old, warnings);
    const refusal = admission.admit(this.options.admission, attributes, this.options.world);
    if (refusal !== undefined) return refused(refusal, warnings);
    const unauthorized = this.guard(context, strategy, namespace, object, old);
    if (unauthorized !== undefined) return refused(unauthorized, warnings);
    if (COUNTED.has(subresource)) countGeneration(strategy, object, old);
    const stale = checkVersion(strategy, old, object, context.dryRun === true);
    if (stale !== undefined) return refused(stale, warnings);
    const unallocated = subresource === '' ? strategy.allocate?.(object, old, this.allocation(strategy, context)) : undefined;
    if (unallocated !== undefined) return refused(unallocated, warnings);
    const verdict = judgeUpdate(strategy, subresource, { object, old }, context.withoutWarnings !== true);
    warnings.push(...verdict.warnings);
    if (verdict.errors.length > 0) return refused(errors.invalid(namedAs(strategy, object), name, verdict.errors), warnings);
    const denied = admission.validate(this.options.admission, attributes, this.options.world);
    if (denied !== undefined) return refused(denied, warnings);
    const owned: Owned = { object, owners: made.object.owners };
    return this.commit(context, strategy, owned, old, { subresource, sent, warnings });
  }

  delete(context: RequestContext, strategy: Strategy, namespace: string, name: string, options: DeleteOptions = {}): DeletionOutcome {
    const resource = groupResource(strategy.resource);
    const old = this.store.get(resource, objectKey(namespace, name));
    if (old === undefined) return refused(errors.notFound(strategy.resource, name));
    const warnings: string[] = [];
    const attributes: AdmissionAttributes = {
      ...this.attributes(context, strategy, 'DELETE', '', undefined, old, warnings),
      deleteOptions: options,
    };
    const refusal =
      admission.admit(this.options.admission, attributes, this.options.world) ??
      admission.validate(this.options.admission, attributes, this.options.world);
    if (refusal !== undefined) return refused(refusal, warnings);
    const failed = checkPreconditions(strategy, old, options);
    if (failed !== undefined) return refused(failed, warnings);
    const plan = (this.options.hooks.get(resource)?.planDeletion ?? planDeletion)(strategy, old, options, this.options.now());
    const { now } = plan;
    if (context.dryRun === true) return { ...succeeded(plan.object, 200, warnings), now };
    const write = { resource, actor: context.user.name, verb: 'delete' };
    const marked = jsonEqual(plan.object, old) ? old : this.write(strategy, { ...write, type: 'MODIFIED', object: plan.object }, old);
    if (!now) return { ...succeeded(marked, 200, warnings), now };
    return { ...succeeded(this.write(strategy, { ...write, type: 'DELETED', object: marked }, marked), 200, warnings), now };
  }

  /** A PUT to a name that is not there makes the object, for the few kinds that allow it. */
  private createOnUpdate(
    context: RequestContext,
    strategy: Strategy,
    namespace: string,
    name: string,
    subresource: string,
    change: Change,
  ): Outcome<KubeObject> {
    const missing = refused(errors.notFound(strategy.resource, name));
    if (subresource !== '' || typeof change === 'function' || 'status' in change) return missing;
    const unauthorized = this.mayCreate(context, strategy, namespace, name);
    if ('apply' in change) {
      if (unauthorized !== undefined) return refused(unauthorized);
      const made = change.apply(undefined);
      return made.ok ? this.create(context, strategy, namespace, made.object.object, made.object.owners) : made;
    }
    if (!strategy.allowCreateOnUpdate) return missing;
    const { metadata } = change.replacement;
    if ((metadata.uid ?? '') !== '' || (metadata.resourceVersion ?? '') !== '') return missing;
    return unauthorized === undefined ? this.create(context, strategy, namespace, change.replacement) : refused(unauthorized);
  }

  /** Who may change an object may not therefore make it. */
  private mayCreate({ user }: RequestContext, { resource }: Strategy, namespace: string, name: string): Status | undefined {
    const { group, plural } = resource;
    const attributes = { verb: 'create', group, resource: plural, subresource: '', namespace, name };
    const { allowed, reason } = this.options.authorizer.authorize(user, attributes);
    return allowed ? undefined : forbiddenStatus(user, attributes, reason);
  }

  private guard(
    { user }: RequestContext,
    strategy: Strategy,
    namespace: string,
    object: Draft<KubeObject>,
    old: KubeObject | undefined,
  ): Status | undefined {
    const { resource } = strategy;
    const { authorizer, store } = this.options;
    return this.options.hooks.get(groupResource(resource))?.guard?.({ user, authorizer, store, resource, namespace, object, old });
  }

  private fillSystemFields(strategy: Strategy, namespace: string, object: Draft<KubeObject>): void {
    const meta = object.metadata;
    if (strategy.resource.namespaced) meta.namespace = namespace;
    else delete meta.namespace;
    delete meta.deletionTimestamp;
    delete meta.deletionGracePeriodSeconds;
    delete meta.selfLink;
    delete meta.managedFields;
    delete meta.resourceVersion;
    meta.uid = this.options.uuid(strategy.resource.group);
    meta.creationTimestamp = formatTime(this.options.now());
  }

  private surroundings(namespace: string | undefined): Surroundings {
    const found = namespace === undefined ? undefined : this.store.get('namespaces', namespace);
    return { namespaceLabels: found?.metadata.labels ?? {} };
  }

  private preparation({ user }: RequestContext): Preparation {
    return { now: formatTime(this.options.now()), user };
  }

  /** Stores an update; an object that waited for its last finalizer goes with it. An update that changes nothing writes nothing. */
  private commit(
    context: RequestContext,
    strategy: Strategy,
    { object, owners: decided }: Owned,
    old: KubeObject,
    { subresource, sent, warnings }: Update,
  ): Outcome<KubeObject> {
    const resource = groupResource(strategy.resource);
    object.metadata.resourceVersion = old.metadata.resourceVersion ?? '';
    // Versions of an object share what they have in common: history is long, and who compares them finds equal parts identical.
    const isSame = shareEqual<KubeObject>(object, old) === old;
    // Whoever says nothing of owners and changes nothing else changes nothing.
    if (isSame && decided === undefined && sent === undefined) return succeeded(old, 200, warnings);
    const managed = decided ?? updatedOwners(strategy, old, object, sent, writerOf(context, strategy, subresource, this.options.now()));
    // Times of owners alone are no change.
    if (isSame && sameOwners(ownersOf(old), managed)) return succeeded(old, 200, warnings);
    const verb = subresource === '' ? 'update' : `update ${subresource}`;
    if (context.dryRun === true) return succeeded(attachManaged(object as KubeObject, managed), 200, warnings);
    const write = { resource, actor: context.user.name };
    if (isReadyToGo(object) && (this.options.hooks.get(resource)?.mayGo?.(object) ?? true)) {
      // Watchers see the last stored state go, the caller sees what it wrote.
      this.write(strategy, { ...write, object: old, type: 'DELETED', verb: 'delete' }, old);
      return succeeded(attachManaged(object as KubeObject, managed), 200, warnings);
    }
    return succeeded(this.write(strategy, { ...write, object, type: 'MODIFIED', verb, owners: managed }, old), 200, warnings);
  }

  private generateName(strategy: Strategy, object: Draft<KubeObject>): void {
    const meta = object.metadata;
    if ((meta.name ?? '') !== '' || (meta.generateName ?? '') === '') return;
    const resource = groupResource(strategy.resource);
    const base = (meta.generateName ?? '').slice(0, MAX_GENERATED_PREFIX);
    for (let attempt = 0; attempt < NAME_ATTEMPTS; attempt++) {
      meta.name = `${base}${this.options.suffix(5)}`;
      if (this.store.get(resource, objectKey(meta.namespace, meta.name)) === undefined) return;
    }
  }

  private allocation(strategy: Strategy, context: RequestContext): Allocation {
    return {
      dryRun: context.dryRun === true,
      pools: this.options.pools,
      stored: () => this.store.list(groupResource(strategy.resource)),
      others: (resource) => this.store.list(resource),
      random: () => this.options.random(),
    };
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
      name: (meta?.name ?? '') || (meta?.generateName ?? ''),
      object,
      old,
      user: context.user,
      dryRun: context.dryRun === true,
      warn: (text) => warnings.push(text),
    };
  }
}

/** The kind that a refusal names: that of the object, which for a custom resource can be a wrong one. */
function namedAs(
  { namedAs: named, resource }: Strategy,
  { kind = resource.kind }: KubeObject,
): { readonly group: string; readonly kind: string } {
  return named ?? { group: resource.group, kind };
}

/** A stored object in the strategy's version; its owners come along. */
function inVersion({ fromStorage }: Strategy, stored: KubeObject): KubeObject {
  return fromStorage === undefined ? stored : attachManaged(fromStorage(stored), ownersOf(stored));
}

function closed({ resource, takesNoMore = '' }: Strategy, name: string): Status {
  return errors.forbidden(resource, name, `create not allowed while ${takesNoMore}`);
}

function taken(strategy: Strategy, existing: KubeObject): ReturnType<typeof errors.alreadyExists> {
  const status = errors.alreadyExists(strategy.resource, existing.metadata.name ?? '');
  if (existing.metadata.deletionTimestamp === undefined) return status;
  return { ...status, message: `object is being deleted: ${status.message ?? ''}` };
}
