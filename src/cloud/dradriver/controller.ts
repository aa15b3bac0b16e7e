/**
 * Plays the drivers of devices on the machines of NodePools: publishes what they have, and a class to ask for it by.
 * Invariant: a machine's slices say what its pool says; slices of drivers that no pool names are never touched.
 * Counterpart: a DRA driver's kubelet plugin with k8s.io/dynamic-resource-allocation/resourceslice, and its Helm chart's class.
 */
import { jsonEqual, type Json } from '../../base/json.ts';
import { NODEPOOLS, type NodePool } from '../../api/kubepad/types.ts';
import { DEVICECLASSES, NODES, RESOURCESLICES } from '../../api/schema/resources.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import type { ResourceSlice } from '../../api/schema/types/resource/v1.ts';
import type { ApiServer } from '../../apiserver/apiServer.ts';
import { Client } from '../../client/client.ts';
import { WatchCursor } from '../../client/watchCursor.ts';
import type { Component } from '../../sim/component.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { POOL_LABEL } from '../../api/kubepad/nodepool/label.ts';
import { classOf, devicesOf, sliceOf } from './slices.ts';

const NAME = 'dra-drivers';

export function createDraDrivers(environment: { readonly simulation: Simulation; readonly api: ApiServer }): Component {
  return new DraDrivers(environment.simulation, environment.api);
}

class DraDrivers implements Component {
  readonly name = NAME;
  private readonly simulation: Simulation;
  private readonly client: Client;
  private readonly cursor: WatchCursor;

  constructor(simulation: Simulation, api: ApiServer) {
    this.simulation = simulation;
    this.client = new Client(api, `system:kubepad:${NAME}`, ['system:masters', 'system:authenticated'], NAME);
    this.cursor = new WatchCursor(api.store, NAME, [NODES, NODEPOOLS, RESOURCESLICES]);
  }

  start(): void {
    this.simulation.wake(NAME);
  }

  /** Only machines that are new, or whose pool or slices changed: what a node reports of itself says nothing here. */
  handle(): void {
    const nodes = new Set<string>();
    for (const { type, object } of this.cursor.poll(NODES)) if (type === 'ADDED') nodes.add(object.metadata.name ?? '');
    for (const { type, object, previous } of this.cursor.poll(NODEPOOLS)) {
      const [before, after] = [previous as NodePool | undefined, object as NodePool];
      if (type === 'DELETED' || before?.spec === after.spec) continue;
      // Pods ask by the class before there is a machine.
      for (const { driver } of devicesOf(after)) this.ensureClass(driver);
      if (before !== undefined && jsonEqual(devicesOf(before), devicesOf(after))) continue;
      for (const { metadata } of this.client.byIndex(NODES, POOL_LABEL, after.metadata.name ?? '')) nodes.add(metadata.name ?? '');
    }
    for (const { type, object } of this.cursor.poll(RESOURCESLICES))
      if (type === 'DELETED') nodes.add((object as unknown as ResourceSlice).spec.nodeName ?? '');
    for (const name of nodes) {
      const node = this.client.get(NODES, '', name);
      const pool = this.client.get(NODEPOOLS, '', node?.metadata.labels?.[POOL_LABEL] ?? '');
      if (node !== undefined && pool !== undefined) this.publish(node, pool);
    }
  }

  checkpoint(): Json {
    return this.cursor.checkpoint();
  }

  restore(state: Json): void {
    this.cursor.restore(state);
  }

  private ensureClass(driver: string): void {
    if (this.client.get(DEVICECLASSES, '', driver) === undefined) this.client.create(DEVICECLASSES, classOf(driver));
  }

  private publish(node: Node, pool: NodePool): void {
    const wanted = new Map(devicesOf(pool).map((devices) => [devices.driver, sliceOf(node, devices)]));
    for (const { metadata, spec } of this.client.ownedBy(RESOURCESLICES, node.metadata.uid ?? ''))
      if (!wanted.has(spec.driver) && metadata.name === `${node.metadata.name ?? ''}-${spec.driver}`)
        this.client.delete(RESOURCESLICES, '', metadata.name);
    for (const [driver, slice] of wanted) {
      this.ensureClass(driver);
      const name = slice.metadata.name ?? '';
      const stored = this.client.get(RESOURCESLICES, '', name);
      if (stored === undefined) this.client.create(RESOURCESLICES, slice);
      else if (!jsonEqual(stored.spec.devices, slice.spec.devices))
        this.client.modify(RESOURCESLICES, '', name, ({ spec }) => {
          spec.devices = slice.spec.devices ?? [];
          spec.pool.generation++;
        });
    }
  }
}
