/**
 * Runs each Pod of a Fargate profile on a machine of its own: makes the machine, binds the Pod to it, takes it away after the Pod.
 * Invariant: a machine's Node names its one Pod; it lives no longer than that Pod.
 * Counterpart: fargate-scheduler of Amazon EKS, which works from outside of the cluster.
 */
import { isNodeReady } from '../../api/core/node/readiness.ts';
import type { FargateOptions } from '../../api/kubepad/clusterconfig/fargate.ts';
import { CONFIGMAPS, NODES, PODS } from '../../api/schema/resources.ts';
import type { Node, Pod } from '../../api/schema/types/core/v1.ts';
import { isReason, StatusError } from '../../apimachinery/errors/status.ts';
import { keyOf, splitKey } from '../../apimachinery/meta/resource.ts';
import type { ApiServer } from '../../apiserver/apiServer.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { Client, objectReference } from '../../client/client.ts';
import { EventRecorder } from '../../client/eventRecorder.ts';
import { WatchCursor } from '../../client/watchCursor.ts';
import type { Component, SimEvent } from '../../sim/component.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { FARGATE_SCHEDULER } from './admission.ts';
import { fargateNode, nodeName, tenantOf } from './machine.ts';
import { sizeFor, sizeText } from './sizes.ts';
import { unsupported } from './unsupported.ts';

const ARRIVAL = 'arrival';
/** From the order of a machine until it registers. */
const PROVISIONING_MS = 45_000;
/** 192.168.96.0 to 192.168.191.255, as eksctl makes them. */
const FIRST_PRIVATE = 96;
const PRIVATE_COUNT = 96;
const NO_LOGGING = 'Disabled logging because aws-logging configmap was not found. configmap "aws-logging" not found';

export interface FargateEnvironment {
  readonly simulation: Simulation;
  readonly api: ApiServer;
  readonly options: FargateOptions;
}

export function createFargate(environment: FargateEnvironment): Component {
  return new Fargate(environment);
}

class Fargate implements Component {
  readonly name = FARGATE_SCHEDULER;
  private readonly simulation: Simulation;
  private readonly zones: readonly string[];
  private readonly client: Client;
  private readonly cursor: WatchCursor;
  private readonly events: EventRecorder;
  /** By the uid of its Pod: the Pod's key, and its machine once that is there. */
  private readonly orders = new Map<string, { readonly pod: string; readonly node?: string }>();
  private made = 0;

  constructor({ simulation, api, options }: FargateEnvironment) {
    this.simulation = simulation;
    this.zones = options.zones;
    this.client = new Client(api, `eks:${FARGATE_SCHEDULER}`, ['system:masters', 'system:authenticated'], FARGATE_SCHEDULER);
    this.cursor = new WatchCursor(api.store, FARGATE_SCHEDULER, [NODES, PODS]);
    this.events = new EventRecorder(this.client, { component: FARGATE_SCHEDULER }, () => simulation.now());
  }

  start(): void {
    this.simulation.wake(FARGATE_SCHEDULER);
  }

  handle({ type, payload }: SimEvent): void {
    if (type === ARRIVAL) this.arrive(payload as string);
    const nodes = this.cursor.poll(NODES).map(({ type: change, object }) => ({ gone: change === 'DELETED', node: object as Node }));
    for (const { gone, node } of nodes) this.see(node, gone);
    for (const { type: change, object } of this.cursor.poll(PODS)) {
      const pod = object as Pod;
      if (pod.spec?.schedulerName !== FARGATE_SCHEDULER) continue;
      if (change === 'DELETED') this.release(pod);
      else if (isWaiting(pod)) this.order(pod);
    }
    for (const { gone, node } of nodes) if (!gone && isNodeReady(node)) this.bind(node);
  }

  checkpoint(): JsonObject {
    return {
      cursor: this.cursor.checkpoint(),
      events: this.events.checkpoint(),
      orders: [...this.orders] as unknown as Json,
      made: this.made,
    };
  }

  restore(memory: Json): void {
    const { cursor = {}, events, orders, made } = memory as JsonObject;
    this.cursor.restore(cursor);
    if (events !== undefined) this.events.restore(events);
    this.orders.clear();
    for (const [uid, order] of (orders ?? []) as unknown as readonly [string, { pod: string; node?: string }][])
      this.orders.set(uid, order);
    this.made = (made ?? 0) as number;
  }

