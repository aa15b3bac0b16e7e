/**
 * What the simulated cluster would answer, now, if open documents were applied.
 * Invariant: plain data; asking changes nothing in the cluster. Counterpart: none in Kubernetes.
 */
import { NotificationType, RequestType } from 'vscode-jsonrpc';
import type { Diagnostic } from '../../manifest/model.ts';

export interface AdmissionParams {
  readonly uri: string;
  /** For documents that name none. */
  readonly namespace: string;
  /** Whether what is accepted with a warning is told. */
  readonly warnings: boolean;
}

export interface AdmissionAnswer {
  readonly diagnostics: readonly Diagnostic[];
  /** How many documents were tried, and how many answers held still. */
  readonly tried: number;
  readonly kept: number;
}

export const admissionRequests = {
  /** Null: the document is not open, or a newer question about it came. Once asked, `admission/changed` says when to ask again. */
  document: new RequestType<AdmissionParams, AdmissionAnswer | null, void>('admission/document'),
} as const;

export const tellOfAdmission = {
  /** The cluster would answer otherwise now, it may be. */
  changed: new NotificationType<{ readonly uris: readonly string[] }>('admission/changed'),
} as const;
