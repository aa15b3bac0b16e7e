import type { Container, Pod, ServiceAccount } from '../../../api/schema/types/core/v1.ts';

const ENFORCE = 'kubernetes.io/enforce-mountable-secrets';

/**
 * With the annotation `kubernetes.io/enforce-mountable-secrets` an account's Pods may only use the secrets that it lists.
 * Returns what is wrong, or undefined.
 */
export function isOnlyReferencedSecrets(account: ServiceAccount, pod: Pod): string | undefined {
  if (!isTrue(account.metadata.annotations?.[ENFORCE])) return undefined;
  const name = account.metadata.name ?? '';
  const mountable = new Set((account.secrets ?? []).map((secret) => secret.name));
  for (const volume of pod.spec?.volumes ?? []) {
    const secret = volume.secret?.secretName;
    if (volume.secret !== undefined && !mountable.has(secret)) {
      return `volume with secret.secretName="${secret ?? ''}" is not allowed because service account ${name} does not reference that secret`;
    }
  }
  const lists: readonly (readonly [string, readonly Container[]])[] = [
    ['init container', pod.spec?.initContainers ?? []],
    ['container', pod.spec?.containers ?? []],
  ];
  for (const [what, containers] of lists) {
    for (const container of containers) {
      const problem = environment(what, container, mountable, name);
      if (problem !== undefined) return problem;
    }
  }
  const pullable = new Set((account.imagePullSecrets ?? []).map((secret) => secret.name));
  for (const { name: secret } of pod.spec?.imagePullSecrets ?? []) {
    if (!pullable.has(secret))
      return `imagePullSecrets[0].name="${secret ?? ''}" is not allowed because service account ${name} does not reference that imagePullSecret`;
  }
  return undefined;
}

function environment(what: string, container: Container, mountable: ReadonlySet<string | undefined>, account: string): string | undefined {
  for (const { name, valueFrom } of container.env ?? []) {
    const secret = valueFrom?.secretKeyRef?.name;
    if (valueFrom?.secretKeyRef !== undefined && !mountable.has(secret)) {
      return `${what} ${container.name} with envVar ${name} referencing secret.secretName="${secret ?? ''}" is not allowed because service account ${account} does not reference that secret`;
    }
  }
  return undefined;
}

function isTrue(text: string | undefined): boolean {
  return text !== undefined && ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text);
}
