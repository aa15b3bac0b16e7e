/** The JSON helpers that the corpus is defined by: its patches, its differences, its way to write long texts. */

export type Operation = { readonly op: string; readonly path: string; readonly value?: unknown };
type Bag = Record<string, unknown>;

export function tokens(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** `{"$repeat": [text, n]}` stands for a long text. */
export function expand(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(expand);
  if (typeof value !== 'object' || value === null) return value;
  const repeat = (value as Bag)['$repeat'];
  if (Array.isArray(repeat) && Object.keys(value).length === 1) return String(repeat[0]).repeat(Number(repeat[1]));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expand(item)]));
}

/** RFC 6902 with add, replace and remove. Throws where a path leads nowhere. */
export function applyPatch(document: unknown, operations: readonly Operation[]): unknown {
  let result = structuredClone(document);
  for (const operation of operations) {
    const value = expand(operation.value);
    const path = tokens(operation.path);
    const last = path.pop();
    if (last === undefined) {
      result = structuredClone(value);
      continue;
    }
    let holder = result as unknown;
    for (const token of path) {
      holder = (holder as Bag)[token];
      if (typeof holder !== 'object' || holder === null) throw new Error(`no ${operation.path}`);
    }
    if (Array.isArray(holder)) {
      const index = last === '-' ? holder.length : Number(last);
      if (operation.op !== 'add' && index >= holder.length) throw new Error(`no ${operation.path}`);
      if (operation.op === 'remove') holder.splice(index, 1);
      else if (operation.op === 'add') holder.splice(index, 0, structuredClone(value));
      else holder[index] = structuredClone(value);
    } else if (operation.op === 'remove') delete (holder as Bag)[last];
    else (holder as Bag)[last] = structuredClone(value);
  }
  return result;
}

/** A compact RFC 6902 patch from one value to the other. */
export function difference(from: unknown, to: unknown, path = ''): Operation[] {
  const operations = differences(from, to, path);
  return operations.length > 0 && equalInPython(from, to) ? [] : operations;
}

/** The corpus was compared in Python, where containers are equal whose members are, and `True` is `1` in them. */
function equalInPython(from: unknown, to: unknown): boolean {
  if (Array.isArray(from) && Array.isArray(to))
    return from.length === to.length && from.every((item, index) => sameMember(item, to[index]));
  if (!isObject(from) || !isObject(to)) return false;
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].every((key) => sameMember(from[key], to[key]));
}

function sameMember(from: unknown, to: unknown): boolean {
  const asNumber = (value: unknown): unknown => (typeof value === 'boolean' ? Number(value) : value);
  return Object.is(asNumber(from), asNumber(to)) || equalInPython(from, to);
}

function differences(from: unknown, to: unknown, path: string): Operation[] {
  if (Object.is(from, to)) return [];
  if (Array.isArray(from) && Array.isArray(to) && from.length === to.length) {
    return from.flatMap((item, index) => difference(item, to[index], `${path}/${index}`));
  }
  if (isObject(from) && isObject(to)) {
    const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort(byCodePoint);
    return keys.flatMap((key) => {
      const at = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      const [has, gets] = [from[key] !== undefined, to[key] !== undefined];
      if (!has && !gets) return [];
      if (!gets) return [{ op: 'remove', path: at }];
      if (!has) return [{ op: 'add', path: at, value: to[key] }];
      return difference(from[key], to[key], at);
    });
  }
  if (typeof from === 'bigint' && Number(from) === to) return [];
  return Array.isArray(from) && Array.isArray(to) && from.length === 0 && to.length === 0 ? [] : [{ op: 'replace', path, value: to }];
}

/** As Python's json.dumps writes it, which is what was sent when the corpus was recorded. */
export function dump(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(dump).join(', ')}]`;
  if (isObject(value)) {
    const members = Object.entries(value).filter(([, item]) => item !== undefined);
    return `{${members.map(([key, item]) => `${dump(key)}: ${dump(item)}`).join(', ')}}`;
  }
  if (typeof value === 'string')
    return JSON.stringify(value).replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return typeof value === 'bigint' ? value.toString() : (JSON.stringify(value) ?? 'null');
}

export function isObject(value: unknown): value is Bag {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function byCodePoint(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
