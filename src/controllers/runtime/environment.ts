import type { Pod } from '../../api/schema/types/core/v1.ts';
import type { ContainerUsage } from '../../apiserver/endpoints/nodeApi.ts';
import type { ApiServer } from '../../apiserver/apiServer.ts';
import type { Client } from '../../client/client.ts';
import type { EventRecorder } from '../../client/eventRecorder.ts';
import type { RandomStream } from '../../sim/random.ts';
import type { Simulation } from '../../sim/simulation.ts';

/** The flags of kube-controller-manager that controllers look at; absent means its default. */
export interface ControllerOptions {
  /** `--controllers`: `*`, `name`, `-name`. Default: all. */
  readonly controllers?: readonly string[];
  /** Default 50 s. */
  readonly nodeMonitorGracePeriodMs?: number;
  /** Default 5 s. */
  readonly nodeMonitorPeriodMs?: number;
  /** Default 60 s. */
  readonly nodeStartupGracePeriodMs?: number;
  /** Default 12500; 0 or less: terminated Pods are never collected. */
  readonly terminatedPodGcThreshold?: number;
  /** Default a year: so long nobody uses a token Secret until it is void, and so long again until it is deleted. */
  readonly legacyServiceAccountTokenCleanUpPeriodMs?: number;
  /** Default false. */
  readonly allocateNodeCidrs?: boolean;
  /** `10.244.0.0/16`; used with `allocateNodeCidrs` only. */
  readonly clusterCidr?: string;
  /** In which region of a cloud the cluster is, where one is behind it: it makes load balancers and knows the machines. */
  readonly cloudRegion?: string | undefined;
  /** Where clients outside reach the controller of Ingresses. */
  readonly ingressAddress?: { readonly ip?: string; readonly hostname?: string };
  /** `--root-ca-file`: the certificate, as PEM. */
  readonly rootCertificate?: string;
}

export type PodUsage = (pod: Pod) => readonly ContainerUsage[];

/** What the cluster gives to all controllers. */
export interface ControllerEnvironment {
  readonly simulation: Simulation;
  readonly api: ApiServer;
  readonly options: ControllerOptions;
  /** What the containers of a Pod use now, where metrics are collected. */
  readonly podUsage?: PodUsage | undefined;
  /**
   * Told of every error that is not an answer of the API server: a bug in a controller. The item is retried all the
   * same, as controller-runtime does with a panic. Without it the error passes through, which tests want.
   */
  readonly onBug?: ((controller: string, key: string, error: unknown) => void) | undefined;
}

/** What one controller works with. */
export interface ControllerContext {
  readonly client: Client;
  readonly events: EventRecorder;
  readonly options: ControllerOptions;
  readonly podUsage: PodUsage | undefined;
  readonly random: RandomStream;
  /** Virtual time, milliseconds since 1970. */
  now(): number;
  /** Asks for a reconcile of the key at this instant, as if one of its objects had changed. */
  enqueue(key: string): void;
  /** Asks for a reconcile in so many milliseconds; an earlier one that waits already stands. */
  enqueueAfter(key: string, delayMs: number, background?: boolean): void;
  /** A timer of the controller's own, handed to its `timer`. Returns an id for `cancelTimer`. */
  setTimer(timer: { readonly at: number; readonly type: string; readonly key: string; readonly background: boolean }): number;
  cancelTimer(id: number): void;
}
