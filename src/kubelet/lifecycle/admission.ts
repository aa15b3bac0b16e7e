/**
 * Whether a node takes a Pod that was bound to it: what the scheduler checks too, checked again where the Pod arrives.
 * Invariant: pure; a refusal is a reason and a text, which end up in the Pod's status and in an event.
 * Counterpart: k8s.io/kubernetes/pkg/kubelet/lifecycle (predicateAdmitHandler), pkg/kubelet/sysctl.
 */
import { compileRequired } from '../../api/core/node/nodeSelector.ts';
import { toleratesAny } from '../../api/core/node/tolerates.ts';
import type { Node, Pod } from '../../api/schema/types/core/v1.ts';
import { milliValue, value } from '../../apimachinery/quantity/quantity.ts';
import { isSidecar, type PodRequests } from './resources.ts';

export interface Refusal {
  readonly reason: string;
  readonly message: string;
}

/** @param used what the other Pods of the node ask for
 *  @param usedPorts host ports in use, as `hostPorts` gives them */
export function admit(
  pod: Pod,
  node: Node,
  requests: Readonly<PodRequests>,
  used: Readonly<PodRequests>,
  usedPorts: () => ReadonlySet<string>,
): Refusal | undefined {
  return (
    underPressure(pod, node) ??
    forbiddenSysctl(pod) ??
    wrongSystem(pod) ??
    insufficient(node, requests, used) ??
    unsuitable(pod, node, usedPorts)
  );
}

const OS = 'linux';

function wrongSystem(pod: Pod): Refusal | undefined {
  // The Pod's label, as in the real kubelet, not its node selector.
  if ((pod.metadata.labels?.['kubernetes.io/os'] ?? OS) !== OS) {
    const message = "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label";
    return { reason: 'PodOSSelectorNodeLabelDoesNotMatch', message };
  }
  const os = pod.spec?.os?.name;
  if (os === undefined || os === OS) return undefined;
  return { reason: 'PodOSNotSupported', message: "Failed to admit pod as the OS field doesn't match node OS" };
}

const PRESSURES: ReadonlySet<string> = new Set(['MemoryPressure', 'DiskPressure', 'PIDPressure']);
/** From this priority on a Pod is critical: the system's own classes. */
const CRITICAL_PRIORITY = 2_000_000_000;
const MEMORY_PRESSURE_TAINT = { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' } as const;

/** A node that is short of something takes only critical Pods; short of memory alone, also those that say what they need. */
function underPressure(pod: Pod, node: Node): Refusal | undefined {
  const pressures = (node.status?.conditions ?? []).filter(({ type, status }) => status === 'True' && PRESSURES.has(type));
  if (pressures.length === 0 || (pod.spec?.priority ?? 0) >= CRITICAL_PRIORITY) return undefined;
  const onlyMemory = pressures.every(({ type }) => type === 'MemoryPressure');
  if (onlyMemory && (pod.status?.qosClass !== 'BestEffort' || toleratesAny(pod.spec?.tolerations, MEMORY_PRESSURE_TAINT))) return undefined;
  return { reason: 'Evicted', message: `The node had condition: [${pressures.map(({ type }) => type).join(' ')}]. ` };
}

/** `IP/protocol/port` of every host port. */
export function hostPorts(pod: Pod): readonly string[] {
  const ports: string[] = [];
  for (const container of [...(pod.spec?.initContainers ?? []).filter(isSidecar), ...(pod.spec?.containers ?? [])]) {
    for (const port of container.ports ?? []) {
      const number = port.hostPort ?? (pod.spec?.hostNetwork === true ? port.containerPort : 0);
      if (number > 0) ports.push(`${port.hostIP ?? '0.0.0.0'}/${port.protocol ?? 'TCP'}/${number}`);
    }
  }
  return ports;
}

/** The first resource of which the node has too little beside what is used. */
export function insufficient(node: Node, requests: Readonly<PodRequests>, used: Readonly<PodRequests>): Refusal | undefined {
  const allocatable = node.status?.allocatable ?? {};
  const checks: readonly [string, number, number, number][] = [
    ['pods', requests.pods, used.pods, value(allocatable['pods'])],
    ['cpu', requests.cpuMilli, used.cpuMilli, milliValue(allocatable['cpu'])],
    ['memory', requests.memoryBytes, used.memoryBytes, value(allocatable['memory'])],
    ['ephemeral-storage', requests.ephemeralBytes, used.ephemeralBytes, value(allocatable['ephemeral-storage'])],
  ];
  for (const [name, requested, taken, capacity] of checks) {
    if (requested === 0 || requested + taken <= capacity) continue;
    return {
      reason: `OutOf${name}`,
      message: `Node didn't have enough resource: ${name}, requested: ${requested}, used: ${taken}, capacity: ${capacity}`,
    };
  }
  return undefined;
}

function unsuitable(pod: Pod, node: Node, usedPorts: () => ReadonlySet<string>): Refusal | undefined {
  if (!compileRequired(pod.spec)(node)) return predicate('NodeAffinity', "node(s) didn't match Pod's node affinity/selector");
  const wanted = hostPorts(pod);
  if (wanted.length > 0 && conflicts(wanted, usedPorts()))
    return predicate('NodePorts', "node(s) didn't have free ports for the requested pod ports");
  const unwanted = (node.spec?.taints ?? []).some((taint) => taint.effect === 'NoExecute' && !toleratesAny(pod.spec?.tolerations, taint));
  return unwanted ? predicate('TaintToleration', "node(s) had taints that the pod didn't tolerate") : undefined;
}

function predicate(name: string, text: string): Refusal {
  return { reason: name, message: `Predicate ${name} failed: ${text}` };
}

/** Two ports conflict if protocol and number are the same and the addresses are, or one is all addresses. */
function conflicts(wanted: readonly string[], used: ReadonlySet<string>): boolean {
  return wanted.some((port) => {
    const [ip, ...rest] = port.split('/');
    return [...used].some((other) => {
      const [otherIp, ...otherRest] = other.split('/');
      return rest.join('/') === otherRest.join('/') && (ip === otherIp || ip === '0.0.0.0' || otherIp === '0.0.0.0');
    });
  });
}

const SAFE_SYSCTLS: ReadonlySet<string> = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
]);

function forbiddenSysctl(pod: Pod): Refusal | undefined {
  const unsafe = (pod.spec?.securityContext?.sysctls ?? []).find(({ name }) => !SAFE_SYSCTLS.has(name.replaceAll('/', '.')));
  return unsafe === undefined ? undefined : { reason: 'SysctlForbidden', message: `forbidden sysctl: "${unsafe.name}" not allowlisted` };
}
