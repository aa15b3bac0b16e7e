import { Path } from '../../../apimachinery/field/path.ts';

/** What a member of a configuration file may be. */
export type Shape =
  | { readonly type: 'any' | 'boolean' | 'integer' | 'labels' | 'text' }
  | { readonly type: 'list'; readonly items: Shape }
  | { readonly type: 'object'; readonly fields: Readonly<Record<string, Shape>> };

/** Something wrong at a place of the file. */
export interface ConfigProblem {
  readonly path: Path;
  readonly message: string;
}

export const ANY: Shape = { type: 'any' };
export const TEXT: Shape = { type: 'text' };
export const INTEGER: Shape = { type: 'integer' };
export const BOOLEAN: Shape = { type: 'boolean' };
export const LABELS: Shape = { type: 'labels' };

export function listOf(items: Shape): Shape {
  return { type: 'list', items };
}

export function objectOf(fields: Readonly<Record<string, Shape>>): Shape {
  return { type: 'object', fields };
}

/** Members that are not looked at, but known. */
export function known(names: string): Readonly<Record<string, Shape>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, ANY]));
}

/** Unknown members and wrong types, each at its place. What is absent or null is nobody's business here. */
export function checkShape(value: unknown, shape: Shape, path: Path = Path.root): readonly ConfigProblem[] {
  if (value === null || value === undefined) return [];
  const wrong = (wanted: string): readonly ConfigProblem[] => [{ path, message: `must be ${wanted}` }];
  switch (shape.type) {
    case 'any':
      return [];
    case 'boolean':
      return typeof value === 'boolean' ? [] : wrong('true or false');
    case 'integer':
      return Number.isInteger(value) ? [] : wrong('a whole number');
    case 'text':
      return typeof value === 'string' ? [] : wrong('a text');
    case 'labels':
      if (!isMap(value)) return wrong('a map of texts');
      return Object.entries(value).flatMap(([key, each]) =>
        typeof each === 'string' ? [] : [{ path: path.key(key), message: 'must be a text' }],
      );
    case 'list':
      return Array.isArray(value)
        ? (value as readonly unknown[]).flatMap((item, index) =>
            item === null ? [{ path: path.index(index), message: 'must not be empty' }] : checkShape(item, shape.items, path.index(index)),
          )
        : wrong('a list');
    case 'object':
      if (!isMap(value)) return wrong('a map');
      return Object.entries(value).flatMap(([name, member]) => {
        const field = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
        return field === undefined
          ? [{ path: path.child(name), message: `unknown field "${name}"` }]
          : checkShape(member, field, path.child(name));
      });
  }
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value without members that are there and empty: they count as absent. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([name, member]) => [name, withoutNulls(member)]),
  );
}
