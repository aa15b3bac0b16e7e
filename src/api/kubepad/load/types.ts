/** The object `Load`: clients that send requests to a Service or a URL. */
import type { LabelSelector, ObjectMeta } from '../../../apimachinery/meta/types.ts';
import type { ResourceType } from '../../../apimachinery/meta/resource.ts';
import type { Phase } from '../span.ts';

export interface Load {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
  readonly spec?: LoadSpec;
  readonly status?: LoadStatus;
}

export interface LoadSpec {
  readonly target?: LoadTarget;
  readonly rate?: LoadRate;
  readonly clients?: LoadClients;
  /** CPU time that a request costs the Pod that answers it. Default: what the image says (`cpuPerRequest`), else 5ms. */
  readonly cost?: string;
  /** How long a client waits for an answer. Default 10s. */
  readonly timeout?: string;
  /** When it begins: a time (RFC 3339), or a duration after the object was made. Default: at once. */
  readonly from?: string;
  /** How long it lasts. Default: until the object is deleted. */
  readonly duration?: string;
}

/** One of the two. */
export interface LoadTarget {
  /** Clients inside of the cluster find the Service by its name. */
  readonly service?: LoadService;
  /** `http://shop.example.com/cart`: clients outside, through an Ingress, a load balancer or the port of a node. */
  readonly url?: string;
}

export interface LoadService {
  /** Default: default. */
  readonly namespace?: string;
  readonly name: string;
  /** A port of the Service. Default: its first. */
  readonly port?: number;
  /** Default /. */
  readonly path?: string;
}

export const LOAD_SHAPES = ['Constant', 'Ramp', 'Spike', 'Wave'] as const;
export type LoadShape = (typeof LOAD_SHAPES)[number];

/** Requests per second over time. */
export interface LoadRate {
  /** Default Constant. */
  readonly shape?: LoadShape;
  /** All the time; where the shape has a peak, at its foot. */
  readonly requestsPerSecond: number;
  /** Ramp: where it ends. Spike, Wave: how high it goes. */
  readonly peak?: number;
  /** Ramp: how long it grows (default 5m). Wave: from one foot to the next (default 10m). */
  readonly period?: string;
  /** Spike: when it comes, after the beginning. Default 1m. */
  readonly after?: string;
  /** Spike: how long it stays. Default 1m. */
  readonly length?: string;
}

export interface LoadClients {
  /** How many there are. Default 100. */
  readonly count?: number;
  /** The Pods that send; their nodes' rules and their NetworkPolicies count. Default: clients on all nodes with the label `kubepad.dev/load`. */
  readonly pods?: LoadPods;
}

export interface LoadPods {
  readonly namespace?: string;
  readonly selector?: LabelSelector;
}

/**
 * Why a client got no good answer. `DNS`: no address for the name. `NoEndpoints`: the Service has none. `Policy`: a NetworkPolicy lets it
 * not through. `Refused`: nobody listens. `Reset`: the server went away in the middle. `Timeout`, `Unreachable`: no answer, no way.
 * `ClientError`, `ServerError`: an answer of 4xx or 5xx.
 */
export const FAILURE_CAUSES = [
  'ClientError',
  'DNS',
  'NoEndpoints',
  'Policy',
  'Refused',
  'Reset',
  'ServerError',
  'Timeout',
  'Unreachable',
] as const;
export type FailureCause = (typeof FAILURE_CAUSES)[number];

export interface LoadStatus {
  readonly phase?: Phase;
  readonly activeSince?: string;
  readonly endsAt?: string;
  /** The rate now. */
  readonly requestsPerSecond?: number;
  readonly sent?: number;
  readonly answered?: number;
  readonly failed?: number;
  readonly failures?: readonly { readonly cause: FailureCause; readonly count: number }[];
  /** Of the answers of the last seconds; durations. */
  readonly latency?: { readonly p50: string; readonly p90: string; readonly p99: string };
  /** Why requests fail now, in words. */
  readonly message?: string;
}

export const LOADS: ResourceType<Load> = { group: 'kubepad.dev', version: 'v1', plural: 'loads', kind: 'Load', namespaced: false };

/** So often a Load that sends says what became of its requests. */
export const STATUS_MS = 5_000;