  /** A machine that is gone before its Pod came is ordered anew; one whose Pod is gone goes. */
  private see(node: Node, gone: boolean): void {
    const tenant = tenantOf(node);
    if (tenant === undefined) return;
    const { pod: key, uid } = tenant;
    const name = node.metadata.name ?? '';
    const pod = this.podOf(key, uid);
    if (!gone) {
      if (pod === undefined) this.client.delete(NODES, '', name);
      else if (this.orders.get(uid)?.node === undefined) this.orders.set(uid, { pod: key, node: name });
    } else if (this.orders.get(uid)?.node === name) {
      this.orders.delete(uid);
      if (pod !== undefined && isWaiting(pod)) this.order(pod);
    }
  }

  private order(pod: Pod): void {
    const uid = pod.metadata.uid ?? '';
    if (this.orders.has(uid)) return;
    this.orders.set(uid, { pod: keyOf(pod) });
    const problem =
      unsupported(pod) ?? (sizeFor(pod) === undefined ? 'Pod not supported on Fargate: it asks for more than 16vCPU 120GB' : undefined);
    if (problem !== undefined) this.events.event(objectReference(PODS, pod), 'Warning', 'FailedScheduling', problem);
    else
      this.simulation.schedule({ at: this.simulation.now() + PROVISIONING_MS, component: FARGATE_SCHEDULER, type: ARRIVAL, payload: uid });
  }

  private arrive(uid: string): void {
    const order = this.orders.get(uid);
    const pod = this.podOf(order?.pod ?? '', uid);
    const size = pod === undefined ? undefined : sizeFor(pod);
    if (order === undefined || pod === undefined || size === undefined || !isWaiting(pod)) return;
    const zone = this.zones[this.made++ % Math.max(1, this.zones.length)] ?? 'us-east-1a';
    const address = this.freeAddress(zone);
    const name = nodeName(zone, address);
    this.orders.set(uid, { ...order, node: name });
    this.client.create(NODES, fargateNode(name, zone, address, pod, size));
  }

  /** In the private subnets, where machines of node groups are not. */
  private freeAddress(zone: string): string {
    const chance = this.simulation.stream(FARGATE_SCHEDULER);
    for (;;) {
      const address = `192.168.${FIRST_PRIVATE + chance.int(PRIVATE_COUNT)}.${chance.int(254) + 1}`;
      if (this.client.get(NODES, '', nodeName(zone, address)) === undefined) return address;
    }
  }

  private bind(node: Node): void {
    const name = node.metadata.name ?? '';
    const { pod: key, uid } = tenantOf(node) ?? { pod: '', uid: '' };
    if (this.orders.get(uid)?.node !== name) return;
    const pod = this.podOf(key, uid);
    const size = pod === undefined ? undefined : sizeFor(pod);
    if (pod === undefined || size === undefined || !isWaiting(pod)) return;
    const { namespace = '', name: podName = '' } = pod.metadata;
    const logs = this.client.get(CONFIGMAPS, 'aws-observability', 'aws-logging') !== undefined;
    try {
      this.client.modify(PODS, namespace, podName, (copy) => {
        const annotations = (copy.metadata.annotations ??= {});
        annotations['CapacityProvisioned'] = sizeText(size);
        annotations['Logging'] = logs ? 'LoggingEnabled' : 'LoggingDisabled: LOGGING_CONFIGMAP_NOT_FOUND';
      });
      this.client.bind(pod, name);
    } catch (error) {
      if (!(error instanceof StatusError) || !(isReason(error, 'Conflict') || isReason(error, 'NotFound'))) throw error;
      return;
    }
    const about = objectReference(PODS, pod);
    if (!logs) this.events.event(about, 'Warning', 'LoggingDisabled', NO_LOGGING);
    this.events.event(about, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${podName} to ${name}`);
  }

  private release({ metadata: { uid = '' } }: Pod): void {
    const node = this.orders.get(uid)?.node;
    this.orders.delete(uid);
    if (node !== undefined) this.client.delete(NODES, '', node);
  }

  private podOf(key: string, uid: string): Pod | undefined {
    const { namespace, name } = splitKey(key);
    const pod = this.client.get(PODS, namespace, name);
    return pod?.metadata.uid === uid ? pod : undefined;
  }
}

function isWaiting({ metadata, spec }: Pod): boolean {
  return (spec?.nodeName ?? '') === '' && metadata.deletionTimestamp === undefined && (spec?.schedulingGates ?? []).length === 0;
}
