/**
 * Connect kubectl: the cluster is served on the loopback address, and a terminal opens that knows the way to it.
 * Invariant: the kubeconfig is a file of the extension's own; the user's current context is never touched.
 * Counterpart: `kubepad serve --kubeconfig`.
 */
import * as vscode from 'vscode';
import { requests } from '../../host/protocol/protocol.ts';
import { commands } from '../ids.ts';
import type { Services } from '../services.ts';
import { registerSimulated } from '../targets/simulatedOnly.ts';

const COPY = 'Copy Path of Kubeconfig';

export function registerConnect(services: Services): vscode.Disposable {
  return registerSimulated(services.host, commands.connectKubectl, 'need to be served: your own kubeconfig leads to it', () =>
    connect(services),
  );
}

async function connect({ host, context, output }: Services): Promise<void> {
  const storage = context.storageUri ?? context.globalStorageUri;
  try {
    const { server, kubeconfig } = await host.request(requests.clusterConnect, { folder: storage.fsPath });
    output.log('info', `The cluster is served on ${server}.`);
    const terminal = vscode.window.createTerminal({
      name: 'kubectl (Kubepad)',
      env: { KUBECONFIG: kubeconfig },
      iconPath: new vscode.ThemeIcon('terminal-kubernetes'),
      message: `kubectl, helm and k9s in this terminal speak to the simulated cluster on ${server}.`,
    });
    terminal.show();
    const choice = await vscode.window.showInformationMessage(
      `The terminal's KUBECONFIG leads to the simulated cluster on ${server}. Your own kubeconfig is as it was.`,
      COPY,
    );
    if (choice === COPY) await vscode.env.clipboard.writeText(kubeconfig);
  } catch (error) {
    void vscode.window.showErrorMessage(
      `Kubepad: the cluster could not be served. ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
