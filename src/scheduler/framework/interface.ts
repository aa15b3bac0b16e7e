/**
 * What a scheduler plugin is: small optional parts, one for each extension point, all free of exceptions.
 * Invariant: a plugin reads the NodeInfo and the CycleState it is given and writes nothing but its own CycleState entry.
 * Counterpart: k8s.io/kube-scheduler/framework.
 */
import type { Json } from '../../base/json.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import type { Client } from '../../client/client.ts';
import type { Change } from '../../client/watchCursor.ts';
import type { PodCounter, PodSelection } from '../backend/cache/podCounter.ts';
import type { TermGroup } from '../backend/cache/placedTerms.ts';
import type { TermKind } from './affinityTerm.ts';
import type { NodeInfo } from './nodeInfo.ts';
import type { Status } from './status.ts';

/** What plugins remember within one attempt at one Pod; each under its own name. */
export type CycleState = Map<string, unknown>;

/** What plugins may see beside the node at hand. */
export interface Handle {
  readonly now: () => number;
  /** All nodes of the snapshot, in the order in which they are visited. */
  readonly nodeInfos: () => readonly NodeInfo[];
  readonly nodeInfo: (name: string) => NodeInfo | undefined;
  /** How many nodes list the image, and its size in bytes. */
  readonly imageState: (image: string) => ImageState | undefined;
  /** Runs all filters for the Pod on a node, with the state given; undefined when it fits. */
  readonly runFilters: (state: CycleState, pod: Pod, node: NodeInfo) => Status | undefined;
  readonly runPreFilterAddPod: (state: CycleState, pod: Pod, added: Pod, node: NodeInfo) => void;
  readonly runPreFilterRemovePod: (state: CycleState, pod: Pod, removed: Pod, node: NodeInfo) => void;
  /** Counts of the Pods that a selection speaks of, by node and by topology domain; kept up to date, never counted anew. */
  readonly podCounter: (selection: PodSelection) => PodCounter;
  /** The terms of placed Pods that mean this Pod, with the domains in which those Pods are. */
  readonly termsAbout: (kind: TermKind, pod: Pod) => readonly TermGroup[];
  /** Whether a placed Pod uses the claim `namespace/name`. */
  readonly isClaimUsed: (key: string) => boolean;
  readonly reader: SchedulerReader;
}

/** What plugins may do beside reading when a Pod has been given a node. */
export interface BindingHandle extends Handle {
  readonly client: Pick<Client, 'create' | 'delete' | 'modify' | 'updateStatus'>;
}

export interface ImageState {
  readonly sizeBytes: number;
  readonly nodes: number;
}

/** Reads of objects other than Pods and Nodes. */
export interface SchedulerReader {
  list(resource: string, namespace?: string): readonly unknown[];
  get(resource: string, namespace: string, name: string): unknown;
  /** Of an index that a plugin declares, or that the store has anyway. */
  byIndex(resource: string, index: string, key: string): readonly unknown[];
}

export interface PreFilterResult {
  readonly status?: Status;
  /** Only these nodes are worth a look; undefined: all. */
  readonly nodeNames?: ReadonlySet<string>;
}

export interface PostFilterResult {
  readonly status?: Status;
  /** Pods to be deleted so that the Pod fits on `nominatedNode`. */
  readonly victims?: readonly Pod[];
  readonly nominatedNode?: string;
}

/** A way to find objects that a plugin asks for often. */
export interface ObjectIndex {
  readonly resource: string;
  readonly name: string;
  readonly keys: (object: KubeObject) => readonly string[];
}

/** How a plugin waits for what it has begun. */
export interface BindingWait {
  /** How often it looks, milliseconds. */
  readonly everyMs: number;
  /** It looks at once, too: then the Pod may not have to wait at all. */
  readonly atOnce?: boolean;
  readonly timeoutMs: number;
  /** What is said when the time is over. */
  readonly timedOut: string;
  /** Told as an event of the Pod when it has to wait: reason and text. */
  readonly announce?: readonly [reason: string, message: string];
}

/** What has to happen before a Pod can be bound to the node that was chosen. */
export interface PreBindPlan {
  /** The claims whose changes are worth a look: `namespace/name`, of devices as `resourceClaimWatch` has it. */
  readonly claims: readonly string[];
  /** For the plugin's `preBind` and `preBindDone`. */
  readonly plan: Json;
  readonly wait: BindingWait;
}

/** A change after which a Pod that this plugin refused may fit. */
export interface ClusterEvent {
  readonly resource: 'pods' | 'nodes' | string;
  /** Called with each change of the resource; false means: it cannot help this Pod. Absent: any change may help. */
  readonly helps?: (pod: Pod, change: Change, reader: SchedulerReader) => boolean;
}

export interface Plugin {
  readonly name: string;
  /** Score's share in the total; 1 unless told. */
  readonly weight?: number;
  readonly events?: readonly ClusterEvent[];
  readonly indexes?: readonly ObjectIndex[];
  /**
   * Present where Filter, Score and what `events` say about other objects follow from the NodeInfo (or the change) and this
   * part of the Pod alone: then they are asked once for all Pods that give an equal answer here, until the node changes.
   */
  readonly sign?: (pod: Pod) => unknown;
  readonly preEnqueue?: (pod: Pod, reader: SchedulerReader) => Status | undefined;
  readonly preFilter?: (state: CycleState, pod: Pod, handle: Handle) => PreFilterResult | Status | undefined;
  readonly addPod?: (state: CycleState, pod: Pod, added: Pod, node: NodeInfo) => void;
  readonly removePod?: (state: CycleState, pod: Pod, removed: Pod, node: NodeInfo) => void;
  readonly filter?: (state: CycleState, pod: Pod, node: NodeInfo, handle: Handle) => Status | undefined;
  readonly postFilter?: (state: CycleState, pod: Pod, filtered: ReadonlyMap<string, Status>, handle: BindingHandle) => PostFilterResult;
  readonly preScore?: (state: CycleState, pod: Pod, nodes: readonly NodeInfo[], handle: Handle) => Status | undefined;
  /** The raw score that all nodes get this time, where that is known after PreScore: `score` is not asked then. */
  readonly sameScore?: (state: CycleState) => number | undefined;
  /** A whole number; 0 to 100 if there is no `normalizeScore`. */
  readonly score?: (state: CycleState, pod: Pod, node: NodeInfo, handle: Handle) => number;
  /** Turns the raw scores of all nodes into 0 to 100, in place. */
  readonly normalizeScore?: (state: CycleState, pod: Pod, scores: number[], nodes: readonly NodeInfo[]) => void;
  /** Undefined: the Pod can be bound at once. It is Reserve, too: nothing else happens between it and `preBind`. */
  readonly preBindPreFlight?: (state: CycleState, pod: Pod, node: NodeInfo, handle: Handle) => PreBindPlan | undefined;
  /** Writes what the plan says. The scheduler goes on with other Pods until `preBindDone`. */
  readonly preBind?: (plan: Json, pod: Pod, node: string, handle: BindingHandle) => Status | undefined;
  /** Whether what the plan waits for has come; a Status: it will not, and another node is to be tried. */
  readonly preBindDone?: (plan: Json, pod: Pod, node: string, handle: Handle) => boolean | Status;
  /** The Pod does not go to the node after all: takes back what `preBind` wrote and another Pod may need. */
  readonly unreserve?: (plan: Json, pod: Pod, node: string, handle: BindingHandle) => void;
}

export const MAX_NODE_SCORE = 100;
