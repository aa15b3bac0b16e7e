// Plays the kubelet of nodes without one: what it reports of Pods, node conditions and leases.
import { cloneJson } from '../../../src/base/json.ts';
import type { NodeSpec, Obj } from './case.ts';
import type { World } from './world.ts';

const LEASE_PERIOD_SECONDS = 2.5;
const MERGE = 'application/merge-patch+json';

export function nodeObject(world: World, node: NodeSpec): Obj {
  const labels: Obj = { 'kubernetes.io/hostname': node.name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' };
  if (node.zone !== undefined) Object.assign(labels, { 'topology.kubernetes.io/zone': node.zone, 'topology.kubernetes.io/region': 'r1' });
  Object.assign(labels, node.labels);
  const capacity = { cpu: '32', memory: '256Gi', pods: '250', 'ephemeral-storage': '100Gi', ...node.capacity };
  const object: Obj = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: node.name, labels },
    spec: {},
    status: { capacity, allocatable: { ...capacity } },
  };
  const ready = node.ready === undefined ? true : node.ready;
  if (node.kubelet === 'manual') {
    object['metadata'].annotations = { 'kubepad.dev/kubelet': 'manual' };
    if (ready !== null) {
      object['status'].conditions = nodeConditions(world, ready ? 'True' : 'False');
      const number = Number(node.name.replaceAll(/\D/g, '') || 1) % 250;
      object['status'].addresses = [{ type: 'InternalIP', address: `192.168.7.${number}` }];
    }
  }
  if (node.taints !== undefined) object['spec'].taints = node.taints;
  if (node.unschedulable === true) object['spec'].unschedulable = true;
  return object;
}

export function nodeConditions(world: World, ready: 'True' | 'False'): Obj[] {
  const text = ready === 'True' ? ['KubeletReady', 'kubelet is posting ready status'] : ['KubeletNotReady', 'container runtime is down'];
  const all = [
    ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
    ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
    ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
    ['Ready', ready, ...text],
  ];
  const time = world.timestamp();
  return all.map(([type, status, reason, message]) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: time,
    lastTransitionTime: time,
  }));
}

/** Renews leases. */
export class Keeper {
  readonly nodes = new Map<string, boolean>();
  private readonly world: World;
  private last: number | undefined;

  constructor(world: World) {
    this.world = world;
  }

  tick(): void {
    const now = this.world.now();
    if (this.last !== undefined && now - this.last >= 0 && now - this.last < LEASE_PERIOD_SECONDS) return;
    this.last = now;
    this.beat();
  }

  beat(): void {
    for (const [name, on] of this.nodes) {
      if (!on) continue;
      const renewTime = this.world.microTimestamp();
      const { code } = this.world.request('PATCH', this.world.path('leases', 'kube-node-lease', name), { spec: { renewTime } }, MERGE);
      if (code !== 404) continue;
      this.world.request('POST', this.world.path('leases', 'kube-node-lease'), {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name },
        spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime },
      });
    }
  }
}

/** What the Pod's annotation asks its kubelet to report. */
export function behaviour(pod: Obj): string {
  const annotations = pod['metadata'].annotations ?? {};
  const asked: string = annotations['kubepad.dev/puppet'] ?? 'ready';
  if (!asked.startsWith('idx:')) return asked;
  const index = annotations['batch.kubernetes.io/job-completion-index'] ?? '0';
  const byIndex = Object.fromEntries(
    asked
      .slice(4)
      .split(',')
      .map((part) => part.split('=') as [string, string]),
  );
  return byIndex[index] ?? byIndex['*'] ?? 'ready';
}

/** The status that a kubelet would report. `asked`: ready, running, pull, succeed, fail[:code], crash[:restarts]. */
export class StatusReports {
  private addresses = 0;
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  of(pod: Obj, asked: string, extra?: Obj): Obj {
    const [name = '', number] = asked.split(':');
    const code = number === undefined ? 1 : Number(number);
    const time = this.world.timestamp();
    const status: Obj = cloneJson(pod['status'] ?? {});
    const conditions = new Map<string, Obj>((status['conditions'] ?? []).map((condition: Obj) => [condition['type'], condition]));
    const set = (type: string, value: string, reason?: string, message?: string): void => {
      const old = conditions.get(type);
      const lastTransitionTime = old?.['status'] === value ? old['lastTransitionTime'] : time;
      const made: Obj = { type, status: value, lastProbeTime: null, lastTransitionTime };
      if (reason !== undefined) made['reason'] = reason;
      if (message !== undefined) made['message'] = message;
      conditions.set(type, made);
    };
    const containers: Obj[] = pod['spec'].containers;
    const done = name === 'succeed' || name === 'fail';
    const ready = name === 'ready';
    set('PodReadyToStartContainers', done ? 'False' : 'True');
    set('Initialized', 'True', name === 'succeed' ? 'PodCompleted' : undefined);
    const why = (
      {
        running: 'ContainersNotReady',
        pull: 'ContainersNotReady',
        crash: 'ContainersNotReady',
        succeed: 'PodCompleted',
        fail: 'PodFailed',
      } as Record<string, string>
    )[name];
    const message =
      why === 'ContainersNotReady'
        ? `containers with unready status: [${containers.map((container) => container['name']).join(' ')}]`
        : undefined;
    set('ContainersReady', ready ? 'True' : 'False', why, message);
    set('Ready', ready ? 'True' : 'False', why, message);
    if (status['podIP'] === undefined && name !== 'pull') {
      this.addresses++;
      status['podIP'] = `10.77.${Math.floor(this.addresses / 250) % 250}.${(this.addresses % 250) + 1}`;
      status['podIPs'] = [{ ip: status['podIP'] }];
    }
    const phases: Record<string, string> = {
      ready: 'Running',
      running: 'Running',
      crash: 'Running',
      pull: 'Pending',
      succeed: 'Succeeded',
      fail: 'Failed',
    };
    Object.assign(status, {
      phase: phases[name],
      conditions: [...conditions.values()],
      containerStatuses: containers.map((container) => ({
        name: container['name'],
        image: container['image'],
        imageID: '',
        ready,
        started: name === 'ready' || name === 'running',
        restartCount: name === 'crash' ? code : 0,
        state: containerState(name, code, time),
      })),
    });
    status['startTime'] ??= time;
    return { ...status, ...extra };
  }
}

function containerState(name: string, code: number, time: string): Obj {
  switch (name) {
    case 'pull':
      return { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } };
    case 'crash':
      return { waiting: { reason: 'CrashLoopBackOff', message: 'back-off restarting failed container' } };
    case 'succeed':
      return { terminated: { exitCode: 0, reason: 'Completed', startedAt: time, finishedAt: time } };
    case 'fail':
      return { terminated: { exitCode: code, reason: 'Error', startedAt: time, finishedAt: time } };
    default:
      return { running: { startedAt: time } };
  }
}
