import * as vscode from 'vscode';
import type { Answer } from '../../host/protocol/protocol.ts';

/** Shows a refusal in the words of kubectl; nothing if the request was accepted. */
export function tellRefusal(answer: Answer<unknown>): void {
  if (answer.ok) return;
  const { reason, code, message } = answer.status;
  void vscode.window.showErrorMessage(`Error from server (${reason ?? code}): ${message ?? ''}`);
}
