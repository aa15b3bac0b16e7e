/**
 * The nodes that have a kubelet: registration, heartbeats, failure and recovery of the machine.
 * Invariant: a node is here exactly as long as its Node object exists and does not say `manual`.
 * Heartbeats are one timer per second that has nodes, not one per node: 5,000 nodes make ten timers.
 * Counterpart: kubelet_node_status.go of k8s.io/kubernetes/pkg/kubelet.
 */
import { watchThresholds } from '../eviction/configuration.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { RecordMap } from '../../base/recordMap.ts';
import { NODES } from '../../api/schema/resources.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import { StatusError } from '../../apimachinery/errors/status.ts';
import type { Change } from '../../client/watchCursor.ts';
import { addressPool } from '../../runtime/ipam.ts';
import type { KubeletHost } from '../kubelets.ts';
import { NO_REQUESTS } from '../lifecycle/resources.ts';
import { isFailed, modeOf } from '../mode.ts';
import { concernsNode } from '../../api/kubepad/fault/match.ts';
import { NODE_COMPONENTS } from '../../api/kubepad/fault/components.ts';
import type { Fault } from '../../api/kubepad/types.ts';
import { watchDisk } from '../eviction/manager.ts';
import type { FaultChange } from '../faults/faultIndex.ts';
import { beginShutdown, cancelShutdown } from '../nodeshutdown/manager.ts';
import { reviveStaticPods, syncStaticPods } from '../staticpods/manager.ts';
import { haltWork, loseState } from '../halt.ts';
import { adopt } from '../podEvents.ts';
import { requestSync, terminate } from '../podWorkers.ts';
import type { NodeState } from '../state.ts';
import { ensureCsiNode, leaveAttaching } from './csiNode.ts';
import { LEASE_INTERVAL_MS, REPORT_INTERVAL_MS, renewLease } from './heartbeat.ts';
import { catchUp, loseSight } from './link.ts';
import { isReady, nodeStatus } from './status.ts';

const SLOTS = LEASE_INTERVAL_MS / 1000;
/** From the first status, which says NotReady, to the one that says Ready. */
const START_UP_MS = 400;

/** Without one of these a kubelet gets no answer. */
const CONTROL_PLANE = ['etcd', 'kube-apiserver'];

export class NodeKeeper {
  private readonly host: KubeletHost;
  private readonly nodes = new RecordMap<NodeState>();
  /** Names by slot. Derived from `nodes`. */
  private readonly slots: Set<string>[] = Array.from({ length: SLOTS }, () => new Set());
  /** Slots that have a timer. */
  private beating: number[] = [];
  private registered = 0;

  constructor(host: KubeletHost) {
    this.host = host;
  }

  find(name: string): NodeState | undefined {
    return this.nodes.get(name);
  }

  onNodeChange(change: Change): void {
    const node = change.object as Node;
    const name = node.metadata.name ?? '';
    const known = this.nodes.get(name);
    if (change.type === 'DELETED') {
      if (known !== undefined) this.remove(known);
      return;
    }
    const mode = modeOf(node, this.host.mode);
    if (known === undefined) {
      if (mode !== 'manual' && this.isCurrent(node)) this.register(node);
      return;
    }
    if (known.mode !== mode) {
      this.remove(known);
      if (mode !== 'manual') this.register(node);
      return;
    }
    this.review(node, known);
  }

  /** A fault of nodes began or ended. */
  onFault({ before, after }: FaultChange): void {
    const named = [before, after].map((fault) => fault?.spec?.target?.node);
    // A fault that names no node may concern any.
    const names = named.every((name, index) => name !== undefined || [before, after][index] === undefined) ? named : [...this.nodes.keys()];
    for (const name of names) {
      const state = this.nodes.get(name ?? '');
      const node = this.host.nodeObject(name ?? '');
      if (state === undefined || node === undefined) continue;
      this.review(node, state);
      if (after === undefined || !concernsNode(after, node) || !concernsMachine(after)) continue;
      this.host.hitNode(after, node);
      if (after.spec?.type === 'DiskPressure') watchDisk(this.host, state);
    }
  }

  /** Whether the node's kubelet speaks to the API server. */
  isConnected(name: string): boolean {
    const state = this.nodes.get(name);
    return state === undefined || (!state.down && state.link === 'up');
  }

  /** Brings the machine and its kubelet into the state that the faults on it say. */
  private review(node: Node, state: NodeState): void {
    const { faults } = this.host;
    const wish = faults.onNode('NodeShutdown', node);
    if (wish === undefined && state.shutdown?.done === false) cancelShutdown(this.host, state);
    const lost = isFailed(node) || faults.onNode('NodeDown', node) !== undefined || faults.onNode('ZoneDown', node) !== undefined;
    const down = lost || (wish !== undefined && state.shutdown?.done === true);
    const stopped = faults.stopped('kubelet', node) !== undefined;
    const cut = faults.onNode('Partition', node) !== undefined || CONTROL_PLANE.some((part) => faults.stopped(part, node) !== undefined);
    const link = stopped ? 'stopped' : cut ? 'cut' : 'up';
    if (down) {
      if (!state.down) this.setDown(state, true);
    } else if (state.down) {
      // A kubelet that starts needs its API server to know what to run.
      if (link === 'up') this.setDown(state, false);
    } else if (link !== state.link && !(state.link === 'stopped' && link === 'cut')) this.setLink(state, link);
    if (wish !== undefined && !state.down && state.shutdown === null) beginShutdown(this.host, state, wish);
  }

