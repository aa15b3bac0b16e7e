import type { Path } from '../../apimachinery/field/path.ts';
import { isScalar } from 'yaml';
import type { YamlDocument } from '../yaml/document.ts';
import { locate } from '../locate.ts';
import type { Diagnostic, Range } from '../model.ts';
import { programFindings, type ProgramFinding } from './findings.ts';
import { sourceOffsets } from './sourceMap.ts';

/** The findings of an object's programs at their exact places. */
export function diagnosePrograms(
  document: YamlDocument,
  object: Readonly<Record<string, unknown>>,
  inFile: (path: Path) => Path,
): readonly Diagnostic[] {
  return programFindings(object).map((finding) => {
    const path = inFile(finding.path);
    const place = locate(document, path);
    const range = finding.at === undefined ? place.key : (within(document, place.node, finding.at) ?? place.value);
    return {
      range,
      severity: finding.severity,
      message: finding.message,
      code: 'Program',
      path: path.toString(),
      fixes: fixesOf(finding, range),
    };
  });
}

function fixesOf({ meant }: ProgramFinding, range: Range): Diagnostic['fixes'] {
  return meant === undefined ? [] : [{ title: `Change to "${meant}"`, edits: [{ range, newText: meant }], preferred: true }];
}

function within(document: YamlDocument, node: unknown, at: { readonly start: number; readonly end: number }): Range | undefined {
  const offsets = isScalar(node) ? sourceOffsets(document.text, node) : undefined;
  const start = offsets?.[at.start];
  const last = offsets?.[Math.max(at.start, at.end - 1)];
  if (offsets === undefined || start === undefined || last === undefined) return undefined;
  const end =
    at.end > at.start ? Math.max(last + 1, Math.min(offsets[at.end] ?? last + 1, last + (document.text[last] === '\\' ? 2 : 1))) : start;
  return document.lines.range(start, end);
}
