/**
 * What Kubepad offers to other extensions, version 1: types only, and nothing of the inside, so that the file can be copied.
 * Invariant: members are added, never changed or taken away, within a version. Counterpart: client-go, for a simulated cluster.
 */
import type { CancellationToken } from 'vscode';

/** `vscode.extensions.getExtension<KubepadExports>('kubepad.kubepad')` gives it when it is activated. */
export interface KubepadExports {
  /** Milliseconds of the extension host's work that loading and activating took. */
  readonly activation: { readonly loadMs: number; readonly activateMs: number };
  /** @throws Error for a version that this Kubepad does not have */
  getApi(version: 1): KubepadApi;
}

export interface KubepadApi {
  readonly version: 1;
  /** The cluster that the views show. Reading and applying start it if need be. */
  readonly main: KubepadCluster;
}

/**
 * A simulated cluster. Promised: what a promise resolves with is plain data of the caller's own. A refusal of the API server rejects
 * with an Error in its words, with its reason (`NotFound`, `Conflict`) as `reason`; so does input that makes no sense.
 */
export interface KubepadCluster {
  /** `main`, `fork-1` */
  readonly name: string;
  /** The API server's verdict, and what the cluster has not that is referred to; nothing is applied. */
  validate(manifest: string, options?: ManifestOptions & { readonly rules?: boolean }, token?: CancellationToken): Promise<Validation>;
  /** As kubectl apply, each document for itself: a refused one is a result, no rejection. */
  apply(manifest: string, options?: ManifestOptions & { readonly dryRun?: boolean }, token?: CancellationToken): Promise<Applied>;
  /** What would become of it, in a copy that runs ahead. */
  forecast(manifest: string, options?: ManifestOptions, token?: CancellationToken): Promise<Outlook>;
  /** Undefined: it is not there. */
  get(object: ObjectName): Promise<ApiObject | undefined>;
  list(query: ObjectQuery): Promise<readonly ApiObject[]>;
  delete(object: ObjectName): Promise<void>;
  /** The newest Events, oldest first. */
  events(query?: {
    readonly namespace?: string;
    readonly kind?: string;
    readonly name?: string;
    readonly limit?: number;
  }): Promise<readonly ApiEvent[]>;
  logs(pod: PodName): Promise<string>;
  /** Lets virtual time go on. A clock that runs by itself goes on from there. */
  runUntil(until: RunUntil, token?: CancellationToken): Promise<RunEnd>;
  /** A copy in which time stands still but for `runUntil`; dispose it when it is not needed any more. */
  fork(): Promise<KubepadFork>;
}

export interface KubepadFork extends KubepadCluster {
  dispose(): void;
}

export interface ManifestOptions {
  /** Of objects that name none; default: default. */
  readonly namespace?: string;
}

export interface Finding {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly severity: 'error' | 'warning' | 'information' | 'hint';
  readonly code: string;
  /** `spec.containers[0].image`; empty where the finding is about no field. */
  readonly path: string;
  readonly message: string;
}

export interface Validation {
  /** Whether the API server would take it. */
  readonly valid: boolean;
  readonly findings: readonly Finding[];
}

export interface Applied {
  /** Whether every document was taken. */
  readonly ok: boolean;
  readonly results: readonly {
    /** `deployment.apps/web` */
    readonly subject: string;
    readonly ref?: { readonly apiVersion: string; readonly kind: string; readonly namespace: string; readonly name: string };
    readonly action: 'created' | 'configured' | 'unchanged' | 'rejected' | 'skipped';
    readonly message: string;
    readonly warnings: readonly string[];
    readonly line: number;
    readonly findings: readonly Finding[];
  }[];
}

export interface Outlook {
  /** Whether all would be taken and run. */
  readonly ok: boolean;
  readonly documents: readonly {
    readonly subject: string;
    readonly action: string;
    readonly outlook: 'good' | 'note' | 'trouble' | 'refused' | 'none';
    readonly text: string;
  }[];
  readonly findings: readonly Finding[];
  readonly pods: readonly {
    readonly name: string;
    readonly namespace: string;
    /** Empty: none. */
    readonly node: string;
    readonly status: string;
    readonly reason: string;
  }[];
  /** Virtual time that was looked ahead. */
  readonly aheadMs: number;
  readonly end: 'stable' | 'limit' | 'budget';
}

export interface KindName {
  /** A kind or resource as kubectl takes it. */
  readonly kind: string;
  /** Needed only where several groups have the kind. */
  readonly apiVersion?: string;
}

export interface ObjectName extends KindName {
  readonly name: string;
  /** Default: default. */
  readonly namespace?: string;
}

export interface ObjectQuery extends KindName {
  /** Default: all. */
  readonly namespace?: string;
  readonly labelSelector?: string;
}

export interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

export interface ApiEvent {
  readonly time: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly source: string;
  readonly about: { readonly kind: string; readonly namespace: string; readonly name: string };
}

export interface PodName {
  readonly pod: string;
  readonly namespace?: string;
  readonly container?: string;
  readonly previous?: boolean;
  readonly tailLines?: number;
}

/** Durations as Go writes them: `90s`, `1h30m`. `for` as `kubectl wait --for` has it. */
export type RunUntil =
  | { readonly until: 'stable' | 'settled'; readonly limit?: string }
  | { readonly until: 'time'; readonly duration: string }
  | (ObjectName & { readonly until: 'object'; readonly for: string; readonly limit?: string });

export interface RunEnd {
  /** `limit`: the goal was not reached before; `interrupted`: somebody else set the clock. */
  readonly end: 'done' | 'limit' | 'cancelled' | 'interrupted' | 'runaway';
  readonly ranMs: number;
  /** Virtual time, milliseconds since 1970. */
  readonly nowMs: number;
  /** Nothing is left to do. */
  readonly stable: boolean;
}
