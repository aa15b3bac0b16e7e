/**
 * What an editor says about a Dockerfile: problems, hovers and completions of the library, as plain data.
 * Invariant: a bundle of its own, loaded when the first Dockerfile is looked at. Counterpart: the language server for Dockerfiles.
 */
import { DockerfileLanguageServiceFactory } from 'dockerfile-language-service';
import { parseDockerfile } from '../../image/dockerfile/parse.ts';
import type { Completion, Diagnostic, Hover, Position, Range } from '../../manifest/model.ts';

const language = DockerfileLanguageServiceFactory.createLanguageService();
language.setCapabilities({
  hover: { contentFormat: ['markdown'] },
  completion: { completionItem: { documentationFormat: ['markdown'], snippetSupport: true } },
});

/** The severity that the library calls an error; all others are warnings. */
const ERROR = 1;

export function problemsOf(text: string): readonly Diagnostic[] {
  const found = language.validate(text).map(({ range, severity, message, code }): Diagnostic => ({
    range,
    severity: severity === ERROR ? 'error' : 'warning',
    message,
    code: String(code ?? 'Dockerfile'),
    path: '',
    fixes: [],
  }));
  // What the builder would stop at comes in its own words where the library sees nothing.
  const parsed = parseDockerfile(text);
  if (!('message' in parsed) || parsed.line === undefined) return found;
  const { line: first, endLine: last = first } = parsed;
  if (found.some(({ range }) => range.start.line + 1 <= last && range.end.line + 1 >= first)) return found;
  const width = text.split(/\r?\n/)[last - 1]?.length ?? 0;
  const range: Range = { start: { line: first - 1, character: 0 }, end: { line: last - 1, character: width } };
  return [...found, { range, severity: 'error', message: parsed.message, code: 'Build', path: '', fixes: [] }];
}

export function hoverAt(text: string, position: Position): Hover | null {
  const hover = language.computeHover(text, position);
  if (hover === null) return null;
  const { contents, range = { start: position, end: position } } = hover;
  const parts = Array.isArray(contents) ? contents : [contents];
  return { markdown: parts.map((part) => (typeof part === 'string' ? part : part.value)).join('\n\n'), range };
}

export async function completionsAt(text: string, position: Position): Promise<readonly Completion[]> {
  const items = await language.computeCompletionItems(text, position);
  return items.flatMap((item): readonly Completion[] => {
    const { textEdit: edit, documentation, label } = language.resolveCompletionItem(item);
    if (edit === undefined || !('range' in edit)) return [];
    return [
      {
        label,
        kind: 'value',
        range: edit.range,
        insertText: edit.newText,
        snippet: item.insertTextFormat === 2,
        detail: item.detail ?? '',
        documentation: typeof documentation === 'string' ? documentation : (documentation?.value ?? ''),
        required: false,
        sortText: item.sortText ?? label,
      },
    ];
  });
}
