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
  const document = await vscode.workspace.openTextDocument({ language: 'yaml', content: text });
  await vscode.window.showTextDocument(document);
}
