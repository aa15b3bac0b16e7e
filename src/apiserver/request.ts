import type { Status } from '../apimachinery/errors/status.ts';

/** Who asks. */
export interface UserInfo {
  readonly name: string;
  readonly groups: readonly string[];
  readonly uid?: string;
  /** What the way of authentication knows beside: the Pod that a token is bound to, for example. */
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** What every request carries beside its object. */
export interface RequestContext {
  readonly user: UserInfo;
  /** Names the writer in managedFields; for a request over the wire by default the first part of its User-Agent. */
  readonly fieldManager: string;
  /** Carried out in full but not stored. */
  readonly dryRun?: boolean;
  /** Nobody reads the warnings of the answer: the cluster's own parts. */
  readonly withoutWarnings?: boolean;
}

/** What the API server answers: the object and its warnings, or a Status. Never an exception. */
export type Outcome<T> =
  | { readonly ok: true; readonly code: number; readonly object: T; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly status: Status; readonly warnings: readonly string[] };

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export function succeeded<T>(object: T, code = 200, warnings: readonly string[] = []): Outcome<T> {
  return { ok: true, code, object, warnings };
}

export function refused(status: Status, warnings: readonly string[] = []): Outcome<never> {
  return { ok: false, status, warnings };
}
