/**
 * One whole cluster: the simulation, the API server, and every part that acts, wired together and nothing more.
 * Invariant: the same options and the same inputs at the same moments give the same history; `checkpoint` holds all of it.
 * Counterpart: the set of processes that make up a real cluster.
 */
import type { JsonObject } from '../base/json.ts';
import type { Pod } from '../api/schema/types/core/v1.ts';
import { STRATEGIES } from '../api/register.ts';
import { ADMISSION_PLUGINS } from '../apiserver/admission/chain.ts';
import type { AdmissionPlugin } from '../apiserver/admission/plugin.ts';
import { mutatingWebhooks } from '../apiserver/admission/webhook/admission.ts';
import { ApiServer, type ApiServerOptions } from '../apiserver/apiServer.ts';
import { bootstrap } from '../apiserver/bootstrap.ts';
import { createEventTtl } from '../apiserver/eventTtl.ts';
import type { Store, StoreKernel } from '../apiserver/storage/store.ts';
import { Client } from '../client/client.ts';
import { createClusterAutoscaler } from '../cloud/clusterautoscaler/controller.ts';
import { createCsiDrivers } from '../cloud/csidriver/controller.ts';
import { createDraDrivers } from '../cloud/dradriver/controller.ts';
import { fargateMutation } from '../cloud/fargate/admission.ts';
import { createFargate } from '../cloud/fargate/controller.ts';
import { createNodePoolController } from '../cloud/nodepool/controller.ts';
import { podOnNode } from '../controllers/daemon/placement.ts';
import { createControllers } from '../controllers/descriptors.ts';
import { createKubelets, type Kubelets } from '../kubelet/kubelets.ts';
import { LoadGenerator } from '../network/load/generator.ts';
import type { TrafficRate } from '../network/load/ledger.ts';
import { createNetwork, type ClusterNetwork } from '../network/network.ts';
import type { Servers } from '../runtime/network.ts';
import { createScheduler, type Scheduler } from '../scheduler/scheduler.ts';
import { Simulation } from '../sim/simulation.ts';
import { createFaultController } from './faults/controller.ts';
import type { ClusterOptions } from './options.ts';
import { applyPreset, cloudRegion, ingressPlace } from './presets.ts';

/** A cluster's memory. Immutable once made: it shares structure with the cluster it was taken from. */
export interface ClusterCheckpoint {
  readonly version: number;
  readonly options: ClusterOptions;
  readonly simulation: JsonObject;
  readonly store: JsonObject;
}

/** Grows when a checkpoint of an older program cannot be restored any more. */
export const CHECKPOINT_VERSION = 8;

/** What a host wants to be told. */
export interface ClusterHooks {
  /** A bug in a part of the cluster: it goes on with its next event. Without the hook the exception passes through. */
  readonly onBug?: (component: string, subject: string, error: unknown) => void;
}

export class Cluster {
  readonly options: ClusterOptions;
  readonly simulation: Simulation;
  readonly api: ApiServer;
  readonly scheduler: Scheduler;
  readonly kubelets: Kubelets;
  readonly network: ClusterNetwork;
  readonly hooks: ClusterHooks;
  private readonly loads: LoadGenerator;

  private constructor(options: ClusterOptions, hooks: ClusterHooks) {
    this.options = options;
    this.hooks = hooks;
    const { onBug } = hooks;
    this.simulation = new Simulation({
      seed: options.seed,
      startTime: options.startTime,
      onFault: onBug && ((event, error) => onBug(event.component, event.type, error)),
    });
    const { simulation } = this;
    this.api = new ApiServer({ simulation, ...apiOptions(options) });
    this.scheduler = createScheduler({
      simulation,
      api: this.api,
      explain: options.explainScheduling,
      configuration: options.schedulerConfiguration,
    });
    this.kubelets = createKubelets({
      simulation,
      api: this.api,
      mode: options.kubelet ?? 'realistic',
      network: () => this.network,
      loadOn: (uid, container) => this.loads.loadOn(uid, container),
      requested: (pod, port, station) => this.loads.requested(pod, port, station),
    });
    simulation.register(createFaultController({ simulation, api: this.api }));
    this.api.catalog.servesMetrics = options.metrics !== false;
    const podUsage = options.metrics === false ? undefined : (pod: Pod) => this.kubelets.usage(pod);
    const region = cloudRegion(options);
    const controllerOptions = { ...options, cloudRegion: region, ingressAddress: ingressPlace(options).published };
    for (const component of createControllers({ simulation, api: this.api, options: controllerOptions, podUsage, onBug }))
      simulation.register(component);
    let servers: Servers | undefined;
    const lazyServers = (): Servers => (servers ??= this.kubelets.servers());
    this.network = this.createNetwork(lazyServers);
    this.loads = new LoadGenerator({ simulation, api: this.api, network: this.network, servers: lazyServers });
    simulation.register(createNodePoolController({ simulation, api: this.api, hasCloud: region !== undefined }));
    simulation.register(
      createClusterAutoscaler({
        simulation,
        api: this.api,
        options: options.clusterAutoscaler,
        schedulerConfiguration: options.schedulerConfiguration,
        daemonPodOn: podOnNode,
      }),
    );
    if (options.fargate !== undefined) simulation.register(createFargate({ simulation, api: this.api, options: options.fargate }));
    simulation.register(createCsiDrivers({ simulation, api: this.api }));
    simulation.register(createDraDrivers({ simulation, api: this.api }));
    simulation.register(this.scheduler);
    simulation.register(this.kubelets);
    simulation.register(this.network);
    simulation.register(this.loads);
    simulation.register(createEventTtl(simulation, this.api));
  }

