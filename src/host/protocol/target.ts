/**
 * Real clusters beside the simulated one, as the extension asks the worker for them.
 * Invariant: plain data; nothing secret of a kubeconfig crosses. The extension asks in trusted workspaces only.
 * Counterpart: kubectl config get-contexts, kubectl config use-context (whose files are never written).
 */
import { RequestType } from 'vscode-jsonrpc';
import type { RealTarget } from './view.ts';

export interface TargetContext {
  readonly name: string;
  readonly cluster: string;
  readonly server: string;
  readonly user: string;
  /** Empty: `default`. */
  readonly namespace: string;
  readonly current: boolean;
  /** What is run to get credentials; empty: nothing. */
  readonly program: string;
  /** The server need not prove who it is: anybody in between could read along and answer. */
  readonly insecure: boolean;
}

export interface TargetContexts {
  readonly contexts: readonly TargetContext[];
  /** Why a file is not in the list, each a sentence. */
  readonly problems: readonly string[];
}

export interface KubeconfigParams {
  /** A file; empty: what kubectl would take. */
  readonly kubeconfig: string;
}

export interface ConnectTargetParams extends KubeconfigParams {
  readonly context: string;
}

/** Why a cluster cannot be shown: it is not reached, or does not let the user in. */
export type ConnectedTarget = { readonly target: RealTarget } | { readonly error: string };

export const targetRequests = {
  contexts: new RequestType<KubeconfigParams, TargetContexts, void>('target/contexts'),
  /** Shows a real cluster instead of the simulated one, which goes on meanwhile. The clock says so, see `ClockState.real`. */
  connect: new RequestType<ConnectTargetParams, ConnectedTarget, void>('target/connect'),
  /** Shows the simulated cluster again. */
  leave: new RequestType<Readonly<Record<string, never>>, null, void>('target/leave'),
} as const;
