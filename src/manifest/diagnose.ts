/**
 * A document's problems at their places: the API server's verdict, mapped to the text.
 * Invariant: no verdict of its own; what is not a Kubernetes object gets syntax errors at most.
 * Counterpart: what `kubectl apply --dry-run=server --validate=strict` prints, for each field.
 */
import { checkClusterConfig, configForm } from '../api/kubepad/clusterconfig/read.ts';
import { Path } from '../apimachinery/field/path.ts';
import { readDocument, type YamlDocument } from './yaml/document.ts';
import { fixesFor } from './fixes.ts';
import type { Judge, Problem } from './judge.ts';
import { isServed, unknownKind } from './kinds.ts';
import { isListKind, listItems, objectsOf } from './lists.ts';
import { headRange, locate, type Place } from './locate.ts';
import { isApart, mend, standsAnyway } from './yaml/mended.ts';
import type { Diagnostic, Range } from './model.ts';
import { diagnosePrograms } from './program/diagnostics.ts';
import { programFindings } from './program/findings.ts';
import { headOf, isRecord } from './recognise.ts';

/** @param firstLine ranges count from the file's first line */
export function diagnoseText(judge: Judge, text: string, firstLine: number): readonly Diagnostic[] {
  return diagnoseDocument(judge, readDocument(text, firstLine));
}

export function diagnoseDocument(judge: Judge, document: YamlDocument): readonly Diagnostic[] {
  if (document.syntax.length > 0) {
    const syntax = document.syntax.map((problem): Diagnostic => ({ ...problem, severity: 'error', code: 'Syntax', path: '' }));
    return [...syntax, ...despiteSyntax(judge, document)];
  }
  const { value } = document;
  if (headOf(value) === undefined || !isRecord(value)) return [];
  const found = saidOnce(problemsOf(judge, value, Path.root)).map((problem) => toDiagnostic(judge, document, problem));
  return [
    ...duplicates(document),
    ...withoutConsequences(found),
    ...objectsOf(value).flatMap(([object, at]) => diagnosePrograms(document, object, (path) => join(at, path))),
  ];
}

/** What is wrong anyway in a document that cannot be read whole; nothing that its mistakes of syntax may have made. */
function despiteSyntax(judge: Judge, broken: YamlDocument): readonly Diagnostic[] {
  const mended = mend(broken);
  if (mended === undefined) return [];
  const { document } = mended;
  const { value } = document;
  if (headOf(value) === undefined || !isRecord(value)) return [];
  return [
    ...duplicates(document).filter(({ range }) => isApart(mended, range)),
    ...saidOnce(problemsOf(judge, value, Path.root).filter((problem) => standsAnyway(mended, problem))).map((problem) =>
      toDiagnostic(judge, document, problem),
    ),
  ];
}

/** The API server says some things twice, once for all objects and once for the kind; a reader needs them once. */
function saidOnce(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [`${problem.path.toString()}\0${problem.message}`, problem])).values()];
}

/** What is wrong with a field by itself, and not because something is missing or does not fit to something else. */
const OF_THE_FIELD: ReadonlySet<string> = new Set(['UnknownField', 'DuplicateField', 'Decode', 'FieldValueNotSupported']);

/**
 * A field whose name is misspelt is missing under its own name: that it is required, or that what holds it is empty, follows from the one
 * mistake. The API server does not get that far either.
 */
function withoutConsequences(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const meant = found.flatMap(({ code, path, fixes }): readonly (readonly [holder: string, field: string])[] => {
    const name = code === 'UnknownField' ? fixes.find(({ preferred }) => preferred)?.edits[0]?.newText : undefined;
    const holder = path.slice(0, Math.max(path.lastIndexOf('.'), 0));
    return name === undefined ? [] : [[holder, holder === '' ? name : `${holder}.${name}`]];
  });
  if (meant.length === 0) return found;
  return found.filter(
    ({ code, path }) =>
      OF_THE_FIELD.has(code) ||
      !meant.some(
        ([holder, field]) =>
          (path !== '' && path === holder) || path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`),
      ),
  );
}

/** Whether a value that was read without places has no findings. */
export function isClean(judge: Judge, value: unknown): boolean {
  if (headOf(value) === undefined || !isRecord(value)) return true;
  return problemsOf(judge, value, Path.root).length === 0 && objectsOf(value).every(([object]) => programFindings(object).length === 0);
}

function duplicates(document: YamlDocument): readonly Diagnostic[] {
  return document.duplicates.map(({ path, range }) => ({
    range,
    severity: 'error',
    message: `duplicate field "${path}"`,
    code: 'DuplicateField',
    path,
    fixes: [],
  }));
}

/** The problems of an object, or of the objects of a List. */
export function problemsOf(judge: Judge, value: Readonly<Record<string, unknown>>, at: Path): readonly Problem[] {
  const head = headOf(value);
  if (head === undefined) return [];
  const { apiVersion, kind } = head;
  if (apiVersion !== undefined && kind !== undefined && isListKind(judge.kinds, apiVersion, kind) && !isServed(judge, apiVersion, kind)) {
    const items = listItems(value) ?? [];
    return items.flatMap((item, index) => (isRecord(item) ? problemsOf(judge, item, at.child('items').index(index)) : []));
  }
  const form = configForm(apiVersion, kind);
  if (form !== undefined)
    return checkClusterConfig(form, value).map(({ path, message }) => ({
      code: 'ClusterConfig',
      severity: 'error',
      path: join(at, path),
      message,
    }));
  const unknown = unknownKind(judge, apiVersion, kind, at);
  if (unknown !== undefined) return unknown;
  return judge.judge(value).map((problem) => ({ ...problem, path: join(at, problem.path) }));
}

function join(at: Path, path: Path): Path {
  if (at === Path.root) return path;
  let joined = at;
  for (const { segment, style } of path.segments()) {
    if (style === 'field') joined = joined.child(String(segment));
    else joined = style === 'index' ? joined.index(Number(segment)) : joined.key(String(segment));
  }
  return joined;
}

export function toDiagnostic(judge: Judge, document: YamlDocument, problem: Problem): Diagnostic {
  const place = locate(document, problem.path);
  const path = problem.path.toString();
  return {
    range: rangeFor(document, problem, place),
    severity: problem.severity,
    message: problem.message,
    code: problem.code,
    path,
    fixes: fixesFor(judge, document, problem, place),
  };
}

/** Key for what should not stand there, value for what is wrong, the parent's key for what is missing. */
function rangeFor(document: YamlDocument, problem: Problem, place: Place): Range {
  if (place.depth === 0) return headRange(document);
  if (!place.complete) return place.key;
  switch (problem.code) {
    case 'UnknownField':
    case 'DuplicateField':
    case 'FieldValueForbidden':
      return place.key;
    default:
      return place.value;
  }
}
