/**
 * Waits for a Pod's volumes: the kubelet asks every 0.3 s whether they are mounted; a mount that fails is tried again
 * after 0.5 s, 1 s, 2 s and so on, with an event each time. What is not attached yet is not tried, and no event tells of that.
 * Invariant: a Pod whose volumes are mounted never waits again. Counterpart: k8s.io/kubernetes/pkg/kubelet/volumemanager.
 */
import { claimsOf } from '../api/core/pod/claims.ts';
import { PERSISTENTVOLUMECLAIMS } from '../api/schema/resources.ts';
import type { PersistentVolumeClaim, Pod, Volume } from '../api/schema/types/core/v1.ts';
import { attachableVolumes, attachLook, isExhausted, useVolumes } from './attachable.ts';
import { hasKey } from './config.ts';
import { csiErrors } from './csiMount.ts';
import type { Kubelet } from './kubelet.ts';
import type { PodState, Step } from './state.ts';

const POLL_MS = 300;
const FIRST_TRY_MS = 200;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 122_000;
const WAIT_MS = 123_000;
/** Directories that a machine of the simulation has. */
const DIRECTORIES =
  /^\/($|(?:bin|boot|dev|etc|home|lib|lib64|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)(?:\/(?:lib|log|run|tmp|cache|kubelet|local|share|containers|pods))*\/?$)/;

export function needsMount(pod: Pod): boolean {
  return (pod.spec?.volumes ?? []).length > 0;
}

type MountStep = Extract<Step, { kind: 'volumes' }>;

/** How a wait for volumes stands: `failed` ends the sync, which is tried again; `rejected` the Pod, for which the machine has no room. */
export type MountProgress = 'waits' | 'mounted' | 'failed' | 'rejected';

export function beginMount(kubelet: Kubelet, state: PodState, cacheAtMs: number): void {
  const nowMs = kubelet.now();
  const pod = kubelet.pod(state);
  const attach = attachableVolumes(kubelet, pod);
  useVolumes(kubelet, state, attach);
  const attachAtMs = attachLook(kubelet, state, attach, 0)?.atMs ?? null;
  // A claim that cannot be used shows with the first question, as volumes that are mounted do.
  const unusable = unusableClaims(kubelet, pod).length > 0;
  const tried = unusable || mountErrors(kubelet, state, pod, attachAtMs === null).length === 0;
  const mounted = unusable || (tried && attachAtMs === null);
  const nextTryMs = tried ? null : nowMs + FIRST_TRY_MS;
  state.step = { kind: 'volumes', cacheAtMs, sinceMs: nowMs, failures: 0, nextTryMs, attach, attachFailures: 0, attachAtMs, mounted };
  state.stepTimer = kubelet.schedule(state, 'step', mounted ? nowMs + POLL_MS : earliest(nextTryMs, attachAtMs));
}

/** The timer of a mount came due. */
export function resumeMount(kubelet: Kubelet, state: PodState): MountProgress {
  const { step } = state;
  if (step?.kind !== 'volumes') return 'waits';
  const pod = kubelet.pod(state);
  const unusable = unusableClaims(kubelet, pod);
  if (unusable.length > 0) {
    const names = unusable
      .map(({ volume }) => volume)
      .toSorted()
      .join(' ');
    const errors = unusable.map(({ error }) => error).join('; ');
    const text = `unmounted volumes=[${names}], unattached volumes=[], failed to process volumes=[${names}]: ${errors}`;
    kubelet.event(state, 'Warning', 'FailedMount', `Unable to attach or mount volumes: ${text}`);
    return 'failed';
  }
  if (step.mounted) return 'mounted';
  const nowMs = kubelet.now();
  if (step.attachAtMs !== null && step.attachAtMs <= nowMs) lookForAttached(kubelet, state, step);
  if (step.nextTryMs !== null && step.nextTryMs <= nowMs) tryMount(kubelet, state, step, pod);
  if (step.nextTryMs === null && step.attachAtMs === null) {
    step.mounted = true;
    state.stepTimer = kubelet.schedule(state, 'step', step.sinceMs + Math.ceil((nowMs - step.sinceMs) / POLL_MS) * POLL_MS);
    return 'waits';
  }
  // What is looked for in vain for so long may never come.
  const isLate = nowMs - step.sinceMs >= WAIT_MS;
  if (isLate && step.attachAtMs !== null && isExhausted(kubelet, state, pod)) return 'rejected';
  const background = step.nextTryMs === null && isLate;
  const lateMs = isLate || step.attachAtMs === null ? null : step.sinceMs + WAIT_MS;
  state.stepTimer = kubelet.schedule(state, 'step', earliest(earliest(step.nextTryMs, step.attachAtMs), lateMs), null, background);
  return 'waits';
}

function earliest(one: number | null, other: number | null): number {
  return Math.min(one ?? Number.POSITIVE_INFINITY, other ?? Number.POSITIVE_INFINITY);
}

