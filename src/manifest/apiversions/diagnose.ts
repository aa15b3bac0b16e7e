/**
 * What the release that a person aims at says of an object's version, beside or in place of "no matches for kind".
 * Invariant: for the simulation's own release the verdict stays the API server's; a fix converts the object whole.
 */
import { locate } from '../locate.ts';
import { Path } from '../../apimachinery/field/path.ts';
import type { YamlDocument } from '../yaml/document.ts';
import { objectsOf } from '../lists.ts';
import type { CodeFix, Diagnostic, Severity } from '../model.ts';
import { headOf, isRecord } from '../recognise.ts';
import { rewrite } from '../rules/rewrite.ts';
import { convert } from './convert.ts';
import { CURRENT_MINOR, LIVES, SINCE } from './releases.ts';

/** @param diagnostics of the document, with places that count from its own first line */
export function withApiVersions(diagnostics: readonly Diagnostic[], document: YamlDocument, minor: number): readonly Diagnostic[] {
  if (!isRecord(document.value)) return diagnostics;
  return objectsOf(document.value).reduce((result, [object, at]) => ofObject(result, document, object, at, minor), diagnostics);
}

function ofObject(
  diagnostics: readonly Diagnostic[],
  document: YamlDocument,
  object: Readonly<Record<string, unknown>>,
  at: Path,
  minor: number,
): readonly Diagnostic[] {
  const head = headOf(object);
  if (head === undefined) return diagnostics;
  const kind = `${head.apiVersion ?? ''}/${head.kind ?? ''}`;
  const life = LIVES[kind];
  const since = SINCE[kind];
  const own = at.child('apiVersion');
  const verdict = (severity: Severity, message: string, fixes: readonly CodeFix[]): Diagnostic => {
    return { range: locate(document, own).value, severity, message, code: 'ApiVersion', path: own.toString(), fixes };
  };
  if (life === undefined) {
    if (since === undefined || minor >= since) return diagnostics;
    const message = `${head.apiVersion ?? ''} ${head.kind ?? ''} is served from 1.${since} on, not by 1.${minor}`;
    return [...diagnostics, verdict('error', message, [])];
  }
  const places = new Set([own.toString(), at.child('kind').toString()]);
  const isUnknown = ({ code, path }: Diagnostic): boolean => code === 'UnknownKind' && places.has(path);
  // Of a list one object is not rewritten without the others.
  const fixes = at === Path.root ? conversionOf(document) : [];
  const replacement = life.instead === undefined ? 'nothing takes its place' : `use ${life.instead}`;
  if (minor >= life.removed)
    return diagnostics.map((each) => {
      if (!isUnknown(each)) return each;
      const message = minor === CURRENT_MINOR ? each.message : `${each.message}: removed in 1.${life.removed}, ${replacement}`;
      return fixes.length > 0 ? { ...each, message, fixes } : { ...each, message };
    });
  // Served there: the verdict of 1.36 is none on it.
  const others = diagnostics.filter((each) => !isUnknown(each));
  if (minor < life.deprecated) return others;
  const message = `${head.apiVersion ?? ''} ${head.kind ?? ''} is deprecated in 1.${life.deprecated}+, unavailable in 1.${life.removed}+; ${replacement}`;
  return [...others, verdict('warning', message, fixes)];
}

function conversionOf(document: YamlDocument): readonly CodeFix[] {
  const after = isRecord(document.value) ? convert(document.value) : undefined;
  if (after === undefined) return [];
  const edits = rewrite(document, after);
  return edits.length === 0 ? [] : [{ title: `Convert to ${String(after['apiVersion'])}`, edits, preferred: true }];
}
