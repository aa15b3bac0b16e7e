// A small cluster with something of everything: nodes well, unreachable and cordoned; Pods in many states; events.

import type { KubeObject } from '../../../../src/apimachinery/meta/resource.ts';
import { Store } from '../../../../src/apiserver/storage/store.ts';

export const START = Date.parse('2025-01-01T00:00:00Z');
/** 6 minutes and 12 seconds after the start. */
export const NOW = START + 372_000;

export function sampleCluster(): Store {
  const store = new Store({ now: () => NOW, currentCause: undefined, wake: () => undefined }, { freeze: true });
  const write = (resource: string, object: object): void => {
    store.write({ type: 'ADDED', resource, object: object as KubeObject, actor: 'test', verb: 'create' });
  };
  write('nodes', node('control-plane', true, { labels: { 'node-role.kubernetes.io/control-plane': '' } }));
  write('nodes', node('worker-1', true, { labels: { 'topology.kubernetes.io/zone': 'a' } }));
  write('nodes', node('worker-2', true, { labels: { 'topology.kubernetes.io/zone': 'b' }, unschedulable: true }));
  write('nodes', node('worker-3', false, { labels: { 'topology.kubernetes.io/zone': 'c' } }));
  const message = '0/3 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }, 2 Insufficient cpu.';
  for (const name of ['web-7c5f9d4b86-x2x8p', 'web-7c5f9d4b86-lq7vd']) write('pods', pod(name, '', { message }));
  write('pods', pod('web-7c5f9d4b86-4kd2m', 'worker-1', { cpu: '1500m' }));
  write('pods', pod('api-66d8c7f5b9-9vhtn', 'worker-1', { waiting: 'CrashLoopBackOff', restarts: 4 }));
  write('pods', pod('db-0', 'worker-1', { cpu: '2' }));
  write('pods', pod('cache-5d4f8b7c6d-2mzkw', 'worker-2', { cpu: '250m', restarts: 1 }));
  write('pods', pod('worker-6b8d9c7f54-hj5tq', 'worker-2', { waiting: 'ImagePullBackOff' }));
  write('pods', pod('web-7c5f9d4b86-8mzrt', 'worker-3', { ready: false }));
  sampleEvents().forEach((each, index) => write('events', event(index, each)));
  return store;
}

interface NodeOptions {
  readonly labels: Readonly<Record<string, string>>;
  readonly unschedulable?: boolean;
}

function node(name: string, ready: boolean, { labels, unschedulable = false }: NodeOptions): object {
  const taint = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute', timeAdded: '2025-01-01T00:04:50Z' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
    spec: { unschedulable, taints: ready ? [] : [taint] },
    status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'Unknown' }], allocatable: { cpu: '4', memory: '8Gi', pods: '110' } },
  };
}

interface PodOptions {
  readonly message?: string;
  readonly waiting?: string;
  readonly restarts?: number;
  readonly cpu?: string;
  readonly ready?: boolean;
}

function pod(name: string, nodeName: string, options: PodOptions = {}): object {
  const { message, waiting, restarts = 0, cpu = '500m', ready = waiting === undefined && nodeName !== '' } = options;
  const container = name.split('-')[0] ?? '';
  const state = waiting === undefined ? { running: { startedAt: '2025-01-01T00:01:05Z' } } : { waiting: { reason: waiting } };
  const status = { name: container, ready, restartCount: restarts, image: 'nginx:1.27', state };
  const unscheduled = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: message ?? '' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels: { app: container }, creationTimestamp: '2025-01-01T00:01:00Z' },
    spec: {
      ...(nodeName === '' ? {} : { nodeName }),
      containers: [{ name: container, image: 'nginx:1.27', resources: { requests: { cpu, memory: '1Gi' } } }],
      tolerations: [{ key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }],
    },
    status:
      nodeName === ''
        ? { phase: 'Pending', conditions: [unscheduled] }
        : {
            phase: 'Running',
            podIP: '10.244.1.7',
            conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
            containerStatuses: [status],
          },
  };
}

interface SampleEvent {
  readonly second: number;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly kind: string;
  readonly name: string;
  readonly message: string;
  readonly from: string;
  readonly count?: number;
}

function sampleEvents(): readonly SampleEvent[] {
  const name = 'web-7c5f9d4b86-4kd2m';
  const early = Array.from({ length: 12 }, (_, index): SampleEvent => {
    return {
      second: index,
      type: 'Normal',
      reason: 'RegisteredNode',
      kind: 'Node',
      name: `worker-${index}`,
      message: `Node worker-${index} is registered.`,
      from: 'node-controller',
    };
  });
  return [
    ...early,
    {
      second: 65,
      type: 'Normal',
      reason: 'Scheduled',
      kind: 'Pod',
      name,
      message: `Successfully assigned shop/${name} to worker-1`,
      from: 'default-scheduler',
    },
    {
      second: 66,
      type: 'Normal',
      reason: 'Pulled',
      kind: 'Pod',
      name,
      message: 'Successfully pulled image "nginx:1.27" in 2.1s',
      from: 'kubelet',
    },
    { second: 67, type: 'Normal', reason: 'Started', kind: 'Pod', name, message: 'Started container web', from: 'kubelet' },
    {
      second: 290,
      type: 'Warning',
      reason: 'NodeNotReady',
      kind: 'Pod',
      name: 'web-7c5f9d4b86-8mzrt',
      message: 'Node is not ready',
      from: 'node-controller',
    },
    {
      second: 368,
      type: 'Warning',
      reason: 'BackOff',
      kind: 'Pod',
      name: 'api-66d8c7f5b9-9vhtn',
      message: 'Back-off restarting failed container api',
      from: 'kubelet',
      count: 14,
    },
    {
      second: 371,
      type: 'Warning',
      reason: 'FailedScheduling',
      kind: 'Pod',
      name: 'web-7c5f9d4b86-x2x8p',
      message: '0/3 nodes are available: 2 Insufficient cpu.',
      from: 'default-scheduler',
    },
  ];
}

function event(index: number, { second, type, reason, kind, name, message, from, count = 1 }: SampleEvent): object {
  const time = new Date(START + second * 1000).toISOString().replace('.000Z', 'Z');
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `e${index}`, namespace: 'shop', creationTimestamp: time },
    involvedObject: { apiVersion: 'v1', kind, namespace: kind === 'Node' ? '' : 'shop', name },
    firstTimestamp: time,
    lastTimestamp: time,
    type,
    reason,
    message,
    count,
    source: { component: from },
  };
}
