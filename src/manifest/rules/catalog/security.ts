/** Rules for what Pods and their containers may do on a machine. */
import { hitsOf, valueAt } from '../../references/fieldPattern.ts';
import { containerRule, finding, podRule, rule, securitySetting } from '../build.ts';
import type { Container, Rule } from '../rule.ts';

function hostField(field: 'hostNetwork' | 'hostPID' | 'hostIPC', id: string, reason: string): Rule {
  return podRule({ id, reason }, ({ spec, at }) =>
    spec[field] === true
      ? finding(at().child(field), `the Pod uses ${field}`, { title: `Remove "${field}"`, value: undefined })
      : undefined,
  );
}

/** Capabilities with which a container owns its node, or nearly. */
const DANGEROUS: ReadonlySet<unknown> = new Set([
  'ALL',
  'SYS_ADMIN',
  'NET_ADMIN',
  'SYS_PTRACE',
  'SYS_MODULE',
  'SYS_RAWIO',
  'SYS_BOOT',
  'BPF',
  'DAC_READ_SEARCH',
  'NET_RAW',
]);
const RUNTIME_SOCKETS = /^\/(?:var\/)?run\/(?:docker|containerd\/containerd|crio\/crio|cri-dockerd)\.sock$/;

/** The API server refuses to keep such a container from gaining privileges; that it has them all is said elsewhere. */
function isAllPowerful({ value }: Container): boolean {
  const added = hitsOf(value, 'securityContext.capabilities.add[]').map((hit) => hit.value);
  return valueAt(value, 'securityContext.privileged') === true || added.includes('CAP_SYS_ADMIN');
}

