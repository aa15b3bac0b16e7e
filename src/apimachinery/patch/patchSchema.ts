import type { Schema, SchemaSet } from '../scheme/schema.ts';

/** What strategic merge has to know of a field: how its value is merged, and the type below it. */
export interface PatchField {
  /** Lists: merge by the key (or as a set, if there is none). */
  readonly merge: boolean;
  /** Maps: the members that are not in the patch go. */
  readonly retainKeys: boolean;
  readonly replace: boolean;
  readonly mergeKey: string;
  /** The type of the value; of a list, the type of its items. */
  readonly type: Schema | undefined;
}

/** A field of a type; of a field that the schema does not know, nothing is known. */
export function patchField(schemas: SchemaSet, type: Schema | undefined, name: string): PatchField {
  const owner = resolve(schemas, type);
  const property = owner?.properties?.[name] ?? owner?.additionalProperties;
  const strategies = (property?.['x-kubernetes-patch-strategy'] ?? '').split(',');
  return {
    merge: strategies.includes('merge'),
    retainKeys: strategies.includes('retainKeys'),
    replace: strategies.includes('replace'),
    mergeKey: property?.['x-kubernetes-patch-merge-key'] ?? '',
    type: resolve(schemas, property?.type === 'array' ? property.items : property),
  };
}

function resolve(schemas: SchemaSet, schema: Schema | undefined): Schema | undefined {
  return schema?.ref === undefined ? schema : schemas.definitions[schema.ref];
}
