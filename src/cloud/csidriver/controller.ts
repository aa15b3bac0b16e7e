/**
 * The storage drivers of the cluster, as the programs beside a real control plane: they make volumes for claims, attach them to
 * nodes, take released ones back, let them grow, and register themselves on the nodes.
 * Invariant: a driver acts only while its CSIDriver object exists; claims of other provisioners are never touched.
 * Counterpart: kubernetes-csi/external-provisioner, external-attacher, external-resizer, node-driver-registrar and a driver behind them.
 */
import type { Json, JsonObject } from '../../base/json.ts';
import { CSIDRIVERS, CSINODES, PERSISTENTVOLUMECLAIMS, PERSISTENTVOLUMES, VOLUMEATTACHMENTS } from '../../api/schema/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../api/schema/types/core/v1.ts';
import type { CSINode, VolumeAttachment } from '../../api/schema/types/storage/v1.ts';
import { StatusError } from '../../apimachinery/errors/status.ts';
import { keyOf, splitKey } from '../../apimachinery/meta/resource.ts';
import type { ApiServer } from '../../apiserver/apiServer.ts';
import { Client } from '../../client/client.ts';
import { EventRecorder } from '../../client/eventRecorder.ts';
import { WatchCursor } from '../../client/watchCursor.ts';
import type { Component, SimEvent } from '../../sim/component.ts';
import { WAKE, type Simulation } from '../../sim/simulation.ts';
import { attachmentTask, beginAttaching, finishAttaching, finishDetaching, unguardVolume } from './attach.ts';
import { DRIVERS, driverNamed, type Driver } from './drivers.ts';
import { beginExpansion, expansionOf, finishExpansion } from './expand.ts';
import { beginProvisioning, finishProvisioning, isToBeProvisioned } from './provision.ts';
import { guardVolume, isToBeDeleted, refuseDeletion, removeVolume } from './reclaim.ts';
import { registerOn } from './registrar.ts';

export interface CsiContext {
  readonly client: Client;
  /** The recorder of one of the driver's programs. */
  readonly events: (component: string) => EventRecorder;
  readonly now: () => number;
  readonly isInstalled: (driver: string) => boolean;
}

type Task = 'provision' | 'delete' | 'expand' | 'attach' | 'detach';

const NAME = 'csi-drivers';
/** A task that the API server refused is tried again. */
const RETRY_MS = 5_000;
/** What the driver cannot do yet it tries again after this long, then after twice as long, and so on. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 300_000;
/** After so many the cluster is at rest in spite of it. */
const PROMISING_RETRIES = 5;

export function createCsiDrivers(environment: { readonly simulation: Simulation; readonly api: ApiServer }): Component {
  return new CsiDrivers(environment.simulation, environment.api);
}

class CsiDrivers implements Component {
  readonly name = NAME;
  private readonly simulation: Simulation;
  private readonly context: CsiContext;
  private readonly cursor: WatchCursor;
  private readonly recorders = new Map<string, EventRecorder>();
  /** `task key` of what has a timer. */
  private readonly pending = new Set<string>();
  /** How often in a row the driver could not carry a task out. */
  private readonly failures = new Map<string, number>();

  constructor(simulation: Simulation, api: ApiServer) {
    this.simulation = simulation;
    const client = new Client(api, `system:kubepad:${NAME}`, ['system:masters', 'system:authenticated'], NAME);
    this.cursor = new WatchCursor(api.store, NAME, [CSIDRIVERS, CSINODES, PERSISTENTVOLUMECLAIMS, PERSISTENTVOLUMES, VOLUMEATTACHMENTS]);
    this.context = {
      client,
      now: () => simulation.now(),
      isInstalled: (driver) => client.get(CSIDRIVERS, '', driver) !== undefined,
      events: (component) => this.recorder(component),
    };
  }

  start(): void {
    this.simulation.wake(NAME);
  }

  handle({ type, payload }: SimEvent): void {
    if (type === WAKE) this.observe();
    else this.carryOut(type as Task, payload as string);
  }

  checkpoint(): Json {
    return {
      cursor: this.cursor.checkpoint(),
      pending: [...this.pending],
      failures: [...this.failures],
      recorders: [...this.recorders].map(([id, recorder]) => [id, recorder.checkpoint()]),
    };
  }

  restore(state: Json): void {
    const memory = state as JsonObject;
    this.cursor.restore(memory['cursor'] ?? {});
    this.pending.clear();
    for (const task of (memory['pending'] ?? []) as readonly string[]) this.pending.add(task);
    this.failures.clear();
    for (const [task, count] of (memory['failures'] ?? []) as readonly (readonly [string, number])[]) this.failures.set(task, count);
    this.recorders.clear();
    for (const [component, recorder] of (memory['recorders'] ?? []) as readonly (readonly [string, Json])[])
      this.recorder(component).restore(recorder);
  }

