/**
 * The contract between the extension and the worker thread that runs the cluster: every request and notification, typed.
 * Invariant: everything that crosses is plain data; refusals of the API server are answers (`Refusal`), a failed request
 * is a bug or a cancellation. Every request can be cancelled with the token of vscode-jsonrpc. Counterpart: none.
 */
import { NotificationType, RequestType, RequestType0 } from 'vscode-jsonrpc';
import type { JsonObject } from '../../base/json.ts';
import type { Status } from '../../apimachinery/errors/status.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import type { DrainRound } from '../../kubectl/drain.ts';
import type { InlayHint } from '../../manifest/inlay/defaults.ts';
import type { CodeFix, Completion, Diagnostic, DocumentOutline, Hover, Position, Range, TextEdit } from '../../manifest/model.ts';
import type { Renamed, TextPlace, WorkspaceSymbol } from '../../manifest/navigation/navigator.ts';
import type { Folding, Outline } from '../../manifest/structure.ts';
import type { ClockControl, ClockState, ObjectRef, ViewDiff, ViewId, ViewQuery } from './view.ts';

export type { ClockControl } from './view.ts';

/** A refusal of the API server, or that the object is not there. */
export interface Refusal {
  readonly ok: false;
  readonly status: Status;
}

export interface Accepted<T> {
  readonly ok: true;
  readonly value: T;
  readonly warnings: readonly string[];
}

export type Answer<T> = Accepted<T> | Refusal;

/** What the extension passes as `workerData`. */
export interface WorkerOptions {
  /** A file for the cluster's memory (SQLite); undefined: memory only. */
  readonly dataFile: string | undefined;
  /** Which of several simulated clusters is shown first; left out, or not there: the first. */
  readonly cluster?: string;
  readonly seed: string;
  readonly preset: string;
  /** Worker nodes of a new cluster. */
  readonly nodes: number | undefined;
  /** A file with a KubeSchedulerConfiguration for a new cluster. */
  readonly schedulerConfig?: string | undefined;
  /** The folder of the extension, for data files that are loaded when first needed. */
  readonly extensionPath: string;
  /** A folder where Node may keep the program compiled; undefined: it is compiled at each start. */
  readonly compileCache?: string | undefined;
}

export interface ClusterInfo {
  readonly name: string;
  /** `v1.36.3` */
  readonly version: string;
  readonly preset: string;
  /** The cluster went on from what an earlier session stored. */
  readonly restored: boolean;
  readonly clock: ClockState;
}

export interface ResetParams {
  /** The text of a ClusterConfig of eksctl or a Cluster of kind, without faults, that says what the new one is made of. */
  readonly config?: string;
}

/** What a configuration of a cluster says, in a few words; or why it cannot be used. */
export type ClusterPlanSummary =
  { readonly error: string } | { readonly preset: string; readonly pools: readonly { readonly name: string; readonly nodes: number }[] };

export interface ConnectParams {
  /** Where keys and kubeconfig are kept. */
  readonly folder: string;
}

export interface ConnectInfo {
  /** `https://127.0.0.1:PORT` */
  readonly server: string;
  /** The file that leads kubectl to it. */
  readonly kubeconfig: string;
}

// Manifests -----------------------------------------------------------------------------------------------------------

/** A file that may hold several documents. */
export interface ManifestFile {
  readonly uri: string;
  readonly text: string;
}

export interface ApplyParams {
  readonly files: readonly ManifestFile[];
  readonly dryRun: boolean;
  /** For documents that name none. */
  readonly namespace: string;
  /** Names the run in `manifest/progress`; undefined: no progress is wanted. */
  readonly progress: string | undefined;
}

export type ManifestAction = 'created' | 'configured' | 'unchanged' | 'deleted' | 'not found' | 'rejected' | 'skipped';

