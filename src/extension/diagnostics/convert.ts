/** From the plain data of the worker to the types of VS Code. */
import * as vscode from 'vscode';
import { isDeprecation } from '../../host/protocol/deprecation.ts';
import type { CodeFix, Diagnostic, Position, Range, Severity } from '../../manifest/model.ts';
import { diagnosticSource } from '../ids.ts';

export const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
} as const satisfies Readonly<Record<Severity, vscode.DiagnosticSeverity>>;

export function toDiagnostic(diagnostic: Diagnostic): vscode.Diagnostic {
  const result = new vscode.Diagnostic(toRange(diagnostic.range), diagnostic.message, severities[diagnostic.severity]);
  result.source = diagnosticSource;
  result.code = diagnostic.code;
  if (isDeprecation(diagnostic)) result.tags = [vscode.DiagnosticTag.Deprecated];
  if (diagnostic.related !== undefined)
    result.relatedInformation = diagnostic.related.map(
      ({ uri, range, message }) =>
        new vscode.DiagnosticRelatedInformation(new vscode.Location(vscode.Uri.parse(uri), toRange(range)), message),
    );
  return result;
}

export function toRange({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

export function fromRange({ start, end }: vscode.Range): Range {
  return { start: fromPosition(start), end: fromPosition(end) };
}

export function fromPosition({ line, character }: vscode.Position): Position {
  return { line, character };
}

export function toEdit(uri: vscode.Uri, fix: CodeFix): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { range, newText } of fix.edits) edit.replace(uri, toRange(range), newText);
  return edit;
}
