/** Settings that only Windows Pods have, and those they may not have. */
import { forbidden, invalid } from '../../../apimachinery/field/error.ts';
import { isDNS1123Subdomain } from '../../../apimachinery/validation/names.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { PodSecurityContext, PodSpec, SecurityContext, WindowsSecurityContextOptions } from '../../schema/types/core/v1.ts';
import { visitContainers } from './visit.ts';
import { invalidEach, type Sink } from './sink.ts';

export function validateWindowsOptions(sink: Sink, options: WindowsSecurityContextOptions | undefined, path: Path): void {
  if (!options) return;
  const name = options.gmsaCredentialSpecName;
  if (name !== undefined) invalidEach(sink, path.child('gmsaCredentialSpecName'), name, isDNS1123Subdomain(name));
  const spec = options.gmsaCredentialSpec;
  if (spec === '') sink.push(invalid(path.child('gmsaCredentialSpec'), spec, 'gmsaCredentialSpec cannot be an empty string'));
  else if (spec !== undefined && spec.length > 64 * 1024)
    sink.push(invalid(path.child('gmsaCredentialSpec'), spec, 'gmsaCredentialSpec size must be under 64 KiB'));
  const user = options.runAsUserName;
  if (user !== undefined) invalidEach(sink, path.child('runAsUserName'), user, userNameProblems(user));
}

/** `USER` or `DOMAIN\USER`, within the limits of Windows. */
function userNameProblems(text: string): readonly string[] {
  if (text === '') return ['runAsUserName cannot be an empty string'];
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\x00-\x1f\x7f]/.test(text)) return ['runAsUserName cannot contain control characters'];
  const parts = text.split('\\');
  if (parts.length > 2) return ['runAsUserName cannot contain more than one backslash'];
  const domain = parts.length === 2 ? (parts[0] ?? '') : undefined;
  const user = parts.at(-1) ?? '';
  const problems: string[] = [];
  if (domain !== undefined) {
    if (domain.length >= 256) problems.push("runAsUserName's Domain length must be under 256 characters");
    if (!NET_BIOS.test(domain) && !DNS.test(domain)) problems.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
  }
  if (user === '') problems.push("runAsUserName's User cannot be empty");
  else if (user.length > 104) problems.push("runAsUserName's User length must not be longer than 104 characters");
  if (/^[. ]+$/.test(user)) problems.push("runAsUserName's User cannot contain only periods or spaces");
  if (/["/\\:;|=,+*?<>@[\]]/.test(user)) problems.push('runAsUserName\'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]');
  return problems;
}

const NET_BIOS = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const DNS = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;

/** Either all containers are processes of the host or none, and the Pod is on the host's network then. */
export function validateHostProcess(sink: Sink, spec: PodSpec, specPath: Path): void {
  const podValue = spec.securityContext?.windowsOptions?.hostProcess;
  let containers = 0;
  let hostProcesses = 0;
  visitContainers(spec, specPath, (container, path) => {
    containers++;
    const own = container.securityContext?.windowsOptions?.hostProcess;
    if (podValue !== undefined && own !== undefined && podValue !== own) {
      const text = `pod hostProcess value must be identical if both are specified, was ${podValue}`;
      sink.push(invalid(path().child('securityContext', 'windowsOptions', 'hostProcess'), own, text));
    }
    if (own ?? podValue) hostProcesses++;
  });
  if (hostProcesses === 0) return;
  if (hostProcesses !== containers)
    sink.push(invalid(specPath, '', 'If pod contains any hostProcess containers then all containers must be HostProcess containers'));
  if (spec.hostNetwork !== true)
    sink.push(invalid(specPath.child('hostNetwork'), false, 'hostNetwork must be true if pod contains any hostProcess containers'));
}

const REFUSAL = 'cannot be set for a windows pod';

type PodRule = readonly [path: readonly string[], isSet: (spec: PodSpec, context: PodSecurityContext) => boolean];

const inContext = (field: keyof PodSecurityContext): PodRule => [['securityContext', field], (_, context) => context[field] !== undefined];

const POD_RULES: readonly PodRule[] = [
  inContext('appArmorProfile'),
  inContext('seLinuxOptions'),
  [['hostUsers'], (spec) => spec.hostUsers !== undefined],
  [['hostPID'], (spec) => spec.hostPID === true],
  [['hostIPC'], (spec) => spec.hostIPC === true],
  inContext('seccompProfile'),
  inContext('fsGroup'),
  inContext('fsGroupChangePolicy'),
  [['securityContext', 'sysctls'], (_, context) => (context.sysctls ?? []).length > 0],
  [['shareProcessNamespace'], (spec) => spec.shareProcessNamespace !== undefined],
  inContext('runAsUser'),
  inContext('runAsGroup'),
  inContext('supplementalGroups'),
  inContext('supplementalGroupsPolicy'),
  inContext('seLinuxChangePolicy'),
];

const CONTAINER_FIELDS: readonly (keyof SecurityContext)[] = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
];

export function validateWindowsPod(sink: Sink, spec: PodSpec, specPath: Path): void {
  const context = spec.securityContext ?? {};
  for (const [path, isSet] of POD_RULES) if (isSet(spec, context)) sink.push(forbidden(specPath.child(...path), REFUSAL));
  visitContainers(spec, specPath, (container, path) => {
    for (const field of CONTAINER_FIELDS)
      if (container.securityContext?.[field] !== undefined) sink.push(forbidden(path().child('securityContext', field), REFUSAL));
  });
}

export function validateLinuxPod(sink: Sink, spec: PodSpec, specPath: Path): void {
  const text = 'windows options cannot be set for a linux pod';
  if (spec.securityContext?.windowsOptions) sink.push(forbidden(specPath.child('securityContext', 'windowsOptions'), text));
  visitContainers(spec, specPath, (container, path) => {
    if (container.securityContext?.windowsOptions) sink.push(forbidden(path().child('securityContext', 'windowsOptions'), text));
  });
}
