/**
 * Scenarios as files: what there is, what is done, what must come of it. Group kubepad.dev, but no object of a cluster.
 * Invariant: what a person writes, before any check; the schema in schema.ts says the same for editors.
 * Counterpart: none in Kubernetes; chainsaw and kuttl test real clusters with such files.
 */
import type { FaultSpec } from '../api/kubepad/types.ts';
import type { LoadSpec } from '../api/kubepad/load/types.ts';
import type { UnknownObject } from '../apimachinery/meta/resource.ts';

export interface Scenario {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly title?: string;
  readonly cluster?: ScenarioCluster;
  /** For objects that name none. Default: default. */
  readonly namespace?: string;
  readonly given?: Manifests;
  readonly steps?: readonly Step[];
  readonly never?: readonly Expectation[];
  readonly expect?: readonly Expectation[];
}

export interface ScenarioCluster {
  readonly preset?: string;
  readonly nodes?: number;
  /** A file of eksctl or kind, seen from the scenario. */
  readonly config?: string;
  readonly seed?: string;
}

export interface Manifests {
  /** Files and folders, seen from the scenario. */
  readonly apply?: readonly string[];
  readonly objects?: readonly UnknownObject[];
}

/** One act, and what belongs to it. */
export interface Step extends Manifests {
  readonly name?: string;
  readonly namespace?: string;
  /** The act must be refused. */
  readonly refused?: { readonly reason?: string; readonly message?: string };
  readonly delete?: { readonly object: string; readonly gracePeriodSeconds?: number; readonly propagationPolicy?: string };
  readonly scale?: { readonly object: string; readonly replicas: number };
  readonly patch?: { readonly object: string; readonly type?: PatchType; readonly patch: unknown; readonly subresource?: string };
  readonly restart?: string;
  readonly undo?: string;
  readonly cordon?: string;
  readonly uncordon?: string;
  readonly drain?: string;
  readonly fault?: FaultSpec & { readonly name: string };
  readonly recover?: string;
  readonly load?: LoadSpec & { readonly name: string };
  readonly endLoad?: string;
  /** A duration, `settled` or `stable`. */
  readonly wait?: string;
  readonly until?: readonly Expectation[];
  /** `until`, `drain`, `wait: settled`: how long at most. */
  readonly within?: string;
  readonly expect?: readonly Expectation[];
}

export type PatchType = 'json' | 'merge' | 'strategic';

export interface Matcher {
  readonly equals?: unknown;
  readonly atLeast?: number | string | undefined;
  readonly atMost?: number | string | undefined;
  readonly matches?: string;
}

/** One subject, what narrows it, and what must hold of it. */
export interface Expectation extends Matcher {
  /** `deployment/web`: it is there, or `absent`, and has these `fields`. */
  readonly object?: string;
  readonly absent?: boolean;
  readonly fields?: Readonly<Record<string, unknown>>;
  /** `pods`: how many there are. */
  readonly count?: string;
  readonly selector?: string;
  readonly where?: Readonly<Record<string, unknown>>;
  /** A reason: how often it was told. */
  readonly event?: string;
  readonly about?: string;
  readonly type?: string;
  readonly message?: string;
  /** A Load: how many of its requests were lost. */
  readonly lost?: string;
  /** A step by its name: how long it took. */
  readonly took?: string;
  readonly namespace?: string;
}

/** The acts, of which a step has one; `apply` and `objects` are one. */
export const ACTS = [
  'apply',
  'objects',
  'delete',
  'scale',
  'patch',
  'restart',
  'undo',
  'cordon',
  'uncordon',
  'drain',
  'fault',
  'recover',
  'load',
  'endLoad',
  'wait',
  'until',
  'expect',
] as const satisfies readonly (keyof Step)[];
export type Act = (typeof ACTS)[number];

/** What an expectation can be about, and which other fields go with it. */
export const SUBJECTS = {
  object: ['absent', 'fields', 'namespace'],
  count: ['selector', 'where', 'namespace', 'equals', 'atLeast', 'atMost'],
  event: ['about', 'type', 'message', 'namespace', 'equals', 'atLeast', 'atMost'],
  lost: ['equals', 'atLeast', 'atMost'],
  took: ['atLeast', 'atMost'],
} as const satisfies Partial<Record<keyof Expectation, readonly (keyof Expectation)[]>>;
export type Subject = keyof typeof SUBJECTS;

export const SCENARIO_VERSION = 'kubepad.dev/v1';
export const SCENARIO_KIND = 'Scenario';

export function isScenario(value: Readonly<Record<string, unknown>>): boolean {
  return value['apiVersion'] === SCENARIO_VERSION && value['kind'] === SCENARIO_KIND;
}
