/**
 * Containers of a Pod: regular, init and ephemeral ones, each with the rules common to all and their own.
 * Invariant: a name is used once over all three lists.
 */
import { duplicate, forbidden, invalid, notFound, notSupported, required, tooMany } from '../../../apimachinery/field/error.ts';
import { isDNS1123Label } from '../../../apimachinery/validation/names.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { Container, ContainerResizePolicy, ContainerRestartRule, EphemeralContainer, PodSpec } from '../../schema/types/core/v1.ts';
import { validateEnv, validateEnvFrom } from './env.ts';
import { validateLifecycle, validateProbes } from './handlers.ts';
import { validateVolumeDevices, validateVolumeMounts } from './mounts.ts';
import { validateContainerPorts, validateHostPortConflicts } from './ports.ts';
import { validateContainerResources } from './resources.ts';
import { validateSecurityContext } from './securityContext.ts';
import { isRestartableInit, type AnyContainer } from './visit.ts';
import { PULL_POLICIES } from './volumesCommon.ts';
import type { VolumeMap } from './volumes.ts';
import { invalidEach, optionalOneOf, requireOneOf, requireText, type Sink } from './sink.ts';
import type { PodValidationOptions } from './options.ts';

/** What the rules of a container need to know about its Pod. */
export interface ContainerSurroundings {
  readonly volumes: VolumeMap;
  readonly claimNames: ReadonlySet<string>;
  readonly options: PodValidationOptions;
  readonly restartPolicy: string;
  /** The Pod shares the user namespace of its host. */
  readonly hostUsers: boolean;
  readonly gracePeriodSeconds: number | undefined;
}

export function validateContainers(sink: Sink, containers: readonly Container[], path: Path, pod: ContainerSurroundings): void {
  if (containers.length === 0) {
    sink.push(required(path, ''));
    return;
  }
  const names = new Set<string>();
  for (const [index, container] of containers.entries()) {
    const at = path.index(index);
    validateCommon(sink, container, at, pod);
    validateRestartRules(sink, container, at);
    if (names.has(container.name)) sink.push(duplicate(at.child('name'), container.name));
    names.add(container.name);
    if (container.lifecycle) validateLifecycle(sink, container.lifecycle, pod.gracePeriodSeconds, at.child('lifecycle'));
    validateProbes(sink, container, at);
  }
  validateHostPortConflicts(sink, containers, path);
}

export function validateInitContainers(
  sink: Sink,
  containers: readonly Container[],
  regular: readonly Container[],
  path: Path,
  pod: ContainerSurroundings,
): void {
  if (containers.length === 0) return;
  const names = new Set(regular.map((container) => container.name));
  for (const [index, container] of containers.entries()) {
    const at = path.index(index);
    validateCommon(sink, container, at, pod);
    validateRestartRules(sink, container, at);
    if (names.has(container.name)) sink.push(duplicate(at.child('name'), container.name));
    else if (container.name) names.add(container.name);
    // They run one after the other, so only the ports of one and the same can collide. The server's path has no index.
    validateHostPortConflicts(sink, [container], path);
    if (isRestartableInit(container)) {
      if (container.lifecycle) validateLifecycle(sink, container.lifecycle, pod.gracePeriodSeconds, at.child('lifecycle'));
      validateProbes(sink, container, at);
      continue;
    }
    for (const field of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const)
      if (container[field] !== undefined)
        sink.push(forbidden(at.child(field), 'may not be set for init containers without restartPolicy=Always'));
  }
}

export function validateEphemeralContainers(sink: Sink, spec: PodSpec, path: Path, pod: ContainerSurroundings): void {
  const containers = spec.ephemeralContainers ?? [];
  if (containers.length === 0) return;
  const others = new Set([...(spec.containers ?? []), ...(spec.initContainers ?? [])].map((container) => container.name));
  const names = new Set(others);
  for (const [index, container] of containers.entries()) {
    const at = path.index(index);
    validateCommon(sink, container, at, pod);
    validateImageSpace(sink, container, at);
    if (names.has(container.name)) sink.push(duplicate(at.child('name'), container.name));
    names.add(container.name);
    const target = container.targetContainerName;
    if (target && !others.has(target)) sink.push(notFound(at.child('targetContainerName'), target));
    validateEphemeralFields(sink, container, at);
  }
}

/** A Pod's image must be exact; templates are not checked for the sake of older objects. */
export function validateImageSpace(sink: Sink, container: AnyContainer, path: Path): void {
  const image = container.image ?? '';
  if (image.trim() !== image) sink.push(invalid(path.child('image'), image, 'must not have leading or trailing whitespace'));
}

const EPHEMERAL_REFUSAL = 'cannot be set for an Ephemeral Container';

/** In the order of the fields of the type. */
const EPHEMERAL_FORBIDDEN: readonly (keyof EphemeralContainer)[] = [
  'ports',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
];

