/** From the plain data of the manifest room to the words of the Language Server Protocol. */
import type { CodeFix, Completion, CompletionKind, Diagnostic, DocumentOutline, Severity } from '../../manifest/model.ts';
import { Lines } from '../../manifest/lines.ts';
import type { CodeAction, CompletionItem, ContentChange, DocumentSymbol, LspDiagnostic } from './protocol.ts';

const SEVERITIES = { error: 1, warning: 2, information: 3, hint: 4 } as const satisfies Readonly<Record<Severity, number>>;

/** Class, Field, EnumMember, Module, Reference. */
const COMPLETION_KINDS = { kind: 7, field: 5, value: 20, apiVersion: 9, name: 18 } as const satisfies Readonly<
  Record<CompletionKind, number>
>;

const OBJECT_SYMBOL = 19;
const SNIPPET = 2;
const PLAIN = 1;

export function lspDiagnostic({ range, severity, code, message, related = [] }: Diagnostic): LspDiagnostic {
  const links = related.map((each) => ({ location: { uri: each.uri, range: each.range }, message: each.message }));
  return { range, severity: SEVERITIES[severity], code, source: 'Kubepad', message, relatedInformation: links };
}

export function completionItem(completion: Completion): CompletionItem {
  const { label, range, insertText, required, detail, documentation, sortText, snippet } = completion;
  return {
    label,
    labelDetails: required ? { description: 'required' } : {},
    kind: COMPLETION_KINDS[completion.kind],
    detail,
    documentation: { kind: 'markdown', value: documentation },
    sortText,
    filterText: label,
    insertTextFormat: snippet ? SNIPPET : PLAIN,
    textEdit: { range, newText: insertText },
  };
}

export function codeAction(uri: string, { title, preferred, edits }: CodeFix, diagnostics: readonly LspDiagnostic[]): CodeAction {
  return { title, kind: 'quickfix', isPreferred: preferred, diagnostics, edit: { changes: { [uri]: edits } } };
}

export function documentSymbol({ range, apiVersion, kind, namespace, name }: DocumentOutline): DocumentSymbol {
  return {
    name: `${kind}/${name === '' ? '(no name)' : name}`,
    detail: [namespace, apiVersion].filter((part) => part !== '').join(' '),
    kind: OBJECT_SYMBOL,
    range,
    selectionRange: { start: range.start, end: range.start },
    children: [],
  };
}

/** The text after changes, each of which speaks of the text that the one before it left. */
export function changed(text: string, changes: readonly ContentChange[]): string {
  let result = text;
  for (const { range, text: inserted } of changes) {
    if (range === undefined) {
      result = inserted;
      continue;
    }
    const lines = new Lines(result);
    result = result.slice(0, lines.offset(range.start)) + inserted + result.slice(lines.offset(range.end));
  }
  return result;
}
