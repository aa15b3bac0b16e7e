/** Annotations with a meaning of their own: older ways to say what now stands in fields. */
import { forbidden, invalid } from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { Pod, PodSpec } from '../../schema/types/core/v1.ts';
import type { ObjectMeta } from '../../../apimachinery/meta/types.ts';
import { validateLocalDescendingPath } from './paths.ts';
import { validateTolerations } from './tolerations.ts';
import { visitContainers } from './visit.ts';
import type { Sink } from './sink.ts';
import type { PodValidationOptions } from './options.ts';

export const MIRROR_POD = 'kubernetes.io/config.mirror';
export const POD_DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';
export const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod';
export const SECCOMP_CONTAINER_PREFIX = 'container.seccomp.security.alpha.kubernetes.io/';
export const APPARMOR_PREFIX = 'container.apparmor.security.beta.kubernetes.io/';
export const APPARMOR_TEXT = 'deprecated since v1.30; use the "appArmorProfile" field instead';
const TOLERATIONS = 'scheduler.alpha.kubernetes.io/tolerations';

type Annotations = { readonly [key: string]: string };

/** @param path of metadata.annotations */
export function validatePodAnnotations(
  sink: Sink,
  annotations: Annotations | undefined,
  spec: PodSpec,
  path: Path,
  options: PodValidationOptions,
): void {
  if (annotations === undefined) return;
  const mirror = annotations[MIRROR_POD];
  if (mirror !== undefined && !spec.nodeName)
    sink.push(invalid(path.key(MIRROR_POD), mirror, 'must set spec.nodeName if mirror pod annotation is set'));
  validateTolerationsAnnotation(sink, annotations[TOLERATIONS], path);
  const cost = annotations[POD_DELETION_COST];
  if (cost !== undefined && !options.allowInvalidPodDeletionCost && !isInt32(cost))
    sink.push(invalid(path.key(POD_DELETION_COST), cost, 'must be a 32bit integer'));
  for (const key of Object.keys(annotations).sort()) {
    const value = annotations[key] ?? '';
    if (key === SECCOMP_POD || key.startsWith(SECCOMP_CONTAINER_PREFIX)) validateSeccomp(sink, value, path.child(key));
  }
  for (const key of Object.keys(annotations).sort())
    if (key.startsWith(APPARMOR_PREFIX)) validateAppArmor(sink, key, annotations[key] ?? '', spec, path.key(key));
}

/** What an update may not do to the annotations. */
export function validatePodAnnotationsUpdate(sink: Sink, pod: Pod, old: Pod, path: Path, options: PodValidationOptions): void {
  const now = pod.metadata.annotations ?? {};
  const before = old.metadata.annotations ?? {};
  for (const key of Object.keys(before).sort()) {
    if (now[key] === before[key]) continue;
    if (key.startsWith(APPARMOR_PREFIX)) sink.push(forbidden(path.key(key), 'may not remove or update AppArmor annotations'));
    if (key === MIRROR_POD) sink.push(forbidden(path.key(key), 'may not remove or update mirror pod annotation'));
  }
  for (const key of Object.keys(now).sort()) {
    if (before[key] !== undefined) continue;
    if (key.startsWith(APPARMOR_PREFIX)) sink.push(forbidden(path.key(key), 'may not add AppArmor annotations'));
    if (key === MIRROR_POD) sink.push(forbidden(path.key(key), 'may not add mirror pod annotation'));
  }
  validatePodAnnotations(sink, pod.metadata.annotations, pod.spec ?? NO_SPEC, path, options);
}

const NO_SPEC: PodSpec = { containers: [] };

/** Annotation and field must say the same where both are there. Checked when a Pod is created. */
export function validateAnnotationsMatchFields(sink: Sink, meta: ObjectMeta, spec: PodSpec, specPath: Path): void {
  const annotations = meta.annotations;
  if (annotations === undefined) return;
  const podSeccomp = spec.securityContext?.seccompProfile;
  if (podSeccomp && annotations[SECCOMP_POD] !== undefined)
    matchProfile(sink, 'seccomp', annotations[SECCOMP_POD], podSeccomp, specPath.child('securityContext', 'seccompProfile'));
  visitContainers(spec, specPath, (container, path) => {
    const profile = container.securityContext?.seccompProfile;
    const annotation = annotations[SECCOMP_CONTAINER_PREFIX + container.name];
    if (profile && annotation !== undefined)
      matchProfile(sink, 'seccomp', annotation, profile, path().child('securityContext', 'seccompProfile'));
  });
  if (spec.os?.name === 'windows') return;
  visitContainers(spec, specPath, (container, path) => {
    const profile = container.securityContext?.appArmorProfile ?? spec.securityContext?.appArmorProfile;
    const annotation = annotations[APPARMOR_PREFIX + container.name];
    if (profile && annotation !== undefined)
      matchProfile(sink, 'apparmor', annotation, profile, path().child('securityContext', 'appArmorProfile'));
  });
}

interface Profile {
  readonly type: string;
  readonly localhostProfile?: string;
}

function matchProfile(sink: Sink, what: 'seccomp' | 'apparmor', annotation: string, profile: Profile, path: Path): void {
  const localhost = annotation.startsWith('localhost/');
  const expected: { readonly [type: string]: boolean } = {
    Unconfined: annotation === 'unconfined',
    RuntimeDefault: annotation === 'runtime/default' || (what === 'seccomp' && annotation === 'docker/default'),
    Localhost: localhost,
  };
  if (expected[profile.type] === false) sink.push(forbidden(path.child('type'), `${what} type in annotation and field must match`));
  else if (profile.type === 'Localhost' && annotation.slice('localhost/'.length) !== profile.localhostProfile)
    sink.push(forbidden(path.child('localhostProfile'), `${what} profile in annotation and field must match`));
}

/** An integer without a plus sign or leading zeros, within 32 bits. */
function isInt32(text: string): boolean {
  return /^(0|-?[1-9]\d*)$/.test(text) && Math.abs(Number(text)) <= 2 ** 31 && Number(text) !== 2 ** 31;
}

function validateTolerationsAnnotation(sink: Sink, text: string | undefined, path: Path): void {
  if (!text) return;
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) validateTolerations(sink, list, path.child(TOLERATIONS));
  } catch {
    sink.push(invalid(path, TOLERATIONS, 'invalid character in JSON'));
  }
}

function validateSeccomp(sink: Sink, profile: string, path: Path): void {
  if (profile === 'runtime/default' || profile === 'docker/default' || profile === 'unconfined') return;
  if (profile.startsWith('localhost/')) validateLocalDescendingPath(sink, profile.slice('localhost/'.length), path);
  else sink.push(invalid(path, profile, 'must be a valid seccomp profile'));
}

function validateAppArmor(sink: Sink, key: string, profile: string, spec: PodSpec, path: Path): void {
  const name = key.slice(APPARMOR_PREFIX.length);
  const all = [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])];
  if (!all.some((container) => container.name === name)) sink.push(invalid(path, name, 'container not found'));
  if (profile === '' || profile === 'runtime/default' || profile === 'unconfined' || profile.startsWith('localhost/')) return;
  sink.push(invalid(path, profile, `invalid AppArmor profile name: "${profile}"`));
}
