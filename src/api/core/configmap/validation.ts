import { forbidden, invalid, tooLong, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { jsonEqual } from '../../../base/json.ts';
import { decodedLength } from '../../../apimachinery/scheme/base64.ts';
import { isConfigMapKey } from '../../../apimachinery/validation/names.ts';
import { byteLength } from '../../../apimachinery/validation/text.ts';
import type { ConfigMap } from '../../schema/types/core/v1.ts';

/** All values of a ConfigMap or a Secret together, in bytes. */
export const MAX_DATA_BYTES = 1024 * 1024;
export const IMMUTABLE_TEXT = 'field is immutable when `immutable` is set';

export function validateConfigMap(configMap: ConfigMap): ErrorList {
  const errors: FieldError[] = [];
  const binaryData = configMap.binaryData ?? {};
  let size = 0;
  for (const [key, value] of Object.entries(configMap.data ?? {})) {
    for (const text of isConfigMapKey(key)) errors.push(invalid(DATA.key(key), key, text));
    if (Object.hasOwn(binaryData, key)) errors.push(invalid(DATA.key(key), key, 'duplicate of key present in binaryData'));
    size += byteLength(value);
  }
  for (const [key, value] of Object.entries(binaryData)) {
    for (const text of isConfigMapKey(key)) errors.push(invalid(BINARY_DATA.key(key), key, text));
    size += decodedLength(value);
  }
  // The API server names no field here; its path prints as `[]`.
  if (size > MAX_DATA_BYTES) errors.push(tooLong(Path.root.key(''), MAX_DATA_BYTES));
  return errors;
}

/** An immutable ConfigMap may neither change its data nor become mutable again. */
export function validateConfigMapUpdate(configMap: ConfigMap, old: ConfigMap): ErrorList {
  const errors: FieldError[] = [];
  if (old.immutable === true) {
    if (configMap.immutable !== true) errors.push(forbidden(Path.of('immutable'), IMMUTABLE_TEXT));
    if (!jsonEqual(configMap.data ?? {}, old.data ?? {})) errors.push(forbidden(DATA, IMMUTABLE_TEXT));
    if (!jsonEqual(configMap.binaryData ?? {}, old.binaryData ?? {})) errors.push(forbidden(BINARY_DATA, IMMUTABLE_TEXT));
  }
  errors.push(...validateConfigMap(configMap));
  return errors;
}

const DATA = Path.of('data');
const BINARY_DATA = Path.of('binaryData');
