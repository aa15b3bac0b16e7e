/**
 * Comments that keep rules and hints from being told: `# kubepad: ignore latest-tag, host-path` on the line or above it,
 * `ignore-document` and `ignore-file` anywhere in a document or a file; without names everything.
 * Invariant: never read for the verdict of the API server, which nobody can switch off.
 */
import type { YamlDocument } from '../yaml/document.ts';
import type { CodeFix, Diagnostic } from '../model.ts';
import { isInBraces } from '../written.ts';

interface Suppression {
  readonly scope: 'line' | 'document' | 'file';
  /** From 0, within the text. */
  readonly line: number;
  /** Empty: all. */
  readonly names: ReadonlySet<string>;
}

/** With which each of them begins. */
export const MARK = 'kubepad:';
const MAX_INDENT = 400;
const COMMENT = /#\s*kubepad:\s*ignore(?:-(document|file))?(?:\s+([\w*-]+(?:\s*,\s*[\w*-]+)*))?\s*$/;

function suppressionsIn(text: string): readonly Suppression[] {
  if (!text.includes(MARK)) return [];
  const lines = text.split('\n');
  return lines.flatMap((line, at): readonly Suppression[] => {
    const match = COMMENT.exec(line.trimEnd());
    if (match === null) return [];
    const scope = match[1] === 'document' || match[1] === 'file' ? match[1] : 'line';
    let meant = at;
    // A comment with a line of its own speaks of the next line with content.
    if (match.index === line.length - line.trimStart().length)
      do meant++;
      while (meant < lines.length && /^\s*(?:#.*)?$/.test(lines[meant] ?? ''));
    return [
      {
        scope,
        line: meant,
        names: new Set(
          (match[2] ?? '')
            .split(',')
            .map((name) => name.trim())
            .filter((name) => name !== ''),
        ),
      },
    ];
  });
}

function covers({ names }: Suppression, code: string): boolean {
  return names.size === 0 || names.has('*') || names.has(code);
}

/**
 * Those that nobody asked to leave out.
 * @param diagnostics of one document, lines counted from its own first one
 * @param file the whole file
 */
export function withoutSuppressed(diagnostics: readonly Diagnostic[], document: string, file: string): readonly Diagnostic[] {
  if (diagnostics.length === 0 || !file.includes(MARK)) return diagnostics;
  const own = suppressionsIn(document);
  const all = suppressionsIn(file).filter(({ scope }) => scope === 'file');
  return diagnostics.filter(
    ({ code, range }) =>
      !all.some((each) => covers(each, code)) &&
      !own.some((each) => (each.scope === 'document' || (each.scope === 'line' && each.line === range.start.line)) && covers(each, code)),
  );
}

/** The comment as a fix, for the line and for the document. JSON has no comments. */
export function suppressionFixes(code: string, line: number, document: YamlDocument): readonly CodeFix[] {
  const { text, lines } = document;
  if (isInBraces(document)) return [];
  const start = lines.offset({ line, character: 0 });
  const indent = ' '.repeat(/[^ ]|$/.exec(text.slice(start, start + MAX_INDENT))?.index ?? 0);
  const insert = (at: number, newText: string): CodeFix['edits'] => {
    const place = { line: at, character: 0 };
    return [{ range: { start: place, end: place }, newText }];
  };
  const first = lines.position(Math.max(0, text.search(/^[^\s#-]/m))).line;
  return [
    { title: `Ignore "${code}" here`, edits: insert(line, `${indent}# kubepad: ignore ${code}\n`), preferred: false },
    { title: `Ignore "${code}" in this document`, edits: insert(first, `# kubepad: ignore-document ${code}\n`), preferred: false },
  ];
}
