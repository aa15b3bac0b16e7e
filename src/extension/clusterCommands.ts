/** Commands about the cluster as a whole, a first sample and the first steps. */
import * as vscode from 'vscode';
import type { ClusterView } from './cluster/clusterView.ts';
import { createClusterFromFile } from './cluster/createFromFile.ts';
import type { EventsView } from './cluster/eventsView.ts';
import { pickObject } from './cluster/pick.ts';
import { targetOf } from './cluster/target.ts';
import { treePlaceOf } from './cluster/treeRow.ts';
import { commands, walkthrough, type CommandId } from './ids.ts';
import { applyManifests } from './manifests/commands.ts';
import type { Services } from './services.ts';
import { registerSimulated } from './targets/simulatedOnly.ts';

export function registerClusterCommands(services: Services, tree: ClusterView, events: EventsView): vscode.Disposable {
  const { host, output, context } = services;
  const samples = vscode.Uri.joinPath(context.extensionUri, 'samples');
  const on = vscode.commands.registerCommand;
  const simulated = (id: CommandId, act: (clicked?: unknown) => unknown): vscode.Disposable =>
    registerSimulated(host, id, 'wish to be made anew or to try samples', act);
  return vscode.Disposable.from(
    on(commands.showOutput, () => output.show()),
    on(commands.restart, () => host.restart()),
    simulated(commands.resetCluster, () => resetCluster(services)),
    simulated(commands.createClusterFromFile, (clicked?: unknown) => createClusterFromFile(services, clicked)),
    on(commands.openWalkthrough, () => vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthrough, false)),
    on(commands.focusFilter, () => tree.send({ type: 'focusFilter' })),
    on(commands.collapseAll, () => tree.send({ type: 'collapseAll' })),
    on(commands.expandAll, () => tree.send({ type: 'expandAll' })),
    on(commands.revealInCluster, (argument?: unknown) => reveal(services, tree, argument)),
    on(commands.filterEvents, () => events.send({ type: 'focusFilter' })),
    simulated(commands.applySample, async () => {
      const sample = vscode.Uri.joinPath(samples, 'bare-pod-and-deployment');
      await vscode.commands.executeCommand('kubepad.cluster.focus');
      await applyManifests(services, [sample], false);
    }),
  );
}

async function reveal(services: Services, tree: ClusterView, argument: unknown): Promise<void> {
  const ref = targetOf(argument)?.ref ?? (await pickObject(services, 'Reveal in Cluster'));
  if (ref === undefined) return;
  const place = treePlaceOf(ref);
  if (place !== undefined) return tree.send({ type: 'reveal', ...place });
  void vscode.window.showInformationMessage(`Kubepad: the Cluster view has no rows for objects of kind ${ref.kind}.`);
}

async function resetCluster({ host, output }: Services): Promise<void> {
  const detail = 'Everything in it is gone, its history too. A new cluster begins with the settings as they are now.';
  const choice = await vscode.window.showWarningMessage(
    'Throw the simulated cluster away and start a new one?',
    { modal: true, detail },
    'Reset',
  );
  if (choice !== 'Reset') return;
  try {
    const { version } = await host.clusterReset();
    output.log('info', `A new cluster began: Kubernetes ${version}.`);
  } catch (error) {
    void vscode.window.showErrorMessage(
      `Kubepad: the cluster could not be reset. ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
