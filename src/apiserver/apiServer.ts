/**
 * The API server as the rest of the cluster meets it: typed requests in, objects or a Status out. All writes of the
 * whole simulation pass through here, whoever makes them.
 * Invariant: answers are values; objects handed out are never changed afterwards.
 * Counterpart: kube-apiserver without its wire format, which is in endpoints/.
 */
import type { Draft } from '../base/json.ts';
import { DEFAULT_POOLS, type Allocation } from '../api/allocation.ts';
import { claimsOf } from '../api/core/pod/claims.ts';
import { APISERVICES, VOLUMEATTACHMENTS } from '../api/schema/resources.ts';
import type { Binding, Pod } from '../api/schema/types/core/v1.ts';
import type { VolumeAttachment } from '../api/schema/types/storage/v1.ts';
import * as errors from '../apimachinery/errors/status.ts';
import type { KubeObject, ResourceType } from '../apimachinery/meta/resource.ts';
import { groupResource, objectKey } from '../apimachinery/meta/resource.ts';
import type { Strategy } from '../api/strategy.ts';
import { Catalog } from './catalog.ts';
import { addImageIndexes } from './imageIndex.ts';
import { addLabelIndexes } from './labelIndex.ts';
import { addServiceIndex } from './serviceIndex.ts';
import { addOutageIndex, outageOf } from './outage.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { AdmissionPlugin } from './admission/plugin.ts';
import { Authorizer } from './authorization/authorizer.ts';
import type { Change } from './registry/change.ts';
import { Registry } from './registry/registry.ts';
import type { SelfClient } from './registry/self.ts';
import { REGISTRY_HOOKS } from './registry/storage.ts';
import { assignPod } from './registry/core/pod/binding.ts';
import { refused, type DeleteOptions, type Outcome, type RequestContext } from './request.ts';
import { Store, type StoreOptions } from './storage/store.ts';

export interface ApiServerOptions extends StoreOptions {
  readonly simulation: Simulation;
  /** Strategies by `plural.group`; versions of one resource share the entry. */
  readonly strategies: ReadonlyMap<string, Strategy>;
  /** In the order in which the real chain runs them. */
  readonly admission: readonly AdmissionPlugin[];
  /** Where Services get their addresses and ports from. */
  readonly pools?: Partial<Allocation['pools']>;
  /** An empty one that somebody looks on at; left out, one is made. */
  readonly store?: Store;
}

/** The indexes that every cluster has; more can be added with `store.addIndex`. */
export const INDEX_NODE_NAME = 'spec.nodeName';
export const INDEX_OWNER = 'metadata.ownerReferences.uid';
/** Pods by the keys of the claims that they mount; VolumeAttachments by their volume (and, as Pods, by node). */
export const INDEX_CLAIM = 'spec.volumes.persistentVolumeClaim';
export const INDEX_VOLUME = 'spec.source.persistentVolumeName';

const ATTACHMENTS = groupResource(VOLUMEATTACHMENTS);

/** The API server in its own name. */
const SELF: RequestContext = {
  user: { name: 'system:apiserver', groups: ['system:masters'] },
  fieldManager: 'kube-apiserver',
  withoutWarnings: true,
};

export class ApiServer {
  readonly store: Store;
  readonly registry: Registry;
  readonly authorizer: Authorizer;
  /** What is served, custom resources included. */
  readonly catalog: Catalog;
  private readonly strategies: ReadonlyMap<string, Strategy>;

  private readonly ownersIndexed = new Set<string>();

  constructor(options: ApiServerOptions) {
    const { simulation } = options;
    this.strategies = options.strategies;
    this.store = options.store ?? new Store(simulation, options);
    this.catalog = new Catalog(this.store);
    addOutageIndex(this.store);
    addImageIndexes(this.store);
    addLabelIndexes(this.store);
    addServiceIndex(this.store);
    this.store.addIndex('pods', INDEX_NODE_NAME, (object) => [(object as Pod).spec?.nodeName ?? '']);
    this.store.addIndex('pods', INDEX_CLAIM, (object) =>
      claimsOf(object as Pod).map(({ name }) => objectKey(object.metadata.namespace, name)),
    );
    this.store.addIndex(ATTACHMENTS, INDEX_NODE_NAME, (object) => [(object as VolumeAttachment).spec.nodeName]);
    this.store.addIndex(ATTACHMENTS, INDEX_VOLUME, (object) => [(object as VolumeAttachment).spec.source.persistentVolumeName ?? '']);
    for (const strategy of new Set(options.strategies.values())) {
      this.indexOwners(groupResource(strategy.resource));
    }
    this.authorizer = new Authorizer(this.store);
    const now = (): number => simulation.now();
    const suffix = (length: number): string => simulation.stream('apiserver/names').suffix(length);
    const self = this.selfClient();
    this.registry = new Registry({
      store: this.store,
      admission: options.admission,
      hooks: REGISTRY_HOOKS,
      authorizer: this.authorizer,
      world: {
        store: this.store,
        authorizer: this.authorizer,
        now,
        suffix,
        updateStatus: self.updateStatus,
        strategyForKind: (apiVersion, kind) => this.catalog.strategyForKind(apiVersion, kind),
      },
      self,
      pools: { ...DEFAULT_POOLS, ...options.pools },
      random: () => simulation.stream('apiserver/allocators').float(),
      now,
      suffix,
      // The aggregator is a server of its own: what it registers leaves everybody else's chance alone.
      uuid: (group) => simulation.stream(group === APISERVICES.group ? 'apiserver/aggregator/uids' : 'apiserver/uids').uuid(),
    });
  }

