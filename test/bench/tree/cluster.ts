// The largest cluster that Kubernetes supports, as objects in a store, and changes to it as they come in a busy one.

import type { Node, Pod } from '../../../src/api/schema/types/core/v1.ts';
import type { KubeObject } from '../../../src/apimachinery/meta/resource.ts';
import type { OwnerReference } from '../../../src/apimachinery/meta/types.ts';
import { Store } from '../../../src/apiserver/storage/store.ts';

export const NODES = 5_000;
export const PODS = 150_000;
const WORKLOADS = 1_500;
const NAMESPACES = 50;
const ZONES = 3;

export class LargeCluster {
  readonly store: Store;
  /** By number; a Pod that is replaced gets a new name. */
  private readonly pods: Pod[] = [];
  private made = 0;
  private changed = 0;

  /** @param store where it is written; default: one of its own */
  constructor(store = new Store({ now: () => 0, currentCause: undefined, wake: () => undefined })) {
    this.store = store;
    for (let n = 0; n < NODES; n++) this.write('nodes', node(n, true));
    for (let n = 0; n < WORKLOADS; n++) this.write('replicasets.apps', replicaSet(n));
    for (let n = 0; n < PODS; n++) this.place(n);
  }

  /**
   * One write: of ten, six are the status of a Pod, three the death and birth of Pods, one is the status of a node.
   * @param among numbers of Pods that are meant; undefined: all of them, in an order that looks like chance
   */
  change(among?: readonly number[]): void {
    const turn = this.changed++;
    const n = among === undefined ? (turn * 104_729) % PODS : (among[turn % among.length] ?? 0);
    const pod = this.pods[n];
    if (pod === undefined) return;
    if (turn % 10 === 9) this.write('nodes', node(n % NODES, turn % 20 === 9), 'MODIFIED');
    else if (turn % 10 >= 6) {
      this.write('pods', pod, 'DELETED');
      this.place(n);
    } else this.write('pods', (this.pods[n] = withStatus(pod, turn)), 'MODIFIED');
  }

  /** The number of the Pod of that name, or undefined. */
  numberOf(name: string): number | undefined {
    const found = /-(\d+)-\w+$/.exec(name)?.[1];
    return found === undefined ? undefined : Number(found);
  }

  private place(n: number): void {
    const pod = podOf(n, (this.made++).toString(36).padStart(5, '0'));
    this.pods[n] = pod;
    this.write('pods', pod);
  }

  private write(resource: string, object: object, type: 'ADDED' | 'MODIFIED' | 'DELETED' = 'ADDED'): void {
    this.store.write({ type, resource, object: object as KubeObject, actor: 'bench', verb: 'update' });
  }
}

function node(n: number, ready: boolean): Node {
  return {
    metadata: { name: `node-${n}`, labels: { 'topology.kubernetes.io/zone': `zone-${n % ZONES}` } },
    status: {
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      allocatable: { cpu: '16', memory: '64Gi', pods: '110' },
    },
  } as Node;
}

function replicaSet(n: number): object {
  return { metadata: { name: `${workload(n)}-5d8f9c`, namespace: namespace(n), ownerReferences: [owner('Deployment', workload(n))] } };
}

function podOf(n: number, suffix: string): Pod {
  const own = n % WORKLOADS;
  return {
    metadata: {
      name: `${workload(own)}-5d8f9c-${n}-${suffix}`,
      namespace: namespace(own),
      labels: { app: workload(own), tier: n % 2 === 0 ? 'front' : 'back' },
      creationTimestamp: '2030-01-01T00:00:00Z',
      ownerReferences: [owner('ReplicaSet', `${workload(own)}-5d8f9c`)],
    },
    spec: {
      nodeName: `node-${n % NODES}`,
      containers: [{ name: 'web', image: 'registry.example/shop/web:1.27', resources: { requests: { cpu: '100m', memory: '100Mi' } } }],
    },
    ...status(true, 0),
  } as Pod;
}

/** Ready and not ready by turns, with a restart more. */
function withStatus(pod: Pod, turn: number): Pod {
  const before = pod.status?.containerStatuses?.[0];
  return { ...pod, ...status(before?.ready !== true, (before?.restartCount ?? 0) + (turn % 3 === 0 ? 1 : 0)) } as Pod;
}

function status(ready: boolean, restartCount: number): object {
  const state = ready
    ? { running: {} }
    : { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 20s restarting failed container=web' } };
  return {
    status: {
      phase: 'Running',
      podIP: '10.244.3.17',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: [{ name: 'web', ready, restartCount, state, image: 'registry.example/shop/web:1.27', imageID: '' }],
    },
  };
}

function owner(kind: string, name: string): OwnerReference {
  return { apiVersion: 'apps/v1', kind, name, uid: name, controller: true };
}

function workload(n: number): string {
  return `shop-web-${n}`;
}

function namespace(n: number): string {
  return `team-${n % NAMESPACES}`;
}
