import type { Draft } from '../../base/json.ts';
import type { Status } from '../../apimachinery/errors/status.ts';
import type { KubeObject, ResourceType } from '../../apimachinery/meta/resource.ts';
import type { Strategy } from '../../api/strategy.ts';
import type { Authorizer } from '../authorization/authorizer.ts';
import type { DeleteOptions, UserInfo } from '../request.ts';
import type { Store } from '../storage/store.ts';
import type { SelfClient } from './self.ts';
import type { DeletionPlan } from './deletion.ts';

/**
 * What the storage of a few kinds does beside storing: the REST storages that wrap the generic one in Kubernetes.
 */
export interface RegistryHooks {
  /** Whether the user may write this object at all; asked after mutating admission, before validation. */
  readonly guard?: (request: GuardRequest) => Status | undefined;
  /** Replaces the ordinary plan of a deletion. */
  readonly planDeletion?: (strategy: Strategy, old: KubeObject, options: DeleteOptions, nowMs: number) => DeletionPlan;
  /** Whether an update that leaves the object without reasons to stay deletes it; asked beside the ordinary conditions. */
  readonly mayGo?: (object: KubeObject) => boolean;
  /** After a write of the object itself: what else the server writes then. `after` is undefined if the object is gone. */
  readonly written?: (before: KubeObject | undefined, after: KubeObject | undefined, self: SelfClient) => void;
  /** Subresources that are updates of the object with rules of their own. */
  readonly subresources?: Readonly<Record<string, SubresourceHook>>;
}

export interface SubresourceHook {
  /** The members of the object that it may change. */
  readonly changes: readonly string[];
  readonly prepareForUpdate?: (object: Draft<KubeObject>, old: KubeObject) => void;
}

export interface GuardRequest {
  readonly user: UserInfo;
  readonly authorizer: Authorizer;
  readonly store: Store;
  readonly resource: ResourceType;
  readonly namespace: string;
  readonly object: KubeObject;
  /** Undefined for a create. */
  readonly old: KubeObject | undefined;
}
