/**
 * The signature of a list: what one item of it may be, and which part of that the cursor is at, as for the arguments of a function.
 * Invariant: reads the same table as completion and hover; where a dash, a comma or a bracket is no part of a list it says nothing.
 * Counterpart: `kubectl explain` of a list's items.
 */
import { isCollection, isMap } from 'yaml';
import { Path } from '../apimachinery/field/path.ts';
import type { Schema, SchemaSet } from '../apimachinery/scheme/schema.ts';
import { keyText, readDocument, type YamlDocument } from './yaml/document.ts';
import type { Documents } from './documents.ts';
import { allowedValues, fieldAt, fieldOf, typeName, type FieldInfo } from './fields.ts';
import { kindOf, parentOf } from './fixes.ts';
import { documentationOf, facts, type Documentation } from './hover.ts';
import { locate, pathAt } from './locate.ts';
import type { Position } from './model.ts';
import { MARK, placeOf } from './completion/place.ts';

export interface Signature {
  /** `ports: - port: integer, name?: string, …`; fields that may be left out have a question mark. */
  readonly label: string;
  /** Markdown: what the list is for, and how its items are told apart. */
  readonly documentation: string;
  readonly parameters: readonly SignatureParameter[];
  /** The part that the cursor is at, else the one that is missing most. */
  readonly active: number;
}

export interface SignatureParameter {
  /** Where it stands in the label, from and to. */
  readonly label: readonly [number, number];
  readonly documentation: string;
}

const MOST_WITH_TYPES = 8;

interface Cursor {
  readonly document: YamlDocument;
  readonly path: Path;
  /** What stands at the cursor, where a mark took its place. */
  readonly word?: string;
}

interface Part {
  /** Of a field its name, else the value that is allowed. */
  readonly name: string;
  readonly text: string;
  readonly required: boolean;
  readonly documentation: string;
}

/** @param typed what brought the question up: `-`, `,` or `[`; undefined: a person asks */
export function signatureAt(
  documents: Documents,
  uri: string,
  position: Position,
  documentation: Documentation | undefined,
  typed?: string,
): Signature | undefined {
  const found = documents.at(uri, position);
  const cursor = found === undefined ? undefined : cursorAt(found.entry.document, found.offset, typed);
  const kind = cursor === undefined ? undefined : kindOf(cursor.document);
  if (cursor === undefined || kind === undefined) return undefined;
  const { schemas } = documents.judge;
  const list = listAround(schemas, kind, cursor.path);
  const item = list === undefined ? undefined : fieldAt(schemas, kind, list.path.index(0));
  if (list === undefined || item === undefined) return undefined;
  const parts = partsOf(schemas, item, documentation);
  const head = `${list.info.field ?? 'items'}: - `;
  return {
    ...labelled(head, parts, item.schema.properties === undefined ? ' | ' : ', '),
    documentation: [documentationOf(documentation, list.info), identity(schemas, list)].filter((text) => text !== '').join('\n\n'),
    active: activePart(cursor, list, parts),
  };
}

const DASH = /^\s*(?:- +)*-$/;

/** Undefined: what was typed begins no item. */
function cursorAt(document: YamlDocument, offset: number, typed: string | undefined): Cursor | undefined {
  const { text, lines } = document;
  const line = lines.lineAt(offset);
  if (DASH.test(line.text.slice(0, offset - line.start))) return afterDash(document, offset);
  if (typed === '-') return undefined;
  const place = placeOf(document, offset);
  if (place !== undefined) {
    const { range, path, document: marked } = place;
    const word = text.slice(lines.offset(range.start), lines.offset(range.end));
    return typed === undefined || isInFlow(marked, path) ? { document: marked, path, word } : undefined;
  }
  return typed === undefined && text !== '' ? { document, path: pathAt(document, offset).path } : undefined;
}

/** Whether a comma or a bracket there begins an item, and is no part of a text. */
function isInFlow(document: YamlDocument, path: Path): boolean {
  const { node } = locate(document, parentOf(path));
  return isCollection(node) && node.flow === true;
}

