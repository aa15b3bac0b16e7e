/**
 * What a list on the screen is told: keyed differences of the rows in its window, and nothing else.
 * Invariant: plain data without imports, so that the worker, the extension and browser code share it; every row is drawn
 * from API objects alone. Counterpart: none in Kubernetes; `kubectl get --watch` for a window of a tree.
 *
 * Scale: a view says which rows it shows (`window`), the projection answers with the keys in that window and the rows
 * that changed since the last answer. So the traffic follows what is on the screen, not the size of the cluster.
 */
import type { KeyRun, RowFields } from '../../base/keyedRows.ts';

/** Names one open list; chosen by the extension, unique while the list is open. */
export type ViewId = string;

export interface Window {
  /** Index of the first row that is wanted. */
  readonly first: number;
  readonly count: number;
}

export type GroupBy = 'node' | 'workload' | 'namespace';

/** `problems`: what goes wrong first; `age`: the newest first; `restarts`: most first. */
export type SortBy = 'name' | 'problems' | 'age' | 'restarts';

export interface TreeQuery {
  readonly surface: 'cluster';
  readonly groupBy: GroupBy;
  /** Undefined: by name. */
  readonly sortBy?: SortBy;
  /** Words that must all match: plain text (in the name), `label=value`, `label!=value`, `status:word`, `ns:name`, `node:name`. */
  readonly filter: string;
  /** Whether groups (nodes, workloads, namespaces) are open unless `toggled` says otherwise. Pods are closed unless toggled. */
  readonly groupsOpen: boolean;
  /** Keys of the rows that are not as the default has them. */
  readonly toggled: readonly string[];
  readonly window: Window;
}

export interface EventsQuery {
  readonly surface: 'events';
  /** Words that must all match: plain text, `type:warning`, `from:scheduler`, `reason:…`, `ns:name`, `kind:pod`. */
  readonly filter: string;
  readonly window: Window;
}

export type ViewQuery = TreeQuery | EventsQuery;

/** Colour and icon follow from the tone, the text says the same in words. */
export type Tone = 'ok' | 'busy' | 'warn' | 'error' | 'idle' | 'info';

export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty where there is none. */
  readonly namespace: string;
  readonly name: string;
}

/** Where a row stands in the tree. */
export interface RowPlace {
  /** Names the row as long as it exists, across changes. */
  readonly key: string;
  /** Tree level, from 1. */
  readonly level: number;
  /** Place among the siblings, from 1, and their number. */
  readonly position: number;
  readonly siblings: number;
  /** Undefined: nothing below it. */
  readonly expanded: boolean | undefined;
  /** Key of the row above it in the tree; undefined at level 1. */
  readonly parent: string | undefined;
}

/** A heading such as Unscheduled or Nodes. */
export interface SectionRow extends RowPlace {
  readonly type: 'section';
  readonly title: string;
  readonly count: number;
}

/** Something with an amount that can be used up; whole units (millicores, bytes, Pods). */
export interface Meter {
  readonly requested: number;
  /** Undefined where nothing measures it. */
  readonly used: number | undefined;
  readonly capacity: number;
}

export interface NodeRow extends RowPlace {
  readonly type: 'node';
  readonly ref: ObjectRef;
  readonly name: string;
  readonly tone: Tone;
  /** `Ready`, `NotReady`, `Ready,SchedulingDisabled` */
  readonly status: string;
  /** What a person should know beside the status: `zone a`, `control plane`. */
  readonly detail: string;
  /** Since when it has been unreachable, and when its Pods will be evicted; virtual milliseconds since 1970. */
  readonly unreachableSince: number | undefined;
  readonly evictsAt: number | undefined;
  readonly cordoned: boolean;
  /** The type of the fault that is on it, or undefined. */
  readonly fault: string | undefined;
  readonly controlPlane: boolean;
  /** Millicores. */
  readonly cpu: Meter;
  /** Bytes. */
  readonly memory: Meter;
  readonly pods: Meter;
}

/** A workload or a namespace that Pods are grouped under. */
export interface GroupRow extends RowPlace {
  readonly type: 'group';
  /** Undefined for Pods without a controller. */
  readonly ref: ObjectRef | undefined;
  readonly name: string;
  readonly detail: string;
  readonly tone: Tone;
  /** `3/3 ready` */
  readonly status: string;
}

export interface PodRow extends RowPlace {
  readonly type: 'pod';
  readonly ref: ObjectRef;
  readonly name: string;
  readonly tone: Tone;
  /** The STATUS column of kubectl. */
  readonly status: string;
  /** The READY column: `1/2`. */
  readonly ready: string;
  readonly restarts: number;
  /** Why it is not bound, not ready; empty if there is nothing to say; `same reason` as the row above. */
  readonly detail: string;
  /** The same in full, whatever the row above says. */
  readonly reason: string;
  readonly nodeName: string;
  readonly podIP: string;
  /** Virtual milliseconds since 1970. */
  readonly createdAt: number;
  /** No controller makes it again. */
  readonly bare: boolean;
}

