/**
 * The kubelets of all nodes as one component: nodes register and send heartbeats, Pods bound to them are run.
 * Invariant: all memory is in `NodeState` and `PodState` records, found by name and uid; a change of a Pod costs nothing per node.
 * Counterpart: one kubelet process per machine (k8s.io/kubernetes/pkg/kubelet).
 */
import type { Draft, Json, JsonObject } from '../base/json.ts';
import { RecordMap } from '../base/recordMap.ts';
import { CONFIGMAPS, NODES, PERSISTENTVOLUMECLAIMS, PODS, SECRETS } from '../api/schema/resources.ts';
import type { Node, PersistentVolumeClaim, Pod, PodStatus } from '../api/schema/types/core/v1.ts';
import { IMAGES } from '../api/kubepad/image/types.ts';
import { hitName } from '../api/kubepad/fault/match.ts';
import { FAULTS, NODEPOOLS, type Fault } from '../api/kubepad/types.ts';
import type { KubeObject, ResourceType } from '../apimachinery/meta/resource.ts';
import { imagesInRepository, imagesWithDigest } from '../apiserver/imageIndex.ts';
import type { ApiServer } from '../apiserver/apiServer.ts';
import type { Client } from '../client/client.ts';
import type { EventType } from '../client/eventRecorder.ts';
import { WatchCursor, type Change } from '../client/watchCursor.ts';
import { ImageCatalog } from '../runtime/images/catalog.ts';
import type { Network, Servers } from '../runtime/network.ts';
import type { LogEntry } from '../runtime/logs.ts';
import type { Component, SimEvent } from '../sim/component.ts';
import type { RandomStream } from '../sim/random.ts';
import { WAKE, type Simulation } from '../sim/simulation.ts';
import { fieldPathOf } from './containers.ts';
import { diskFilled, watchNode } from './eviction/manager.ts';
import { onClaimChange } from './expandVolume.ts';
import { FaultIndex } from './faults/faultIndex.ts';
import { Hits } from './faults/hits.ts';
import { onFaultChange } from './faults/onFaultChange.ts';
import { ImageHolders } from './imageHolders.ts';
import { Identities } from './identities.ts';
import type { Kubelet, NodeTimer, PodTimer, Referenced } from './kubelet.ts';
import type { KubeletMode } from './mode.ts';
import { NodeKeeper } from './node/keeper.ts';
import { onNodeTimer } from './node/timers.ts';
import { isMirror } from './staticpods/mirror.ts';
import { onPoolChange } from './staticpods/manager.ts';
import { abandon } from './halt.ts';
import { onPodChange, onPodTimer } from './podEvents.ts';
import { requestSync } from './podWorkers.ts';
import { programsHost, surroundingsOf } from './programs/host.ts';
import { Programs } from './programs/programs.ts';
import { Worlds } from './programs/worlds.ts';
import { entriesOf, type LogRequest } from './server/entries.ts';
import { usageOf, type MeasuredUsage } from './server/usage.ts';
import { KubeletServer, type ServerHost } from './server/server.ts';
import { PodServers } from './server/servers.ts';
import type { NodeState, PodState, Timer } from './state.ts';

export interface KubeletEnvironment extends Pick<Kubelet, 'loadOn' | 'requested'> {
  readonly simulation: Simulation;
  readonly api: ApiServer;
  /** For nodes that say nothing by annotation. */
  readonly mode: KubeletMode;
  /** What processes in containers reach. */
  readonly network: () => Network;
}

export interface Kubelets extends Component {
  /** The kubelets' own API. */
  serve(host: ServerHost): KubeletServer;
  /** What the Pods answer to the network. */
  servers(): Servers;
  readonly worlds: Pick<Worlds, 'outsideActs'>;
  /** What a container has written; undefined if it never started (or its Pod is not on a simulated node). */
  readLogs(request: LogRequest): readonly LogEntry[] | undefined;
  /** What the running containers of a Pod use now. */
  usage(pod: Pod): readonly MeasuredUsage[];
}

export function createKubelets(environment: KubeletEnvironment): Kubelets {
  return new KubeletComponent(environment);
}

const NAME = 'kubelet';
const HITS_DELAY_MS = 1_000;

