import { forbidden, invalid, notSupported, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { validateLabelSelector } from '../../../apimachinery/labels/validation.ts';
import { isDNS1123Label, isDNS1123Subdomain, isValidPortNum } from '../../../apimachinery/validation/names.ts';
import { parseDuration } from '../duration.ts';
import { LOAD_SHAPES, type Load, type LoadClients, type LoadRate, type LoadShape, type LoadTarget } from './types.ts';
import { parseTarget } from './url.ts';

const SPEC = Path.of('spec');
const DURATION = 'must be a duration greater than 0 (e.g. 30s, 400ms, 1h30m)';
/** More would be no cluster's load any more, and the counts must stay whole numbers. */
const MAX_RATE = 10_000_000;

type ShapeField = 'peak' | 'period' | 'after' | 'length';

const FIELDS: Readonly<Record<LoadShape, readonly ShapeField[]>> = {
  Constant: [],
  Ramp: ['peak', 'period'],
  Spike: ['peak', 'after', 'length'],
  Wave: ['peak', 'period'],
};

export function validateLoad({ spec }: Load): ErrorList {
  const errors: FieldError[] = [];
  const { target, rate, clients, cost, timeout, from, duration } = spec ?? {};
  if (target === undefined) errors.push(required(SPEC.child('target'), ''));
  else checkTarget(errors, target);
  if (rate === undefined) errors.push(required(SPEC.child('rate'), ''));
  else checkRate(errors, rate);
  if (clients !== undefined) checkClients(errors, clients);
  checkDuration(errors, SPEC.child('cost'), cost);
  checkDuration(errors, SPEC.child('timeout'), timeout);
  if (from !== undefined && parseDuration(from) === undefined && !/^\d{4}-\d\d-\d\dT/.test(from)) {
    errors.push(invalid(SPEC.child('from'), from, 'must be a duration (e.g. 30s) or a time (e.g. 2026-01-02T03:04:05Z)'));
  }
  checkDuration(errors, SPEC.child('duration'), duration);
  return errors;
}

function checkTarget(errors: FieldError[], { service, url }: LoadTarget): void {
  const path = SPEC.child('target');
  if (service === undefined && url === undefined) errors.push(required(path, 'must specify one of `service`, `url`'));
  if (service !== undefined && url !== undefined) errors.push(forbidden(path.child('url'), 'may not be set together with `service`'));
  if (url !== undefined && parseTarget(url) === undefined)
    errors.push(invalid(path.child('url'), url, 'must be a URL of HTTP (e.g. http://shop.example.com/cart)'));
  if (service === undefined) return;
  const { namespace, name, port, path: route } = service;
  if (name === '') errors.push(required(path.child('service', 'name'), ''));
  else for (const text of isDNS1123Label(name)) errors.push(invalid(path.child('service', 'name'), name, text));
  if (namespace !== undefined)
    for (const text of isDNS1123Subdomain(namespace)) errors.push(invalid(path.child('service', 'namespace'), namespace, text));
  if (port !== undefined) for (const text of isValidPortNum(port)) errors.push(invalid(path.child('service', 'port'), port, text));
  if (route !== undefined && !route.startsWith('/')) errors.push(invalid(path.child('service', 'path'), route, 'must begin with /'));
}

function checkRate(errors: FieldError[], rate: LoadRate): void {
  const path = SPEC.child('rate');
  const { shape = 'Constant', requestsPerSecond, peak } = rate;
  if (!LOAD_SHAPES.includes(shape)) return void errors.push(notSupported(path.child('shape'), shape, LOAD_SHAPES));
  for (const [field, value] of [
    ['requestsPerSecond', requestsPerSecond],
    ['peak', peak],
  ] as const) {
    if (value !== undefined && !(value >= 0 && value <= MAX_RATE))
      errors.push(invalid(path.child(field), value, `must be between 0 and ${MAX_RATE}, inclusive`));
  }
  for (const field of ['peak', 'period', 'after', 'length'] as const) {
    const isKnown = FIELDS[shape].includes(field);
    if (rate[field] !== undefined && !isKnown) errors.push(forbidden(path.child(field), `may not be set when \`shape\` is ${shape}`));
    else if (field === 'peak' && isKnown && peak === undefined)
      errors.push(required(path.child(field), `must be set when \`shape\` is ${shape}`));
    else if (field !== 'peak') checkDuration(errors, path.child(field), rate[field]);
  }
}

function checkClients(errors: FieldError[], { count, pods }: LoadClients): void {
  const path = SPEC.child('clients');
  if (count !== undefined && !(count >= 1 && count <= 1_000_000))
    errors.push(invalid(path.child('count'), count, 'must be between 1 and 1000000, inclusive'));
  if (pods === undefined) return;
  errors.push(...validateLabelSelector(pods.selector, path.child('pods', 'selector')));
  if (pods.namespace !== undefined)
    for (const text of isDNS1123Subdomain(pods.namespace)) errors.push(invalid(path.child('pods', 'namespace'), pods.namespace, text));
}

function checkDuration(errors: FieldError[], path: Path, text: string | undefined): void {
  if (text !== undefined && !((parseDuration(text) ?? 0) > 0)) errors.push(invalid(path, text, DURATION));
}
