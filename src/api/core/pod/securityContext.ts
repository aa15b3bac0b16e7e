/** Security settings of a container and of the Pod as a whole. */
import { duplicate, forbidden, invalid, notSupported, required, tooLong } from '../../../apimachinery/field/error.ts';
import { isValidGroupID, isValidUserID } from '../../../apimachinery/validation/names.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { AppArmorProfile, PodSpec, SeccompProfile, SecurityContext, Sysctl } from '../../schema/types/core/v1.ts';
import { internalValue } from './internal.ts';
import { validateLocalDescendingPath } from './paths.ts';
import { validateWindowsOptions } from './windows.ts';
import { invalidEach, optionalOneOf, type Sink } from './sink.ts';
import type { PodValidationOptions } from './options.ts';

/** @param hostUsers the Pod shares the host's user namespace, as it does unless told otherwise */
export function validateSecurityContext(sink: Sink, context: SecurityContext, path: Path, hostUsers: boolean): void {
  if (context.runAsUser !== undefined) invalidEach(sink, path.child('runAsUser'), context.runAsUser, isValidUserID(context.runAsUser));
  if (context.runAsGroup !== undefined) invalidEach(sink, path.child('runAsGroup'), context.runAsGroup, isValidGroupID(context.runAsGroup));
  optionalOneOf(sink, context.procMount, ['Default', 'Unmasked'], path, 'procMount');
  if (hostUsers && context.procMount === 'Unmasked')
    sink.push(invalid(path.child('procMount'), context.procMount, '`hostUsers` must be false to use `Unmasked`'));
  validateSeccompProfile(sink, context.seccompProfile, path.child('seccompProfile'));
  if (context.allowPrivilegeEscalation === false) validateNoEscalation(sink, context, path);
  validateWindowsOptions(sink, context.windowsOptions, path.child('windowsOptions'));
  validateAppArmorProfile(sink, context.appArmorProfile, path.child('appArmorProfile'));
}

function validateNoEscalation(sink: Sink, context: SecurityContext, path: Path): void {
  const refuse = (what: string): void => {
    sink.push(invalid(path, internalValue('SecurityContext', context), `cannot set \`allowPrivilegeEscalation\` to false and ${what}`));
  };
  if (context.privileged === true) refuse('`privileged` to true');
  for (const capability of context.capabilities?.add ?? []) if (capability === 'CAP_SYS_ADMIN') refuse('`capabilities.Add` CAP_SYS_ADMIN');
}

export function validatePodSecurityContext(sink: Sink, spec: PodSpec, specPath: Path, options: PodValidationOptions): void {
  const context = spec.securityContext;
  const path = specPath.child('securityContext');
  // The server keeps the namespaces of the host in the same structure, so their rules stand here too.
  const both = spec.shareProcessNamespace === true && spec.hostPID === true;
  if (context) {
    for (const [field, check] of IDS) {
      const id = context[field];
      if (id !== undefined) invalidEach(sink, path.child(field), id, check(id));
    }
    for (const [index, group] of (context.supplementalGroups ?? []).entries())
      invalidEach(sink, path.child('supplementalGroups').index(index), group, isValidGroupID(group));
  }
  if (both) sink.push(invalid(path.child('shareProcessNamespace'), true, 'ShareProcessNamespace and HostPID cannot both be enabled'));
  if (!context) return;
  validateSysctls(sink, context.sysctls ?? [], spec, path.child('sysctls'), options);
  optionalOneOf(sink, context.fsGroupChangePolicy, ['Always', 'OnRootMismatch'], path, 'fsGroupChangePolicy');
  validateSeccompProfile(sink, context.seccompProfile, path.child('seccompProfile'));
  validateWindowsOptions(sink, context.windowsOptions, path.child('windowsOptions'));
  validateAppArmorProfile(sink, context.appArmorProfile, path.child('appArmorProfile'));
  optionalOneOf(sink, context.supplementalGroupsPolicy, ['Merge', 'Strict'], path, 'supplementalGroupsPolicy');
  // Other policies belong to a feature that is off by default.
  optionalOneOf(sink, context.seLinuxChangePolicy, ['Recursive'], path, 'seLinuxChangePolicy');
}

const IDS = [
  ['fsGroup', isValidGroupID],
  ['runAsUser', isValidUserID],
  ['runAsGroup', isValidGroupID],
] as const;