export class KubeletComponent implements Kubelets, Kubelet {
  readonly name = NAME;
  readonly catalog: ImageCatalog;
  readonly holders: ImageHolders;
  readonly mode: KubeletMode;
  readonly api: ApiServer;
  readonly keeper: NodeKeeper;
  readonly faults = new FaultIndex();
  readonly hits: Hits;
  readonly network: () => Network;
  readonly loadOn: Kubelet['loadOn'];
  readonly requested: Kubelet['requested'];
  private readonly simulation: Simulation;
  private readonly cursor: WatchCursor;
  private readonly pods = new RecordMap<PodState>();
  private readonly byNode = new Map<string, Set<string>>(); // Node name > uids of its Pods, derived from `pods`.
  readonly worlds = new Worlds();
  readonly programs: Programs;
  private readonly identities: Identities;

  constructor({ simulation, api, mode, network, loadOn, requested }: KubeletEnvironment) {
    this.network = network;
    this.loadOn = loadOn;
    this.requested = requested;
    this.simulation = simulation;
    this.api = api;
    this.mode = mode;
    this.identities = new Identities(api, () => this.now());
    this.cursor = new WatchCursor(api.store, NAME, [FAULTS, IMAGES, NODEPOOLS, NODES, PERSISTENTVOLUMECLAIMS, PODS]);
    this.hits = new Hits(this.clientOf(''), () => this.scheduleOwn('hits', this.now() + HITS_DELAY_MS, {}, false));
    this.catalog = new ImageCatalog({
      inRepository: (name) => imagesInRepository(api.store, name),
      withDigest: (digest) => imagesWithDigest(api.store, digest),
    });
    this.holders = new ImageHolders(this.clientOf(''), this.catalog, () =>
      this.scheduleOwn('images', this.now() + HITS_DELAY_MS, {}, false),
    );
    this.keeper = new NodeKeeper(this);
    this.programs = new Programs(
      surroundingsOf(this, this.worlds, (uid) => this.pods.peek(uid)),
      programsHost(this),
    );
  }

  start(): void {
    this.simulation.wake(NAME);
  }

  handle({ type, payload }: SimEvent): void {
    if (type === WAKE) this.observe();
    else if (!onNodeTimer(this, type as NodeTimer, payload)) {
      const { uid, detail } = payload as { readonly uid: string; readonly detail?: Json };
      // What was written at this very instant is seen first: the Pod of the timer may be gone.
      this.observe();
      const state = this.pods.get(uid);
      if (state !== undefined) onPodTimer(this, state, type as PodTimer, detail ?? null);
    }
  }

  readLogs(request: LogRequest): readonly LogEntry[] | undefined {
    const pod = this.clientOf('').get(PODS, request.namespace, request.pod);
    return pod === undefined ? undefined : entriesOf(this.programs, pod, this.pods.peek(pod.metadata.uid ?? ''), request, this.now());
  }

  usage(pod: Pod): readonly MeasuredUsage[] {
    return usageOf(this, pod, this.pods.peek(pod.metadata.uid ?? ''));
  }

  servers(): Servers {
    return new PodServers(this, (uid) => this.pods.peek(uid));
  }

  serve(host: ServerHost): KubeletServer {
    return new KubeletServer(
      {
        ...surroundingsOf(this, this.worlds, (uid) => this.pods.peek(uid)),
        programs: this.programs,
        state: (uid) => this.pods.peek(uid),
        serves: (node) => this.keeper.find(node) !== undefined && this.keeper.isConnected(node),
        usage: (pod) => this.usage(pod),
      },
      host,
    );
  }

  checkpoint(): JsonObject {
    return {
      cursor: this.cursor.checkpoint(),
      catalog: this.catalog.checkpoint(),
      keeper: this.keeper.checkpoint(),
      faults: this.faults.checkpoint(),
      hits: this.hits.checkpoint(),
      holders: this.holders.checkpoint(),
      pods: this.pods.snapshot() as unknown as Json,
      worlds: this.worlds.checkpoint(),
      recorders: this.identities.checkpoint(),
    };
  }

  restore(memory: Json): void {
    const state = memory as JsonObject;
    this.cursor.restore(state['cursor'] ?? {});
    this.catalog.restore(state['catalog'] ?? { entries: [], kept: [] });
    this.keeper.restore(state['keeper'] ?? {});
    this.faults.restore(state['faults'] ?? []);
    this.hits.restore(state['hits'] ?? {});
    this.holders.restore(state['holders'] ?? [], this.keeper.every());
    const pods = state['pods'] as unknown as readonly PodState[];
    this.pods.restore(pods, ({ uid }) => uid);
    this.worlds.restore(state['worlds'] ?? {});
    this.byNode.clear();
    for (const pod of pods) this.addToNode(pod);
    this.identities.restore(state['recorders'] ?? {});
  }

