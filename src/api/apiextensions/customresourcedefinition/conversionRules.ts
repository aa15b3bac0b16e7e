import { forbidden, invalid, notSupported, required, type FieldError } from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import { isDNS1035Label } from '../../../apimachinery/validation/names.ts';
import type { CustomResourceDefinitionSpec, WebhookConversion } from '../../schema/types/apiextensions/v1.ts';
import { validateWebhookService, validateWebhookURL } from '../../webhookClient.ts';

/** How versions become each other. Paths are those of the internal form: what v1 nests under `webhook` stands beside `strategy`. */
export function validateConversion(
  errors: FieldError[],
  { conversion, preserveUnknownFields }: CustomResourceDefinitionSpec,
  path: Path,
): void {
  if (conversion === undefined) return;
  const { webhook } = conversion;
  const strategy: string = conversion.strategy ?? '';
  if (strategy !== 'None' && preserveUnknownFields === true)
    errors.push(invalid(path.child('strategy'), strategy, 'must be None if spec.preserveUnknownFields is true'));
  if (strategy === '') errors.push(required(path.child('strategy'), ''));
  else if (strategy !== 'None' && strategy !== 'Webhook') errors.push(notSupported(path.child('strategy'), strategy, ['None', 'Webhook']));
  if (strategy === 'Webhook') {
    checkClient(errors, webhook, path.child('webhookClientConfig'));
    checkVersions(errors, webhook?.conversionReviewVersions ?? [], path.child('conversionReviewVersions'));
    return;
  }
  const text = 'should not be set when strategy is not set to Webhook';
  if (webhook?.clientConfig !== undefined) errors.push(forbidden(path.child('webhookClientConfig'), text));
  if ((webhook?.conversionReviewVersions ?? []).length > 0) errors.push(forbidden(path.child('conversionReviewVersions'), text));
}

function checkClient(errors: FieldError[], webhook: WebhookConversion | undefined, path: Path): void {
  const client = webhook?.clientConfig;
  if (client === undefined) errors.push(required(path, 'required when strategy is set to Webhook'));
  else if ((client.url === undefined) === (client.service === undefined))
    errors.push(required(path, 'exactly one of url or service is required'));
  else if (client.url !== undefined) validateWebhookURL(errors, client.url, path.child('url'));
  else if (client.service !== undefined) validateWebhookService(errors, client.service, path.child('service'));
}

function checkVersions(errors: FieldError[], versions: readonly string[], path: Path): void {
  if (versions.length === 0) {
    errors.push(required(path, ''));
    return;
  }
  for (const [index, version] of versions.entries()) {
    if (versions.indexOf(version) < index) errors.push(invalid(path.index(index), version, 'duplicate version'));
    else for (const problem of isDNS1035Label(version)) errors.push(invalid(path.index(index), version, problem));
  }
  if (!versions.includes('v1') && !versions.includes('v1beta1'))
    errors.push(invalid(path, versions, 'must include at least one of v1, v1beta1'));
}
