/**
 * What a kind needs whose fields are given out of a pool (cluster IPs, node ports).
 * Invariant: what is taken is what the stored objects hold; there is no second book that could disagree.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/service/{ipallocator,portallocator}.
 */
import type { KubeObject } from '../apimachinery/meta/resource.ts';

export interface Allocation<T extends KubeObject = KubeObject> {
  /** Nothing is reserved: values are not compared with those that are taken. */
  readonly dryRun: boolean;
  /** All stored objects of the kind; empty where there is no cluster (the editor). */
  stored(): Iterable<T>;
  /** Stored objects of another resource, which hold values of the pools, too. */
  others?(resource: string): Iterable<KubeObject>;
  /** Seeded chance, in [0, 1). */
  random(): number;
  readonly pools: Pools;
}

export interface Pools {
  /** One block of one family: the cluster is single stack. */
  readonly clusterIPRange: string;
  /** First and last. */
  readonly nodePortRange: readonly [number, number];
}

export const DEFAULT_POOLS: Pools = { clusterIPRange: '10.96.0.0/12', nodePortRange: [30000, 32767] };