  now(): number {
    return this.simulation.now();
  }

  node(name: string): NodeState {
    const state = this.keeper.find(name);
    if (state === undefined) throw new Error(`node ${name} has no kubelet`);
    return state;
  }

  findNode(name: string): NodeState | undefined {
    return this.keeper.find(name);
  }

  nodeObject(name: string): Node | undefined {
    return this.clientOf('').get(NODES, '', name);
  }

  random(node: string): RandomStream {
    return this.simulation.stream(`${NAME}/${node}`);
  }

  podsOf(node: string): readonly PodState[] {
    return [...(this.byNode.get(node) ?? [])].flatMap((uid) => this.pods.get(uid) ?? []);
  }

  state(uid: string): PodState | undefined {
    return this.pods.get(uid);
  }

  pod(state: PodState): Pod {
    if (state.seen !== null) return state.seen;
    if (state.orphan !== null) return state.orphan;
    const stored = this.clientOf('').get(PODS, state.namespace, state.name);
    if (stored === undefined || stored.metadata.uid !== state.uid)
      throw new Error(`pod ${state.namespace}/${state.name} is not in the store`);
    return stored;
  }

  hasObject(resource: Referenced, namespace: string, name: string): Readonly<Record<string, unknown>> | undefined {
    const type: ResourceType = resource === 'secrets' ? SECRETS : CONFIGMAPS;
    return this.get(type, namespace, name) as unknown as Readonly<Record<string, unknown>> | undefined;
  }

  get<T extends KubeObject>(type: ResourceType<T>, namespace: string, name: string): T | undefined {
    return this.clientOf('').get(type, namespace, name);
  }

  event(state: PodState, type: EventType, reason: string, message: string, container?: string): void {
    const pod = this.pod(state);
    const fieldPath = container === undefined ? undefined : fieldPathOf(pod, container);
    this.podEvent(pod, state.node, type, reason, message, fieldPath);
  }

  podEvent(pod: Pod, node: string, type: EventType, reason: string, message: string, fieldPath?: string): void {
    if (!this.keeper.isConnected(node)) return;
    const { name, namespace, uid, resourceVersion } = pod.metadata;
    this.identities.recorder(node).event(
      {
        kind: 'Pod',
        namespace: namespace ?? '',
        name: name ?? '',
        uid: uid ?? '',
        apiVersion: 'v1',
        resourceVersion: resourceVersion ?? '',
        ...(fieldPath === undefined ? {} : { fieldPath }),
      },
      type,
      reason,
      message,
    );
  }

  nodeEvent(node: string, type: EventType, reason: string, message: string): void {
    if (!this.keeper.isConnected(node)) return;
    // The kubelet names its own node by name only: the uid of the reference is the name.
    this.identities.recorder(node).event({ kind: 'Node', name: node, uid: node }, type, reason, message);
  }

  /** A kubelet that is cut off keeps the status for later. */
  writeStatus(state: PodState, status: Draft<PodStatus>): void {
    if (state.seen !== null) state.seen = { ...state.seen, status: status as PodStatus };
    else this.writePodStatus(state.node, state.namespace, state.name, status);
  }

  /** A refusal means that the Pod has changed or gone meanwhile; the next look sees to it. */
  writePodStatus(node: string, namespace: string, name: string, status: Draft<PodStatus>): void {
    this.api.update(this.identities.context(node), PODS, namespace, name, 'status', { status });
  }

  deletePod(state: PodState): void {
    if (state.seen === null) this.deleteObject(state.node, state.namespace, state.name, state.uid);
  }

