/**
 * ServiceAccount: every Pod runs as an account of its namespace, gets the account's token mounted and its pull secrets.
 * Invariant: an account that is named must exist; what the Pod says about mounting wins over what the account says.
 * Counterpart: k8s.io/kubernetes/plugin/pkg/admission/serviceaccount.
 */
import type { Pod, ServiceAccount } from '../../../api/schema/types/core/v1.ts';
import * as errors from '../../../apimachinery/errors/status.ts';
import type { Status } from '../../../apimachinery/errors/status.ts';
import { objectKey } from '../../../apimachinery/meta/resource.ts';
import type { AdmissionAttributes, AdmissionPlugin, AdmissionWorld } from '../plugin.ts';
import { containersOf, createdPod, isMirrorPod, nameProblem, type DraftPod } from '../pods.ts';
import { isOnlyReferencedSecrets } from './secrets.ts';
import { isTokenVolume, TOKEN_MOUNT_PATH, TOKEN_VOLUME_PREFIX, tokenVolume } from './tokenVolume.ts';

const DEFAULT_ACCOUNT = 'default';

export const serviceAccount: AdmissionPlugin = { name: 'ServiceAccount', admit, validate };

function admit(attributes: AdmissionAttributes, world: AdmissionWorld): Status | undefined {
  const pod = createdPod(attributes);
  if (pod === undefined) return undefined;
  if (isMirrorPod(pod)) return refuseMirror(attributes, pod);
  const { spec } = pod;
  if ((spec.serviceAccountName ?? '') === '') spec.serviceAccountName = DEFAULT_ACCOUNT;
  const account = find(attributes, pod, world);
  if (account === undefined) return missing(attributes, pod);
  if (wantsToken(account, pod)) mountToken(pod, world);
  if ((spec.imagePullSecrets ?? []).length === 0 && (account.imagePullSecrets ?? []).length > 0) {
    spec.imagePullSecrets = (account.imagePullSecrets ?? []).map(({ name }) => (name === undefined ? {} : { name }));
  }
  spec.serviceAccount = spec.serviceAccountName ?? DEFAULT_ACCOUNT;
  return undefined;
}

function validate(attributes: AdmissionAttributes, world: AdmissionWorld): Status | undefined {
  if (attributes.subresource === 'ephemeralcontainers') return undefined;
  const pod = createdPod(attributes);
  if (pod === undefined || isMirrorPod(pod)) return undefined;
  const account = find(attributes, pod, world);
  if (account === undefined) return missing(attributes, pod);
  const problem = isOnlyReferencedSecrets(account, pod as Pod);
  return problem === undefined ? undefined : errors.forbidden(attributes.strategy.resource, attributes.name, problem);
}

function find(attributes: AdmissionAttributes, pod: DraftPod, world: AdmissionWorld): ServiceAccount | undefined {
  const key = objectKey(attributes.namespace, pod.spec.serviceAccountName ?? '');
  return world.store.get('serviceaccounts', key) as ServiceAccount | undefined;
}

function missing(attributes: AdmissionAttributes, pod: DraftPod): Status {
  const account = pod.spec.serviceAccountName ?? '';
  const reason = nameProblem(account) ?? `serviceaccount "${account}" not found`;
  const text = `error looking up service account ${attributes.namespace}/${account}: ${reason}`;
  return errors.forbidden(attributes.strategy.resource, attributes.name, text);
}

/** A mirror Pod is the kubelet's copy of a file: it may not borrow an account's rights. */
function refuseMirror(attributes: AdmissionAttributes, pod: DraftPod): Status | undefined {
  const forbid = (text: string): Status => errors.forbidden(attributes.strategy.resource, attributes.name, text);
  if ((pod.spec.serviceAccountName ?? '') !== '') return forbid('a mirror pod may not reference service accounts');
  const volumes = pod.spec.volumes ?? [];
  if (volumes.some((volume) => volume.secret !== undefined)) return forbid('a mirror pod may not reference secrets');
  const projections = volumes.flatMap((volume) => volume.projected?.sources ?? []);
  if (projections.some((source) => source.serviceAccountToken !== undefined))
    return forbid('a mirror pod may not use ServiceAccountToken volume projections');
  return undefined;
}

function wantsToken(account: ServiceAccount, pod: DraftPod): boolean {
  return pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
}

/** Containers that mount something at the token's place keep what they have; if all do, no volume is made. */
function mountToken(pod: DraftPod, world: AdmissionWorld): void {
  const existing = (pod.spec.volumes ?? []).find(isTokenVolume)?.name;
  const name = existing ?? unusedName(pod, world);
  let needed = false;
  for (const container of containersOf(pod)) {
    if ((container.volumeMounts ?? []).some((mount) => mount.mountPath === TOKEN_MOUNT_PATH)) continue;
    (container.volumeMounts ??= []).push({ name, readOnly: true, mountPath: TOKEN_MOUNT_PATH });
    needed = true;
  }
  if (needed && existing === undefined) (pod.spec.volumes ??= []).push(tokenVolume(name));
}

function unusedName(pod: DraftPod, world: AdmissionWorld): string {
  for (;;) {
    const name = `${TOKEN_VOLUME_PREFIX}${world.suffix(5)}`;
    if (!(pod.spec.volumes ?? []).some((volume) => volume.name === name)) return name;
  }
}
