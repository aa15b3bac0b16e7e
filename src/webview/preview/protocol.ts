/**
 * What the panel "Preview Apply" and the extension say to each other.
 * Invariant: plain data; both sides switch over `type` and end with `assertNever`. Counterpart: none in Kubernetes.
 *
 * Order: the page sends `ready`, the extension answers with `forecast`; another one may follow at any time.
 */

export type PreviewTone = 'ok' | 'warn' | 'error' | 'idle';

export interface PreviewDocument {
  readonly subject: string;
  /** `shop.yaml:12` */
  readonly place: string;
  /** `would be created` */
  readonly action: string;
  readonly tone: PreviewTone;
  readonly text: string;
  /** Whole sentences, with the fields to blame. */
  readonly findings: readonly { readonly path: string; readonly message: string }[];
}

export interface PreviewPod {
  readonly name: string;
  readonly owner: string;
  /** Empty: none. */
  readonly node: string;
  readonly status: string;
  readonly ready: string;
  readonly reason: string;
  readonly tone: PreviewTone;
}

export interface PreviewMoment {
  /** `+1m12s` */
  readonly after: string;
  readonly subject: string;
  readonly more: number;
  readonly text: string;
  readonly actor: string;
  readonly tone: PreviewTone;
}

export interface PreviewChange {
  readonly subject: string;
  readonly change: 'create' | 'update' | 'delete';
}

export interface PreviewModel {
  /** What was looked at: `shop.yaml`, `3 files`. */
  readonly of: string;
  /** In one sentence. */
  readonly summary: string;
  readonly tone: PreviewTone;
  /** How far it was looked ahead, and why not further. */
  readonly ahead: string;
  readonly documents: readonly PreviewDocument[];
  readonly pods: readonly PreviewPod[];
  readonly moments: readonly PreviewMoment[];
  readonly changes: readonly PreviewChange[];
  /** Beyond what is worth reading. */
  readonly leftOut: { readonly moments: number; readonly changes: number };
}

export type ToWebview = { readonly type: 'forecast'; readonly model: PreviewModel; readonly of: KeptPreview };

/** What the page keeps over a reload of the window, so that the panel comes back and looks again. */
export interface KeptPreview {
  /** Of the files and folders that were chosen. */
  readonly uris: readonly string[];
}

export type ToExtension =
  | { readonly type: 'ready' }
  /** Opens a document at its place. */
  | { readonly type: 'document'; readonly index: number }
  /** Opens the object before and after. */
  | { readonly type: 'change'; readonly index: number }
  | { readonly type: 'allChanges' }
  | { readonly type: 'apply' }
  | { readonly type: 'again' };