function validateEphemeralFields(sink: Sink, container: EphemeralContainer, path: Path): void {
  for (const field of EPHEMERAL_FORBIDDEN) {
    const value = container[field];
    if (value === undefined || (field === 'resources' && Object.keys(value).length === 0)) continue;
    sink.push(forbidden(path.child(field), EPHEMERAL_REFUSAL));
  }
  for (const [index, mount] of (container.volumeMounts ?? []).entries())
    for (const field of ['subPath', 'subPathExpr'] as const)
      if (mount[field]) sink.push(forbidden(path.child('volumeMounts').index(index).child(field), EPHEMERAL_REFUSAL));
}

function validateCommon(sink: Sink, container: AnyContainer, path: Path, pod: ContainerSurroundings): void {
  requireText(sink, container.name, path, 'name');
  if (container.name) invalidEach(sink, path.child('name'), container.name, isDNS1123Label(container.name));
  requireText(sink, container.image, path, 'image');
  requireOneOf(sink, container.terminationMessagePolicy, ['File', 'FallbackToLogsOnError'], path, 'terminationMessagePolicy');
  if (container.ports) validateContainerPorts(sink, container.ports, path.child('ports'));
  if (container.env) validateEnv(sink, container.env, path.child('env'));
  if (container.envFrom) validateEnvFrom(sink, container.envFrom, path.child('envFrom'));
  if (container.volumeMounts) validateVolumeMounts(sink, container, pod.volumes, path.child('volumeMounts'));
  if (container.volumeDevices) validateVolumeDevices(sink, container, pod.volumes, path.child('volumeDevices'));
  requireOneOf(sink, container.imagePullPolicy, PULL_POLICIES, path, 'imagePullPolicy');
  if (container.resources) validateContainerResources(sink, container.resources, pod.claimNames, path.child('resources'), pod.options);
  if (container.resizePolicy) validateResizePolicy(sink, container.resizePolicy, path.child('resizePolicy'), pod.restartPolicy);
  if (container.securityContext) validateSecurityContext(sink, container.securityContext, path.child('securityContext'), pod.hostUsers);
}

const RESTART_POLICIES = ['Always', 'Never', 'OnFailure'];
const RULES_LIMIT = 20;
const EXIT_CODES_LIMIT = 255;

/** A container may restart by rules of its own, by exit code. */
function validateRestartRules(sink: Sink, container: Container, path: Path): void {
  optionalOneOf(sink, container.restartPolicy, RESTART_POLICIES, path, 'restartPolicy');
  const rules = container.restartPolicyRules ?? [];
  if (rules.length === 0) return;
  if (container.restartPolicy === undefined)
    sink.push(required(path.child('restartPolicy'), 'must specify restartPolicy when restart rules are used'));
  if (rules.length > RULES_LIMIT) sink.push(tooMany(path.child('restartPolicyRules'), rules.length, RULES_LIMIT));
  for (const [index, rule] of rules.entries()) validateRestartRule(sink, rule, path.child('restartPolicyRules').index(index));
}

function validateRestartRule(sink: Sink, rule: Partial<ContainerRestartRule>, path: Path): void {
  optionalOneOf(sink, rule.action ?? '', ['Restart', 'RestartAllContainers'], path, 'action');
  if (!rule.exitCodes) {
    sink.push(required(path.child('exitCodes'), 'must be specified'));
    return;
  }
  const at = path.child('exitCodes');
  optionalOneOf(sink, rule.exitCodes.operator ?? '', ['In', 'NotIn'], at, 'operator');
  const values = rule.exitCodes.values ?? [];
  if (values.length > EXIT_CODES_LIMIT) sink.push(tooMany(at.child('values'), values.length, EXIT_CODES_LIMIT));
}

/** Apart from duplicates, errors are reported at the list; that is how the server does it. */
function validateResizePolicy(sink: Sink, policies: readonly ContainerResizePolicy[], path: Path, restartPolicy: string): void {
  const seen = new Set<string>();
  for (const [index, policy] of policies.entries()) {
    const resource: string = policy.resourceName ?? '';
    const restart: string = policy.restartPolicy ?? '';
    if (seen.has(resource)) sink.push(duplicate(path.index(index), resource));
    seen.add(resource);
    if (resource === '') sink.push(required(path, ''));
    else if (resource !== 'cpu' && resource !== 'memory') sink.push(notSupported(path, resource, ['cpu', 'memory']));
    if (restart === '') sink.push(required(path, ''));
    else if (restart !== 'NotRequired' && restart !== 'RestartContainer')
      sink.push(notSupported(path, restart, ['NotRequired', 'RestartContainer']));
    if (restartPolicy === 'Never' && restart !== 'NotRequired')
      sink.push(invalid(path, restart, "must be 'NotRequired' when `restartPolicy` is 'Never'"));
  }
}