  /** Objects of the resource can be found by the uids of their owners from now on. */
  indexOwners(resource: string): void {
    if (this.ownersIndexed.has(resource)) return;
    this.ownersIndexed.add(resource);
    this.store.addIndex(resource, INDEX_OWNER, (object) => (object.metadata.ownerReferences ?? []).map((owner) => owner.uid));
  }

  /** The strategy of a resource; undefined if it is not served. */
  strategy(resource: { readonly group: string; readonly plural: string; readonly version?: string }): Strategy | undefined {
    return this.strategies.get(groupResource(resource)) ?? this.catalog.strategy(resource);
  }

  get<T extends KubeObject>(type: ResourceType<T>, namespace: string, name: string): Outcome<T> {
    return this.run(type, (strategy) => this.registry.get(strategy, namespace, name));
  }

  create<T extends KubeObject>(context: RequestContext, type: ResourceType<T>, namespace: string, object: Draft<T>): Outcome<T> {
    return this.write(type, (strategy) => this.registry.create(context, strategy, namespace, object as Draft<KubeObject>));
  }

  update<T extends KubeObject>(
    context: RequestContext,
    type: ResourceType<T>,
    namespace: string,
    name: string,
    subresource: string,
    change: Change,
  ): Outcome<T> {
    return this.write(type, (strategy) => this.registry.update(context, strategy, namespace, name, subresource, change));
  }

  delete<T extends KubeObject>(
    context: RequestContext,
    type: ResourceType<T>,
    namespace: string,
    name: string,
    options?: DeleteOptions,
  ): Outcome<T> {
    return this.write(type, (strategy) => this.registry.delete(context, strategy, namespace, name, options));
  }

  /** POST …/pods/NAME/binding: how a scheduler gives a Pod its node. */
  bind(context: RequestContext, namespace: string, binding: Binding): Outcome<KubeObject> {
    const strategy = this.strategies.get('pods');
    const outage = outageOf(this.store, '');
    if (outage !== undefined) return refused(outage);
    if (strategy === undefined) return refused(errors.internalError('pods are not served'));
    return assignPod(this.registry, context, strategy, namespace, binding);
  }

  private selfClient(): SelfClient {
    return {
      now: () => this.registry.now(),
      list: <T extends KubeObject>(type: ResourceType<T>) => this.store.list(groupResource(type)) as readonly T[],
      create: (type, namespace, object) => void this.create(SELF, type, namespace, object),
      remove: (type, namespace, name) => void this.delete(SELF, type, namespace, name),
      updateStatus: (type, namespace, name, change) => {
        this.update(SELF, type, namespace, name, 'status', (object) => {
          // The strategy of a resource handles objects of that resource only.
          change(object as Parameters<typeof change>[0]);
          return undefined;
        });
      },
    };
  }

  private write<T extends KubeObject>(type: ResourceType<T>, act: (strategy: Strategy) => Outcome<KubeObject>): Outcome<T> {
    const outage = outageOf(this.store, type.group);
    return outage === undefined ? this.run(type, act) : refused(outage);
  }

  private run<T extends KubeObject>(type: ResourceType<T>, act: (strategy: Strategy) => Outcome<KubeObject>): Outcome<T> {
    const strategy = this.strategy(type);
    if (strategy === undefined) return refused(errors.failure(404, 'NotFound', 'the server could not find the requested resource', {}));
    // The strategy of a resource handles objects of that resource only, so the answer has the handle's type.
    return act(strategy) as Outcome<T>;
  }
}
