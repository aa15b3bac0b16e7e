/**
 * What the release that a person aims at says of an object's version, beside or in place of "no matches for kind".
 * Invariant: for the simulation's own release the verdict stays the API server's; a fix converts the object whole.
 */
import { locate } from '../locate.ts';
import { Path } from '../../apimachinery/field/path.ts';
import type { YamlDocument } from '../document.ts';
import type { CodeFix, Diagnostic } from '../model.ts';
import { headOf, isRecord } from '../recognise.ts';
import { rewrite } from '../rules/rewrite.ts';
import { convert } from './convert.ts';
import { CURRENT_MINOR, LIVES, SINCE } from './releases.ts';

/** @param diagnostics of the document, with places that count from its own first line */
export function withApiVersions(diagnostics: readonly Diagnostic[], document: YamlDocument, minor: number): readonly Diagnostic[] {
  const head = headOf(document.value);
  if (head === undefined) return diagnostics;
  const kind = `${head.apiVersion ?? ''}/${head.kind ?? ''}`;
  const life = LIVES[kind];
  const range = locate(document, Path.of('apiVersion')).value;
  const since = SINCE[kind];
  if (life === undefined) {
    if (since === undefined || minor >= since) return diagnostics;
    const message = `${head.apiVersion ?? ''} ${head.kind ?? ''} is served from 1.${since} on, not by 1.${minor}`;
    return [...diagnostics, { range, severity: 'error', message, code: 'ApiVersion', path: 'apiVersion', fixes: [] }];
  }
  const fixes = conversionOf(document);
  const replacement = life.instead === undefined ? 'nothing takes its place' : `use ${life.instead}`;
  if (minor >= life.removed)
    return diagnostics.map((each) =>
      each.code === 'UnknownKind' && fixes.length > 0
        ? {
            ...each,
            message: minor === CURRENT_MINOR ? each.message : `${each.message}: removed in 1.${life.removed}, ${replacement}`,
            fixes,
          }
        : each,
    );
  // Served there: the verdict of 1.36 is none on it.
  const others = diagnostics.filter(({ code }) => code !== 'UnknownKind');
  if (minor < life.deprecated) return others;
  const message = `${head.apiVersion ?? ''} ${head.kind ?? ''} is deprecated in 1.${life.deprecated}+, unavailable in 1.${life.removed}+; ${replacement}`;
  return [...others, { range, severity: 'warning', message, code: 'ApiVersion', path: 'apiVersion', fixes }];
}

function conversionOf(document: YamlDocument): readonly CodeFix[] {
  const after = isRecord(document.value) ? convert(document.value) : undefined;
  if (after === undefined) return [];
  const edits = rewrite(document, after);
  return edits.length === 0 ? [] : [{ title: `Convert to ${String(after['apiVersion'])}`, edits, preferred: true }];
}