const PROFILE_TYPES: readonly string[] = ['Localhost', 'RuntimeDefault', 'Unconfined'];

function validateSeccompProfile(sink: Sink, profile: SeccompProfile | undefined, path: Path): void {
  if (!profile) return;
  if (!profile.type) sink.push(required(path.child('type'), 'type is required when seccompProfile is set'));
  else if (!PROFILE_TYPES.includes(profile.type)) sink.push(notSupported(path.child('type'), profile.type, PROFILE_TYPES));
  const at = path.child('localhostProfile');
  if (profile.type === 'Localhost') {
    if (profile.localhostProfile === undefined) sink.push(required(at, 'must be set when seccomp type is Localhost'));
    else validateLocalDescendingPath(sink, profile.localhostProfile, at);
  } else if (profile.localhostProfile !== undefined) {
    sink.push(invalid(at, internalValue('SeccompProfile', profile), 'can only be set when seccomp type is Localhost'));
  }
}

const PROFILE_LIMIT_BYTES = 4095;

function validateAppArmorProfile(sink: Sink, profile: AppArmorProfile | undefined, path: Path): void {
  if (!profile) return;
  const at = path.child('localhostProfile');
  const name = profile.localhostProfile;
  switch (profile.type) {
    case 'Localhost':
      if (name === undefined) sink.push(required(at, 'must be set when AppArmor type is Localhost'));
      else {
        if (name.trim() !== name) sink.push(invalid(at, name, 'must not be padded with whitespace'));
        else if (name === '') sink.push(required(at, 'must be set when AppArmor type is Localhost'));
        if (name.length > PROFILE_LIMIT_BYTES) sink.push(tooLong(at, PROFILE_LIMIT_BYTES));
      }
      return;
    case 'RuntimeDefault':
    case 'Unconfined':
      if (name !== undefined) sink.push(invalid(at, name, 'can only be set when AppArmor type is Localhost'));
      return;
    default:
      if (!profile.type) sink.push(required(path.child('type'), 'type is required when appArmorProfile is set'));
      else sink.push(notSupported(path.child('type'), profile.type, PROFILE_TYPES));
  }
}

const SYSCTL_PATTERN = '^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$';
const SYSCTL = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;
const SYSCTL_LIMIT = 253;

function validateSysctls(sink: Sink, sysctls: readonly Sysctl[], spec: PodSpec, path: Path, options: PodValidationOptions): void {
  const seen = new Set<string>();
  for (const [index, { name = '' }] of sysctls.entries()) {
    const at = path.index(index).child('name');
    if (name === '') sink.push(required(at, ''));
    else if (name.length > SYSCTL_LIMIT || !SYSCTL.test(name))
      sink.push(invalid(at, name, `must have at most ${SYSCTL_LIMIT} characters and match regex ${SYSCTL_PATTERN}`));
    else if (seen.has(name)) sink.push(duplicate(at, name));
    const namespace = options.allowNamespacedSysctlsForHostNamespaces ? undefined : sysctlNamespace(name);
    if (spec.hostNetwork && namespace === 'net') sink.push(invalid(at, name, "may not be specified when 'hostNetwork' is true"));
    else if (spec.hostIPC && namespace === 'ipc') sink.push(invalid(at, name, "may not be specified when 'hostIPC' is true"));
    seen.add(name);
  }
}

/** Which namespace of the kernel a setting belongs to; slashes and dots are the same, by the first separator. */
function sysctlNamespace(name: string): 'ipc' | 'net' | undefined {
  const separator = /[./]/.exec(name)?.[0];
  const dotted = separator === '/' ? name.replaceAll(/[./]/g, (character) => (character === '/' ? '.' : '/')) : name;
  if (dotted.startsWith('net.')) return 'net';
  return dotted === 'kernel.sem' || IPC_PREFIXES.some((prefix) => dotted.startsWith(prefix)) ? 'ipc' : undefined;
}

const IPC_PREFIXES = ['kernel.shm', 'kernel.msg', 'fs.mqueue.'];

/** A Pod with its own user namespace keeps its other namespaces to itself as well. */
export function validateHostUsers(sink: Sink, spec: PodSpec, path: Path): void {
  if (spec.hostUsers !== false) return;
  for (const field of ['hostNetwork', 'hostPID', 'hostIPC'] as const)
    if (spec[field] === true) sink.push(forbidden(path.child(field), 'when `hostUsers` is false'));
}