  /** Something that the state of the machine follows from has changed. */
  reviewNode(name: string): void {
    const state = this.nodes.get(name);
    const node = this.host.nodeObject(name);
    if (state !== undefined && node !== undefined) this.review(node, state);
  }

  /** Writes the Node's status, and says whether the node is ready. */
  reportReadiness(state: NodeState): void {
    this.report(state);
    const reason = isReady(state) ? 'NodeReady' : 'NodeNotReady';
    this.host.nodeEvent(state.name, 'Normal', reason, `Node ${state.name} status is now: ${reason}`);
  }

  private setLink(state: NodeState, link: NodeState['link']): void {
    const before = state.link;
    if (before === 'up') loseSight(this.host, state);
    if (link === 'stopped') {
      this.dropPulls(state);
      for (const pod of this.host.podsOf(state.name)) haltWork(this.host, pod);
    }
    state.link = link;
    if (link !== 'up') return;
    if (before === 'stopped') this.boot(state);
    else {
      const node = this.host.nodeObject(state.name);
      if (node !== undefined) renewLease(this.host.clientOf(state.name), node, this.host.now());
      this.report(state);
    }
    catchUp(this.host, state);
  }

  /** Heartbeats of the nodes of one slot. */
  beat(slot: number): void {
    const names = this.slots[slot];
    if (names === undefined || names.size === 0) {
      this.beating = this.beating.filter((other) => other !== slot);
      return;
    }
    const nowMs = this.host.now();
    for (const name of names) {
      const state = this.nodes.get(name);
      if (state === undefined || state.down || state.link !== 'up') continue;
      const node = this.host.nodeObject(name);
      if (node === undefined) continue;
      renewLease(this.host.clientOf(name), node, nowMs);
      if (nowMs - state.reportedAtMs >= REPORT_INTERVAL_MS) this.report(state);
    }
    this.host.scheduleOwn('beat', nowMs + LEASE_INTERVAL_MS, { slot }, true);
  }

  /** The runtime is up: the node takes Pods. */
  becomeReady(name: string): void {
    const state = this.nodes.get(name);
    if (state === undefined || state.down || state.ready || state.link === 'stopped') return;
    state.ready = true;
    if (state.link === 'cut') return;
    this.reportReadiness(state);
  }

  /** All nodes with a kubelet; reading only. */
  every(): readonly Readonly<NodeState>[] {
    return [...this.nodes.keys()].flatMap((name) => this.nodes.peek(name) ?? []);
  }

  /** The kubelet looks at its Node's status and finds that it uses other volumes than it has said. */
  reportVolumes(name: string): void {
    const state = this.nodes.get(name);
    if (state === undefined) return;
    state.volumesReportMs = null;
    this.report(state);
  }

  checkpoint(): JsonObject {
    return { nodes: this.nodes.snapshot() as unknown as Json, beating: [...this.beating], registered: this.registered };
  }

  restore(memory: Json): void {
    const { nodes, beating, registered } = memory as unknown as {
      readonly nodes: readonly NodeState[];
      readonly beating: readonly number[];
      readonly registered: number;
    };
    this.nodes.restore(nodes, ({ name }) => name);
    for (const slot of this.slots) slot.clear();
    for (const { slot, name } of nodes) this.slots[slot]?.add(name);
    this.beating = [...beating];
    this.registered = registered;
  }

  private add(state: NodeState): void {
    this.nodes.set(state.name, state);
    this.slots[state.slot]?.add(state.name);
  }

  private register(node: Node): void {
    const name = node.metadata.name ?? '';
    const random = this.host.random(name);
    const index = this.registered++;
    const mode = modeOf(node, this.host.mode);
    const state: NodeState = {
      name,
      mode: mode === 'fast' ? 'fast' : 'realistic',
      relistPhaseMs: random.int(1000),
      queuePhaseMs: random.int(1000),
      slot: index % SLOTS,
      address: node.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? machineAddress(index, node),
      pool: addressPool(node.spec?.podCIDR ?? podBlock(index)),
      images: {},
      digests: {},
      imageUse: {},
      imageGc: null,
      pulls: [],
      used: { ...NO_REQUESTS },
      down: isFailed(node),
      link: 'up',
      ready: false,
      reportedAtMs: 0,
      boots: 1,
      shutdown: null,
      eviction: null,
      volumes: {},
      volumesReportMs: null,
    };
    this.add(state);
    if (!state.down) {
      this.boot(state);
      this.resumePods(state);
    }
    this.review(node, state);
  }

