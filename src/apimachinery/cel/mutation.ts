/**
 * Objects that an expression makes: `Object{spec: Object.spec{replicas: 3}}` and `JSONPatch{op: "add", …}`.
 * Counterpart: k8s.io/apiserver/pkg/cel/mutation and library/jsonpatch.go.
 */
import { declare, type Library } from './environment.ts';
import { DYN, objectType, STRING, type Type } from './types.ts';
import { CelError, isList, MapLike, MapValue, noSuchOverload, type Value } from './values.ts';

export const JSON_PATCH = 'JSONPatch';
export const OBJECT = 'Object';

const PATCH_FIELDS: ReadonlySet<string> = new Set(['op', 'path', 'from']);

export const JSON_PATCH_TYPE = objectType(JSON_PATCH, (name) => (PATCH_FIELDS.has(name) ? STRING : name === 'value' ? DYN : undefined));
/** Objects of the request's kind, whose fields nobody checks while compiling. */
export const OBJECT_TYPE = objectType(OBJECT, () => DYN);

/** The types that mutations can name; objects within objects are named by their path. */
export function mutationType(name: string): Type | undefined {
  if (name === JSON_PATCH) return JSON_PATCH_TYPE;
  return name === OBJECT || name.startsWith(`${OBJECT}.`) ? objectType(name, () => DYN) : undefined;
}

/** An object that an expression made. */
export class ObjectValue extends MapLike {
  readonly typeName: string;
  private readonly fields: MapValue;

  constructor(typeName: string, fields: Iterable<readonly [Value, Value]>) {
    super();
    this.typeName = typeName;
    this.fields = new MapValue(fields);
  }

  get size(): number {
    return this.fields.size;
  }

  find(key: Value): Value | undefined {
    return this.fields.find(key) ?? this.unset(key);
  }

  override hasField(name: string): boolean {
    return this.fields.find(name) !== undefined && this.fields.find(name) !== '';
  }

  keys(): readonly Value[] {
    return this.fields.keys();
  }

  /** Texts of a patch that nobody set are empty. */
  private unset(key: Value): Value | undefined {
    return this.typeName === JSON_PATCH && typeof key === 'string' && PATCH_FIELDS.has(key) ? '' : undefined;
  }
}

/** Objects must be named by the path at which they stand. @returns what is wrong, one text for each */
export function checkTypeNames(value: Value, path: readonly string[] = [OBJECT]): readonly string[] {
  if (isList(value)) return value.flatMap((item) => checkTypeNames(item, path));
  if (!(value instanceof MapLike)) return [];
  const entries = value.keys().map((key) => [key, value.find(key) ?? null] as const);
  if (!(value instanceof ObjectValue)) return entries.flatMap(([, item]) => checkTypeNames(item, path));
  const wanted = path.join('.');
  const own =
    value.typeName === wanted
      ? []
      : [
          `unexpected type name ${JSON.stringify(value.typeName)}, expected ${JSON.stringify(wanted)}, which matches field name path from root Object type`,
        ];
  return [...own, ...entries.flatMap(([key, item]) => checkTypeNames(item, [...path, String(key)]))];
}

export function makeObject(name: string, fields: Iterable<readonly [Value, Value]>): Value {
  const value = new ObjectValue(name, fields);
  if (name === JSON_PATCH)
    for (const field of PATCH_FIELDS)
      if (typeof value.find(field) !== 'string') throw new CelError(`unexpected type for JSONPatchType '${field}' field`);
  return value;
}

export const JSON_PATCH_LIBRARY: Library = {
  functions: [
    declare('jsonpatch.escapeKey', ['string_jsonpatch_escapeKey_string: (string) -> string'], ([key]) => {
      if (typeof key !== 'string') throw noSuchOverload();
      return key.replaceAll('~', '~0').replaceAll('/', '~1');
    }),
  ],
};
