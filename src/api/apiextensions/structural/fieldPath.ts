/** Paths that rules and selectable fields name. Counterpart: ValidFieldPath of apiextensions-apiserver's schema/cel. */
import { Path } from '../../../apimachinery/field/path.ts';
import { additionalOf, type JSONSchema } from './jsonSchema.ts';

export type FieldPathResult = { readonly path: Path; readonly schema: JSONSchema | undefined } | { readonly error: string };

/** @param withBrackets whether `['name']` may be used */
export function resolveFieldPath(text: string, root: JSONSchema, withBrackets: boolean): FieldPathResult {
  const tokens = tokenize(text);
  let schema: JSONSchema | undefined = root;
  let path = Path.root;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token !== '.' && token !== '[') return { error: `expected [ or . but got: ${token ?? ''}` };
    if (token === '[' && !withBrackets) return { error: 'array notation is not allowed' };
    let name = tokens[++index];
    if (name === undefined) return { error: 'unexpected end of JSON path' };
    if (token === '[') {
      const quoted = quotedName(name);
      if (typeof quoted === 'object') return quoted;
      name = quoted;
    }
    const member: Member | undefined = schema === undefined ? undefined : memberAt(schema, name);
    if (member === undefined) return { error: 'does not refer to a valid field' };
    path = member.isProperty ? path.child(name) : path.key(name);
    ({ schema } = member);
    if (token === '[') {
      const end = tokens[++index];
      if (end === undefined) return { error: 'unexpected end of JSON path' };
      if (end !== ']') return { error: `expected ] but got ${end}` };
    }
  }
  return { path, schema };
}

interface Member {
  readonly schema: JSONSchema | undefined;
  readonly isProperty: boolean;
}

function memberAt(schema: JSONSchema, name: string): Member | undefined {
  if (schema.properties !== undefined) {
    return Object.hasOwn(schema.properties, name) ? { schema: schema.properties[name], isProperty: true } : undefined;
  }
  return schema.additionalProperties === undefined ? undefined : { schema: additionalOf(schema), isProperty: false };
}

function tokenize(text: string): readonly string[] {
  return text.match(/'(?:\\.|[^'\\])*'|[.[\]]|[^.[\]']+|'[^]*/g) ?? [];
}

const ESCAPES: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', "'": "'", '\\': '\\' };

function quotedName(token: string): string | { readonly error: string } {
  if (token.length < 2 || !token.startsWith("'") || !token.endsWith("'"))
    return { error: `expected single quoted string but got ${token}` };
  let error: string | undefined;
  const name = token.slice(1, -1).replaceAll(/\\./g, (escape) => {
    const character = ESCAPES[escape.charAt(1)];
    if (character === undefined) error = `invalid string literal: invalid escape char ${escape}`;
    return character ?? '';
  });
  return error === undefined ? name : { error };
}
