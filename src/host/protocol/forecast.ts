/**
 * Forecasts as the extension asks the worker for them: what the cluster would come to if files were applied.
 * Invariant: plain data; asking changes nothing in the cluster. Counterpart: none in Kubernetes.
 */
import { NotificationType, RequestType } from 'vscode-jsonrpc';
import type { Diagnostic } from '../../manifest/model.ts';
import type { ManifestFile, ManifestResult } from './protocol.ts';
import type { ObjectRef } from './view.ts';

/**
 * How it would go with a document: `good` needs no attention, `note` is worth knowing, `trouble` would not run as it is written,
 * `refused` would not be taken, `none` has nothing that could go one way or the other.
 */
export type Outlook = 'good' | 'note' | 'trouble' | 'refused' | 'none';

export interface DocumentForecast extends Pick<ManifestResult, 'uri' | 'document' | 'range' | 'subject' | 'ref' | 'action'> {
  readonly outlook: Outlook;
  /** `2 of 5 would stay Pending: Insufficient cpu`; empty with `none`. */
  readonly text: string;
}

export interface FileDiagnostics {
  readonly uri: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Why the look ahead ended: nothing goes on any more, an hour of virtual time is over, or it took too much work. */
export type ForecastEnd = 'stable' | 'limit' | 'budget';

export interface ForecastSummary {
  readonly documents: readonly DocumentForecast[];
  readonly files: readonly FileDiagnostics[];
  /** Virtual time that was looked ahead. */
  readonly aheadMs: number;
  readonly end: ForecastEnd;
}

/** A Pod of the documents' objects as it would be in the end. */
export interface ForecastPod {
  readonly ref: ObjectRef;
  /** `deployment.apps/web` */
  readonly owner: string;
  /** Empty: none. */
  readonly node: string;
  readonly status: string;
  readonly ready: string;
  /** Why it does not run; empty if it does. */
  readonly reason: string;
  /** It is not there yet. */
  readonly isNew: boolean;
}

/** What would happen at one moment, of one object or of several like it. */
export interface ForecastMoment {
  /** Since the apply. */
  readonly afterMs: number;
  readonly subject: string;
  /** How many others this happens to at the same moment. */
  readonly more: number;
  readonly text: string;
  /** Who does it, as the API server knows him. */
  readonly actor: string;
  readonly tone: 'plain' | 'good' | 'bad';
}

/** An object that would be another one, or there, or gone. */
export interface ForecastChange {
  readonly ref: ObjectRef;
  readonly subject: string;
  readonly change: 'create' | 'update' | 'delete';
  /** YAML; empty where there is none. */
  readonly before: string;
  readonly after: string;
}

export interface Forecast extends ForecastSummary {
  readonly pods: readonly ForecastPod[];
  readonly moments: readonly ForecastMoment[];
  readonly changes: readonly ForecastChange[];
  /** Moments and changes beyond what is worth reading. */
  readonly leftOut: { readonly moments: number; readonly changes: number };
}

export interface ForecastParams {
  readonly files: readonly ManifestFile[];
  /** For documents that name none. */
  readonly namespace: string;
}

export const forecastRequests = {
  /** Of an open document; null: it is none, or a newer question about it came. Once asked, `forecast/changed` says when to ask again. */
  document: new RequestType<{ readonly uri: string; readonly namespace: string }, ForecastSummary | null, void>('forecast/document'),
  /** Null: cancelled. */
  preview: new RequestType<ForecastParams, Forecast | null, void>('forecast/preview'),
} as const;

export const tellOfForecasts = {
  /** The cluster has got something from outside: of these documents another forecast may be made. */
  changed: new NotificationType<{ readonly uris: readonly string[] }>('forecast/changed'),
} as const;
