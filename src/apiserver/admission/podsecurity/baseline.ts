import type { LifecycleHandler, Probe } from '../../../api/schema/types/core/v1.ts';
import { baselineCapabilities } from './capabilities.ts';
import {
  containers,
  containersOf,
  distinct,
  failing,
  inHostUsers,
  plural,
  quoted,
  setters,
  type AnyContainer,
  type Check,
  type CheckFunction,
} from './check.ts';
import { appArmorProfile, baselineSeccompAnnotations, baselineSeccompProfile, seLinuxOptions } from './profiles.ts';

const SYSCTLS_V0 = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
];
const SYSCTLS_V27 = [...SYSCTLS_V0, 'net.ipv4.ip_local_reserved_ports'];
const SYSCTLS_V29 = [
  ...SYSCTLS_V27,
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
];
const SYSCTLS_V32 = [...SYSCTLS_V29, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'];
const SELINUX_V0 = ['', 'container_t', 'container_init_t', 'container_kvm_t'];

/**
 * What no Pod may do under `baseline`: what is known to break out of a container.
 * Counterpart: k8s.io/pod-security-admission/policy (check_*.go of that level).
 */
export const BASELINE_CHECKS: readonly Check[] = [
  { id: 'appArmorProfile', versions: [[0, appArmorProfile]] },
  { id: 'capabilities_baseline', versions: [[0, baselineCapabilities]] },
  { id: 'hostNamespaces', versions: [[0, hostNamespaces]] },
  { id: 'hostPathVolumes', versions: [[0, hostPathVolumes]] },
  { id: 'hostPorts', versions: [[0, hostPorts]] },
  { id: 'hostProbesAndhostLifecycle', versions: [[34, probeHosts]] },
  { id: 'privileged', versions: [[0, privileged]] },
  { id: 'procMount', versions: [[0, inHostUsers(procMount)]] },
  {
    id: 'seLinuxOptions',
    versions: [
      [0, seLinuxOptions(SELINUX_V0)],
      [31, seLinuxOptions([...SELINUX_V0, 'container_engine_t'])],
    ],
  },
  {
    id: 'seccompProfile_baseline',
    versions: [
      [0, baselineSeccompAnnotations],
      [19, baselineSeccompProfile],
    ],
  },
  {
    id: 'sysctls',
    versions: [
      [0, sysctls(SYSCTLS_V0)],
      [27, sysctls(SYSCTLS_V27)],
      [29, sysctls(SYSCTLS_V29)],
      [32, sysctls(SYSCTLS_V32)],
    ],
  },
  { id: 'windowsHostProcess', versions: [[0, windowsHostProcess]] },
];

function hostNamespaces({ spec }: Parameters<CheckFunction>[0]): ReturnType<CheckFunction> {
  const used = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec[field] === true);
  return used.length === 0 ? undefined : { reason: 'host namespaces', detail: used.map((field) => `${field}=true`).join(', ') };
}

function hostPathVolumes({ spec }: Parameters<CheckFunction>[0]): ReturnType<CheckFunction> {
  const names = (spec.volumes ?? []).filter(({ hostPath }) => hostPath !== undefined).map(({ name }) => name);
  return names.length === 0 ? undefined : { reason: 'hostPath volumes', detail: `${plural('volume', names.length)} ${quoted(names)}` };
}

function hostPorts({ spec }: Parameters<CheckFunction>[0]): ReturnType<CheckFunction> {
  const ports = ({ ports: all = [] }: AnyContainer): readonly string[] =>
    all.flatMap(({ hostPort = 0 }) => (hostPort === 0 ? [] : [String(hostPort)]));
  const users = containersOf(spec).filter((container) => ports(container).length > 0);
  if (users.length === 0) return undefined;
  const used = distinct(users.flatMap(ports));
  const detail = `${containers(users.map(({ name }) => name))} ${uses(users)} ${plural('hostPort', used.length)} ${used.join(', ')}`;
  return { reason: 'hostPort', detail };
}

function probeHosts({ spec }: Parameters<CheckFunction>[0]): ReturnType<CheckFunction> {
  const users = containersOf(spec).filter((container) => hostsOf(container).length > 0);
  if (users.length === 0) return undefined;
  const hosts = distinct(users.flatMap(hostsOf));
  const who = `${containers(users.map(({ name }) => name))} ${uses(users)}`;
  return { reason: 'probe or lifecycle host', detail: `${who} probe or lifecycle ${plural('host', hosts.length)} ${quoted(hosts)}` };
}

function hostsOf({ livenessProbe, readinessProbe, startupProbe, lifecycle }: AnyContainer): readonly string[] {
  const handlers: readonly (Probe | LifecycleHandler | undefined)[] = [
    livenessProbe,
    readinessProbe,
    startupProbe,
    lifecycle?.postStart,
    lifecycle?.preStop,
  ];
  return handlers
    .flatMap((handler) => [handler?.httpGet?.host, handler?.tcpSocket?.host])
    .filter((host) => host !== undefined && host !== '') as string[];
}

function uses(users: readonly unknown[]): string {
  return users.length === 1 ? 'uses' : 'use';
}

function privileged({ spec }: Parameters<CheckFunction>[0]): ReturnType<CheckFunction> {
  const names = failing(spec, (context) => context.privileged === true);
  return names.length === 0
    ? undefined
    : { reason: 'privileged', detail: `${containers(names)} must not set securityContext.privileged=true` };
}

function procMount({ spec }: Parameters<CheckFunction>[0]): ReturnType<CheckFunction> {
  const types: string[] = [];
  const names = failing(spec, (context) => {
    const type = context.procMount ?? 'Default';
    if (type === 'Default') return false;
    types.push(type);
    return true;
  });
  if (names.length === 0) return undefined;
  return { reason: 'procMount', detail: `${containers(names)} must not set securityContext.procMount to ${quoted(distinct(types))}` };
}

function sysctls(allowed: readonly string[]): CheckFunction {
  return ({ spec }) => {
    const names = (spec.securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !allowed.includes(name));
    return names.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: names.join(', ') };
  };
}

function windowsHostProcess({ spec }: Parameters<CheckFunction>[0]): ReturnType<CheckFunction> {
  const who = setters(
    spec.securityContext?.windowsOptions?.hostProcess === true,
    failing(spec, ({ windowsOptions }) => windowsOptions?.hostProcess === true),
  );
  return who === '' ? undefined : { reason: 'hostProcess', detail: `${who} must not set securityContext.windowsOptions.hostProcess=true` };
}
