/**
 * What differs between two states of an object, field by field.
 * Invariant: pure; items of a list are told apart by their name, type or key, so that one that is put in front changes no other;
 * values of Secrets are never shown. Counterpart: the diff of kubectl, by fields in place of lines.
 */
import { isRecord } from '../../../manifest/recognise.ts';
import { jsonEqual } from '../../../base/json.ts';
import type { KubeObject } from '../../../apimachinery/meta/resource.ts';

export interface FieldChange {
  /** `spec.template.spec.containers[web].image` */
  readonly path: string;
  /** Undefined: it was not there. */
  readonly from: string | undefined;
  /** Undefined: it is not there any more. */
  readonly to: string | undefined;
}

/** What every write changes, or only the server keeps account of. */
const BOOKKEEPING: ReadonlySet<string> = new Set(['metadata.resourceVersion', 'metadata.managedFields', 'apiVersion', 'kind']);

/** Changes of which another one of the same write says more. */
const MINOR = /(^|\.)(lastTransitionTime|lastUpdateTime|lastHeartbeatTime|lastProbeTime|observedGeneration|generation|renewTime)$/;

const LONGEST = 160;

/** @param before undefined: all of `after` is new, and nothing is said of it field by field */
export function changesOf(before: KubeObject | undefined, after: KubeObject): readonly FieldChange[] {
  if (before === undefined) return [];
  const found: FieldChange[] = [];
  compare('', withoutCopy(before), withoutCopy(after), found);
  if (after.kind !== 'Secret') return found;
  return found.map((change) => (/^data\b/.test(change.path) ? { ...change, from: hidden(change.from), to: hidden(change.to) } : change));
}

/** Changes that are worth a line, those that say most first; those that only keep account are left out. */
export function telling(changes: readonly FieldChange[]): readonly FieldChange[] {
  return changes.filter((change) => !MINOR.test(change.path) && !isOwnName(change)).toSorted((a, b) => rankOf(a.path) - rankOf(b.path));
}

/** The name that tells an item from others stands in its path already. */
function isOwnName({ path, to }: FieldChange): boolean {
  return to !== undefined && /\.(name|type|key|uid)$/.test(path) && path.slice(0, path.lastIndexOf('.')).endsWith(`[${to}]`);
}

function rankOf(path: string): number {
  if (/(\.phase|\.nodeName|eplicas|\.deletionTimestamp)$/.test(path)) return 0;
  if (path.startsWith('spec.')) return 1;
  if (/\.(status|reason)$/.test(path)) return 2;
  return path.startsWith('metadata.') ? 4 : 3;
}

/** The object as it may stand on a screen: a Secret's values do not. */
export function shown(object: KubeObject): KubeObject {
  const own = withoutCopy(object);
  const { data } = own as { readonly data?: Readonly<Record<string, string>> };
  if (own.kind !== 'Secret' || data === undefined) return own;
  return { ...own, data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, hidden(value)])) } as KubeObject;
}

function hidden(value: string | undefined): string | undefined {
  return value === undefined ? undefined : 'hidden';
}

/** kubectl keeps a copy of what was applied in an annotation, a Secret's values among it. */
const COPY = 'kubectl.kubernetes.io/last-applied-configuration';

function withoutCopy(object: KubeObject): KubeObject {
  if (object.metadata.annotations?.[COPY] === undefined) return object;
  const { [COPY]: _copy, ...annotations } = object.metadata.annotations;
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function compare(path: string, before: unknown, after: unknown, found: FieldChange[]): void {
  if (BOOKKEEPING.has(path) || before === after || jsonEqual(before, after)) return;
  if (Array.isArray(before) && Array.isArray(after)) return compareItems(path, before, after, found);
  // What is new is told by what it holds, what is gone as a whole.
  if (before === undefined && Array.isArray(after) && after.some(isRecord)) return compareItems(path, [], after, found);
  if (isRecord(after) && (isRecord(before) || (before === undefined && Object.keys(after).length > 0))) {
    const old = isRecord(before) ? before : {};
    for (const name of new Set([...Object.keys(old), ...Object.keys(after)])) compare(fieldPath(path, name), old[name], after[name], found);
    return;
  }
  found.push({ path, from: before === undefined ? undefined : valueText(before), to: after === undefined ? undefined : valueText(after) });
}

function compareItems(path: string, before: readonly unknown[], after: readonly unknown[], found: FieldChange[]): void {
  const [old, next] = [itemsByName(before), itemsByName(after)];
  for (const name of new Set([...old.keys(), ...next.keys()])) compare(`${path}[${name}]`, old.get(name), next.get(name), found);
}

/** The items of a list by what tells them apart: a name, a type or a key that each has and no two share; else their place. */
export function itemsByName(items: readonly unknown[]): ReadonlyMap<string, unknown> {
  for (const member of ['name', 'type', 'key', 'uid'] as const) {
    const named = new Map(
      items.flatMap((item) => (isRecord(item) && typeof item[member] === 'string' ? [[item[member], item] as const] : [])),
    );
    if (named.size === items.length && items.length > 0) return named;
  }
  return new Map(items.map((item, index) => [String(index), item]));
}

/** A name with dots is written in brackets, as the API server writes keys. */
export function fieldPath(path: string, name: string): string {
  if (path === '') return name;
  return /[./]/.test(name) ? `${path}[${name}]` : `${path}.${name}`;
}

export function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
