/**
 * ServiceAccounts: the identity that Pods run under.
 * Invariant: references to Secrets keep nothing but their name.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/serviceaccount.
 */
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import type { Draft } from '../../../base/json.ts';
import { age, AGE, NAME } from '../../columns.ts';
import { SERVICEACCOUNTS } from '../../schema/resources.ts';
import type { ServiceAccount } from '../../schema/types/core/v1.ts';
import type { Strategy } from '../../strategy.ts';

export const SERVICEACCOUNT_STRATEGY: Strategy<ServiceAccount> = {
  resource: SERVICEACCOUNTS,
  singular: 'serviceaccount',
  shortNames: ['sa'],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  prepareForCreate: cleanSecretReferences,
  prepareForUpdate: cleanSecretReferences,
  validate: () => [],
  validateUpdate: () => [],
  warnings: enforceMountableSecretsWarnings,
  defaultPropagation: 'Background',
  table: { columns: [NAME, AGE], cells: (account, nowMs) => [account.metadata.name ?? '', age(account, nowMs)] },
};

function cleanSecretReferences(account: Draft<ServiceAccount>): void {
  if (account.secrets === undefined) return;
  account.secrets = account.secrets.map(({ name }) => (name === undefined ? {} : { name }));
}

function enforceMountableSecretsWarnings(account: ServiceAccount, old: ServiceAccount | undefined): readonly string[] {
  const annotated = account.metadata.annotations?.[ENFORCE_MOUNTABLE_SECRETS] !== undefined;
  if (!annotated || old?.metadata.annotations?.[ENFORCE_MOUNTABLE_SECRETS] !== undefined) return [];
  return [
    `metadata.annotations[${ENFORCE_MOUNTABLE_SECRETS}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
  ];
}

const ENFORCE_MOUNTABLE_SECRETS = 'kubernetes.io/enforce-mountable-secrets';
