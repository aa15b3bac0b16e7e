import type { Volume } from '../../../api/schema/types/core/v1.ts';
import { restrictedCapabilities } from './capabilities.ts';
import {
  containers,
  distinct,
  failing,
  inHostUsers,
  onLinux,
  plural,
  quoted,
  setters,
  type Check,
  type Subject,
  type Violation,
} from './check.ts';
import { restrictedSeccompProfile } from './profiles.ts';

/**
 * What every Pod must do under `restricted`, beside what `baseline` forbids: current practice of hardening.
 * Counterpart: k8s.io/pod-security-admission/policy (check_*.go of that level).
 */
export const RESTRICTED_CHECKS: readonly Check[] = [
  {
    id: 'allowPrivilegeEscalation',
    versions: [
      [8, allowPrivilegeEscalation],
      [25, onLinux(allowPrivilegeEscalation)],
    ],
  },
  {
    id: 'capabilities_restricted',
    versions: [
      [22, restrictedCapabilities],
      [25, onLinux(restrictedCapabilities)],
    ],
    overrides: ['capabilities_baseline'],
  },
  { id: 'restrictedVolumes', versions: [[0, restrictedVolumes]], overrides: ['hostPathVolumes'] },
  { id: 'runAsNonRoot', versions: [[0, inHostUsers(runAsNonRoot)]] },
  { id: 'runAsUser', versions: [[23, inHostUsers(runAsUser)]] },
  {
    id: 'seccompProfile_restricted',
    versions: [
      [19, restrictedSeccompProfile],
      [25, onLinux(restrictedSeccompProfile)],
    ],
    overrides: ['seccompProfile_baseline'],
  },
];

function allowPrivilegeEscalation({ spec }: Subject): Violation | undefined {
  const names = failing(spec, (context) => context.allowPrivilegeEscalation !== false);
  if (names.length === 0) return undefined;
  return {
    reason: 'allowPrivilegeEscalation != false',
    detail: `${containers(names)} must set securityContext.allowPrivilegeEscalation=false`,
  };
}

/** Sources that live no longer than the Pod, or that somebody else answers for. */
const ALLOWED_VOLUMES: ReadonlySet<string> = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

function restrictedVolumes({ spec }: Subject): Violation | undefined {
  const bad = (spec.volumes ?? []).filter((volume) => !ALLOWED_VOLUMES.has(sourceOf(volume)));
  if (bad.length === 0) return undefined;
  const types = distinct(bad.map(sourceOf));
  const who = `${plural('volume', bad.length)} ${quoted(bad.map(({ name }) => name))} ${bad.length === 1 ? 'uses' : 'use'}`;
  return { reason: 'restricted volume types', detail: `${who} restricted volume ${plural('type', types.length)} ${quoted(types)}` };
}

function sourceOf(volume: Volume): string {
  return Object.entries(volume).find(([key, value]) => key !== 'name' && value !== undefined)?.[0] ?? 'unknown';
}

function runAsNonRoot({ spec }: Subject): Violation | undefined {
  const reason = 'runAsNonRoot != true';
  const ofPod = spec.securityContext?.runAsNonRoot;
  const who = setters(
    ofPod === false,
    failing(spec, (context) => context.runAsNonRoot === false),
  );
  if (who !== '') return { reason, detail: `${who} must not set securityContext.runAsNonRoot=false` };
  const names = ofPod === true ? [] : failing(spec, (context) => context.runAsNonRoot === undefined);
  return names.length === 0 ? undefined : { reason, detail: `pod or ${containers(names)} must set securityContext.runAsNonRoot=true` };
}

function runAsUser({ spec }: Subject): Violation | undefined {
  const who = setters(
    spec.securityContext?.runAsUser === 0,
    failing(spec, (context) => context.runAsUser === 0),
  );
  return who === '' ? undefined : { reason: 'runAsUser=0', detail: `${who} must not set runAsUser=0` };
}
