/** The map as a panel shows it: what leads where in boxes and lines, and what goes along them. */
import type { Keyed } from '../../../base/parts.ts';
import type { GroupBy, ObjectRef, Tone } from '../../protocol/view.ts';

export type MapTab = 'traffic' | 'control';

export interface MapQuery {
  readonly surface: 'map';
  readonly tab: MapTab;
  /** What Pods are gathered by. */
  readonly groupBy: GroupBy;
  /** Empty: all. */
  readonly namespace: string;
  /** A part of names; what leads to a match and what it leads to is shown, too. */
  readonly filter: string;
  /** Only what is on a way with something wrong. */
  readonly problems: boolean;
  /** Only what is on a way with this object. */
  readonly focus: ObjectRef | undefined;
  /** Keys of groups that are not as the default has them: open while there are few Pods. */
  readonly toggled: readonly string[];
}

/** From left to right. */
export type Column = 'client' | 'ingress' | 'service' | 'endpoints' | 'pods' | 'node';

/** Requests of Loads in the last seconds of virtual time. */
export interface FlowModel {
  readonly perSecond: number;
  /** Of these, those that get no good answer, here or further on. */
  readonly failing: number;
}

export interface NodeModel extends Keyed {
  readonly column: Column;
  /** `Service`, `EndpointSlice`, `Pod`, `Deployment`, `Namespace`. */
  readonly kind: string;
  readonly name: string;
  /** Empty where there is none. */
  readonly namespace: string;
  /** Undefined: it stands for several things, or for none. */
  readonly ref: ObjectRef | undefined;
  readonly tone: Tone;
  readonly status: string;
  /** What is wrong, in a sentence; else empty. */
  readonly why: string;
  readonly flow: FlowModel;
  /** A group of Pods: whether they are drawn. Undefined: nothing to open. */
  readonly expanded: boolean | undefined;
  /** The open group that it is drawn in. */
  readonly parent: string | undefined;
}

export interface EdgeModel extends Keyed {
  /** Keys of nodes. */
  readonly from: string;
  readonly to: string;
  /** idle: nothing can go there now. */
  readonly tone: Tone;
  /** What it means: `backend /cart`, `2 ready, 1 not ready`. */
  readonly text: string;
  readonly flow: FlowModel;
}

export interface HeadModel {
  readonly namespaces: readonly string[];
  readonly pods: number;
  /** All that is sent. */
  readonly flow: FlowModel;
  /** Nodes that stand for several because there are too many to be drawn. */
  readonly folded: number;
  /** Without filters there would be so many nodes. */
  readonly all: number;
}

/** A program of the control plane, a controller in one, or a program of a node. */
export interface PartModel extends Keyed {
  /** From left to right: controllers, who asks, the API server, what is behind it, nodes. */
  readonly column: 0 | 1 | 2 | 3 | 4;
  readonly kind: string;
  readonly name: string;
  readonly tone: Tone;
  readonly status: string;
  /** What follows from its state, in a sentence; else empty. */
  readonly why: string;
  /** Writes a second. */
  readonly perSecond: number;
  readonly expanded: boolean | undefined;
  readonly parent: string | undefined;
  /** As a Fault names it; undefined: there is no switch. */
  readonly component: string | undefined;
  /** Of a node's program. */
  readonly node: string | undefined;
  /** Faults that stop it and nothing else; to switch it on they are ended. */
  readonly faults: readonly string[];
}

/** A way of requests between two parts; the left one first. */
export interface WayModel extends Keyed {
  readonly from: string;
  readonly to: string;
  readonly tone: Tone;
  readonly perSecond: number;
}

/** A request that changed something. */
export interface RequestModel extends Keyed {
  readonly revision: number;
  readonly at: number;
  /** The key of the part that made it; it may be drawn in a group that is closed. */
  readonly part: string;
  readonly actor: string;
  readonly verb: string;
  /** `Pod default/web-1` */
  readonly what: string;
  /** What it was told of before: `ReplicaSet default/web`; empty: nothing that is known. */
  readonly told: string;
}

export interface ControlModel {
  readonly parts: readonly PartModel[];
  readonly ways: readonly WayModel[];
  /** The last ones, the newest first. */
  readonly requests: readonly RequestModel[];
}

/** The parts of the tab that is asked for. */
export interface MapModel extends TrafficModel, ControlModel {}

export interface TrafficModel {
  readonly head: HeadModel;
  /** By columns, then by names. */
  readonly nodes: readonly NodeModel[];
  readonly edges: readonly EdgeModel[];
}
