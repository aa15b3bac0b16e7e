/**
 * MutatingAdmissionWebhook and ValidatingAdmissionWebhook: asks the webhooks that are configured for a request.
 * No webhook runs here: an answer is written down with the configuration, and one that nothing stands behind fails as in a
 * real cluster, by its failurePolicy. What is assumed is said as a warning, never passed over.
 * Invariant: webhooks are asked in the order of the configurations' names; a refusal ends the request.
 * Counterpart: k8s.io/apiserver/pkg/admission/plugin/webhook.
 */
import type { MutatingWebhookConfiguration, ValidatingWebhookConfiguration } from '../../../api/schema/types/admissionregistration/v1.ts';
import { decodeValue } from '../../../api/decodeBody.ts';
import * as errors from '../../../apimachinery/errors/status.ts';
import type { Status } from '../../../apimachinery/errors/status.ts';
import type { KubeObject } from '../../../apimachinery/meta/resource.ts';
import { applyJsonPatch } from '../../../apimachinery/patch/jsonPatch.ts';
import type { AdmissionAttributes, AdmissionPlugin, AdmissionWorld } from '../plugin.ts';
import { become } from '../become.ts';
import { addressOf, answerOf, type Webhook } from './answer.ts';
import { meetsConditions, type Conditional } from './conditions.ts';
import { isAskedAbout, type Matching } from './matching.ts';

const MUTATING = 'mutatingwebhookconfigurations.admissionregistration.k8s.io';
const VALIDATING = 'validatingwebhookconfigurations.admissionregistration.k8s.io';

type Configured = Webhook & Matching & Conditional & { readonly sideEffects: string };

export const mutatingWebhooks: AdmissionPlugin = {
  name: 'MutatingAdmissionWebhook',
  admit: (attributes, world) => askAll(MUTATING, attributes, world),
};

export const validatingWebhooks: AdmissionPlugin = {
  name: 'ValidatingAdmissionWebhook',
  validate: (attributes, world) => askAll(VALIDATING, attributes, world),
};

function askAll(resource: string, attributes: AdmissionAttributes, world: AdmissionWorld): Status | undefined {
  for (const stored of world.store.list(resource)) {
    const { webhooks = [] } = stored as MutatingWebhookConfiguration | ValidatingWebhookConfiguration;
    for (const webhook of webhooks as readonly Configured[]) {
      if (!isAskedAbout(webhook, attributes, world)) continue;
      const meets = meetsConditions(webhook, attributes, world);
      if (meets === false) continue;
      if (meets !== true) return meets;
      const refusal = ask(stored, webhook, attributes, world);
      if (refusal !== undefined) return refusal;
    }
  }
  return undefined;
}

function ask(configuration: KubeObject, webhook: Configured, attributes: AdmissionAttributes, world: AdmissionWorld): Status | undefined {
  const { name, sideEffects, failurePolicy = 'Fail' } = webhook;
  if (attributes.dryRun && sideEffects !== 'None' && sideEffects !== 'NoneOnDryRun')
    return errors.badRequest(`admission webhook ${JSON.stringify(name)} does not support dry run`);
  const answer = answerOf(configuration, webhook, world);
  const fail = (reason: string): Status | undefined => {
    const text = `failed calling webhook "${name}": ${reason}`;
    if (failurePolicy === 'Fail') return errors.internalError(text);
    attributes.warn(`${text} (ignored by its failurePolicy)`);
    return undefined;
  };
  switch (answer.kind) {
    case 'allow':
      return undefined;
    case 'assumed':
      attributes.warn(`webhook "${name}" is not run by the simulator; it is taken to allow the request (failurePolicy ${failurePolicy})`);
      return undefined;
    case 'warn':
      attributes.warn(answer.text);
      return undefined;
    case 'deny': {
      const denied = `admission webhook "${name}" denied the request`;
      return errors.failure(403, 'Forbidden', answer.text === '' ? `${denied} without explanation` : `${denied}: ${answer.text}`, {});
    }
    case 'fail':
      return fail(
        `failed to call webhook: Post "${addressOf(webhook)}": ${answer.text === '' ? 'context deadline exceeded' : answer.text}`,
      );
    case 'patch': {
      const problem = patch(attributes, answer.text);
      return problem === undefined ? undefined : fail(problem);
    }
  }
}

/** @returns what is wrong with the patch; undefined if the object has become what it says */
function patch({ object, strategy }: AdmissionAttributes, text: string): string | undefined {
  if (object === undefined) return undefined;
  let operations: unknown;
  try {
    operations = JSON.parse(text);
  } catch (error) {
    return `received invalid webhook response: ${error instanceof Error ? error.message : String(error)}`;
  }
  const result = applyJsonPatch(object, operations);
  if (!('value' in result)) return 'badRequest' in result ? result.badRequest : result.unprocessable;
  const decoded = decodeValue(strategy.resource, result.value, 'Ignore');
  if (!decoded.ok) return decoded.status.message ?? 'the patched object cannot be read';
  become(object, decoded.object);
  return undefined;
}
