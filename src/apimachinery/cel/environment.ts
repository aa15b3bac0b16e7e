/**
 * What an expression can name: variables, functions and object types.
 * Invariant: an environment never changes; `extend` makes another.
 * Counterpart: cel-go/cel.Env.
 */
import type { Value } from './values.ts';
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  NULL,
  opaque,
  param,
  STRING,
  TIMESTAMP,
  typeOf,
  UINT,
  type Type,
} from './types.ts';

export interface Overload {
  readonly id: string;
  readonly isMember: boolean;
  readonly args: readonly Type[];
  readonly result: Type;
  /** Names of the type parameters in it. */
  readonly typeParams: readonly string[];
}

/** @param args the target first, if there is one; @throws CelError */
export type Implementation = (args: readonly Value[]) => Value;

export interface FunctionDecl {
  readonly name: string;
  readonly overloads: readonly Overload[];
  /** One for all overloads: it looks at the values. */
  readonly call: Implementation;
}

export interface Library {
  readonly functions: readonly FunctionDecl[];
}

/** By name. */
export type ObjectTypes = (name: string) => Type | undefined;

export class Environment {
  readonly variables: ReadonlyMap<string, Type>;
  readonly functions: ReadonlyMap<string, FunctionDecl>;
  private readonly objects: ObjectTypes;
  /** Whether `cel.bind(name, value, expression)` is a macro. */
  readonly bindings: boolean;

  constructor(variables: ReadonlyMap<string, Type>, functions: ReadonlyMap<string, FunctionDecl>, objects: ObjectTypes, bindings = false) {
    this.variables = variables;
    this.functions = functions;
    this.objects = objects;
    this.bindings = bindings;
  }

  static of(...libraries: readonly Library[]): Environment {
    return new Environment(TYPE_NAMES, new Map(), () => undefined).withLibraries(...libraries);
  }

  withLibraries(...libraries: readonly Library[]): Environment {
    const functions = new Map(this.functions);
    for (const declaration of libraries.flatMap((library) => library.functions)) {
      const known = functions.get(declaration.name);
      functions.set(declaration.name, known === undefined ? declaration : merge(known, declaration));
    }
    return new Environment(this.variables, functions, this.objects, this.bindings);
  }

  withVariables(variables: Readonly<Record<string, Type>>): Environment {
    const all = new Map([...this.variables, ...Object.entries(variables)]);
    return new Environment(all, this.functions, this.objects, this.bindings);
  }

  withObjects(objects: ObjectTypes): Environment {
    return new Environment(this.variables, this.functions, objects, this.bindings);
  }

  /** The type of objects that an expression can make. */
  object(name: string): Type | undefined {
    return this.objects(name);
  }

  withBindings(): Environment {
    return new Environment(this.variables, this.functions, this.objects, true);
  }
}

/** Two libraries can give overloads of one name: each is tried by the types of its arguments. */
function merge(first: FunctionDecl, second: FunctionDecl): FunctionDecl {
  return {
    name: first.name,
    get overloads() {
      return [...first.overloads, ...second.overloads];
    },
    call: (args) => (second.overloads.some((overload) => accepts(overload, args)) ? second.call(args) : first.call(args)),
  };
}

function accepts({ args }: Overload, values: readonly Value[]): boolean {
  return args.length === values.length && args.every((type, index) => fits(type, values[index] as Value));
}

function fits(type: Type, value: Value): boolean {
  switch (type.kind) {
    case 'string':
      return typeof value === 'string';
    case 'int':
      return typeof value === 'bigint';
    case 'list':
      return Array.isArray(value);
    case 'opaque':
      return typeof value === 'object' && value !== null && 'typeName' in value && value.typeName === type.name;
    default:
      return true;
  }
}

/** Types are values too: `type(x) == int`. */
const TYPE_NAMES: ReadonlyMap<string, Type> = new Map([
  ['bool', typeOf(BOOL)],
  ['bytes', typeOf(BYTES)],
  ['double', typeOf(DOUBLE)],
  ['google.protobuf.Duration', typeOf(DURATION)],
  ['google.protobuf.Timestamp', typeOf(TIMESTAMP)],
  ['int', typeOf(INT)],
  ['list', typeOf(listOf(DYN))],
  ['map', typeOf(mapOf(DYN, DYN))],
  ['null_type', typeOf(NULL)],
  ['optional_type', typeOf(opaque('optional_type', DYN))],
  ['string', typeOf(STRING)],
  ['type', typeOf(typeOf(DYN))],
  ['uint', typeOf(UINT)],
]);

/**
 * A function and its overloads as text: `id: string.(string, int) -> bool` for a member, `id: (string) -> int` for the
 * others; one upper-case letter is a type parameter, a name that CEL does not know is a library's own type.
 */
export function declare(name: string, overloads: readonly string[], call: Implementation): FunctionDecl {
  let read: readonly Overload[] | undefined;
  return {
    name,
    // Read when first asked for: a library has hundreds, an expression names a few.
    get overloads() {
      return (read ??= overloads.map(parseOverload));
    },
    call,
  };
}

function parseOverload(text: string): Overload {
  const [, id = '', target, args = '', result = ''] = /^([^:]+): (?:(.+)\.)?\((.*)\) -> (.+)$/.exec(text) ?? [];
  const types = [...(target === undefined ? [] : [target]), ...splitArguments(args)].map(parseType);
  const resultType = parseType(result);
  const typeParams = new Set([...types, resultType].flatMap(paramsOf));
  return { id, isMember: target !== undefined, args: types, result: resultType, typeParams: [...typeParams] };
}

function paramsOf(type: Type): readonly string[] {
  return type.kind === 'param' ? [type.name] : type.params.flatMap(paramsOf);
}

const SIMPLE: Readonly<Record<string, Type>> = {
  bool: BOOL,
  bytes: BYTES,
  double: DOUBLE,
  duration: DURATION,
  dyn: DYN,
  int: INT,
  null: NULL,
  string: STRING,
  timestamp: TIMESTAMP,
  uint: UINT,
};

export function parseType(text: string): Type {
  const [, name = '', inner] = /^([^(]+)(?:\((.*)\))?$/.exec(text.trim()) ?? [];
  const params = inner === undefined ? [] : splitArguments(inner).map(parseType);
  const [first = DYN, second = DYN] = params;
  if (name === 'list') return listOf(first);
  if (name === 'map') return mapOf(first, second);
  if (name === 'type') return typeOf(first);
  // Values that are asked for permission are objects without fields.
  if (name.startsWith('kubernetes.authorization.')) return { kind: 'object', name, params: [] };
  return SIMPLE[name] ?? (/^[A-Z]$/.test(name) ? param(name) : opaque(name, ...params));
}

/** At commas that stand in no parentheses. */
function splitArguments(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return text.trim() === '' ? [] : [...parts, text.slice(start)];
}
