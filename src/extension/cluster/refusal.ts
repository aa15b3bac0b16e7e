import * as vscode from 'vscode';
import type { Answer } from '../../host/protocol/protocol.ts';

/** A refusal in the words of kubectl; undefined if the request was accepted. */
export function refusalText(answer: Answer<unknown>): string | undefined {
  if (answer.ok) return undefined;
  const { reason, code, message } = answer.status;
  return `Error from server (${reason ?? code}): ${message ?? ''}`;
}

/** Shows a refusal; nothing if the request was accepted. */
export function tellRefusal(answer: Answer<unknown>): void {
  const text = refusalText(answer);
  if (text !== undefined) void vscode.window.showErrorMessage(text);
}