export const SECURITY_RULES: readonly Rule[] = [
  containerRule({ id: 'run-as-non-root', reason: 'Root in a container is root on the node as soon as it gets out.' }, (container, pod) => {
    const user = securitySetting(container, pod, 'runAsUser');
    if (securitySetting(container, pod, 'runAsNonRoot') === true || (typeof user === 'number' && user > 0)) return undefined;
    const path = container.at().child('securityContext', 'runAsNonRoot');
    return finding(path, `container "${container.name}" may run as root`, { title: 'Set "runAsNonRoot: true"', value: true });
  }),
  containerRule({ id: 'run-as-root', reason: 'User 0 is root, whatever else is set.' }, (container, pod) => {
    if (securitySetting(container, pod, 'runAsUser') !== 0) return undefined;
    return finding(container.at().child('securityContext', 'runAsUser'), `container "${container.name}" runs as user 0`);
  }),
  containerRule(
    {
      id: 'privileged',
      severity: 'error',
      reason: 'A privileged container has all of the node: its devices, its kernel, its other containers.',
    },
    (container) =>
      valueAt(container.value, 'securityContext.privileged') !== true
        ? undefined
        : finding(container.at().child('securityContext', 'privileged'), `container "${container.name}" is privileged`, {
            title: 'Change to "false"',
            value: false,
          }),
  ),
  containerRule(
    {
      id: 'privilege-escalation',
      linux: true,
      reason: 'Without it a program that belongs to root cannot give its rights to who calls it.',
    },
    (container) => {
      const value = valueAt(container.value, 'securityContext.allowPrivilegeEscalation');
      if (value === false || isAllPowerful(container)) return undefined;
      const path = container.at().child('securityContext', 'allowPrivilegeEscalation');
      return finding(path, `container "${container.name}" can gain more privileges than it starts with`, {
        title: 'Set "allowPrivilegeEscalation: false"',
        value: false,
      });
    },
  ),
  containerRule(
    { id: 'read-only-root', linux: true, severity: 'information', reason: 'Who breaks in cannot put programs where none can be written.' },
    (container) => {
      if (valueAt(container.value, 'securityContext.readOnlyRootFilesystem') === true) return undefined;
      const path = container.at().child('securityContext', 'readOnlyRootFilesystem');
      return finding(path, `container "${container.name}" can write to its root file system`);
    },
  ),
  containerRule(
    {
      id: 'drop-capabilities',
      linux: true,
      severity: 'information',
      reason: 'Most programs need none of the capabilities that a container has by default.',
    },
    (container) => {
      const dropped = hitsOf(container.value, 'securityContext.capabilities.drop[]').map(({ value }) => String(value).toUpperCase());
      if (dropped.includes('ALL')) return undefined;
      const path = container.at().child('securityContext', 'capabilities', 'drop');
      return finding(path, `container "${container.name}" keeps the default capabilities`, {
        title: 'Drop all capabilities',
        value: ['ALL'],
      });
    },
  ),
  rule({ id: 'dangerous-capabilities', reason: 'These capabilities are a way out of the container.' }, ({ pod }) =>
    (pod?.containers ?? []).flatMap((container) =>
      hitsOf(container.value, 'securityContext.capabilities.add[]', container.at).map(({ value, path }) =>
        DANGEROUS.has(String(value).replace(/^CAP_/, ''))
          ? finding(path(), `container "${container.name}" has the capability ${String(value)}`)
          : undefined,
      ),
    ),
  ),
  containerRule(
    {
      id: 'seccomp-profile',
      linux: true,
      severity: 'information',
      reason: 'The default profile keeps rarely used calls of the kernel away from the program.',
    },
    (container, pod) => {
      const type = securitySetting(container, pod, 'seccompProfile.type');
      if (type === 'RuntimeDefault' || type === 'Localhost') return undefined;
      const path = container.at().child('securityContext', 'seccompProfile');
      return finding(path, `container "${container.name}" has no seccomp profile`, {
        title: 'Set the profile "RuntimeDefault"',
        value: { type: 'RuntimeDefault' },
      });
    },
  ),
  hostField('hostNetwork', 'host-network', 'The Pod sees the traffic of its node and takes ports of it; network policies do not reach it.'),
  hostField('hostPID', 'host-pid', 'The Pod sees the processes of its node, their environments with them.'),
  hostField('hostIPC', 'host-ipc', 'The Pod can read the shared memory of other processes of its node.'),
  rule({ id: 'host-path', reason: 'A folder of the node is a way out of the container, and is another one on each node.' }, ({ pod }) =>
    (pod === undefined ? [] : hitsOf(pod.spec, 'volumes[].hostPath', pod.at)).map(({ value, path }) =>
      finding(path(), `a volume is the folder ${String(valueAt(value, 'path') ?? '')} of the node`),
    ),
  ),
  rule(
    { id: 'runtime-socket', severity: 'error', reason: 'Who can speak with the container runtime can do anything on the node.' },
    ({ pod }) =>
      (pod === undefined ? [] : hitsOf(pod.spec, 'volumes[].hostPath.path', pod.at)).map(({ value, path }) =>
        RUNTIME_SOCKETS.test(String(value)) ? finding(path(), `a volume is the socket of the container runtime`) : undefined,
      ),
  ),
  rule({ id: 'host-port', reason: 'A port of the node can be had once: two such Pods never share a node.' }, ({ pod }) =>
    (pod?.containers ?? []).flatMap((container) =>
      hitsOf(container.value, 'ports[].hostPort', container.at).map(({ value, path }) =>
        value === 0 ? undefined : finding(path(), `container "${container.name}" takes port ${String(value)} of the node`),
      ),
    ),
  ),
  podRule(
    { id: 'service-account-token', severity: 'hint', reason: 'A token that nobody uses is one that can be stolen.' },
    ({ spec, at }) => {
      const account = spec['serviceAccountName'] ?? spec['serviceAccount'] ?? 'default';
      if (account !== 'default' || spec['automountServiceAccountToken'] === false) return undefined;
      const path = at().child('automountServiceAccountToken');
      return finding(path, 'the Pod gets a token of the account "default"', {
        title: 'Set "automountServiceAccountToken: false"',
        value: false,
      });
    },
  ),
];
