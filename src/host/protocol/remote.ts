/**
 * Shells in containers and ports of Pods, as the extension asks the worker for them.
 * Invariant: plain data; a session has the name that the extension gave it. Counterpart: kubectl exec, kubectl port-forward.
 */
import { NotificationType, RequestType } from 'vscode-jsonrpc';
import type { Answer } from './protocol.ts';
import type { ObjectRef } from './view.ts';

export interface ExecParams {
  readonly session: string;
  readonly ref: ObjectRef;
  /** Undefined: the first. */
  readonly container: string | undefined;
  readonly command: readonly string[];
}

export interface ForwardParams {
  readonly ref: ObjectRef;
  /** Of the Pod. */
  readonly port: number;
}

export interface Forwarded {
  /** Of this machine, on 127.0.0.1. */
  readonly localPort: number;
}

export interface RemoteOutput {
  readonly session: string;
  readonly text: string;
  /** The process has ended. */
  readonly ended?: { readonly exitCode: number; readonly failure: string };
}

export const remoteRequests = {
  /** The comparison with VMs as a text; null: no Pod runs there. */
  compare: new RequestType<{ readonly node: string | undefined }, { readonly host: string; readonly text: string } | null, void>('compare'),
  exec: new RequestType<ExecParams, Answer<null>, void>('remote/exec'),
  forward: new RequestType<ForwardParams, Answer<Forwarded>, void>('remote/forward'),
  stopForward: new RequestType<Forwarded, null, void>('remote/stopForward'),
} as const;

export const tellRemote = {
  input: new NotificationType<{ readonly session: string; readonly text: string }>('remote/input'),
  close: new NotificationType<{ readonly session: string }>('remote/close'),
} as const;

export const tellOfRemote = {
  output: new NotificationType<RemoteOutput>('remote/output'),
} as const;
