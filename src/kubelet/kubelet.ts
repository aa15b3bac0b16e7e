import type { Draft, Json, JsonObject } from '../base/json.ts';
import type { Node, Pod, PodStatus } from '../api/schema/types/core/v1.ts';
import type { KubeObject, ResourceType } from '../apimachinery/meta/resource.ts';
import type { Client } from '../client/client.ts';
import type { EventRecorder, EventType } from '../client/eventRecorder.ts';
import type { ImageCatalog } from '../runtime/images/catalog.ts';
import type { Station } from '../runtime/network.ts';
import type { RandomStream } from '../sim/random.ts';
import type { Fault } from '../api/kubepad/types.ts';
import type { ImageHolders } from './imageHolders.ts';
import type { Programs } from './programs/programs.ts';
import type { Worlds } from './programs/worlds.ts';
import type { FaultIndex } from './faults/faultIndex.ts';
import type { NodeState, PodState, Timer } from './state.ts';

/** What a timer of a Pod is for. */
export type PodTimer = 'look' | 'resync' | 'step' | 'deadline' | 'effect' | 'probe' | 'pull' | 'stop' | 'process' | 'disk';

/** The same of nodes; `hits` and `images` are of all of them. */
export type NodeTimer = 'beat' | 'boot' | 'evict' | 'expand' | 'hits' | 'imagegc' | 'images' | 'shutdown' | 'volumes';

/** Objects that Pods refer to. */
export type Referenced = 'configmaps' | 'secrets';

/** What the functions of this room need of the world; the component in kubelets.ts provides it. */
export interface Kubelet {
  readonly catalog: ImageCatalog;
  /** Which nodes have which Image. */
  readonly holders: ImageHolders;
  /** The processes in containers. */
  readonly programs: Programs;
  /** The files that containers have written. */
  readonly worlds: Pick<Worlds, 'layersOf' | 'dropFiles' | 'dropLayers'>;
  /** What goes wrong now. */
  readonly faults: FaultIndex;
  now(): number;
  node(name: string): NodeState;
  nodeObject(name: string): Node | undefined;
  random(node: string): RandomStream;
  /** The Pods of a node that the kubelet holds state of. */
  podsOf(node: string): readonly PodState[];
  state(uid: string): PodState | undefined;
  /** The Pod as the API server has it, or had it last. */
  pod(state: PodState): Pod;
  /** As whom the node's kubelet speaks to the API server; undefined while it cannot. */
  connectionOf(node: string): { readonly client: Client; readonly events: EventRecorder } | undefined;
  get<T extends KubeObject>(type: ResourceType<T>, namespace: string, name: string): T | undefined;
  hasObject(resource: Referenced, namespace: string, name: string): Readonly<Record<string, unknown>> | undefined;
  event(state: PodState, type: EventType, reason: string, message: string, container?: string): void;
  writeStatus(state: PodState, status: Draft<PodStatus>): void;
  /** Asks the API server to let the object go. */
  deletePod(state: PodState): void;
  /** What the requests of many clients make a container use, and how long they wait there; undefined: nothing. */
  loadOn(podUid: string, container: string): { readonly nanoCpu: number; readonly waitMs: number } | undefined;
  /** A process asked a server in a Pod for something. @returns how long the answer takes, milliseconds */
  requested(pod: Pod, port: number, station: Station): number;
  /** Notes that the Pod feels a fault. */
  hit(fault: Fault, pod: Pod): void;
  /** An image was put on the node's disk. */
  imageArrived(node: NodeState): void;
  /** A timer that is not a Pod's. */
  scheduleOwn(type: NodeTimer, atMs: number, payload: JsonObject, background: boolean): void;
  /** Drops everything about a Pod that is gone. */
  forget(state: PodState): void;
  /** Has the Pod looked at as soon as that is possible. */
  requestSync(state: PodState): void;
  /** @param background it changes nothing if all goes on as it does now */
  schedule(state: PodState, what: PodTimer, atMs: number, detail?: Json, background?: boolean): Timer;
  cancel(timer: Timer | null): void;
}

/** The last look at the runtime at or before a time. Every node looks once a second, each at its own moment. */
export function lastLook(node: NodeState, atMs: number): number {
  return atMs - modulo(atMs - node.relistPhaseMs, LOOK_INTERVAL_MS);
}

/** The first look at the runtime after a time. */
export function nextLook(node: NodeState, atMs: number): number {
  return lastLook(node, atMs) + LOOK_INTERVAL_MS;
}

/** Retries are taken up once a second: the first such moment at or after a time. */
export function nextQueueTick(node: NodeState, atMs: number): number {
  const rest = modulo(atMs - node.queuePhaseMs, LOOK_INTERVAL_MS);
  return rest === 0 ? atMs : atMs + LOOK_INTERVAL_MS - rest;
}

const LOOK_INTERVAL_MS = 1000;

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
