/**
 * Quick fixes: the nearest field, the nearest allowed value, a missing field added, a served version.
 * Invariant: an edit touches the least text that puts the problem right.
 */
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import { resolveAlias, type YamlDocument } from './yaml/document.ts';
import { documentHead } from './completion/documentHead.ts';
import { allowedValues, fieldAt, typeName } from './fields.ts';
import type { Judge, Problem } from './judge.ts';
import { nearestKind, servedVersion } from './kinds.ts';
import { locate, rangeOf, type Place } from './locate.ts';
import type { CodeFix } from './model.ts';
import { headOf } from './recognise.ts';
import { nearest } from './suggest.ts';
import { typeFixes } from './typeFixes.ts';
import { isInBraces, writtenAt } from './written.ts';
import { Path } from '../apimachinery/field/path.ts';

export function fixesFor(judge: Judge, document: YamlDocument, problem: Problem, place: Place): readonly CodeFix[] {
  const kind = kindOf(document);
  switch (problem.code) {
    case 'UnknownField':
      return place.complete && kind !== undefined ? nearestField(judge, document, kind, problem.path, place) : [];
    case 'FieldValueNotSupported':
      return place.complete ? nearestValue(judge, document, kind, problem, place) : [];
    case 'FieldValueRequired':
      if (problem.path.toString() === 'apiVersion') return addVersion(judge, document);
      return !place.complete && kind !== undefined ? addMissing(judge, document, kind, problem.path) : [];
    case 'UnknownKind':
      return place.complete ? servedKind(judge, document, place) : [];
    case 'Decode':
    case 'FieldValueTypeInvalid':
      return place.complete ? typeFixes(document, place.node, problem.message) : [];
    default:
      return [];
  }
}

function nearestField(judge: Judge, document: YamlDocument, kind: string, path: Path, place: Place): readonly CodeFix[] {
  const wrong = path.segments().at(-1)?.segment;
  const parent = parentOf(path);
  const fields = Object.keys(fieldAt(judge.schemas, kind, parent)?.schema.properties ?? {});
  const held = locate(document, parent).node;
  const taken = new Set(isMap(held) ? held.items.map((pair) => (isScalar(pair.key) ? String(pair.key.value) : '')) : []);
  const found = nearest(
    String(wrong),
    fields.filter((field) => !taken.has(field)),
  );
  return found === undefined
    ? []
    : [{ title: `Change to "${found}"`, edits: [{ range: place.key, newText: writtenAt(document, place.key, found) }], preferred: true }];
}

function nearestValue(judge: Judge, document: YamlDocument, kind: string | undefined, problem: Problem, place: Place): readonly CodeFix[] {
  const listed = [...(problem.message.split('supported values:')[1] ?? '').matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? '');
  const field = kind === undefined ? undefined : fieldAt(judge.schemas, kind, problem.path);
  const values = listed.length > 0 ? listed : field === undefined ? [] : allowedValues(judge.schemas, field);
  const node = wrongItem(place.node, problem) ?? place.node;
  const range = rangeOf(document, node);
  if (range === undefined || values.length === 0 || !(isScalar(node) || isAlias(node))) return [];
  const wrong = isScalar(node) ? String(node.value) : '';
  const best = nearest(wrong, values);
  const ordered = best === undefined ? values : [best, ...values.filter((value) => value !== best)];
  return ordered
    .filter((value) => value !== '')
    .slice(0, 5)
    .map((value) => ({
      title: `Change to "${value}"`,
      edits: [{ range, newText: writtenAt(document, range, value) }],
      preferred: value === best,
    }));
}

/** Of some lists the API server says which value is wrong, but not where in the list it stands. */
function wrongItem(node: unknown, { message }: Problem): unknown {
  if (!isSeq(node)) return undefined;
  const wrong = /Unsupported value: "([^"]*)"/.exec(message)?.[1];
  return node.items.find((item) => isScalar(item) && item.value === wrong);
}

/** A new line at the end of the map that lacks the field. */
function addMissing(judge: Judge, document: YamlDocument, kind: string, path: Path): readonly CodeFix[] {
  const missing = path.segments().at(-1);
  if (missing === undefined || missing.style !== 'field') return [];
  const parent = locate(document, parentOf(path));
  const map = resolveAlias(document.root, parent.node);
  if (parent.depth !== path.segments().length - 1 || !isMap(map) || map.flow === true || !map.range) return [];
  const first = map.items[0];
  const key = first === undefined ? undefined : rangeOf(document, first.key);
  const end = rangeOf(document, map)?.end;
  if (key === undefined || end === undefined) return [];
  const indent = ' '.repeat(key.start.character);
  const name = String(missing.segment);
  const field = fieldAt(judge.schemas, kind, path);
  const value = field === undefined ? '' : emptyValue(typeName(judge.schemas, field.schema, field.definition), indent);
  return [{ title: `Add "${name}"`, edits: [{ range: { start: end, end }, newText: `\n${indent}${name}:${value}` }], preferred: true }];
}

function emptyValue(type: string, indent: string): string {
  if (type === 'string') return ' ""';
  if (type === 'integer' || type === 'number') return ' 0';
  if (type === 'boolean') return ' false';
  return type.startsWith('[]') ? `\n${indent}  - ` : `\n${indent}  `;
}

function addVersion(judge: Judge, document: YamlDocument): readonly CodeFix[] {
  const kind = headOf(document.value)?.kind;
  const version = kind === undefined ? undefined : servedVersion(judge, kind);
  const start = document.root?.range?.[0];
  if (version === undefined || start === undefined) return [];
  const isFlow = isInBraces(document);
  const at = isFlow ? start + 1 : start;
  const newText = isFlow ? `"apiVersion": ${JSON.stringify(version)}, ` : `apiVersion: ${version}\n`;
  return [{ title: `Add "apiVersion: ${version}"`, edits: [{ range: document.lines.range(at, at), newText }], preferred: true }];
}

function servedKind(judge: Judge, document: YamlDocument, place: Place): readonly CodeFix[] {
  const head = headOf(document.value);
  const range = rangeOf(document, place.node);
  if (head?.kind === undefined || head.apiVersion === undefined || range === undefined) return [];
  const version = servedVersion(judge, head.kind);
  const found = version ?? nearestKind(judge, head.apiVersion, head.kind);
  return found === undefined
    ? []
    : [{ title: `Change to "${found}"`, edits: [{ range, newText: writtenAt(document, range, found) }], preferred: true }];
}

/** `apps/v1/Deployment` */
export function kindOf(document: YamlDocument): string | undefined {
  const head = documentHead(document);
  return head?.apiVersion === undefined || head.kind === undefined ? undefined : `${head.apiVersion}/${head.kind}`;
}

export function parentOf(path: Path): Path {
  let parent: Path = Path.root;
  for (const { segment, style } of path.segments().slice(0, -1)) {
    if (style === 'field') parent = parent.child(String(segment));
    else parent = style === 'index' ? parent.index(Number(segment)) : parent.key(String(segment));
  }
  return parent;
}
