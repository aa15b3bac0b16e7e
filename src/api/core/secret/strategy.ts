/**
 * Secrets: data like that of a ConfigMap, Base64 in the object, with types that ask for certain keys.
 * Invariant: stringData is never stored; it has been merged into data. A Secret never changes its type.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/secret.
 */
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import type { Draft } from '../../../base/json.ts';
import { age, AGE, NAME, text } from '../../columns.ts';
import { SECRETS } from '../../schema/resources.ts';
import type { Secret } from '../../schema/types/core/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { encodeBase64 } from './base64.ts';
import { validateSecret, validateSecretUpdate } from './validation.ts';
import { secretWarnings } from './warnings.ts';

export const SECRET_STRATEGY: Strategy<Secret> = {
  resource: SECRETS,
  singular: 'secret',
  shortNames: [],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults: defaultSecret,
  validate: validateSecret,
  validateUpdate: validateSecretUpdate,
  warnings: secretWarnings,
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, text('Type'), text('Data'), AGE],
    cells: (secret, nowMs) => [secret.metadata.name ?? '', secret.type ?? '', Object.keys(secret.data ?? {}).length, age(secret, nowMs)],
  },
};

/** stringData wins over data of the same key. */
function defaultSecret(secret: Draft<Secret>): void {
  if (secret.stringData !== undefined) {
    const given = Object.entries(secret.stringData);
    if (given.length > 0) secret.data ??= {};
    for (const [key, value] of given) if (secret.data !== undefined) secret.data[key] = encodeBase64(value);
    delete secret.stringData;
  }
  if ((secret.type ?? '') === '') secret.type = 'Opaque';
}
