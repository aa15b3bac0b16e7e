import type { Draft } from '../../base/json.ts';
import type { Status } from '../../apimachinery/errors/status.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import type { Strategy } from '../../api/strategy.ts';
import type { Store } from '../storage/store.ts';
import type { DeleteOptions } from '../request.ts';
import type { DeletionPlan } from './deletion.ts';

/** What hooks may look at. */
export interface HookWorld {
  readonly store: Store;
  now(): number;
  /** A whole number from 0 to below `limit`. */
  random(limit: number): number;
}

/**
 * What the storage of a few kinds does beside storing: the REST storages that wrap the generic one in Kubernetes.
 * A hook may change the draft; a Status that it returns is the answer.
 */
export interface RegistryHooks {
  /** Runs after validation, on the object that is about to be stored; for allocations. */
  readonly beginCreate?: (object: Draft<KubeObject>, world: HookWorld, dryRun: boolean) => Status | undefined;
  readonly beginUpdate?: (object: Draft<KubeObject>, old: KubeObject, world: HookWorld, dryRun: boolean) => Status | undefined;
  /** Replaces the ordinary plan of a deletion. */
  readonly planDeletion?: (strategy: Strategy, old: KubeObject, options: DeleteOptions, nowMs: number) => DeletionPlan;
  /** Whether an update that leaves the object without reasons to stay deletes it; asked beside the ordinary conditions. */
  readonly mayGo?: (object: KubeObject) => boolean;
  /** Subresources that are updates of the object with rules of their own: which members they may change. */
  readonly subresources?: Readonly<Record<string, readonly string[]>>;
}