function lookForAttached(kubelet: Kubelet, state: PodState, step: MountStep): void {
  const look = attachLook(kubelet, state, step.attach, step.attachFailures);
  step.attachAtMs = look?.atMs ?? null;
  if (look === undefined) step.nextTryMs ??= kubelet.now();
  else if (look.failed) step.attachFailures++;
}

function tryMount(kubelet: Kubelet, state: PodState, step: MountStep, pod: Pod): void {
  const errors = mountErrors(kubelet, state, pod, step.attachAtMs === null);
  if (errors.length === 0) {
    step.nextTryMs = null;
    return;
  }
  for (const error of errors) kubelet.event(state, 'Warning', 'FailedMount', error);
  step.nextTryMs = kubelet.now() + Math.min(FIRST_RETRY_MS * 2 ** step.failures, LONGEST_RETRY_MS);
  step.failures++;
}

/** Claims of the Pod that do not exist or have no volume: nothing is mounted while there is one. Only a Pod that no scheduler placed can have them. */
function unusableClaims(kubelet: Kubelet, pod: Pod): readonly { readonly volume: string; readonly error: string }[] {
  const { namespace = '' } = pod.metadata;
  return claimsOf(pod).flatMap(({ volume, name }) => {
    const problem = claimProblem(kubelet.get(PERSISTENTVOLUMECLAIMS, namespace, name), name);
    return problem === undefined ? [] : [{ volume, error: `error processing PVC ${namespace}/${name}: ${problem}` }];
  });
}

function claimProblem(claim: PersistentVolumeClaim | undefined, name: string): string | undefined {
  if (claim === undefined) return `failed to fetch PVC from API server: persistentvolumeclaims "${name}" not found`;
  if (claim.status?.phase !== 'Bound' || (claim.spec?.volumeName ?? '') === '') return 'PVC is not bound';
  return undefined;
}

/** What keeps volumes from being mounted, each by itself; nothing is tried of those that are not attached yet. */
function mountErrors(kubelet: Kubelet, state: PodState, pod: Pod, attached: boolean): readonly string[] {
  const errors = (pod.spec?.volumes ?? []).flatMap((volume) => {
    const error = volumeError(kubelet, pod.metadata.namespace ?? '', volume);
    return error === undefined ? [] : [`MountVolume.SetUp failed for volume "${volume.name}" : ${error}`];
  });
  return attached ? [...errors, ...csiErrors(kubelet, state, pod)] : errors;
}

function volumeError(kubelet: Kubelet, namespace: string, volume: Volume): string | undefined {
  const { configMap, secret, projected, hostPath } = volume;
  if (configMap !== undefined) return sourceError(kubelet, 'configmaps', namespace, configMap.name, configMap);
  if (secret !== undefined) return sourceError(kubelet, 'secrets', namespace, secret.secretName, secret);
  if (hostPath !== undefined) return hostPathError(hostPath.path, hostPath.type ?? '');
  return aggregate(
    (projected?.sources ?? []).flatMap((source) => [
      source.configMap === undefined ? undefined : sourceError(kubelet, 'configmaps', namespace, source.configMap.name, source.configMap),
      source.secret === undefined ? undefined : sourceError(kubelet, 'secrets', namespace, source.secret.name, source.secret),
    ]),
  );
}

/** One error as it is, several in brackets; equal ones once. */
function aggregate(errors: readonly (string | undefined)[]): string | undefined {
  const different = [...new Set(errors.filter((error) => error !== undefined))];
  return different.length > 1 ? `[${different.join(', ')}]` : different[0];
}

interface Source {
  readonly optional?: boolean;
  readonly items?: readonly { readonly key: string }[];
}

function sourceError(
  kubelet: Kubelet,
  resource: 'configmaps' | 'secrets',
  namespace: string,
  name: string | undefined,
  source: Source,
): string | undefined {
  // Every namespace gets this one a moment after it is made; a cluster without that controller has none.
  if (source.optional === true || name === 'kube-root-ca.crt') return undefined;
  const object = kubelet.hasObject(resource, namespace, name ?? '');
  if (object === undefined) return `${resource === 'configmaps' ? 'configmap' : 'secret'} "${name ?? ''}" not found`;
  const missing = (source.items ?? []).find(({ key }) => !hasKey(object, key));
  if (missing === undefined) return undefined;
  return resource === 'configmaps'
    ? `configmap references non-existent config key: ${missing.key}`
    : `references non-existent secret key: ${missing.key}`;
}

function hostPathError(path: string, type: string): string | undefined {
  const isDirectory = DIRECTORIES.test(path);
  if (type === 'Directory' && !isDirectory) return `hostPath type check failed: ${path} is not a directory`;
  if (type === 'File' && (isDirectory || !path.startsWith('/etc/'))) return `hostPath type check failed: ${path} is not a file`;
  if (type === 'Socket' && !path.endsWith('.sock')) return `hostPath type check failed: ${path} is not a socket file`;
  if (type === 'CharDevice' && !path.startsWith('/dev/')) return `hostPath type check failed: ${path} is not a character device`;
  if (type === 'BlockDevice' && !path.startsWith('/dev/')) return `hostPath type check failed: ${path} is not a block device`;
  return undefined;
}
