import { forbidden, invalid, notSupported, required, type FieldError } from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import { hasDefault } from '../structural/pruning.ts';
import { itemsOf, type JSONSchema } from '../structural/jsonSchema.ts';
import { printItems } from './internalForm.ts';

/** `x-kubernetes-map-type`, `x-kubernetes-list-type` and `x-kubernetes-list-map-keys`. */
export function checkListAndMapTypes(errors: FieldError[], schema: JSONSchema, path: Path): void {
  const listType = schema['x-kubernetes-list-type'];
  const mapType = schema['x-kubernetes-map-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (mapType !== undefined) {
    checkHolder(errors, schema, 'object', 'x-kubernetes-map-type', path);
    if (mapType !== 'atomic' && mapType !== 'granular')
      errors.push(notSupported(path.child('x-kubernetes-map-type'), mapType, ['atomic', 'granular']));
  }
  if (listType !== undefined && schema.type !== 'array') checkHolder(errors, schema, 'array', 'x-kubernetes-list-type', path);
  else if (listType === 'set') checkSetItems(errors, itemsOf(schema), path.child('items'));
  if (listType !== undefined && listType !== 'atomic' && listType !== 'set' && listType !== 'map')
    errors.push(notSupported(path.child('x-kubernetes-list-type'), listType, ['atomic', 'set', 'map']));
  if (keys.length > 0 && listType !== 'map') {
    const text = 'must be map if x-kubernetes-list-map-keys is non-empty';
    const at = path.child('x-kubernetes-list-type');
    errors.push(listType === undefined ? required(at, text) : invalid(at, listType, text));
  }
  if (listType === 'map') checkListMap(errors, schema, keys, path);
  if (listType === 'map' || listType === 'set') checkKeyDefaults(errors, schema, listType, keys, path);
}

function checkHolder(errors: FieldError[], { type = '' }: JSONSchema, wanted: string, extension: string, path: Path): void {
  if (type === wanted) return;
  const text = `must be ${wanted} if ${extension} is specified`;
  errors.push(type === '' ? required(path.child('type'), text) : invalid(path.child('type'), type, text));
}

/** A set can only hold what is compared as a whole. The message prints the list type in both cases. */
function checkSetItems(errors: FieldError[], items: JSONSchema | undefined, path: Path): void {
  const text = 'must be atomic as item of a list with x-kubernetes-list-type=set';
  const listType = items?.['x-kubernetes-list-type'];
  if (items?.type === 'array' && listType !== undefined && listType !== 'atomic')
    errors.push(invalid(path.child('x-kubernetes-list-type'), listType, text));
  if (items?.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic')
    errors.push(invalid(path.child('x-kubernetes-map-type'), listType ?? null, text));
}

function checkListMap(errors: FieldError[], schema: JSONSchema, keys: readonly string[], path: Path): void {
  if (keys.length === 0)
    errors.push(required(path.child('x-kubernetes-list-map-keys'), 'must not be empty if x-kubernetes-list-type is map'));
  const items = itemsOf(schema);
  if (schema.items === undefined) errors.push(required(path.child('items'), 'must have a schema if x-kubernetes-list-type is map'));
  else if (items === undefined)
    errors.push(invalid(path.child('items'), printItems(schema.items), 'must only have a single schema if x-kubernetes-list-type is map'));
  if (items === undefined) return;
  if (items.type !== 'object') {
    errors.push(invalid(path.child('items', 'type'), items.type ?? '', "must be object if parent array's x-kubernetes-list-type is map"));
    return;
  }
  const seen = new Set<string>();
  for (const key of keys) {
    const property = items.properties?.[key];
    if (property?.type === 'array' || property?.type === 'object') {
      const at = path.child('items', 'properties').key(key).child('type');
      errors.push(invalid(at, items.type, "must be a scalar type if parent array's x-kubernetes-list-type is map"));
    } else if (property === undefined)
      errors.push(invalid(path.child('x-kubernetes-list-map-keys'), keys, 'entries must all be names of item properties'));
    if (seen.has(key)) errors.push(invalid(path.child('x-kubernetes-list-map-keys'), keys, 'must not contain duplicate entries'));
    seen.add(key);
  }
}

function checkKeyDefaults(errors: FieldError[], schema: JSONSchema, listType: string, keys: readonly string[], path: Path): void {
  const items = itemsOf(schema);
  if (items === undefined) return;
  if (items.nullable === true)
    errors.push(forbidden(path.child('items', 'nullable'), `cannot be nullable when x-kubernetes-list-type is ${listType}`));
  if (listType !== 'map') return;
  for (const key of keys) {
    const property = items.properties?.[key];
    if (property === undefined) continue;
    const at = path.child('items', 'properties').key(key);
    if (items.required?.includes(key) !== true && !hasDefault(property)) {
      const text = 'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property';
      errors.push(required(at.child('default'), text));
    }
    if (property.nullable === true)
      errors.push(forbidden(at.child('nullable'), 'this property is in x-kubernetes-list-map-keys, so it cannot be nullable'));
  }
}
