/**
 * NetworkPolicies: which traffic the Pods of a set may receive and send.
 * Invariant: a stored policy says which directions it speaks of.
 * Counterpart: k8s.io/kubernetes/pkg/registry/networking/networkpolicy.
 */
import type { Draft } from '../../../base/json.ts';
import { formatLabelSelector } from '../../../apimachinery/labels/selector.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { age, AGE, NAME, text } from '../../columns.ts';
import { NETWORKPOLICIES } from '../../schema/resources.ts';
import type { NetworkPolicy } from '../../schema/types/networking/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { networkPolicyWarnings, validateNetworkPolicy, validateNetworkPolicyUpdate } from './validation.ts';

export const NETWORKPOLICY_STRATEGY: Strategy<NetworkPolicy> = {
  resource: NETWORKPOLICIES,
  singular: 'networkpolicy',
  shortNames: ['netpol'],
  categories: [],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults: defaultNetworkPolicy,
  validate: validateNetworkPolicy,
  validateUpdate: validateNetworkPolicyUpdate,
  warnings: networkPolicyWarnings,
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, text('Pod-Selector'), AGE],
    cells: (policy, nowMs) => [policy.metadata.name ?? '', formatLabelSelector(policy.spec?.podSelector ?? {}), age(policy, nowMs)],
  },
};

/** Counterpart: SetDefaults_NetworkPolicy and SetDefaults_NetworkPolicyPort. */
function defaultNetworkPolicy(policy: Draft<NetworkPolicy>): void {
  const spec = (policy.spec ??= { podSelector: {} });
  for (const { ports = [] } of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) for (const port of ports) port.protocol ??= 'TCP';
  if ((spec.policyTypes ?? []).length > 0) return;
  spec.policyTypes = (spec.egress ?? []).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}
