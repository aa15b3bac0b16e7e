import { forbidden, invalid, required, tooLong, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { readJson } from '../../../apimachinery/scheme/jsonText.ts';
import { isConfigMapKey } from '../../../apimachinery/validation/names.ts';
import { validateImmutable } from '../../../apimachinery/validation/objectMeta.ts';
import { jsonEqual } from '../../../base/json.ts';
import type { Secret } from '../../schema/types/core/v1.ts';
import { IMMUTABLE_TEXT, MAX_DATA_BYTES } from '../configmap/validation.ts';
import { decodedLength } from '../../../apimachinery/scheme/base64.ts';
import { decodeBase64 } from './base64.ts';

export function validateSecret(secret: Secret): ErrorList {
  const errors: FieldError[] = [];
  let size = 0;
  for (const [key, value] of Object.entries(secret.data ?? {})) {
    for (const text of isConfigMapKey(key)) errors.push(invalid(DATA.key(key), key, text));
    size += decodedLength(value);
  }
  if (size > MAX_DATA_BYTES) errors.push(tooLong(DATA, MAX_DATA_BYTES));
  validateType(errors, secret);
  return errors;
}

/** An immutable Secret may neither change its data nor become mutable again; no Secret changes its type. */
export function validateSecretUpdate(secret: Secret, old: Secret): ErrorList {
  const errors: FieldError[] = [...validateImmutable(secret.type ?? '', old.type ?? '', Path.of('type'))];
  if (old.immutable === true) {
    if (secret.immutable !== true) errors.push(forbidden(Path.of('immutable'), IMMUTABLE_TEXT));
    if (!jsonEqual(secret.data ?? {}, old.data ?? {})) errors.push(forbidden(DATA, IMMUTABLE_TEXT));
  }
  errors.push(...validateSecret(secret));
  return errors;
}

/** The keys that a well-known type must have. */
function validateType(errors: FieldError[], secret: Secret): void {
  const data = secret.data ?? {};
  switch (secret.type) {
    case 'kubernetes.io/service-account-token':
      if ((secret.metadata.annotations?.[SERVICE_ACCOUNT_NAME] ?? '') === '')
        errors.push(required(ANNOTATIONS.key(SERVICE_ACCOUNT_NAME), ''));
      break;
    case 'kubernetes.io/dockercfg':
      validateJson(errors, data, '.dockercfg');
      break;
    case 'kubernetes.io/dockerconfigjson':
      validateJson(errors, data, '.dockerconfigjson');
      break;
    case 'kubernetes.io/basic-auth':
      if (Object.hasOwn(data, 'username') || Object.hasOwn(data, 'password')) break;
      errors.push(required(DATA.key('username'), ''), required(DATA.key('password'), ''));
      break;
    case 'kubernetes.io/ssh-auth':
      if ((data['ssh-privatekey'] ?? '') === '') errors.push(required(DATA.key('ssh-privatekey'), ''));
      break;
    case 'kubernetes.io/tls':
      for (const key of ['tls.crt', 'tls.key']) if (!Object.hasOwn(data, key)) errors.push(required(DATA.key(key), ''));
      break;
    default:
  }
}

function validateJson(errors: FieldError[], data: Readonly<Record<string, string>>, key: string): void {
  const value = data[key];
  if (value === undefined) {
    errors.push(required(DATA.key(key), ''));
    return;
  }
  const problem = jsonObjectProblem(decodeBase64(value));
  if (problem !== undefined) errors.push(invalid(DATA.key(key), '<secret contents redacted>', problem));
}

/** What Go's JSON reader says about a text that should hold an object. */
function jsonObjectProblem(text: string): string | undefined {
  const read = readJson(text);
  if ('error' in read) return read.error;
  const value = read.value;
  if (value === null || (typeof value === 'object' && !Array.isArray(value))) return undefined;
  const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`;
}

const DATA = Path.of('data');
const ANNOTATIONS = Path.of('metadata', 'annotations');
const SERVICE_ACCOUNT_NAME = 'kubernetes.io/service-account.name';
