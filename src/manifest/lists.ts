/**
 * Lists of objects: `List`, and the lists that the API answers with, such as `PodList`.
 * Invariant: what an item leaves out, its list says. Counterpart: how kubectl reads and flattens lists.
 */
import { Path } from '../apimachinery/field/path.ts';
import { isRecord } from './recognise.ts';

type Fields = Readonly<Record<string, unknown>>;

const SUFFIX = 'List';

/** What stands in a list, each item with the version and kind that the list has for it; undefined: the value is no list. */
export function listItems({ apiVersion, kind, items }: Fields): readonly unknown[] | undefined {
  if (typeof kind !== 'string' || !kind.endsWith(SUFFIX) || !Array.isArray(items)) return undefined;
  const own = kind.slice(0, -SUFFIX.length);
  const all = items as readonly unknown[];
  return own === '' ? all : all.map((item) => (isRecord(item) && isNameless(item) ? { ...item, apiVersion, kind: own } : item));
}

/** The object itself, or those of a list, each with its place. */
export function objectsOf(value: Fields, at: Path = Path.root): readonly (readonly [object: Fields, at: Path])[] {
  const items = listItems(value);
  if (items === undefined) return [[value, at]];
  return items.flatMap((item, index) => (isRecord(item) ? objectsOf(item, at.child('items').index(index)) : []));
}

/** Whether a kind is that of lists of something that is served. @param served as `apps/v1/Deployment` */
export function isListKind(served: ReadonlySet<string>, apiVersion: string, kind: string): boolean {
  if (!kind.endsWith(SUFFIX)) return false;
  const own = kind.slice(0, -SUFFIX.length);
  if (own !== '') return served.has(`${apiVersion}/${own}`);
  for (const each of served) if (each.startsWith(`${apiVersion}/`)) return true;
  return false;
}

function isNameless({ apiVersion, kind }: Fields): boolean {
  return (apiVersion ?? '') === '' && (kind ?? '') === '';
}
