/** The inside of one container as a panel shows it: a head for all tabs, and the parts of the tab that is asked for. */
import type { Keyed } from '../../../base/parts.ts';
import type { ObjectRef, Tone } from '../../protocol/view.ts';

export type ContainerTab = 'overview' | 'files' | 'processes' | 'environment' | 'network' | 'logs' | 'neighbours';

export interface ContainerQuery {
  readonly surface: 'container';
  /** Its Pod. */
  readonly ref: ObjectRef;
  /** Undefined: the one that kubectl takes. */
  readonly container: string | undefined;
  readonly tab: ContainerTab;
  /** Directories that are open, by their paths. */
  readonly open: readonly string[];
  /** The log of the start before the newest one. */
  readonly previous: boolean;
}

export interface HeadModel {
  readonly container: string;
  /** All containers of the Pod, those for its beginning first. */
  readonly containers: readonly string[];
  readonly pod: string;
  readonly namespace: string;
  readonly node: string;
  readonly image: string;
  readonly tone: Tone;
  /** `Running`, `Waiting: CrashLoopBackOff`, `Terminated: OOMKilled, exit code 137` */
  readonly status: string;
  readonly restarts: number;
  /** Virtual milliseconds since 1970; undefined: it does not run. */
  readonly startedAt: number | undefined;
  /** Why nothing is to be seen inside; empty if there is. */
  readonly nothing: string;
}

/** A resource of the control group. */
export interface ResourceModel {
  readonly used: number;
  readonly requested: number;
  /** Undefined: none. */
  readonly limit: number | undefined;
  /** What the machine has. */
  readonly host: number;
}

export interface GroupModel {
  /** Millicores. */
  readonly cpu: ResourceModel;
  /** Bytes. */
  readonly memory: ResourceModel;
  /** Bytes that it has written on the node's disk, its log included. */
  readonly disk: ResourceModel;
  /** What it would use without its limit, millicores. */
  readonly wantedCpu: number;
  /** The share of the wanted CPU that the limit keeps from it, 0 to 1. */
  readonly throttled: number;
  /** How long a request waits for its turn at the CPU. */
  readonly waitMs: number;
  readonly qos: string;
  /** Ends by the kernel for want of memory, of the starts that are remembered. */
  readonly oomKills: number;
  readonly oomScoreAdj: number;
  readonly files: readonly (Keyed & { readonly value: string })[];
}

/** One look at what it uses; virtual time. */
export interface SampleModel extends Keyed {
  readonly atMs: number;
  readonly milliCpu: number;
  readonly memoryBytes: number;
}

export interface StartModel extends Keyed {
  readonly number: number;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  readonly outcome: string;
  readonly tone: Tone;
}

export interface ProcessModel extends Keyed {
  readonly pid: number;
  readonly parent: number;
  readonly user: string;
  readonly command: string;
  readonly cwd: string;
  readonly state: string;
  readonly startedAt: number;
  readonly memoryBytes: number;
  readonly milliCpu: number;
  readonly openFiles: number;
}

export interface FileModel extends Keyed {
  /** The key is the path. */
  readonly name: string;
  /** From 1. */
  readonly level: number;
  readonly kind: 'directory' | 'file' | 'device' | 'removed' | 'more';
  /** Undefined: nothing to open. */
  readonly expanded: boolean | undefined;
  readonly position: number;
  readonly siblings: number;
  readonly sizeBytes: number;
  /** `drwxr-xr-x` */
  readonly mode: string;
  readonly origin: 'image' | 'written' | 'mount';
  /** `image layer 3: COPY server.js`, `ConfigMap web-config`, `written by the container`. */
  readonly from: string;
  readonly readOnly: boolean;
}

export interface LayerModel extends Keyed {
  readonly name: string;
  readonly digest: string;
  readonly sizeBytes: number;
  readonly kind: 'image' | 'writable';
}

export interface MountModel extends Keyed {
  readonly path: string;
  readonly source: string;
  readonly readOnly: boolean;
  readonly writtenBytes: number;
}

export interface VariableModel extends Keyed {
  readonly value: string;
  readonly source: string;
  readonly isSecret: boolean;
}

export interface NetworkModel {
  readonly hostName: string;
  /** Whose network it is: the Pod's, which its containers share, or the machine's. */
  readonly scope: 'Pod' | 'machine';
  readonly nameservers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
  readonly hosts: string;
}

export interface InterfaceModel extends Keyed {
  readonly address: string;
}

export interface ListeningModel extends Keyed {
  readonly port: number;
  readonly protocol: string;
  readonly speaks: string;
  readonly container: string;
  readonly command: string;
  /** The name that the Pod gives it; empty: none. */
  readonly name: string;
}

/** A way by which others reach it. */
export interface ReachedModel extends Keyed {
  /** `Service web`, `Ingress shop` */
  readonly by: string;
  readonly ref: ObjectRef;
  /** `10.96.0.12:80`, `http://shop.example.com/` */
  readonly at: string;
  readonly port: string;
  readonly tone: Tone;
  readonly state: string;
}

/** Who sends to it now. */
export interface ConnectionModel extends Keyed {
  readonly from: string;
  readonly ref: ObjectRef;
  readonly by: string;
  readonly rate: string;
  readonly state: string;
}

export interface PolicyModel extends Keyed {
  readonly from: string;
  readonly to: string;
  readonly port: string;
  readonly allowed: boolean;
  readonly text: string;
}

export interface LogModel extends Keyed {
  readonly atMs: number;
  readonly text: string;
}

export interface NeighbourModel extends Keyed {
  readonly pod: string;
  readonly namespace: string;
  readonly ref: ObjectRef;
  readonly own: boolean;
  readonly status: string;
  readonly tone: Tone;
  readonly qos: string;
  readonly cpu: ResourceModel;
  readonly memory: ResourceModel;
}

export interface HostModel {
  readonly name: string;
  readonly pods: number;
  readonly podLimit: number;
  readonly cpu: ResourceModel;
  readonly memory: ResourceModel;
}

export interface ContainerModel {
  readonly head: HeadModel;
  readonly group?: GroupModel;
  readonly samples?: readonly SampleModel[];
  readonly starts?: readonly StartModel[];
  readonly processes?: readonly ProcessModel[];
  readonly files?: readonly FileModel[];
  readonly layers?: readonly LayerModel[];
  readonly mounts?: readonly MountModel[];
  readonly variables?: readonly VariableModel[];
  readonly network?: NetworkModel;
  readonly interfaces?: readonly InterfaceModel[];
  readonly listening?: readonly ListeningModel[];
  readonly reached?: readonly ReachedModel[];
  readonly connections?: readonly ConnectionModel[];
  readonly policies?: readonly PolicyModel[];
  readonly log?: readonly LogModel[];
  /** Lines before the first that is shown; why there is no log. */
  readonly logNote?: string;
  readonly neighbours?: readonly NeighbourModel[];
  readonly host?: HostModel;
}
