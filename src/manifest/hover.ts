/**
 * What a person reads over a field: path and type, documentation, whether it must be there, its default, what is
 * allowed, what the cluster holds, and any problem. Counterpart: `kubectl explain`.
 */
import { isScalar } from 'yaml';
import type { Path } from '../apimachinery/field/path.ts';
import type { SchemaSet } from '../apimachinery/scheme/schema.ts';
import { allowedValues, fieldAt, rootField, typeName, type FieldInfo } from './fields.ts';
import { kindOf } from './fixes.ts';
import { documentHead } from './completion/documentHead.ts';
import { shift, type Documents } from './documents.ts';
import { pathAt } from './locate.ts';
import type { Hover, Position } from './model.ts';
import { found as valueAt } from './offers/objects.ts';
import { programHover } from './program/hover.ts';
import type { World } from './references/world.ts';
import { neighbourText } from './values/neighbours.ts';
import { valueText } from './values/hover.ts';
import type { ObjectHead } from './recognise.ts';

/** Texts for people, by definition; the empty field name is the definition itself. */
export type Documentation = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface HoverSources {
  readonly documentation: Documentation | undefined;
  /** The object as the cluster holds it; undefined if there is none. */
  readonly live: (head: ObjectHead) => unknown;
  /** Says of what `live` finds that it is not so now; undefined: it is. */
  readonly past?: string | undefined;
  /** What the selector of Pods at a place selects, as names; undefined: there is none at this path of this document. */
  readonly selected: (uri: string, line: number, path: Path) => readonly string[] | undefined;
  /** What stands beside the object; undefined: nobody knows. */
  readonly world?: World;
  /** The cluster's clock, milliseconds since 1970. */
  readonly nowMs: () => number;
  /** What other orchestrators call objects of a kind, as a line; empty: nothing is known. */
  readonly elsewhere?: (kind: string) => string;
}

export function hoverAt(documents: Documents, uri: string, position: Position, sources: HoverSources): Hover | undefined {
  const found = documents.at(uri, position);
  const kind = found === undefined ? undefined : kindOf(found.entry.document);
  if (found === undefined || kind === undefined) return undefined;
  const { document } = found.entry;
  const program = programHover(document, found.offset);
  if (program !== undefined) return { ...program, range: shift(program.range, found.line) };
  const cursor = pathAt(document, found.offset);
  if (cursor.range === undefined || cursor.on === 'none') return undefined;
  const { schemas } = documents.judge;
  const range = shift(cursor.range, found.line);
  const isHead = cursor.on === 'value' && ['apiVersion', 'kind'].includes(cursor.path.toString());
  if (isHead) return { range, markdown: kindText(schemas, kind, sources) };
  const info = fieldAt(schemas, kind, cursor.path);
  if (info === undefined) return undefined;
  const head = documentHead(document);
  const live = head === undefined ? undefined : sources.live(head);
  const parts = [
    title(schemas, cursor.path, info),
    documentationOf(sources.documentation, info),
    facts(schemas, info),
    valueText({ info, path: cursor.path, value: scalarOf(cursor.node), object: document.value, nowMs: sources.nowMs() }),
    sources.world === undefined
      ? ''
      : neighbourText(sources.world, { kind, object: document.value, path: cursor.path, value: scalarOf(cursor.node) }),
    selectedText(sources.selected(uri, found.line, cursor.path)),
    liveText(live, cursor.path, sources.past),
  ];
  return { range, markdown: parts.filter((part) => part !== '').join('\n\n') };
}

/** What objects of a kind are for; whoever hovers its name knows what the field `kind` is. */
function kindText(schemas: SchemaSet, kind: string, { documentation, elsewhere }: HoverSources): string {
  const info = rootField(schemas, kind);
  const cut = kind.lastIndexOf('/');
  const head = `**\`${kind.slice(cut + 1)}\`** · \`${kind.slice(0, cut)}\``;
  const words = info === undefined ? '' : documentationOf(documentation, info);
  return [head, words, elsewhere?.(kind.slice(cut + 1)) ?? ''].filter((part) => part !== '').join('\n\n');
}

function scalarOf(node: unknown): unknown {
  return isScalar(node) ? node.value : undefined;
}

const MAX_SELECTED = 10;

function selectedText(names: readonly string[] | undefined): string {
  if (names === undefined) return '';
  if (names.length === 0) return 'Selects nothing that is written here or runs.';
  const more = names.length > MAX_SELECTED ? `\n- … ${names.length - MAX_SELECTED} more` : '';
  return `Selects the Pods of:\n${names
    .slice(0, MAX_SELECTED)
    .map((name) => `- \`${name}\``)
    .join('\n')}${more}`;
}

function title(schemas: SchemaSet, path: Path, info: FieldInfo): string {
  return `**\`${path.toString()}\`** · \`${typeName(schemas, info.schema, info.definition)}\``;
}

export function documentationOf(documentation: Documentation | undefined, info: FieldInfo): string {
  const own = info.holder === undefined || info.field === undefined ? undefined : documentation?.[info.holder]?.[info.field];
  const ofType = info.definition === undefined ? undefined : documentation?.[info.definition]?.[''];
  return own ?? info.schema.description ?? ofType ?? '';
}

export function facts(schemas: SchemaSet, info: FieldInfo): string {
  const allowed = allowedValues(schemas, info);
  const lines = [
    info.required && info.field !== undefined ? '- **Required**' : '',
    info.default === undefined ? '' : `- Default: \`${JSON.stringify(info.default)}\``,
    allowed.length === 0 ? '' : `- Allowed: ${allowed.map((value) => `\`${value}\``).join(', ')}`,
  ];
  return lines.filter((line) => line !== '').join('\n');
}

/** The value in the cluster; for a field of spec also what status reports under the same name. */
function liveText(live: unknown, path: Path, past: string | undefined): string {
  if (live === undefined) return '';
  const names = path.segments().map(({ segment }) => segment);
  const spec = valueAt(live, names);
  const lines = [`- In the cluster${past === undefined ? '' : ` (${past})`}: ${spec === undefined ? '*not set*' : printed(spec)}`];
  const status = names[0] === 'spec' ? valueAt(live, ['status', ...names.slice(1)]) : undefined;
  if (status !== undefined) lines.push(`- Status reports: ${printed(status)}`);
  return lines.join('\n');
}

const MAX_VALUE = 160;

function printed(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `\`${(text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text).replaceAll('`', "'")}\``;
}