  private boot(state: NodeState): void {
    const { host } = this;
    const { name } = state;
    state.ready = state.mode === 'fast';
    if (state.mode === 'realistic') leaveAttaching(host.clientOf(name), name);
    host.nodeEvent(name, 'Normal', 'Starting', 'Starting kubelet.');
    this.report(state);
    for (const [reason, what] of START_EVENTS) host.nodeEvent(name, 'Normal', reason, `Node ${name} status is now: ${what}`);
    const node = host.nodeObject(name);
    if (node !== undefined) {
      renewLease(host.clientOf(name), node, host.now());
      if (state.mode === 'realistic') ensureCsiNode(host.clientOf(name), node);
    }
    watchThresholds(host, state);
    syncStaticPods(host, state);
    reviveStaticPods(host, state);
    if (!state.ready) host.scheduleOwn('boot', host.now() + START_UP_MS, { node: name }, false);
    if (!this.beating.includes(state.slot)) {
      this.beating.push(state.slot);
      host.scheduleOwn('beat', host.now() + LEASE_INTERVAL_MS, { slot: state.slot }, true);
    }
  }

  /** Pods whose objects are still there are started again in place; deleted ones are let go. */
  private resumePods(state: NodeState): void {
    const { host } = this;
    for (const pod of host.podsOf(state.name)) {
      if (pod.work === 'finished') {
        if (pod.orphan !== null) host.forget(pod);
        // One that ended while the node was cut off: the power went before the kubelet could say so.
        else if (host.pod(pod).metadata.deletionTimestamp !== undefined) host.deletePod(pod);
      } else if (pod.orphan !== null || host.pod(pod).metadata.deletionTimestamp !== undefined) {
        if (pod.work === 'syncing') terminate(host, pod);
        else requestSync(host, pod);
      } else requestSync(host, pod);
    }
    for (const pod of host.clientOf('').podsOnNode(state.name)) {
      if (host.state(pod.metadata.uid ?? '') === undefined && state.mode === 'realistic') adopt(host, state, pod);
    }
  }

  private setDown(state: NodeState, down: boolean): void {
    state.down = down;
    state.link = 'up';
    if (down) {
      if (state.shutdown !== null) state.shutdown.done = true;
      this.dropPulls(state);
      for (const pod of this.host.podsOf(state.name)) loseState(this.host, pod);
      return;
    }
    state.shutdown = null;
    state.boots++;
    this.boot(state);
    this.resumePods(state);
    const bootID = this.host.nodeObject(state.name)?.status?.nodeInfo?.bootID ?? '';
    this.host.nodeEvent(state.name, 'Warning', 'Rebooted', `Node ${state.name} has been rebooted, boot id: ${bootID}`);
  }

  private dropPulls(state: NodeState): void {
    for (const { timer } of state.pulls.splice(0)) this.host.cancel(timer);
  }

  private remove(state: NodeState): void {
    this.dropPulls(state);
    this.host.holders.forgetNode(state);
    for (const pod of this.host.podsOf(state.name)) {
      loseState(this.host, pod);
      this.host.forget(pod);
    }
    this.nodes.delete(state.name);
    this.slots[state.slot]?.delete(state.name);
  }

  /** Writes the Node's status. */
  report(state: NodeState): void {
    if (!this.isConnected(state.name)) return;
    const nowMs = this.host.now();
    state.reportedAtMs = nowMs;
    try {
      this.host.clientOf(state.name).modify(
        NODES,
        '',
        state.name,
        (node) => {
          node.status = nodeStatus(node as Node, state, nowMs);
        },
        'status',
      );
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  }

  private isCurrent(node: Node): boolean {
    return this.host.nodeObject(node.metadata.name ?? '')?.metadata.uid === node.metadata.uid;
  }
}

/** Parts of the control plane are not the node's business, although nodes feel that they are down. */
function concernsMachine({ spec }: Fault): boolean {
  const component = spec?.target?.component;
  return component === undefined || NODE_COMPONENTS.some((name) => name === component);
}

const START_EVENTS: readonly (readonly [reason: string, what: string])[] = [
  ['NodeHasSufficientMemory', 'NodeHasSufficientMemory'],
  ['NodeHasNoDiskPressure', 'NodeHasNoDiskPressure'],
  ['NodeHasSufficientPID', 'NodeHasSufficientPID'],
];

/** 172.18.0.2 for the first machine, as a local cluster's; in a cloud's network 192.168.0.4, after those that the cloud keeps for itself. */
function machineAddress(index: number, { spec }: Node): string {
  const isCloud = spec?.providerID !== undefined;
  const number = index + (isCloud ? 4 : 2);
  return `${isCloud ? '192.168' : '172.18'}.${Math.floor(number / 256)}.${number % 256}`;
}

/** 10.244.0.0/24 for the first machine, 10.0.0.0/24 for the 3073rd: room for 27,648 before the Services' 10.96.0.0/12. */
export function podBlock(index: number): string {
  return `10.${(244 + Math.floor(index / 256)) % 256}.${index % 256}.0/24`;
}
