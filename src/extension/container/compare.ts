/** Virtual machines and containers side by side, as a document: from a node of the tree, or the node with most Pods. */
import * as vscode from 'vscode';
import { remoteRequests } from '../../host/remoteProtocol.ts';
import { targetOf } from '../cluster/target.ts';
import { commands } from '../ids.ts';
import type { Services } from '../services.ts';

export function registerComparison({ host, texts }: Services): vscode.Disposable {
  return vscode.commands.registerCommand(commands.compareWithVms, async (argument?: unknown) => {
    const ref = targetOf(argument)?.ref;
    const compared = await host.request(remoteRequests.compare, { node: ref?.kind === 'Node' ? ref.name : undefined });
    if (compared === null) {
      void vscode.window.showInformationMessage('Kubepad: No Pod runs there yet that could be compared. Apply one first.');
      return;
    }
    await texts.show(`/${compared.host}.vms-and-containers.txt`, compared.text);
  });
}
