import { containers, distinct, failing, quoted, type CheckFunction, type Subject, type Violation } from './check.ts';

/** What a container runtime gives anyway. */
const DEFAULT_CAPABILITIES: ReadonlySet<string> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);
const RESTRICTED_CAPABILITIES: ReadonlySet<string> = new Set(['NET_BIND_SERVICE']);

export const baselineCapabilities: CheckFunction = (subject) => {
  const detail = addedBeyond(subject, DEFAULT_CAPABILITIES);
  return detail === undefined ? undefined : { reason: 'non-default capabilities', detail };
};

export function restrictedCapabilities(subject: Subject): Violation | undefined {
  const keeping = failing(subject.spec, ({ capabilities }) => !(capabilities?.drop ?? []).includes('ALL'));
  const added = addedBeyond(subject, RESTRICTED_CAPABILITIES);
  const details = [
    ...(keeping.length === 0 ? [] : [`${containers(keeping)} must set securityContext.capabilities.drop=["ALL"]`]),
    ...(added === undefined ? [] : [added]),
  ];
  return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') };
}

function addedBeyond({ spec }: Subject, allowed: ReadonlySet<string>): string | undefined {
  const forbidden: string[] = [];
  const names = failing(spec, ({ capabilities }) => {
    const beyond = (capabilities?.add ?? []).filter((capability) => !allowed.has(capability));
    forbidden.push(...beyond);
    return beyond.length > 0;
  });
  if (names.length === 0) return undefined;
  return `${containers(names)} must not include ${quoted(distinct(forbidden))} in securityContext.capabilities.add`;
}
