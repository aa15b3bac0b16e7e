/**
 * An object line by line: what was asked for beside what is so, where they do not agree, and who wrote each line when.
 * Invariant: the lines of YAML in its order; a counter that no status reports but that is compared has a line of its own.
 * Counterpart: `kubectl get -o yaml --show-managed-fields`, readable.
 */
import { isRecord } from '../../../manifest/recognise.ts';
import type { KubeObject } from '../../../apimachinery/meta/resource.ts';
import type { Revision } from '../../../apiserver/storage/revision.ts';
import { disagreements, type Disagreement } from './agreement.ts';
import { actorText } from './causes.ts';
import { fieldPath, itemsByName, shown, valueText } from './changes.ts';
import { changesBy, touches } from './history.ts';
import type { FieldModel, WriterModel } from './model.ts';

/** Lines of one side; whoever wants to see more looks at the YAML. */
const MOST_LINES = 400;

type Line = Omit<FieldModel, 'written' | 'differs'>;

/** @param writes of the object, newest first */
export function fieldsOf(groupKind: string, object: KubeObject, writes: readonly Revision[]): readonly FieldModel[] {
  const { status, ...asked } = shown(object) as KubeObject & { readonly status?: unknown };
  const differing = new Map(disagreements(groupKind, object).map((each) => [each.path, each]));
  const wanted = new Map([...differing.values()].map((each) => [each.wanted, each]));
  const writers = new Writers(writes);
  const { labels, annotations, finalizers } = asked.metadata;
  const own = Object.fromEntries(Object.entries(asked).filter(([name]) => !ENVELOPE.has(name)));
  const left = [...linesOf('wanted', own, ''), ...linesOf('wanted', { labels, annotations, finalizers }, 'metadata')];
  const right = isRecord(status) ? linesOf('actual', status, 'status') : [];
  const there = new Set([...left, ...right].map(({ key }) => key));
  const missing = [...differing.values()].filter(({ path }) => !there.has(path)).map(missingLine);
  return [...left, ...right, ...missing].map((line) => ({
    ...line,
    differs: differsText(differing.get(line.key), wanted.get(line.key)),
    written: writers.of(line.key),
  }));
}

const OWN_NAME = /^(name|type|key|uid)$/;

/** What the head of a panel says. */
const ENVELOPE: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

function linesOf(side: FieldModel['side'], root: Readonly<Record<string, unknown>>, path: string): readonly Line[] {
  const lines: Line[] = [];
  const add = (key: string, depth: number, name: string, value: unknown): void => {
    if (lines.length >= MOST_LINES || key === 'status.conditions' || value === undefined) return;
    const items = Array.isArray(value) ? itemsByName(value) : isRecord(value) ? new Map(Object.entries(value)) : undefined;
    const isFlat = items === undefined || items.size === 0 || (Array.isArray(value) && !value.some(isRecord));
    lines.push({ key, side, depth, name, text: isFlat ? valueText(value) : '' });
    if (isFlat) return;
    for (const [each, own] of items) {
      // The name that tells an item from others stands before it.
      if (typeof own === 'string' && OWN_NAME.test(each) && key.endsWith(`[${own}]`)) continue;
      const below = Array.isArray(value) ? `${key}[${each}]` : fieldPath(key, each);
      add(below, depth + 1, Array.isArray(value) ? `- ${each}` : each, own);
    }
  };
  for (const [name, value] of Object.entries(root)) add(fieldPath(path, name), 0, name, value);
  return lines;
}

function missingLine({ path, actual }: Disagreement): Line {
  return { key: path, side: 'actual', depth: 0, name: path.replace(/^status\./, ''), text: actual };
}

function differsText(actual: Disagreement | undefined, wanted: Disagreement | undefined): string | undefined {
  if (actual !== undefined) return `${actual.wanted} is ${actual.value}`;
  return wanted === undefined ? undefined : `${wanted.path} is ${wanted.actual}`;
}

/** The last writer of each field. */
class Writers {
  /** The last write that touched a path, the newest first. */
  private readonly changed: readonly { readonly path: string; readonly entry: Revision }[];
  private readonly first: Revision | undefined;

  constructor(writes: readonly Revision[]) {
    const seen = new Map<string, Revision>();
    for (const entry of writes) for (const { path } of changesBy(entry)) if (!seen.has(path)) seen.set(path, entry);
    this.changed = [...seen].map(([path, entry]) => ({ path, entry }));
    this.first = writes.find(({ type }) => type === 'ADDED');
  }

  of(field: string): WriterModel | undefined {
    const entry = this.changed.find(({ path }) => touches(path, field))?.entry ?? this.first;
    return entry === undefined ? undefined : { at: entry.at, actor: actorText(entry.actor), revision: String(entry.revision) };
  }
}
