import * as vscode from 'vscode';

/** A kubeconfig may name programs to be run: whether that is all right here. If not, the person is told what to do. */
export async function isTrusted(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = 'Manage Workspace Trust';
  const choice = await vscode.window.showInformationMessage(
    'Real clusters are read in trusted workspaces only: a kubeconfig may name programs to be run.',
    manage,
  );
  if (choice === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return false;
}
