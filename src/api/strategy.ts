/**
 * What a kind tells the generic registry about itself; the registry does everything else.
 * Invariant: a strategy is pure. It knows no store, no clock and no user; it may change the draft it is given, nothing else.
 * Counterpart: k8s.io/apiserver/pkg/registry/rest.RESTCreateStrategy and its siblings, and the defaulting functions of
 * k8s.io/kubernetes/pkg/apis/<group>/v1.
 *
 * Order of the steps for a create:  decode (strict, with the structural defaults) > name, uid, times > `defaults` >
 * mutating admission > `defaults` again > `prepareForCreate` > metadata and `validate` > validating admission > store.
 * For an update:                    decode > `defaults` > status put back > `prepareForUpdate` > mutating admission > generation >
 * metadata and `validateUpdate` > validating admission > store. Without a store the same is in pipeline.ts.
 */
import type { Draft } from '../base/json.ts';
import type { Status } from '../apimachinery/errors/status.ts';
import type { FieldType } from '../apimachinery/managedfields/fieldType.ts';
import type { ErrorList } from '../apimachinery/field/error.ts';
import type { KubeObject, ResourceType } from '../apimachinery/meta/resource.ts';
import type { Allocation } from './allocation.ts';
import type { Table } from './table.ts';

/** What few kinds write down of the request itself; the registry knows it, a strategy does not ask. */
export interface Preparation {
  /** Virtual time, RFC 3339. */
  readonly now: string;
  readonly user: { readonly name: string; readonly groups: readonly string[]; readonly uid?: string };
}

/** What few kinds must know of the cluster to judge a new object. */
export interface Surroundings {
  /** Of the namespace that the object is in. */
  readonly namespaceLabels: Readonly<Record<string, string>>;
}

export interface Strategy<T extends KubeObject = KubeObject> {
  readonly resource: ResourceType<T>;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** metadata.generation counts changes of spec (kinds whose status says observedGeneration, and Pod). */
  readonly tracksGeneration: boolean;
  /** A create with PUT of a name that does not exist is allowed (Lease, Event, …). */
  readonly allowCreateOnUpdate: boolean;
  /** A PUT without resourceVersion overwrites (most kinds); false: `metadata.resourceVersion: Invalid value: …: must be specified for an update`. */
  readonly allowUnconditionalUpdate: boolean;
  /** How metadata.name is checked; the texts of what is wrong with it. `prefix`: it is a generateName. */
  readonly validateName: (name: string, prefix: boolean) => readonly string[];
  /** Kind-specific defaults, after the structural ones of the schema. Idempotent. */
  readonly defaults?: (object: Draft<T>) => void;
  /** Takes away what a creator may not set (status), sets what the server sets. */
  readonly prepareForCreate?: (object: Draft<T>, preparation: Preparation) => void;
  /** `old` is the stored object; status is put back, generation is counted by the registry. */
  readonly prepareForUpdate?: (object: Draft<T>, old: T, preparation: Preparation) => void;
  /**
   * Gives the object its values out of pools (Service: cluster IP, node ports), or says why there are none. Runs after
   * `prepareForCreate` or `prepareForUpdate` and before validation, on dry runs too. `old` is undefined on create.
   */
  readonly allocate?: (object: Draft<T>, old: T | undefined, allocation: Allocation<T>) => Status | undefined;
  /**
   * What is wrong with a new object apart from its metadata, which the registry has judged by `validateName` before.
   * Without surroundings (the editor) what depends on them is not said.
   */
  readonly validate: (object: T, surroundings?: Surroundings) => ErrorList;
  /** Everything an update must satisfy, the rules of `validate` included. */
  readonly validateUpdate: (object: T, old: T) => ErrorList;
  /** The kind that a 422 names, where it is not the served one: events.k8s.io refuses in the name of the core Event. */
  readonly namedAs?: { readonly group: string; readonly kind: string };
  /** `validate` judges metadata itself: the kind has another order of errors, or other rules, than the rest. Updates are not meant. */
  readonly validatesMetadata?: boolean;
  /** Called for valid objects only. */
  readonly warnings?: (object: T, old: T | undefined) => readonly string[];
  /** Warnings that come before the checks, so that a creation that is refused has them, too. */
  readonly warningsWhenRefused?: (object: T) => readonly string[];
  /** The `/status` subresource; absent where there is none. Spec and metadata but for a few fields are put back by the registry. */
  readonly status?: {
    readonly prepareForUpdate?: (object: Draft<T>, old: T, preparation: Preparation) => void;
    readonly validateUpdate: (object: T, old: T) => ErrorList;
  };
  /**
   * Subresources that are updates of the object itself, by name (Pod: `ephemeralcontainers`, `resize`): what is taken
   * from the object that was sent, and what must hold then. Generation is counted as for the object.
   */
  readonly subresources?: {
    readonly [name: string]: {
      readonly prepareForUpdate: (object: Draft<T>, old: T, preparation: Preparation) => void;
      readonly validateUpdate: (object: T, old: T) => ErrorList;
    };
  };
  /** The `/scale` subresource as three paths; absent where there is none. */
  readonly scale?: {
    readonly get: (object: T) => {
      readonly specReplicas: number;
      readonly statusReplicas: number;
      readonly selector: string;
      /** The field that must be there for a scale to be read, if it is not: a custom resource without replicas has none. */
      readonly missing?: string;
    };
    readonly set: (object: Draft<T>, replicas: number) => void;
    /** Where the replicas stand in the object, as path elements; `f:spec`, `f:replicas` unless told. */
    readonly replicasPath?: readonly string[];
  };
  /** Whether DELETE asks for a graceful end; seconds. Undefined: the object goes at once (but for finalizers). Pod only. */
  readonly gracePeriodSeconds?: (object: T, asked: number | undefined) => number;
  /** A stored object in the form of this version, where a resource has several (custom resources). */
  readonly fromStorage?: (object: KubeObject) => KubeObject;
  /** An object of this version in the form in which objects are kept. */
  readonly toStorage?: (object: KubeObject) => KubeObject;
  /** Why no object can be made any more. */
  readonly takesNoMore?: string;
  /** What every use of the version is warned of. */
  readonly deprecated?: string;
  /** What DELETE without propagationPolicy does with dependents. */
  readonly defaultPropagation: 'Background' | 'Orphan';
  readonly table?: Table<T>;
  /** The type by which owners of fields are told apart, where the recorded schema does not say it: custom resources. */
  readonly fieldType?: FieldType;
}
