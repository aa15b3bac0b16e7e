import { APPARMOR_PREFIX, SECCOMP_CONTAINER_PREFIX, SECCOMP_POD } from '../../../api/core/pod/annotations.ts';
import type { SELinuxOptions } from '../../../api/schema/types/core/v1.ts';
import { containers, distinct, failing, plural, quoted, setters, type CheckFunction, type Subject, type Violation } from './check.ts';

const CONFINED: ReadonlySet<string> = new Set(['RuntimeDefault', 'Localhost']);

/** Tells types that confine nothing, and remembers them. */
function unconfined(): { readonly values: readonly string[]; readonly isForbidden: (type: string | undefined) => boolean } {
  const values: string[] = [];
  const isForbidden = (type: string | undefined): boolean => {
    if (type === undefined || CONFINED.has(type)) return false;
    values.push(type);
    return true;
  };
  return { values, isForbidden };
}

export function appArmorProfile({ annotations, spec }: Subject): Violation | undefined {
  const { values, isForbidden } = unconfined();
  const pod = isForbidden(spec.securityContext?.appArmorProfile?.type);
  const names = failing(spec, (context) => isForbidden(context.appArmorProfile?.type));
  const keys = Object.keys(annotations)
    .filter((key) => key.startsWith(APPARMOR_PREFIX) && !isAllowedAnnotation(annotations[key] ?? ''))
    .sort();
  const who = [setters(pod, names), ...(keys.length === 0 ? [] : [`${plural('annotation', keys.length)} ${quoted(keys)}`])].filter(
    (part) => part !== '',
  );
  if (who.length === 0) return undefined;
  const bad = distinct([...values, ...keys.map((key) => annotations[key] ?? '')]);
  return {
    reason: plural('forbidden AppArmor profile', bad.length),
    detail: `${who.join(' and ')} must not set AppArmor profile type to ${quoted(bad)}`,
  };
}

function isAllowedAnnotation(profile: string): boolean {
  return profile === '' || profile === 'runtime/default' || profile.startsWith('localhost/');
}

export function seLinuxOptions(allowedTypes: readonly string[]): CheckFunction {
  return ({ spec }) => {
    const types: string[] = [];
    let user = false;
    let role = false;
    const isForbidden = (options: SELinuxOptions | undefined): boolean => {
      if (options === undefined) return false;
      const { type = '' } = options;
      const badType = !allowedTypes.includes(type);
      if (badType) types.push(type);
      user ||= (options.user ?? '') !== '';
      role ||= (options.role ?? '') !== '';
      return badType || (options.user ?? '') !== '' || (options.role ?? '') !== '';
    };
    const pod = isForbidden(spec.securityContext?.seLinuxOptions);
    const who = setters(
      pod,
      failing(spec, (context) => isForbidden(context.seLinuxOptions)),
    );
    if (who === '') return undefined;
    const bad = distinct(types);
    const what = [
      ...(bad.length === 0 ? [] : [`${plural('type', bad.length)} ${quoted(bad)}`]),
      ...(user ? ['user may not be set'] : []),
      ...(role ? ['role may not be set'] : []),
    ];
    return { reason: 'seLinuxOptions', detail: `${who} set forbidden securityContext.seLinuxOptions: ${what.join('; ')}` };
  };
}

/** Before version 1.19 of the policy seccomp was a matter of annotations. */
export function baselineSeccompAnnotations({ annotations }: Subject): Violation | undefined {
  const isForbidden = (value: string): boolean =>
    value !== '' && value !== 'runtime/default' && value !== 'docker/default' && !value.startsWith('localhost/');
  const bad = Object.keys(annotations)
    .filter((key) => (key === SECCOMP_POD || key.startsWith(SECCOMP_CONTAINER_PREFIX)) && isForbidden(annotations[key] ?? ''))
    .map((key) => `${key}=${JSON.stringify(annotations[key])}`)
    .sort();
  return bad.length === 0
    ? undefined
    : { reason: 'seccompProfile', detail: `forbidden ${plural('annotation', bad.length)} ${bad.join(', ')}` };
}

export function baselineSeccompProfile(subject: Subject): Violation | undefined {
  return explicitSeccomp(subject);
}

/** Every container must be confined, by its own profile or by the Pod's. */
export function restrictedSeccompProfile(subject: Subject): Violation | undefined {
  const explicit = explicitSeccomp(subject);
  if (explicit !== undefined || subject.spec.securityContext?.seccompProfile !== undefined) return explicit;
  const names = failing(subject.spec, ({ seccompProfile }) => seccompProfile === undefined);
  if (names.length === 0) return undefined;
  const detail = `pod or ${containers(names)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`;
  return { reason: 'seccompProfile', detail };
}

function explicitSeccomp({ spec }: Subject): Violation | undefined {
  const { values, isForbidden } = unconfined();
  const pod = isForbidden(spec.securityContext?.seccompProfile?.type);
  const who = setters(
    pod,
    failing(spec, (context) => isForbidden(context.seccompProfile?.type)),
  );
  if (who === '') return undefined;
  return { reason: 'seccompProfile', detail: `${who} must not set securityContext.seccompProfile.type to ${quoted(distinct(values))}` };
}