export interface ContainerRow extends RowPlace {
  readonly type: 'container';
  /** Its Pod. */
  readonly ref: ObjectRef;
  readonly name: string;
  readonly role: 'container' | 'init' | 'sidecar' | 'ephemeral';
  readonly tone: Tone;
  /** `Running`, `Waiting: CrashLoopBackOff`, `Terminated: Completed` */
  readonly status: string;
  readonly image: string;
  readonly restarts: number;
}

/** What the extension writes to make something go wrong. */
export type { Fault, FaultSpec, FaultType } from '../../api/kubepad/types.ts';

/** Something that goes wrong by somebody's wish. */
export interface FaultRow extends RowPlace {
  readonly type: 'fault';
  readonly ref: ObjectRef;
  readonly name: string;
  readonly tone: Tone;
  /** `Active`, `Pending` */
  readonly status: string;
  /** `CrashLoop pods/default/app=web · hit 3` */
  readonly detail: string;
  /** When it ends by itself; virtual milliseconds since 1970. */
  readonly endsAt: number | undefined;
}

/** A line that only says something: `No Pods on this node.` */
export interface NoteRow extends RowPlace {
  readonly type: 'note';
  readonly text: string;
}

export type TreeRow = SectionRow | FaultRow | NodeRow | GroupRow | PodRow | ContainerRow | NoteRow;

export interface EventRow {
  readonly type: 'event';
  readonly key: string;
  readonly ref: ObjectRef;
  /** The object that the event is about. */
  readonly about: ObjectRef;
  /** Virtual milliseconds since 1970. */
  readonly firstAt: number;
  readonly lastAt: number;
  readonly count: number;
  readonly severity: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** The component that reported it. */
  readonly from: string;
}

export type Row = TreeRow | EventRow;

export interface Health {
  readonly nodesReady: number;
  readonly nodes: number;
  readonly running: number;
  readonly pending: number;
  readonly failing: number;
  readonly succeeded: number;
  readonly terminating: number;
}

/** Which row of the window, counted from `first`, and what of it. */
export type RowPatch = readonly [offset: number, fields: RowFields];

/** What changed in one list since the last message of that list. */
export interface ViewDiff<R extends Row = Row> {
  /** Grows by one with every message of a view; the first message holds everything. */
  readonly sequence: number;
  /** The number of rows of the whole list. */
  readonly total: number;
  /** Without filter there would be so many objects (Pods or events); tells an empty cluster from an empty result. */
  readonly objects: number;
  readonly first: number;
  /** Keys of the rows from `first` on; undefined: the same as in the last message. */
  readonly keys?: readonly KeyRun[];
  /** Rows that the last message's window did not have. */
  readonly rows: readonly R[];
  /** Rows that it had and that are different now. */
  readonly patches: readonly RowPatch[];
  /** Undefined: unchanged. */
  readonly health?: Health;
}

/** What goes wrong now, whatever the lists show. */
export interface Problems {
  /** Pods that fail. */
  readonly pods: number;
  /** Nodes that are not ready. */
  readonly nodes: number;
}

/** Virtual time, and how it passes; and how the cluster is, for whoever sees nothing else of it. */
export interface ClockState {
  readonly problems?: Problems;
  /** Virtual milliseconds since 1970. */
  readonly now: number;
  /** When the cluster began; day 1 starts here. */
  readonly start: number;
  readonly paused: boolean;
  /** Virtual seconds per real second; `max`: as fast as the machine can. */
  readonly speed: number | 'max';
  /** A run (a step, until stable) is under way; it can be stopped. */
  readonly running: boolean;
  readonly stable: boolean;
  /** Whose cluster is shown in place of the editor's own, which goes on unseen. */
  readonly guest?: 'scenario' | 'tour' | 'fork';
  /** What-if clusters that can be shown. */
  readonly forks?: readonly { readonly key: string; readonly name: string; /** All views show it. */ readonly shown: boolean }[];
  /** What all lists show instead of the present: the moment of a revision, virtual milliseconds since 1970. */
  readonly past?: {
    readonly revision: number;
    readonly at: number;
    /** What ran in containers then can be looked at; otherwise their panels show the present. */
    readonly inside: boolean;
  };
  /** What is shown is no simulation: time is that of the wall, `start` is 0, and nothing of this can be set. */
  readonly real?: RealTarget;
}

/** A real cluster that all lists show instead of the simulated one. */
export interface RealTarget {
  /** Of the kubeconfig. */
  readonly context: string;
  readonly server: string;
  /** `v1.36.3` */
  readonly version: string;
  /** Of the context; `default` if it names none. */
  readonly namespace: string;
  readonly state: 'connected' | 'lost';
  /** Why it is lost, and what the user may not see; empty: nothing to say. */
  readonly message: string;
}

/** A change of the spec of Clock `cluster` (kubepad.dev/v1); the worker writes it through the API. */
export interface ClockControl {
  readonly paused?: boolean;
  readonly speed?: number | 'max';
  /** Virtual milliseconds to run from now; the clock is paused afterwards. */
  readonly stepMs?: number;
  readonly runUntil?: 'settled' | 'stable';
}
