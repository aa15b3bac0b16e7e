import { quote } from '../field/quote.ts';
import type { ListType, MapType } from './fieldType.ts';

/** The element of a list item in a path (`k:{"name":"app"}`, `v:"x"`), or why there is none. */
export function itemElement(list: ListType, item: unknown): string | { readonly error: string } {
  if (list.keys.length === 0) return valueElement(item);
  if (item === null || item === undefined) return { error: 'associative list with keys may not have a null element' };
  if (typeof item !== 'object' || Array.isArray(item)) return { error: 'associative list with keys may not have non-map elements' };
  let text = '';
  for (const key of sortedKeys(list)) {
    const given = (item as Readonly<Record<string, unknown>>)[key];
    const value = given === undefined ? keyDefault(list, key) : given;
    if (value === undefined)
      return { error: `associative list with keys has an element that omits key field ${quote(key)} (and doesn't have default value)` };
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${JSON.stringify(value)}`;
  }
  return `k:{${text}}`;
}

function valueElement(item: unknown): string | { readonly error: string } {
  if (item === null || item === undefined) return { error: "associative list without keys has an element that's an explicit null" };
  if (Array.isArray(item)) return { error: 'not supported: associative list with lists as elements' };
  if (typeof item === 'object') return { error: "associative list without keys has an element that's a map type" };
  return `v:${JSON.stringify(item)}`;
}

function keyDefault({ item }: ListType, key: string): unknown {
  return item.kind === 'map' ? (item as MapType).fields.get(key)?.default : undefined;
}

function sortedKeys({ keys }: ListType): readonly string[] {
  if (keys.length < 2) return keys;
  let sorted = SORTED.get(keys);
  if (sorted === undefined) SORTED.set(keys, (sorted = keys.toSorted()));
  return sorted;
}

const SORTED = new WeakMap<readonly string[], readonly string[]>();

/** A path as messages name it: `.spec.ports[port=53,protocol="TCP"].name`. */
export function pathText(path: readonly string[]): string {
  return path.map(elementText).join('');
}

export function elementText(element: string): string {
  const text = element.slice(2);
  switch (element.charAt(0)) {
    case 'k': {
      const keys = Object.entries(JSON.parse(text) as Readonly<Record<string, unknown>>);
      return `[${keys.map(([key, value]) => `${key}=${shown(value)}`).join(',')}]`;
    }
    case 'v':
      return `[=${shown(JSON.parse(text))}]`;
    case 'i':
      return `[${text}]`;
    default:
      return `.${text}`;
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? quote(value) : JSON.stringify(value);
}