/** What became of one document. */
export interface ManifestResult {
  readonly uri: string;
  /** Which document of the file, from 0. */
  readonly document: number;
  /** Where the document stands. */
  readonly range: Range;
  /** `deployment.apps/web`, as kubectl names it; a text such as `document 2` where the document names no object. */
  readonly subject: string;
  readonly ref: ObjectRef | undefined;
  readonly action: ManifestAction;
  /** The refusal's message, or why it was skipped. Empty otherwise. */
  readonly message: string;
  readonly warnings: readonly string[];
  /** The refusal at its places in the text. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface ManifestReport {
  readonly results: readonly ManifestResult[];
  /** The request was cancelled: the documents after the last result were not touched. */
  readonly cancelled: boolean;
}

export interface ManifestDifference {
  readonly uri: string;
  readonly document: number;
  readonly subject: string;
  readonly ref: ObjectRef | undefined;
  readonly change: 'create' | 'update' | 'none' | 'rejected';
  /** YAML of what the cluster holds; empty for a create. */
  readonly live: string;
  /** YAML of what the cluster would hold after an apply. */
  readonly merged: string;
  readonly message: string;
}

export interface DeleteManifestParams {
  readonly files: readonly ManifestFile[];
  readonly namespace: string;
}

export interface ManifestProgress {
  readonly progress: string;
  readonly done: number;
  readonly total: number;
  readonly subject: string;
}

// Documents in an editor ----------------------------------------------------------------------------------------------

/** The whole text of an open document; sent on open and on every change, before requests that speak of it. */
export interface DocumentText {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
}

export interface DiagnosticSettings {
  readonly namespace: string;
  readonly warnings: boolean;
  /** Hints about names and selectors that lead nowhere in workspace and cluster. */
  readonly references: boolean;
  /** Rules of good practice by id, see `kubepad.rules`; left out, none. */
  readonly rules?: Readonly<Record<string, string>>;
  /** The release of Kubernetes that is aimed at, `1.30`; left out, that of the simulation. */
  readonly targetVersion?: string;
}

export interface DocumentDiagnostics {
  readonly uri: string;
  readonly version: number;
  readonly diagnostics: readonly Diagnostic[];
  /** How many documents were judged anew, and how many answers came from the cache. */
  readonly judged: number;
  readonly cached: number;
}

export interface FormatParams {
  readonly uri: string;
  /** Blanks a level. */
  readonly indent: number;
  readonly range?: Range;
}

export interface DocumentPosition {
  readonly uri: string;
  readonly position: Position;
}

/** What stands above a document. */
export interface DocumentLens {
  readonly range: Range;
  /** The object, if the cluster has it. */
  readonly ref: ObjectRef | undefined;
  /** `3/3 ready, 2 nodes`, `not in the cluster`; empty for a document that names no object. */
  readonly state: string;
}

export interface ValidateFilesParams {
  readonly files: readonly ManifestFile[];
  readonly settings: DiagnosticSettings;
}

// Objects -------------------------------------------------------------------------------------------------------------

export interface CreateParams {
  readonly object: JsonObject & { readonly apiVersion: string; readonly kind: string };
  /** Empty for what lies in no namespace. */
  readonly namespace: string;
}

export interface PatchParams {
  readonly ref: ObjectRef;
  readonly type: 'merge' | 'strategic' | 'json';
  readonly patch: JsonObject | readonly JsonObject[];
  readonly subresource: '' | 'status' | 'scale';
}

export interface DeleteParams {
  readonly ref: ObjectRef;
  readonly gracePeriodSeconds: number | undefined;
  readonly propagationPolicy: 'Background' | 'Foreground' | 'Orphan' | undefined;
}

export interface DrainParams {
  readonly node: string;
  /** Pods that no controller makes again go too; otherwise nobody goes while there are any. */
  readonly force: boolean;
}

export interface ListParams {
  readonly apiVersion: string;
  readonly kind: string;
  /** Undefined: all namespaces. */
  readonly namespace: string | undefined;
  readonly labelSelector: string;
}

export interface ReplaceParams {
  readonly ref: ObjectRef;
  /** YAML or JSON of the whole object. */
  readonly text: string;
}

export interface LogsParams {
  readonly ref: ObjectRef;
  /** Undefined: the first. */
  readonly container: string | undefined;
  readonly previous: boolean;
  /** Undefined: all lines. */
  readonly tailLines: number | undefined;
  /** Names a reader who is told what is written from then on, until `logs/unfollow`; undefined: nobody. */
  readonly follow: string | undefined;
}

