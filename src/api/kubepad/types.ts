/** The objects of group kubepad.dev: the simulator's own controls, served like every other kind. */
import type { ObjectMeta } from '../../apimachinery/meta/types.ts';
import type { ResourceType } from '../../apimachinery/meta/resource.ts';
import type { Taint } from '../schema/types/core/v1.ts';

/** How virtual time passes. There is one, named `cluster`. */
export interface Clock {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
  readonly spec?: ClockSpec;
  readonly status?: ClockStatus;
}

export interface ClockSpec {
  /** Time stands still but for what `step` and `runUntil` ask for. */
  readonly paused?: boolean;
  /** Virtual seconds per real second, or `max`. Default 1. */
  readonly speed?: number | string;
  /** A request: let so much time pass (`30s`, `400ms`). */
  readonly step?: string;
  /** A request: run until a time (RFC 3339), for a duration, until `settled` or until `stable`. */
  readonly runUntil?: string;
  /** How much time `runUntil` may take; default one hour. */
  readonly limit?: string;
  /** Names the request; a new name makes it a new request. */
  readonly requestID?: string;
}

export type ClockReason = 'Done' | 'LimitReached' | 'BudgetReached';

export interface ClockStatus {
  /** RFC 3339 in UTC, as of the last request or change of the clock. */
  readonly now?: string;
  readonly settled?: boolean;
  readonly stable?: boolean;
  readonly eventsWaiting?: number;
  readonly observedRequestID?: string;
  readonly reason?: ClockReason;
  readonly message?: string;
}

/** Nodes of one kind. */
export interface NodePool {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
  readonly spec?: NodePoolSpec;
  readonly status?: NodePoolStatus;
}

export interface NodePoolSpec {
  /** How many nodes; instead of it `min` and `max` let an autoscaler decide. */
  readonly count?: number;
  readonly min?: number;
  readonly max?: number;
  readonly instanceType?: string;
  /** What a node offers, where no instance type says it. */
  readonly resources?: { readonly [name: string]: string };
  /** Nodes are spread over these in turn. */
  readonly zones?: readonly string[];
  readonly labels?: { readonly [name: string]: string };
  readonly taints?: readonly Taint[];
  /** Who runs the Pods there; default: as the cluster says. */
  readonly kubelet?: 'realistic' | 'fast' | 'manual';
}

export interface NodePoolStatus {
  readonly nodes?: number;
  readonly pending?: number;
  readonly message?: string;
}

export const CLOCKS: ResourceType<Clock> = { group: 'kubepad.dev', version: 'v1', plural: 'clocks', kind: 'Clock', namespaced: false };
export const NODEPOOLS: ResourceType<NodePool> = {
  group: 'kubepad.dev',
  version: 'v1',
  plural: 'nodepools',
  kind: 'NodePool',
  namespaced: false,
};

/** The name of the one Clock. */
export const CLUSTER_CLOCK = 'cluster';
