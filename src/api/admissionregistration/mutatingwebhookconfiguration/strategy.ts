/**
 * MutatingWebhookConfigurations: which requests are shown to servers of the users'.
 * Invariant: a webhook says how it is reached, what it does on the side and which reviews it reads.
 * Counterpart: k8s.io/kubernetes/pkg/registry/admissionregistration/mutatingwebhookconfiguration.
 */
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { MUTATINGWEBHOOKCONFIGURATIONS } from '../../schema/resources.ts';
import type { MutatingWebhookConfiguration } from '../../schema/types/admissionregistration/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { defaultWebhook, validateWebhooks, WEBHOOKS_TABLE } from '../webhooks.ts';

export const MUTATINGWEBHOOKCONFIGURATION_STRATEGY: Strategy<MutatingWebhookConfiguration> = {
  resource: MUTATINGWEBHOOKCONFIGURATIONS,
  singular: 'mutatingwebhookconfiguration',
  shortNames: [],
  categories: ['api-extensions'],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: false,
  validateName: nameIsDNSSubdomain,
  defaults(configuration) {
    for (const webhook of configuration.webhooks ?? []) {
      defaultWebhook(webhook);
      webhook.reinvocationPolicy ??= 'Never';
    }
  },
  validate: (configuration) => validateWebhooks(configuration),
  validateUpdate: (configuration, old) => validateWebhooks(configuration, old),
  defaultPropagation: 'Background',
  table: WEBHOOKS_TABLE,
};
