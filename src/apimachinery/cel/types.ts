/**
 * The types of expressions while they are checked.
 * Counterpart: cel-go/common/types.Type and checker/format.go.
 */
export type TypeKind =
  | 'dyn'
  | 'error'
  | 'null'
  | 'bool'
  | 'int'
  | 'uint'
  | 'double'
  | 'string'
  | 'bytes'
  | 'timestamp'
  | 'duration'
  | 'type'
  | 'list'
  | 'map'
  | 'object'
  | 'opaque'
  | 'param';

export interface Type {
  readonly kind: TypeKind;
  /** Of objects, opaque types and type parameters; the kind otherwise. */
  readonly name: string;
  readonly params: readonly Type[];
  /** Of objects: the type of a field, undefined if there is none. */
  readonly field?: (name: string) => Type | undefined;
}

const simple = (kind: TypeKind, name: string = kind): Type => ({ kind, name, params: [] });

export const DYN = simple('dyn');
export const ERROR = simple('error', '!error!');
export const NULL = simple('null');
export const BOOL = simple('bool');
export const INT = simple('int');
export const UINT = simple('uint');
export const DOUBLE = simple('double');
export const STRING = simple('string');
export const BYTES = simple('bytes');
export const TIMESTAMP = simple('timestamp');
export const DURATION = simple('duration');

export function listOf(item: Type): Type {
  return { kind: 'list', name: 'list', params: [item] };
}

export function mapOf(key: Type, value: Type): Type {
  return { kind: 'map', name: 'map', params: [key, value] };
}

export function typeOf(type: Type): Type {
  return { kind: 'type', name: 'type', params: [type] };
}

export function opaque(name: string, ...params: readonly Type[]): Type {
  return { kind: 'opaque', name, params };
}

export function optionalOf(type: Type): Type {
  return opaque('optional_type', type);
}

export function param(name: string): Type {
  return { kind: 'param', name, params: [] };
}

export function objectType(name: string, field: (name: string) => Type | undefined): Type {
  return { kind: 'object', name, params: [], field };
}

export function isOptional(type: Type): boolean {
  return type.kind === 'opaque' && type.name === 'optional_type';
}

/** `list(int)`, `map(string, dyn)`. */
export function formatType(type: Type): string {
  if (type.params.length === 0) return type.name;
  return `${type.name}(${type.params.map(formatType).join(', ')})`;
}

/** `string.(int)` for a call on a target, `(string, int)` for the others. */
export function formatArguments(types: readonly Type[], isMember: boolean): string {
  const [target, ...rest] = types;
  if (isMember && target !== undefined) return `${formatType(target)}.(${rest.map(formatType).join(', ')})`;
  return `(${types.map(formatType).join(', ')})`;
}

const FULL_NAMES: Readonly<Partial<Record<TypeKind, string>>> = {
  null: 'null_type',
  timestamp: 'google.protobuf.Timestamp',
  duration: 'google.protobuf.Duration',
};

/** As Go prints a type: other than the checker's form for a few. */
export function typeText(type: Type): string {
  const name = FULL_NAMES[type.kind] ?? type.name;
  return type.params.length === 0 ? name : `${name}(${type.params.map(typeText).join(', ')})`;
}

export function sameType(left: Type, right: Type): boolean {
  if (left === right) return true;
  if (left.kind !== right.kind || left.name !== right.name || left.params.length !== right.params.length) return false;
  return left.params.every((type, index) => sameType(type, right.params[index] as Type));
}
