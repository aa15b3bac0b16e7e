/** What differs between two runs of the same server is replaced by placeholders, as the recorder did. */
import { at } from './paths.ts';

/** The values of one run that stand for placeholders. */
export interface Names {
  /** Value ▸ placeholder, the longer ones first. */
  readonly back: readonly (readonly [string, string])[];
  /** Variable ▸ saved value. */
  readonly saved: ReadonlyMap<string, { readonly path: string; readonly value: unknown }>;
  /** generateName of the object that was sent. */
  readonly generated: string | undefined;
}

const UID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g;
const AGE = /^(\d+[smhdy]){1,2}$/;
const ACCESS = /kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}/g;
const VOLATILE: ReadonlySet<string> = new Set(['uid', 'resourceVersion', 'creationTimestamp', 'managedFields', 'selfLink']);

export function text(value: string, names: Names): string {
  let result = value;
  for (const [from, to] of names.back) result = result.replaceAll(from, to);
  return result.replaceAll(ACCESS, 'kube-api-access-<rand>').replaceAll(UID, '<uid>').replaceAll(TIME, '<time>');
}

/** Messages may also quote resource versions, allocated addresses and generated names. */
export function message(value: string, names: Names): string {
  let result = value.replaceAll(UID, '<uid>');
  if (names.generated !== undefined && names.generated !== '') {
    const prefix = names.generated.slice(0, 58);
    result = result.replaceAll(new RegExp(`${escape(prefix)}[bcdfghjklmnpqrstvwxz2456789]{5}(?![a-z0-9])`, 'g'), `${prefix}<rand>`);
  }
  for (const [name, { value: saved }] of names.saved) {
    if (typeof saved !== 'string' || !/^(\d\d+|\d+\.\d+\.\d+\.\d+)$/.test(saved)) continue;
    result = result.replaceAll(new RegExp(`(?<![\\d.])${escape(saved)}(?![\\d.]*\\d)`, 'g'), `\${${name}}`);
  }
  result = result
    .replaceAll(/(resourceVersion[\\"]+:[\\"]+)\d+/g, '$1<rv>')
    .replaceAll(/(too old resource version: )\d+ \(\d+\)/g, '$1<rv> (<rv>)')
    .replaceAll(/(Too large resource version: )\d+, current: \d+/g, '$1<rv>, current: <rv>')
    .replaceAll(/(in object meta: |in record \(|resource version in record: )\d+/g, '$1<rv>');
  return text(result, names);
}

export function normal(value: unknown, names: Names, keep = false): unknown {
  if (Array.isArray(value)) return value.map((item) => normal(item, names, keep));
  if (typeof value === 'string') return text(value, names);
  if (typeof value !== 'object' || value === null) return value;
  const generated = (value as { generateName?: unknown }).generateName;
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined || (VOLATILE.has(key) && !keep)) continue;
    let shown: unknown = item;
    if (key === 'name' && typeof generated === 'string' && generated !== '' && typeof item === 'string' && item.startsWith(generated))
      shown = `${generated}<rand>`;
    if (key === 'continue' && item !== '') shown = '<continue>';
    result[text(key, names)] = normal(shown, names, keep);
  }
  return result;
}

/** The value at a path in its recorded form; `?` at the end asks for presence, `#` for the length. */
export function field(body: unknown, path: string, names: Names): unknown {
  if (path.endsWith('?')) return at(body, path.slice(0, -1)) !== null;
  if (path.endsWith('#')) {
    const list = at(body, path.slice(0, -1));
    return Array.isArray(list) ? list.length : null;
  }
  const value = at(body, path);
  const last = path.split(/[.\]]/).at(-1);
  if (path === 'metadata.name' || path.endsWith('.metadata.name')) {
    const generated = at(body, `${path.slice(0, -'name'.length)}generateName`);
    if (typeof generated === 'string' && typeof value === 'string' && value.startsWith(generated)) return `${text(generated, names)}<rand>`;
  }
  if (last === 'managedFields') {
    const entries = (value ?? []) as readonly Record<string, unknown>[];
    return normal(
      entries.map(({ time: _time, ...entry }) => entry),
      names,
      true,
    );
  }
  if (last === 'continue' && value !== null && value !== '') return '<continue>';
  if (path.endsWith('.cells') || path.includes('.cells[')) return normal(withoutAges(value), names);
  return normal(value, names);
}

function withoutAges(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((row: unknown) =>
    Array.isArray(row) ? row.map((cell: unknown) => (typeof cell === 'string' && AGE.test(cell) ? '<age>' : cell)) : row,
  );
}

function escape(value: string): string {
  return value.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
