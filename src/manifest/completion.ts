/**
 * What can be typed at a place: kinds with their skeleton, fields with the required ones first, values.
 * Invariant: the place is found by reading the text with a mark put where the cursor is, never by counting blanks.
 */
import { isMap } from 'yaml';
import { keyText, readDocument, type YamlDocument } from './document.ts';
import { shift, type Documents } from './documents.ts';
import { allowedValues, fieldAt, fieldOf, typeName } from './fields.ts';
import { kindOf, parentOf } from './fixes.ts';
import { documentationOf, type Documentation } from './hover.ts';
import type { Judge } from './judge.ts';
import { locate, pathAt } from './locate.ts';
import type { Completion, Position, Range } from './model.ts';
import { completeProgram, programKeys } from './program/completion.ts';
import { headOf } from './recognise.ts';
import { REFERENCE_FIELDS } from './references/fields.ts';
import { Skeleton } from './skeleton.ts';
import type { Path } from '../apimachinery/field/path.ts';

const MARK = 'kubepad-cursor';
/** Kinds that people write most come first. */
const COMMON: readonly string[] = [
  'v1/Pod',
  'apps/v1/Deployment',
  'v1/Service',
  'v1/ConfigMap',
  'v1/Secret',
  'v1/Namespace',
  'apps/v1/StatefulSet',
  'batch/v1/Job',
];

/** Names of the objects of a kind, `v1/ConfigMap`, in a namespace (empty: the one of objects that name none). */
export type NamesOf = (kind: string, namespace: string) => readonly string[];

interface Place {
  readonly document: YamlDocument;
  readonly path: Path;
  /** What is typed already, in the lines of the document. */
  readonly range: Range;
  readonly side: 'key' | 'value';
  /** The key has its colon and value already. */
  readonly renaming: boolean;
}

export function completeAt(
  documents: Documents,
  uri: string,
  position: Position,
  documentation: Documentation | undefined,
  names: NamesOf = () => [],
): readonly Completion[] {
  const found = documents.at(uri, position);
  if (found === undefined) return [];
  const program = completeProgram(found.entry.document, found.offset);
  if (program !== undefined) return program.map((completion) => ({ ...completion, range: shift(completion.range, found.line) }));
  const place = placeOf(found.entry.document, found.offset);
  if (place === undefined) return [];
  const { judge } = documents;
  const completions = place.side === 'key' ? keys(judge, place, documentation) : values(judge, place, names);
  return completions.map((completion) => ({ ...completion, range: shift(completion.range, found.line) }));
}

