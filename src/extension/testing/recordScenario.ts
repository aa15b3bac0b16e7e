/** A new document with a scenario of what has been done to the cluster, for a person to finish and save. */
import * as vscode from 'vscode';
import { scenarioRequests } from '../../host/protocol/scenario.ts';
import type { WorkerHost } from '../host/workerHost.ts';

export async function recordScenario(host: WorkerHost): Promise<void> {
  const text = await host.request(scenarioRequests.record, {});
  if (text === null) {
    void vscode.window.showInformationMessage('Nothing has been done to this cluster yet: apply something, then record it.');
    return;
  }
  await vscode.window.showTextDocument(await newDocument(text));
  void vscode.window.showInformationMessage(
    'Save it to run it in the Testing view or by `kubepad test`; what must come of it stands at its end.',
  );
}

/** Nothing is written before it is saved; the name by which the Testing view finds it is there already. */
async function newDocument(text: string): Promise<vscode.TextDocument> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) return vscode.workspace.openTextDocument({ language: 'yaml', content: text });
  const file = await freeName(folder.uri);
  const uri = file.with({ scheme: 'untitled' });
  const document = await vscode.workspace.openTextDocument(uri);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  await vscode.workspace.applyEdit(edit);
  return document;
}

async function freeName(folder: vscode.Uri): Promise<vscode.Uri> {
  for (let count = 1; ; count++) {
    const file = vscode.Uri.joinPath(folder, `recorded${count === 1 ? '' : `-${count}`}.k8stest.yaml`);
    const isThere = await vscode.workspace.fs.stat(file).then(
      () => true,
      () => false,
    );
    if (!isThere) return file;
  }
}