  /** A new cluster with the objects that a fresh control plane makes itself and the preset's nodes. */
  static create(options: ClusterOptions, hooks: ClusterHooks = {}): Cluster {
    const cluster = new Cluster(options, hooks);
    bootstrap(cluster.api, options.serviceClusterIpRange === undefined ? {} : { serviceClusterIpRange: options.serviceClusterIpRange });
    applyPreset(cluster.admin(), options);
    cluster.simulation.start();
    return cluster;
  }

  /**
   * An empty cluster in which nobody acts: its store is written by whoever follows another cluster, for those who read stores.
   * Its time goes on by `simulation.advance` alone.
   */
  static still(options: ClusterOptions): Cluster {
    const cluster = new Cluster(options, {});
    for (const name of cluster.simulation.componentNames) cluster.simulation.switchOff(name);
    return cluster;
  }

  /** @throws Error if the checkpoint was made by a program of another checkpoint version */
  static restore(checkpoint: ClusterCheckpoint, hooks: ClusterHooks = {}): Cluster {
    if (checkpoint.version !== CHECKPOINT_VERSION) throw new Error(`checkpoint version ${checkpoint.version} is not ${CHECKPOINT_VERSION}`);
    const cluster = new Cluster(checkpoint.options, hooks);
    // Objects first: components derive their caches from them.
    cluster.api.store.restore(checkpoint.store);
    cluster.simulation.restore(checkpoint.simulation);
    return cluster;
  }

  /**
   * Goes on from a checkpoint whose components' memory is of no use (another program's): objects, history, time and chance
   * are kept, every part starts anew on them, as after a restart of the whole control plane and of the machines.
   */
  static restart(checkpoint: ClusterCheckpoint, hooks: ClusterHooks = {}): Cluster {
    const cluster = new Cluster(checkpoint.options, hooks);
    cluster.api.store.restore(checkpoint.store);
    cluster.simulation.restore({ ...checkpoint.simulation, timers: [], components: {} });
    return cluster;
  }

  checkpoint(): ClusterCheckpoint {
    return {
      version: CHECKPOINT_VERSION,
      options: this.options,
      simulation: this.simulation.checkpoint(),
      store: this.api.store.checkpoint(),
    };
  }

  /** A second cluster that goes on from this moment by itself; the two share nothing that changes. */
  fork(): Cluster {
    return Cluster.restore(this.checkpoint(), this.hooks);
  }

  /**
   * An API server on the objects of this moment, and nobody who acts on them: what is written there stays there, and takes neither
   * chance nor time from this cluster. Costs about a tenth of a fork.
   */
  apiTwin(storeOf: (kernel: StoreKernel) => Store): ApiServer {
    const simulation = new Simulation({ seed: this.options.seed, startTime: this.simulation.now() });
    const api = new ApiServer({ simulation, ...apiOptions(this.options), store: storeOf(simulation) });
    api.catalog.servesMetrics = this.api.catalog.servesMetrics;
    api.store.restore(this.api.store.checkpoint());
    return api;
  }

  private createNetwork(servers: () => Servers): ClusterNetwork {
    const { simulation, api, options } = this;
    const { serviceClusterIpRange, clusterCidr } = options;
    return createNetwork({
      simulation,
      api,
      servers,
      cloudRegion: cloudRegion(options),
      ingressAddress: ingressPlace(options).address,
      serviceClusterIpRange,
      clusterCidr,
    });
  }

  /** What became of the requests of Loads in the last seconds; counted from the first time on that somebody asks. */
  trafficRates(): readonly TrafficRate[] {
    return this.loads.rates();
  }

  /** A client with all rights, as the cluster's administrator. */
  admin(): Client {
    return new Client(this.api, 'kubernetes-admin', ['system:masters', 'system:authenticated'], 'kubepad');
  }
}

function apiOptions(options: ClusterOptions): Omit<ApiServerOptions, 'simulation'> {
  return {
    strategies: STRATEGIES,
    admission: admissionOf(options),
    ...(options.serviceClusterIpRange === undefined ? {} : { pools: { clusterIPRange: options.serviceClusterIpRange } }),
    ...(options.freeze === undefined ? {} : { freeze: options.freeze }),
  };
}

/** Fargate's plugin is a webhook in a real cluster, and runs where webhooks do. */
function admissionOf({ fargate }: ClusterOptions): readonly AdmissionPlugin[] {
  if (fargate === undefined) return ADMISSION_PLUGINS;
  return ADMISSION_PLUGINS.flatMap((plugin) => (plugin === mutatingWebhooks ? [fargateMutation(fargate.profiles), plugin] : [plugin]));
}
