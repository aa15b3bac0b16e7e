/**
 * What both kinds of webhook configurations have in common: defaults, rules and columns of their webhooks.
 * Invariant: pure; a webhook is never called here.
 * Counterpart: k8s.io/kubernetes/pkg/apis/admissionregistration/{v1,validation}.
 */
import { jsonEqual, type Draft } from '../../base/json.ts';
import { duplicate, invalid, notSupported, required, type ErrorList, type FieldError } from '../../apimachinery/field/error.ts';
import { Path } from '../../apimachinery/field/path.ts';
import { hasInvalidValue, validateLabelSelector } from '../../apimachinery/labels/validation.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import { isDNS1035Label, isDNS1123Subdomain } from '../../apimachinery/validation/names.ts';
import { age, AGE, integer, NAME } from '../columns.ts';
import type { MutatingWebhook, ValidatingWebhook } from '../schema/types/admissionregistration/v1.ts';
import type { Table } from '../table.ts';
import { validateWebhookService, validateWebhookURL } from '../webhookClient.ts';
import { checkCondition } from './expressions.ts';
import { validateMatchConditions } from './matchConditions.ts';
import { validateRuleWithOperations } from './rules.ts';

type Webhook = ValidatingWebhook | MutatingWebhook;

export interface WebhookConfiguration extends KubeObject {
  readonly webhooks?: readonly Webhook[];
}

const ADMISSION_PORT = 443;
const TIMEOUT_SECONDS = 10;

export function defaultWebhook(webhook: Draft<Webhook>): void {
  webhook.failurePolicy ??= 'Fail';
  webhook.matchPolicy ??= 'Equivalent';
  webhook.namespaceSelector ??= {};
  webhook.objectSelector ??= {};
  webhook.timeoutSeconds ??= TIMEOUT_SECONDS;
  for (const rule of webhook.rules ?? []) rule.scope ??= '*';
  const service = (webhook.clientConfig as Draft<Webhook['clientConfig']> | undefined)?.service;
  if (service !== undefined) service.port ??= ADMISSION_PORT;
}

/** @param old on an update: what it has already may stay */
export function validateWebhooks(configuration: WebhookConfiguration, old?: WebhookConfiguration): ErrorList {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  const before = old?.webhooks ?? [];
  const webhooks = configuration.webhooks ?? [];
  const options: Options = {
    allowInvalidValues: before.some((one) => hasInvalidValue(one.namespaceSelector) || hasInvalidValue(one.objectSelector)),
    ignoreConditions: old !== undefined && sameConditions(webhooks, before),
  };
  for (const [index, webhook] of webhooks.entries()) {
    const path = Path.of('webhooks').index(index);
    validateWebhook(errors, webhook, path, options);
    validateReviewVersions(errors, webhook.admissionReviewVersions ?? [], path.child('admissionReviewVersions'));
    const name = (webhook.name as string | undefined) ?? '';
    if (name !== '' && names.has(name)) errors.push(duplicate(path.child('name'), name));
    names.add(name);
  }
  return errors;
}

export const WEBHOOKS_TABLE: Table<WebhookConfiguration> = {
  columns: [NAME, integer('Webhooks'), AGE],
  cells: (one, nowMs) => [one.metadata.name ?? '', one.webhooks?.length ?? 0, age(one, nowMs)],
};

interface Options {
  readonly allowInvalidValues: boolean;
  readonly ignoreConditions: boolean;
}

function sameConditions(webhooks: readonly Webhook[], before: readonly Webhook[]): boolean {
  if (webhooks.length !== before.length) return false;
  return webhooks.every((webhook, index) => jsonEqual(webhook.matchConditions ?? [], before[index]?.matchConditions ?? []));
}

function validateWebhook(errors: FieldError[], webhook: Webhook, path: Path, options: Options): void {
  validateFullName(errors, (webhook.name as string | undefined) ?? '', path.child('name'));
  for (const [index, rule] of (webhook.rules ?? []).entries()) validateRuleWithOperations(errors, rule, path.child('rules').index(index));
  oneOf(errors, webhook.failurePolicy, ['Fail', 'Ignore'], path.child('failurePolicy'));
  oneOf(errors, webhook.matchPolicy, ['Equivalent', 'Exact'], path.child('matchPolicy'));
  const effects = webhook.sideEffects as string | undefined;
  if (effects === undefined) errors.push(required(path.child('sideEffects'), `must specify one of ${SIDE_EFFECTS.join(', ')}`));
  oneOf(errors, effects, SIDE_EFFECTS, path.child('sideEffects'));
  const timeout = webhook.timeoutSeconds;
  if (timeout !== undefined && (timeout > 30 || timeout < 1))
    errors.push(invalid(path.child('timeoutSeconds'), timeout, 'the timeout value must be between 1 and 30 seconds'));
  const { allowInvalidValues } = options;
  for (const name of ['namespaceSelector', 'objectSelector'] as const)
    errors.push(...validateLabelSelector(webhook[name], path.child(name), { allowInvalidValues }));
  if ('reinvocationPolicy' in webhook) oneOf(errors, webhook.reinvocationPolicy, ['IfNeeded', 'Never'], path.child('reinvocationPolicy'));
  validateClient(errors, webhook, path.child('clientConfig'));
  if (!options.ignoreConditions)
    validateMatchConditions(errors, webhook.matchConditions ?? [], path.child('matchConditions'), checkCondition);
}

function validateClient(errors: FieldError[], webhook: Webhook, path: Path): void {
  const { url, service } = (webhook.clientConfig as Webhook['clientConfig'] | undefined) ?? {};
  if ((url === undefined) === (service === undefined)) errors.push(required(path, 'exactly one of url or service is required'));
  else if (url !== undefined) validateWebhookURL(errors, url, path.child('url'));
  else if (service !== undefined) {
    // The server mixes the two up: a missing namespace is reported as a missing name.
    const { name, namespace, ...rest } = service as Partial<typeof service>;
    const swapped = { ...rest, ...(namespace !== undefined && { name: namespace }), ...(name !== undefined && { namespace: name }) };
    validateWebhookService(errors, swapped, path.child('service'));
  }
}

function validateFullName(errors: FieldError[], name: string, path: Path): void {
  if (name === '') {
    errors.push(required(path, ''));
    return;
  }
  const problems = isDNS1123Subdomain(name);
  if (problems.length > 0) errors.push(invalid(path, name, problems.join(',')));
  else if (name.split('.').length < 3)
    errors.push(invalid(path, name, 'should be a domain with at least three segments separated by dots'));
}

function validateReviewVersions(errors: FieldError[], versions: readonly string[], path: Path): void {
  if (versions.length === 0) {
    errors.push(required(path, `must specify one of ${REVIEW_VERSIONS.join(', ')}`));
    return;
  }
  for (const [index, version] of versions.entries()) {
    if (versions.indexOf(version) < index) errors.push(invalid(path.index(index), version, 'duplicate version'));
    else for (const text of isDNS1035Label(version)) errors.push(invalid(path.index(index), version, text));
  }
  if (!versions.some((version) => REVIEW_VERSIONS.includes(version)))
    errors.push(invalid(path, versions, `must include at least one of ${REVIEW_VERSIONS.join(', ')}`));
}

function oneOf(errors: FieldError[], value: string | undefined, supported: readonly string[], path: Path): void {
  if (value !== undefined && !supported.includes(value)) errors.push(notSupported(path, value, supported));
}

const SIDE_EFFECTS: readonly string[] = ['None', 'NoneOnDryRun'];
const REVIEW_VERSIONS: readonly string[] = ['v1', 'v1beta1'];