export interface LogsAppended {
  readonly follow: string;
  /** Whole lines. */
  readonly text: string;
}

export interface ObserveParams {
  readonly ref: ObjectRef;
  readonly observe: boolean;
}

export interface ObjectChanged {
  readonly ref: ObjectRef;
  /** Undefined: the object is gone. */
  readonly resourceVersion: string | undefined;
}

// The clock -----------------------------------------------------------------------------------------------------------

export interface ClockOutcome {
  readonly clock: ClockState;
  /** Why a step or a run ended. */
  readonly reason: 'Done' | 'LimitReached' | 'BudgetReached' | 'Runaway';
}

// Views ---------------------------------------------------------------------------------------------------------------

export interface ViewParams {
  readonly view: ViewId;
  readonly query: ViewQuery;
}

export interface LocateParams {
  readonly view: ViewId;
  readonly key: string;
}

export interface FindParams {
  readonly view: ViewId;
  /** The beginning of a row's name; letters of any case. */
  readonly prefix: string;
  /** The search begins after this index and goes round. */
  readonly after: number;
}

/** Requests of the extension; the worker answers. Grouped by what they speak of. */
export const requests = {
  clusterInfo: new RequestType0<ClusterInfo, void>('cluster/info'),
  /** What a new cluster would be made of. */
  clusterPlan: new RequestType<{ readonly text: string }, ClusterPlanSummary, void>('cluster/plan'),
  /** Throws the cluster away and starts a new one. */
  clusterReset: new RequestType<ResetParams, ClusterInfo, void>('cluster/reset'),
  /** Answers when everything acknowledged so far is on the disk. */
  clusterFlush: new RequestType0<null, void>('cluster/flush'),
  /** Serves the cluster over HTTPS on the loopback address, if it is not served yet. */
  clusterConnect: new RequestType<ConnectParams, ConnectInfo, void>('cluster/connect'),

  manifestApply: new RequestType<ApplyParams, ManifestReport, void>('manifest/apply'),
  manifestDiff: new RequestType<ApplyParams, readonly ManifestDifference[], void>('manifest/diff'),
  manifestDelete: new RequestType<DeleteManifestParams, ManifestReport, void>('manifest/delete'),
  manifestValidate: new RequestType<ValidateFilesParams, readonly DocumentDiagnostics[], void>('manifest/validate'),

  documentDiagnostics: new RequestType<{ readonly uri: string; readonly settings: DiagnosticSettings }, DocumentDiagnostics | null, void>(
    'document/diagnostics',
  ),
  documentHover: new RequestType<DocumentPosition, Hover | null, void>('document/hover'),
  documentCompletion: new RequestType<DocumentPosition, readonly Completion[], void>('document/completion'),
  documentFixes: new RequestType<{ readonly uri: string; readonly range: Range }, readonly CodeFix[], void>('document/fixes'),
  /** The edits of all preferred fixes. */
  documentFixAll: new RequestType<{ readonly uri: string }, readonly TextEdit[], void>('document/fixAll'),
  /** The edits that format a manifest, or the documents of it that a range reaches into. */
  documentFormat: new RequestType<FormatParams, readonly TextEdit[], void>('document/format'),
  /** What the server would set, at the ends of the lines of a range. */
  documentDefaults: new RequestType<{ readonly uri: string; readonly range: Range }, readonly InlayHint[], void>('document/defaults'),
  documentOutline: new RequestType<{ readonly uri: string }, readonly DocumentOutline[], void>('document/outline'),
  documentStructure: new RequestType<{ readonly uri: string }, readonly Outline[], void>('document/structure'),
  documentDefinition: new RequestType<DocumentPosition, readonly TextPlace[], void>('document/definition'),
  documentReferences: new RequestType<DocumentPosition & { readonly declaration: boolean }, readonly TextPlace[], void>(
    'document/references',
  ),
  documentRenameable: new RequestType<DocumentPosition, { readonly range: Range; readonly text: string } | null, void>(
    'document/renameable',
  ),
  documentRename: new RequestType<DocumentPosition & { readonly newName: string }, Renamed, void>('document/rename'),
  documentLinks: new RequestType<{ readonly uri: string }, readonly { readonly range: Range; readonly target: TextPlace }[], void>(
    'document/links',
  ),
  documentFoldings: new RequestType<{ readonly uri: string }, readonly Folding[], void>('document/foldings'),
  documentSelections: new RequestType<DocumentPosition, readonly Range[], void>('document/selections'),
  workspaceSymbols: new RequestType<{ readonly query: string }, readonly WorkspaceSymbol[], void>('workspace/symbols'),

  /** Asked once, the file is watched: `lenses/changed` says when to ask again. */
  documentLenses: new RequestType<{ readonly uri: string; readonly namespace: string }, readonly DocumentLens[], void>('document/lenses'),

  objectGet: new RequestType<ObjectRef, Answer<KubeObject>, void>('object/get'),
  objectList: new RequestType<ListParams, Answer<readonly KubeObject[]>, void>('object/list'),
  objectYaml: new RequestType<ObjectRef, Answer<string>, void>('object/yaml'),
  objectReplace: new RequestType<ReplaceParams, Answer<KubeObject>, void>('object/replace'),
  objectCreate: new RequestType<CreateParams, Answer<KubeObject>, void>('object/create'),
  objectPatch: new RequestType<PatchParams, Answer<KubeObject>, void>('object/patch'),
  objectDelete: new RequestType<DeleteParams, Answer<KubeObject>, void>('object/delete'),
  objectDescribe: new RequestType<ObjectRef, Answer<string>, void>('object/describe'),
  /** One round of it; the node is cordoned already. */
  nodeDrain: new RequestType<DrainParams, Answer<DrainRound>, void>('node/drain'),
  objectLogs: new RequestType<LogsParams, Answer<string>, void>('object/logs'),
  /** Asks for `object/changed` notifications, or for no more of them. */
  objectObserve: new RequestType<ObserveParams, null, void>('object/observe'),

  /** Answers when the step or run has ended; cancelling stops the run. */
  clockControl: new RequestType<ClockControl, ClockOutcome, void>('clock/control'),

  /** Index of a row, or null if it is not in the list as the query has it. */
  viewLocate: new RequestType<LocateParams, number | null, void>('view/locate'),
  viewFind: new RequestType<FindParams, { readonly index: number; readonly key: string } | null, void>('view/find'),
} as const;