/** A dash alone is not yet an item. */
function afterDash(original: YamlDocument, offset: number): Cursor {
  const { text } = original;
  const document = readDocument(`${text.slice(0, offset)} ${MARK}${text.slice(offset)}`);
  return {
    document: document.value === undefined ? { ...document, value: original.value } : document,
    path: pathAt(document, offset + 2).path,
  };
}

interface ListPlace {
  readonly path: Path;
  readonly info: FieldInfo;
  /** The steps from the list to the cursor. */
  readonly rest: readonly (string | number)[];
}

/** The innermost list. */
function listAround(schemas: SchemaSet, kind: string, path: Path): ListPlace | undefined {
  const names = path.segments().map(({ segment }) => segment);
  for (let length = names.length; length > 0; length--) {
    const own = names.slice(0, length).reduce<Path>((at, name) => (typeof name === 'number' ? at.index(name) : at.child(name)), Path.root);
    const info = fieldAt(schemas, kind, own);
    if (info?.schema.items !== undefined) return { path: own, info, rest: names.slice(length) };
  }
  return undefined;
}

function partsOf(schemas: SchemaSet, item: FieldInfo, documentation: Documentation | undefined): readonly Part[] {
  const { properties } = item.schema;
  if (properties === undefined) {
    const allowed = allowedValues(schemas, item).filter((value) => value !== '');
    const words = allowed.length > 0 ? allowed : [typeName(schemas, item.schema, item.definition)];
    return words.map((text) => ({ name: text, text, required: false, documentation: '' }));
  }
  const names = Object.keys(properties);
  const parts = names.map((name): Part => {
    const info = fieldOf(schemas, item, name);
    const required = info?.required === true;
    const type = info === undefined ? '' : typeName(schemas, info.schema, info.definition);
    const texts = info === undefined ? [] : [`\`${type}\``, documentationOf(documentation, info), facts(schemas, info)];
    const words = texts.filter((text) => text !== '').join('\n\n');
    // Of many fields the types would hide the names; that of the active one is told below.
    const text = names.length > MOST_WITH_TYPES && !required ? `${name}?` : `${name}${required ? '' : '?'}: ${type}`;
    return { name, text, required, documentation: words };
  });
  return [...parts.filter(({ required }) => required), ...parts.filter(({ required }) => !required)];
}

function labelled(head: string, parts: readonly Part[], between: string): Pick<Signature, 'label' | 'parameters'> {
  let label = head;
  const parameters = parts.map(({ text, documentation }, index): SignatureParameter => {
    if (index > 0) label += between;
    const start = label.length;
    label += text;
    return { label: [start, label.length], documentation };
  });
  return { label, parameters };
}

/** How the server tells the items apart, and an apply merges them. */
function identity(schemas: SchemaSet, { info }: ListPlace): string {
  const schema = fieldSchema(schemas, info);
  const type = schema['x-kubernetes-list-type'];
  const keys = (schema['x-kubernetes-list-map-keys'] ?? []).map((key) => `\`${key}\``).join(' and ');
  const mergeKey = schema['x-kubernetes-patch-merge-key'];
  if (type === 'set') return 'No value may stand twice.';
  if (type === 'map' && keys !== '') return `Items are told apart by ${keys}: no two may have the same.`;
  if (mergeKey !== undefined) return `An apply merges items that have the same \`${mergeKey}\`.`;
  return type === 'atomic' ? 'An apply replaces the list as a whole.' : '';
}

/** What is said of a list stands at the field that holds it. */
function fieldSchema(schemas: SchemaSet, { holder, field, schema }: FieldInfo): Schema {
  return (holder === undefined || field === undefined ? undefined : schemas.definitions[holder]?.properties?.[field]) ?? schema;
}

function activePart({ document, word = '' }: Cursor, { path: list, rest }: ListPlace, parts: readonly Part[]): number {
  const [index, field] = rest;
  const at = parts.findIndex(({ name }) => name === (field === MARK || field === undefined ? word : field));
  if (at >= 0 || typeof index !== 'number') return Math.max(at, 0);
  const { node } = locate(document, list.index(index));
  if (!isMap(node)) return 0;
  const written = new Set(node.items.map(keyText));
  const missing = parts.findIndex(({ name, required }) => required && !written.has(name));
  const next = missing >= 0 ? missing : parts.findIndex(({ name }) => !written.has(name));
  return Math.max(0, next);
}
