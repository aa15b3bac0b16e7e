/**
 * What a kubelet tells about its machine in the Node's status.
 * Counterpart: k8s.io/kubernetes/pkg/kubelet/nodestatus.
 */
import type { Draft } from '../../base/json.ts';
import type { Node, NodeCondition, NodeStatus } from '../../api/schema/types/core/v1.ts';
import { privateDnsName } from '../../api/kubepad/nodepool/region.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';
import { imageDigest } from '../../runtime/ids.ts';
import type { NodeState, Pressure } from '../state.ts';

export const KUBELET_VERSION = 'v1.36.3';
/** A machine that says nothing about itself is as large as those of the preset. */
const DEFAULT_CAPACITY = { cpu: '4', memory: '8Gi', pods: '110', 'ephemeral-storage': '100Gi' } as const;
const STARTING_ERRORS = [
  'container runtime status check may not have completed yet',
  'PLEG is not healthy: pleg has yet to be successful',
] as const;
const SHUTDOWN_ERROR = 'node is shutting down';
/** The kubelet reports so many images, the largest first. */
const IMAGE_LIMIT = 50;

const HEALTHY: readonly (readonly [type: string, reason: string, message: string])[] = [
  ['MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
];

const PRESSED: Readonly<Record<string, readonly [reason: string, message: string]>> = {
  MemoryPressure: ['KubeletHasInsufficientMemory', 'kubelet has insufficient memory available'],
  DiskPressure: ['KubeletHasDiskPressure', 'kubelet has disk pressure'],
  PIDPressure: ['KubeletHasInsufficientPID', 'kubelet has insufficient PID available'],
};

/** The status to write; what others wrote (conditions of other types, capacity of extended resources) is kept. */
export function nodeStatus(node: Node, state: NodeState, nowMs: number): Draft<NodeStatus> {
  const { volumesInUse: _before, ...stored } = node.status ?? {};
  const volumesInUse = Object.keys(state.volumes).toSorted();
  const capacity = stored.capacity ?? DEFAULT_CAPACITY;
  const name = node.metadata.name ?? '';
  const labels = node.metadata.labels ?? {};
  const id = imageDigest(`${name}/${node.metadata.uid ?? ''}`);
  return {
    ...(stored as Draft<NodeStatus>),
    capacity: { ...DEFAULT_CAPACITY, ...capacity },
    allocatable: { ...DEFAULT_CAPACITY, ...(stored.allocatable ?? capacity) },
    conditions: conditions(stored.conditions ?? [], state, nowMs),
    addresses: [
      { type: 'InternalIP', address: state.address },
      ...internalNames(node, state.address),
      { type: 'Hostname', address: labels['kubernetes.io/hostname'] ?? name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: {
      machineID: id.slice(0, 32),
      systemUUID: uuid(id),
      bootID: uuid(imageDigest(`${id}/${state.boots}`)),
      kernelVersion: '6.12.0',
      osImage: 'Simulated Linux',
      containerRuntimeVersion: 'containerd://2.1.0',
      kubeletVersion: KUBELET_VERSION,
      kubeProxyVersion: '',
      operatingSystem: 'linux',
      architecture: labels['kubernetes.io/arch'] ?? 'amd64',
    },
    ...images(state),
    ...(volumesInUse.length === 0 ? {} : { volumesInUse }),
    runtimeHandlers: [{ name: '', features: { recursiveReadOnlyMounts: true, userNamespaces: true } }],
    features: { supplementalGroupsPolicy: true },
    declaredFeatures: [
      'ExtendWebSocketsToKubelet',
      'InPlacePodLevelResourcesVerticalScaling',
      'InPlacePodVerticalScalingInitContainers',
      'RestartAllContainersOnContainerExits',
    ],
  };
}

/** The name that a cloud's own servers know the machine by. */
function internalNames({ metadata, spec }: Node, address: string): { type: string; address: string }[] {
  const region = metadata.labels?.['topology.kubernetes.io/region'];
  if (region === undefined || spec?.providerID?.startsWith('aws:') !== true) return [];
  return [{ type: 'InternalDNS', address: privateDnsName(address, region) }];
}

function conditions(stored: readonly NodeCondition[], state: NodeState, nowMs: number): Draft<NodeCondition>[] {
  const time = formatTime(nowMs);
  const own = new Set(['Ready', ...HEALTHY.map(([type]) => type)]);
  const made = HEALTHY.map(([type, reason, message]) => {
    const [pressed, text] = PRESSED[type] ?? [];
    if (pressed === undefined || text === undefined || state.eviction?.met[type as Pressure] === undefined)
      return condition(stored, type, 'False', reason, message, time);
    return condition(stored, type, 'True', pressed, text, time);
  });
  const ready = isReady(state)
    ? condition(stored, 'Ready', 'True', 'KubeletReady', 'kubelet is posting ready status', time)
    : condition(stored, 'Ready', 'False', 'KubeletNotReady', notReadyText(state), time);
  const others = stored.filter(({ type }) => !own.has(type)).map((other) => ({ ...other }));
  // A real kubelet says last that it is ready; what stands in for it in the mode `fast` says it first.
  return state.mode === 'fast' ? [...others, ready, ...made] : [...others, ...made, ready];
}

export function isReady({ ready, shutdown }: NodeState): boolean {
  return ready && shutdown === null;
}

/** Several errors stand in brackets, as Go's aggregates do. */
function notReadyText({ ready, shutdown }: NodeState): string {
  const errors = [...(ready ? [] : STARTING_ERRORS), ...(shutdown === null ? [] : [SHUTDOWN_ERROR])];
  return errors.length === 1 ? (errors[0] ?? '') : `[${errors.join(', ')}]`;
}

function condition(
  stored: readonly NodeCondition[],
  type: string,
  status: string,
  reason: string,
  message: string,
  time: string,
): Draft<NodeCondition> {
  const before = stored.find((other) => other.type === type);
  const lastTransitionTime = before?.status === status ? (before.lastTransitionTime ?? time) : time;
  return { type, status, lastHeartbeatTime: time, lastTransitionTime, reason, message };
}

function images(state: NodeState): Pick<Draft<NodeStatus>, 'images'> {
  const entries = Object.entries(state.images);
  if (entries.length === 0) return {};
  entries.sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return {
    images: entries.slice(0, IMAGE_LIMIT).map(([name, sizeBytes]) => ({
      names: [`${(name.split('@')[0] ?? name).replace(/:[^/:]*$/, '')}@${state.digests[name] ?? `sha256:${imageDigest(name)}`}`, name],
      sizeBytes,
    })),
  };
}

function uuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