/** Notifications of the extension. */
export const tellWorker = {
  documentChanged: new NotificationType<DocumentText>('document/changed'),
  documentClosed: new NotificationType<{ readonly uri: string }>('document/closed'),
  /** Manifests of the workspace, open or not; one that is none any more comes with an empty text. */
  filesFound: new NotificationType<{ readonly files: readonly ManifestFile[] }>('files/found'),
  logsUnfollow: new NotificationType<{ readonly follow: string }>('logs/unfollow'),
  /** Opens a list, or changes what an open one asks for. The answer is a `view/diff`. */
  viewQuery: new NotificationType<ViewParams>('view/query'),
  viewClose: new NotificationType<{ readonly view: ViewId }>('view/close'),
} as const;

/** Notifications of the worker. */
export const tellExtension = {
  /** At most one per view and frame, and only if something changed in its window. */
  viewDiff: new NotificationType<{ readonly view: ViewId; readonly diff: ViewDiff }>('view/diff'),
  clockChanged: new NotificationType<ClockState>('clock/changed'),
  objectChanged: new NotificationType<ObjectChanged>('object/changed'),
  logsAppended: new NotificationType<LogsAppended>('logs/appended'),
  lensesChanged: new NotificationType<{ readonly uris: readonly string[] }>('lenses/changed'),
  /** Of these open documents something else is to be said now: another file or the cluster has changed. */
  hintsChanged: new NotificationType<{ readonly uris: readonly string[] }>('hints/changed'),
  manifestProgress: new NotificationType<ManifestProgress>('manifest/progress'),
  /** Something a person should read in the output channel. */
  log: new NotificationType<{ readonly level: 'info' | 'warning' | 'error'; readonly message: string }>('log'),
} as const;