  private observe(): void {
    const { client } = this.context;
    for (const { type, object } of this.cursor.poll(CSIDRIVERS)) {
      const driver = driverNamed(object.metadata.name);
      if (driver === undefined || type === 'MODIFIED') continue;
      for (const node of client.list(CSINODES)) registerOn(this.context, driver, node, type === 'ADDED');
      // What has waited for the driver is taken up.
      if (type === 'ADDED') for (const claim of client.list(PERSISTENTVOLUMECLAIMS)) this.lookAtClaim(claim);
      if (type === 'ADDED') for (const volume of client.list(PERSISTENTVOLUMES)) this.lookAtVolume(volume);
      if (type === 'ADDED') for (const attachment of client.list(VOLUMEATTACHMENTS)) this.lookAtAttachment(attachment);
    }
    const nodes = this.cursor.poll(CSINODES).filter(({ type }) => type === 'ADDED');
    for (const driver of nodes.length === 0 ? [] : DRIVERS)
      if (this.context.isInstalled(driver.name)) for (const { object } of nodes) registerOn(this.context, driver, object as CSINode, true);
    for (const { type, object } of this.cursor.poll(PERSISTENTVOLUMECLAIMS))
      if (type !== 'DELETED') this.lookAtClaim(object as PersistentVolumeClaim);
    for (const { type, object } of this.cursor.poll(PERSISTENTVOLUMES))
      if (type !== 'DELETED') this.lookAtVolume(object as PersistentVolume);
    for (const { type, object } of this.cursor.poll(VOLUMEATTACHMENTS))
      this.lookAtAttachment(object as VolumeAttachment, type === 'DELETED');
  }

  private lookAtClaim(claim: PersistentVolumeClaim): void {
    const key = keyOf(claim);
    const driver = isToBeProvisioned(this.context, claim);
    if (driver !== undefined && !this.isPending('provision', key)) {
      beginProvisioning(this.context, driver, claim);
      this.plan('provision', key, driver.provisionMs);
    }
    const growing = expansionOf(this.context, claim);
    if (growing === undefined || this.isPending('expand', key)) return;
    this.plan('expand', key, growing.driver.expandMs);
    beginExpansion(this.context, growing, claim);
  }

  private lookAtVolume(volume: PersistentVolume): void {
    guardVolume(this.context, volume);
    unguardVolume(this.context, volume);
    const driver = isToBeDeleted(this.context, volume);
    if (driver !== undefined) this.plan('delete', keyOf(volume), driver.deleteMs);
  }

  private lookAtAttachment(attachment: VolumeAttachment, gone = false): void {
    const { context } = this;
    if (gone) {
      const volume = context.client.get(PERSISTENTVOLUMES, '', attachment.spec.source.persistentVolumeName ?? '');
      if (volume !== undefined) unguardVolume(context, volume);
      return;
    }
    const found = attachmentTask(context, attachment);
    const key = keyOf(attachment);
    if (found === undefined || this.isPending(found.task, key)) return;
    if (found.task === 'detach') this.plan('detach', key, found.driver.detachMs);
    else if (this.begins(found.driver, attachment)) this.plan('attach', key, found.driver.attachMs);
    else this.planAgain('attach', key);
  }

  private begins(driver: Driver, attachment: VolumeAttachment): boolean {
    try {
      return beginAttaching(this.context, driver, attachment);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      return false;
    }
  }

  private isPending(task: Task, key: string): boolean {
    return this.pending.has(`${task} ${key}`);
  }

  private plan(task: Task, key: string, delayMs: number, background = false): void {
    if (this.isPending(task, key)) return;
    this.pending.add(`${task} ${key}`);
    this.simulation.schedule({ at: this.simulation.now() + delayMs, component: NAME, type: task, payload: key, background });
  }

  /** Later each time, until `failures` forgets the task. */
  private planAgain(task: Task, key: string): void {
    const id = `${task} ${key}`;
    const count = this.failures.get(id) ?? 0;
    this.failures.set(id, count + 1);
    this.plan(task, key, Math.min(FIRST_RETRY_MS * 2 ** count, LONGEST_RETRY_MS), count > PROMISING_RETRIES);
  }

  private carryOut(task: Task, key: string): void {
    this.pending.delete(`${task} ${key}`);
    const { context } = this;
    try {
      if (task === 'delete') {
        if (!this.deleteVolume(key)) this.planAgain(task, key);
        else this.failures.delete(`${task} ${key}`);
        return;
      }
      if (task === 'attach' || task === 'detach') {
        if (!this.carryOutAttachment(task, key)) this.planAgain(task, key);
        else this.failures.delete(`${task} ${key}`);
        return;
      }
      const { namespace, name } = splitKey(key);
      const claim = context.client.get(PERSISTENTVOLUMECLAIMS, namespace, name);
      if (claim !== undefined && task === 'expand') finishExpansion(context, claim);
      if (claim !== undefined && task === 'provision' && !finishProvisioning(context, claim)) this.planAgain(task, key);
      else this.failures.delete(`${task} ${key}`);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.plan(task, key, RETRY_MS);
    }
  }

  /** @returns whether the task is over */
  private deleteVolume(name: string): boolean {
    const volume = this.context.client.get(PERSISTENTVOLUMES, '', name);
    if (volume === undefined) return true;
    if (refuseDeletion(this.context, volume)) return false;
    removeVolume(this.context, volume);
    return true;
  }

  /** @returns whether the task is over */
  private carryOutAttachment(task: 'attach' | 'detach', key: string): boolean {
    const { context } = this;
    const attachment = context.client.get(VOLUMEATTACHMENTS, '', key);
    const found = attachment === undefined ? undefined : attachmentTask(context, attachment);
    if (attachment === undefined || found?.task !== task) return true;
    if (task === 'attach') return beginAttaching(context, found.driver, attachment) && finishAttaching(context, found.driver, attachment);
    finishDetaching(context, found.driver, attachment);
    return true;
  }

  private recorder(component: string): EventRecorder {
    let found = this.recorders.get(component);
    if (found === undefined)
      this.recorders.set(component, (found = new EventRecorder(this.context.client, { component }, this.context.now)));
    return found;
  }
}
