import * as vscode from 'vscode';
import { requests } from '../../host/protocol/protocol.ts';
import { views } from '../ids.ts';
import { readText } from '../manifests/collect.ts';
import type { Services } from '../services.ts';

const CREATE = 'Create Cluster';
const SHOW = 'Show Cluster';

/** Create Cluster from This File: an eksctl ClusterConfig or a kind configuration becomes the new cluster, after a question. */
export async function createClusterFromFile(services: Services, clicked: unknown): Promise<void> {
  const uri = clicked instanceof vscode.Uri ? clicked : vscode.window.activeTextEditor?.document.uri;
  if (uri === undefined) {
    void vscode.window.showInformationMessage(
      'Open a ClusterConfig of eksctl or a configuration of kind, or right-click one in the explorer.',
    );
    return;
  }
  try {
    await create(services, uri);
  } catch (error) {
    void vscode.window.showErrorMessage(
      `Kubepad: the cluster could not be created. ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function create({ host, output }: Services, uri: vscode.Uri): Promise<void> {
  const remarks: string[] = [];
  const config = await readText(uri, remarks);
  if (config === undefined) throw new Error(remarks.join(' '));
  const name = vscode.workspace.asRelativePath(uri);
  const plan = await host.request(requests.clusterPlan, { text: config });
  if ('error' in plan) throw new Error(`${name}: ${plan.error}`);
  const pools = plan.pools.map((pool) => `${pool.name} (${pool.nodes})`).join(', ');
  const choice = await vscode.window.showWarningMessage(
    `Throw the simulated cluster away and create the one of ${name}?`,
    {
      modal: true,
      detail: `Everything in the present one is gone, its history too. The new one is of kind ${plan.preset}; its nodes: ${pools}.`,
    },
    CREATE,
  );
  if (choice !== CREATE) return;
  const { version } = await host.clusterReset(config);
  output.log('info', `A new cluster began as ${name} says: Kubernetes ${version}; nodes: ${pools}.`);
  const next = await vscode.window.showInformationMessage(`Kubepad: the cluster of ${name} runs.`, SHOW);
  if (next === SHOW) await vscode.commands.executeCommand(`${views.cluster}.focus`);
}
