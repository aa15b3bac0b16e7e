/**
 * How the API server reaches a webhook: a URL, or a Service and a path. Admission webhooks and conversion webhooks share
 * these rules.
 * Counterpart: k8s.io/apiserver/pkg/util/webhook.
 */
import { invalid, required, type FieldError } from '../apimachinery/field/error.ts';
import type { Path } from '../apimachinery/field/path.ts';
import { parseURL } from '../apimachinery/net/url.ts';
import { isDNS1123Subdomain, isValidPortNum } from '../apimachinery/validation/names.ts';

const FORM = '; desired format: https://host[/path]';

export function validateWebhookURL(errors: FieldError[], text: string, path: Path): void {
  const url = parseURL(text);
  if ('error' in url) {
    errors.push(required(path, `url must be a valid URL: ${url.error}${FORM}`));
    return;
  }
  if (url.scheme !== 'https') errors.push(invalid(path, url.scheme, `'https' is the only allowed URL scheme${FORM}`));
  if (url.host === '') errors.push(invalid(path, url.host, `host must be specified${FORM}`));
  if (url.user !== undefined) errors.push(invalid(path, url.user, `user information is not permitted in URLs${FORM}`));
  if (url.fragment !== '') errors.push(invalid(path, url.fragment, `fragments are not permitted in URLs${FORM}`));
  if (url.rawQuery !== '') errors.push(invalid(path, url.rawQuery, `query parameters are not permitted in URLs${FORM}`));
}

export interface WebhookService {
  readonly name?: string;
  readonly namespace?: string;
  readonly path?: string;
  readonly port?: number;
}

export function validateWebhookService(errors: FieldError[], service: WebhookService, path: Path): void {
  const { name = '', namespace = '', port = 0 } = service;
  if (name === '') errors.push(required(path.child('name'), ''));
  if (namespace === '') errors.push(required(path.child('namespace'), ''));
  const problems = isValidPortNum(port);
  if (problems.length > 0) errors.push(invalid(path.child('port'), port, `port is not valid: ${problems.join(',')}`));
  if (service.path !== undefined) validateURLPath(errors, service.path, path.child('path'));
}

/** Each segment is a DNS subdomain; one slash at the end is fine. */
function validateURLPath(errors: FieldError[], text: string, path: Path): void {
  if (text === '' || text === '/') return;
  if (text === '//') {
    errors.push(invalid(path, text, 'segment[0] may not be empty'));
    return;
  }
  if (!text.startsWith('/')) errors.push(invalid(path, text, "must start with a '/'"));
  // The server drops the first character whatever it is.
  const rest = text.slice(1);
  const segments = (rest.endsWith('/') ? rest.slice(0, -1) : rest).split('/');
  for (const [index, segment] of segments.entries()) {
    if (segment === '') errors.push(invalid(path, text, `segment[${index}] may not be empty`));
    else for (const problem of isDNS1123Subdomain(segment)) errors.push(invalid(path, text, `segment[${index}]: ${problem}`));
  }
}