  deleteObject(node: string, namespace: string, name: string, uid: string): void {
    this.api.delete(this.identities.context(node), PODS, namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
  }

  remember(state: PodState): void {
    this.pods.set(state.uid, state);
    this.addToNode(state);
  }

  connectionOf(node: string): ReturnType<Kubelet['connectionOf']> {
    return this.keeper.isConnected(node) ? { client: this.clientOf(node), events: this.identities.recorder(node) } : undefined;
  }

  private addToNode(state: Readonly<PodState>): void {
    let uids = this.byNode.get(state.node);
    if (uids === undefined) this.byNode.set(state.node, (uids = new Set()));
    uids.add(state.uid);
  }

  forget(state: PodState): void {
    this.programs.forgetAll(state);
    this.unregister(state);
  }

  /** Only the Pod's record; its containers go on, in another's name. */
  unregister(state: PodState): void {
    this.pods.delete(state.uid);
    this.byNode.get(state.node)?.delete(state.uid);
  }

  hit(fault: Fault, pod: Pod): void {
    this.hits.note(fault, pod.metadata.uid ?? '', hitName('Pod', pod));
    const node = this.keeper.find(pod.spec?.nodeName ?? '');
    if (node !== undefined && fault.spec?.type === 'MemoryLeak') watchNode(this, node);
  }

  hitNode(fault: Fault, node: Node): void {
    this.hits.note(fault, node.metadata.uid ?? '', hitName('Node', node));
  }

  imageArrived(node: NodeState): void {
    diskFilled(this, node);
  }

  /** All Pods that the kubelets hold state of; reading only. */
  everyPod(): readonly Readonly<PodState>[] {
    return [...this.pods.keys()].flatMap((uid) => this.pods.peek(uid) ?? []);
  }

  requestSync(state: PodState): void {
    requestSync(this, state);
  }

  schedule(state: PodState, what: PodTimer, atMs: number, detail: Json = null, background = false): Timer {
    const at = Math.max(atMs, this.now());
    return { id: this.simulation.schedule({ at, component: NAME, type: what, payload: { uid: state.uid, detail }, background }), atMs: at };
  }

  scheduleOwn(type: NodeTimer, atMs: number, payload: JsonObject, background: boolean): void {
    this.simulation.schedule({ at: atMs, component: NAME, type, payload, background });
  }

  cancel(timer: Timer | null): void {
    if (timer !== null) this.simulation.cancel(timer.id);
  }

  /** A client of the node's kubelet; the empty name is for reading. */
  clientOf(node: string): Client {
    return this.identities.client(node);
  }

  observe(): void {
    const relisted = this.cursor.relisted(PODS);
    const changes = this.cursor.poll(PODS);
    // Whatever is done about one Pod may touch others of its node: which objects are gone must be known first.
    for (const { type, object } of changes) {
      if (type !== 'DELETED') continue;
      const state = this.pods.get(object.metadata.uid ?? '');
      if (state !== undefined && state.seen === null) state.orphan ??= object as Pod;
      if (state === undefined && !isMirror(object as Pod)) this.worlds.dropFiles(`pod/${object.metadata.uid ?? ''}`);
    }
    const lost = this.cursor.relisted(FAULTS) ? this.faults.unknown(new Set(this.clientOf('').list(FAULTS).map(uidOf))) : [];
    for (const object of lost) onFaultChange(this, { type: 'DELETED', object });
    for (const change of this.cursor.poll(FAULTS)) this.as(change, () => onFaultChange(this, change));
    for (const change of this.cursor.poll(IMAGES)) this.as(change, () => this.holders.onImageChange(change));
    for (const change of this.cursor.poll(NODEPOOLS)) this.as(change, () => onPoolChange(this, change));
    for (const change of this.cursor.poll(NODES)) this.as(change, () => this.keeper.onNodeChange(change));
    if (relisted) this.dropUnknown();
    for (const change of changes) this.as(change, () => onPodChange(this, change));
    for (const change of this.cursor.poll(PERSISTENTVOLUMECLAIMS))
      if (change.type !== 'DELETED') this.as(change, () => onClaimChange(this, change.object as PersistentVolumeClaim));
  }

  /** History has forgotten the deletions: Pods that the store does not have are gone without a trace. */
  private dropUnknown(): void {
    for (const uid of [...this.pods.keys()]) {
      const state = this.pods.get(uid);
      if (state === undefined || state.seen !== null) continue;
      if (this.clientOf('').get(PODS, state.namespace, state.name)?.metadata.uid !== state.uid) abandon(this, state);
    }
  }

  private as(change: Change, act: () => void): void {
    this.simulation.withCause(change.revision, act);
  }
}

function uidOf({ metadata }: KubeObject): string {
  return metadata.uid ?? '';
}

export type KubeletHost = KubeletComponent;
