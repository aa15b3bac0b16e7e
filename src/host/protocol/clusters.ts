/**
 * Several simulated clusters, of which one is shown and goes on, as the extension asks the worker for them.
 * Invariant: plain data; each has a name and a file of its own; the first is called `default` and is always there. Counterpart: kind get clusters.
 */
import { RequestType } from 'vscode-jsonrpc';
import type { LeftOut } from '../../cluster/snapshot/snapshot.ts';
import type { ClusterInfo, ManifestFile } from './protocol.ts';

export const FIRST_CLUSTER = 'default';
/** What a name must look like. */
export const CLUSTER_NAME = /^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/;

export interface ClusterEntry {
  readonly name: string;
  /** Commands and views work on it, unless a real cluster is shown. */
  readonly isCurrent: boolean;
  /** Undefined: it was not opened since the start. */
  readonly nodes: number | undefined;
  readonly pods: number | undefined;
}

export interface CreateClusterParams {
  readonly name: string;
  /** `default`, `eks`, …; undefined: what the settings say. */
  readonly preset: string | undefined;
  /** The text of a ClusterConfig of eksctl or a Cluster of kind, without faults, instead of a preset. */
  readonly config: string | undefined;
}

export interface ImportParams {
  readonly name: string;
  /** What `kubectl get … -o yaml` wrote; empty: a real cluster is read. */
  readonly files: readonly ManifestFile[];
  /** Of the kubeconfig. */
  readonly context: string;
  readonly kubeconfig: string;
}

export type ImportAnswer =
  | { readonly error: string }
  | {
      readonly info: ClusterInfo;
      readonly objects: number;
      readonly left: readonly LeftOut[];
      /** What could not be read there, each a sentence. */
      readonly remarks: readonly string[];
    };

export type ClusterAnswer = { readonly error: string } | { readonly info: ClusterInfo };

export const clusterRequests = {
  list: new RequestType<Readonly<Record<string, never>>, readonly ClusterEntry[], void>('clusters/list'),
  /** Makes one and shows it. */
  create: new RequestType<CreateClusterParams, ClusterAnswer, void>('clusters/create'),
  /** Shows one; the one before stands still from then on. A real cluster that is shown is left. */
  choose: new RequestType<{ readonly name: string }, ClusterAnswer, void>('clusters/choose'),
  /** Throws one away, with its file. If it is the one that is shown, the first is shown instead. */
  remove: new RequestType<{ readonly name: string }, ClusterAnswer, void>('clusters/remove'),
  /** Keeps a fork of the timeline as a cluster of its own, and shows it. The fork stays as it is. */
  keepFork: new RequestType<{ readonly fork: string; readonly name: string }, ClusterAnswer, void>('clusters/keepFork'),
  /** Makes one with the objects of a real cluster, without the values of Secrets, and shows it. */
  importSnapshot: new RequestType<ImportParams, ImportAnswer, void>('clusters/import'),
} as const;