/** Reads the text again with a mark where the cursor is: as a key of its own, or as the value of the line's key. */
function placeOf(original: YamlDocument, offset: number): Place | undefined {
  const { text, lines } = original;
  const line = lines.lineAt(offset);
  const before = line.text.slice(0, offset - line.start);
  const keyPart = /^(\s*(?:- +)*)([\w./-]*)$/.exec(before);
  const valuePart = keyPart === null ? /^(\s*(?:- +)*[\w./-]+:\s+)(["']?)([^\s#"']*)$/.exec(before) : null;
  const side = keyPart !== null ? 'key' : 'value';
  const head = keyPart?.[1] ?? (valuePart === null ? undefined : `${valuePart[1] ?? ''}${valuePart[2] ?? ''}`);
  if (head === undefined) return undefined;
  const start = line.start + head.length;
  const rest = text.slice(offset, line.start + line.text.length);
  const end = offset + (/^[\w./-]*/.exec(rest)?.[0].length ?? 0);
  const renaming = side === 'key' && /^\s*:/.test(text.slice(end, line.start + line.text.length));
  const document = readDocument(`${text.slice(0, start)}${side === 'key' && !renaming ? `${MARK}: ` : MARK}${text.slice(end)}`);
  const { path } = pathAt(document, start + 1);
  return {
    document: document.value === undefined ? withoutSyntax(original, document) : document,
    path,
    range: lines.range(start, end),
    side,
    renaming,
  };
}

/** A text that does not read as a whole still knows its tree, and the head of the last reading is good enough. */
function withoutSyntax(original: YamlDocument, document: YamlDocument): YamlDocument {
  const value: Record<string, unknown> = {};
  if (isMap(document.root)) for (const name of ['apiVersion', 'kind', 'metadata', 'spec']) value[name] = document.root.get(name);
  return { ...document, value: original.value ?? value };
}

function keys(judge: Judge, place: Place, documentation: Documentation | undefined): readonly Completion[] {
  const kind = kindOf(place.document);
  const parent = parentOf(place.path);
  if (parent.segments().length === 0 && (kind === undefined || !judge.kinds.has(kind))) {
    return [...kindSkeletons(judge, place), ...headFields(place)];
  }
  if (kind === undefined) return [];
  const holder = fieldAt(judge.schemas, kind, parent);
  if (holder === undefined) return [];
  const inside = allowedValues(judge.schemas, holder);
  if (holder.schema.properties === undefined) {
    const programs = programKeys(place.document.value, place.path.toString(), place.range, place.renaming);
    return [...programs, ...inside.map((value, index) => valueCompletion(place.range, value, index, ''))];
  }
  const map = locate(place.document, parent).node;
  const taken = new Set(isMap(map) ? map.items.map(keyText) : []);
  return Object.keys(holder.schema.properties)
    .filter((name) => !taken.has(name))
    .map((name): Completion => {
      const info = fieldOf(judge.schemas, holder, name);
      const required = info?.required === true;
      return {
        label: name,
        kind: 'field',
        range: place.range,
        insertText: place.renaming ? name : new Skeleton(judge.schemas).field(holder, name, 0),
        snippet: !place.renaming,
        detail: info === undefined ? '' : typeName(judge.schemas, info.schema, info.definition),
        documentation: info === undefined ? '' : documentationOf(documentation, info),
        required,
        sortText: `${required ? '0' : name === 'status' ? '2' : '1'}${name}`,
      };
    });
}

function kindSkeletons(judge: Judge, place: Place): readonly Completion[] {
  if (isMap(place.document.root) && place.document.root.items.some((pair) => ['apiVersion', 'kind'].includes(keyText(pair)))) return [];
  return [...judge.kinds].map((kind): Completion => {
    const common = COMMON.indexOf(kind);
    const cut = kind.lastIndexOf('/');
    return {
      label: kind.slice(cut + 1),
      kind: 'kind',
      range: place.range,
      insertText: new Skeleton(judge.schemas).object(kind),
      snippet: true,
      detail: kind.slice(0, cut),
      documentation: '',
      required: false,
      sortText: common < 0 ? `1${kind.slice(cut + 1)}` : `0${common}`,
    };
  });
}

function headFields(place: Place): readonly Completion[] {
  const { root } = place.document;
  const taken = new Set(isMap(root) ? root.items.map(keyText) : []);
  return ['apiVersion', 'kind', 'metadata', 'spec']
    .filter((name) => !taken.has(name))
    .map((name, index) => ({
      label: name,
      kind: 'field',
      range: place.range,
      insertText: name === 'metadata' ? 'metadata:\n  name: $0' : name === 'spec' ? 'spec:\n  $0' : `${name}: $0`,
      snippet: true,
      detail: '',
      documentation: '',
      required: name !== 'spec',
      sortText: `08${index}`,
    }));
}

function values(judge: Judge, place: Place, names: NamesOf): readonly Completion[] {
  const path = place.path.toString();
  if (path === 'apiVersion') return apiVersions(judge, place);
  if (path === 'kind') return kinds(judge, place);
  const kind = kindOf(place.document);
  const target = kind === undefined ? undefined : targetOf(kind, path);
  if (target !== undefined) {
    const namespace = headOf(place.document.value)?.namespace ?? '';
    const type = target.slice(target.lastIndexOf('/') + 1);
    return names(target, namespace).map((name, index) => ({ ...valueCompletion(place.range, name, index, type), kind: 'name' }));
  }
  const info = kind === undefined ? undefined : fieldAt(judge.schemas, kind, place.path);
  if (info === undefined) return [];
  const allowed = info.schema.type === 'boolean' ? ['true', 'false'] : allowedValues(judge.schemas, info);
  return allowed
    .filter((value) => value !== '')
    .map((value, index) => valueCompletion(place.range, value, index, info.default === value ? 'default' : ''));
}

/** The kind of the object that a field names. */
function targetOf(kind: string, path: string): string | undefined {
  const pattern = path.replaceAll(/\[\d+\]/g, '[]');
  return REFERENCE_FIELDS[kind]?.find(({ at, name }) => pattern === (name === '' ? at : `${at}.${name}`))?.to;
}

function apiVersions(judge: Judge, place: Place): readonly Completion[] {
  const kind = isMap(place.document.root) ? place.document.root.get('kind') : undefined;
  const fitting = [...judge.kinds].filter((served) => typeof kind !== 'string' || served.endsWith(`/${kind}`));
  const versions = new Set((fitting.length > 0 ? fitting : [...judge.kinds]).map((served) => served.slice(0, served.lastIndexOf('/'))));
  return [...versions].map((version, index) => ({ ...valueCompletion(place.range, version, index, ''), kind: 'apiVersion' }));
}

function kinds(judge: Judge, place: Place): readonly Completion[] {
  const version = isMap(place.document.root) ? place.document.root.get('apiVersion') : undefined;
  const prefix = typeof version === 'string' ? `${version}/` : undefined;
  const fitting = [...judge.kinds].filter((served) => prefix === undefined || served.startsWith(prefix));
  return fitting.map((served, index) => ({
    ...valueCompletion(place.range, served.slice(served.lastIndexOf('/') + 1), index, served.slice(0, served.lastIndexOf('/'))),
    kind: 'kind',
  }));
}

function valueCompletion(range: Range, value: string, index: number, detail: string): Completion {
  return {
    label: value,
    kind: 'value',
    range,
    insertText: value,
    snippet: false,
    detail,
    documentation: '',
    required: false,
    sortText: String(index).padStart(4, '0'),
  };
}
