import type { Draft } from '../../base/json.ts';
import type { Status } from '../../apimachinery/errors/status.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import type { Strategy } from '../../api/strategy.ts';
import type { Authorizer } from '../authorization/authorizer.ts';
import type { DeleteOptions, UserInfo } from '../request.ts';
import type { SelfClient } from '../registry/self.ts';
import type { Store } from '../storage/store.ts';

/** What an admission plugin is told of a request. */
export interface AdmissionAttributes {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly strategy: Strategy;
  /** Empty for the object itself. */
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** With DELETE, undefined. A mutating plugin changes it in place. */
  readonly object: Draft<KubeObject> | undefined;
  readonly old: KubeObject | undefined;
  readonly user: UserInfo;
  readonly dryRun: boolean;
  readonly deleteOptions?: DeleteOptions;
  /** Adds a text to the answer's warnings. */
  readonly warn: (text: string) => void;
}

/** What plugins may look at. They read; what they write is a status that follows from the request. */
export interface AdmissionWorld {
  readonly store: Store;
  readonly authorizer: Authorizer;
  readonly updateStatus: SelfClient['updateStatus'];
  /** The strategy of a kind that is served, custom resources too. */
  readonly strategyForKind: (apiVersion: string, kind: string) => Strategy | undefined;
  now(): number;
  /** Characters of a generated name (see RandomStream.suffix). */
  suffix(length: number): string;
}

/**
 * One link of the admission chain: first all `admit` (they may change the object), then, after validation of the
 * object, all `validate` (they may not). A returned Status ends the request with that answer.
 * Counterpart: k8s.io/apiserver/pkg/admission.Interface.
 */
export interface AdmissionPlugin {
  readonly name: string;
  readonly admit?: (attributes: AdmissionAttributes, world: AdmissionWorld) => Status | undefined;
  readonly validate?: (attributes: AdmissionAttributes, world: AdmissionWorld) => Status | undefined;
}
