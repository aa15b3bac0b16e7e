/**
 * Simulated clusters by name: new ones, copies of real ones, and the end of one.
 * Invariant: a real cluster is read in trusted workspaces only; what is thrown away is asked about first. Counterpart: kind create and delete cluster.
 */
import * as vscode from 'vscode';
import { CLUSTER_NAME, clusterRequests, FIRST_CLUSTER, type ClusterAnswer, type ClusterEntry } from '../../host/protocol/clusters.ts';
import type { ClusterInfo, ManifestFile } from '../../host/protocol/protocol.ts';
import { targetRequests } from '../../host/protocol/target.ts';
import { commands } from '../ids.ts';
import { selectionOf } from '../manifests/commands.ts';
import type { Services } from '../services.ts';
import { readSettings } from '../settings.ts';
import { proposed } from './names.ts';
import { isTrusted } from './trust.ts';

/** The name of the cluster that was shown last in this workspace. */
const REMEMBERED = 'kubepad.shownCluster';

export function rememberedCluster({ workspaceState }: vscode.ExtensionContext): string {
  return workspaceState.get<string>(REMEMBERED, FIRST_CLUSTER);
}

export function registerSimulatedClusters(services: Services): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand(commands.newCluster, () => newCluster(services)),
    vscode.commands.registerCommand(commands.deleteCluster, () => deleteCluster(services)),
    vscode.commands.registerCommand(commands.importSnapshot, (clicked?: unknown, selected?: unknown) =>
      importSnapshot(services, clicked, selected),
    ),
  );
}

export async function showSimulated(services: Services, name: string): Promise<void> {
  await take(services, services.host.request(clusterRequests.choose, { name }));
}

/** `3 nodes, 12 Pods`; empty for one that was not opened yet. */
export function sizeText({ nodes, pods }: ClusterEntry): string {
  return nodes === undefined || pods === undefined
    ? ''
    : `${nodes} ${nodes === 1 ? 'node' : 'nodes'}, ${pods} ${pods === 1 ? 'Pod' : 'Pods'}`;
}

const PRESETS: readonly (vscode.QuickPickItem & { readonly preset: string | undefined })[] = [
  { label: 'As the settings say', preset: undefined },
  { label: 'default', description: 'a control plane node and three workers', preset: 'default' },
  { label: 'eks', description: 'two node groups of m5.large', preset: 'eks' },
  { label: 'kind', description: 'a control plane node with its static Pods, two workers', preset: 'kind' },
  { label: 'large', description: '5,000 workers', preset: 'large' },
  { label: 'empty', description: 'no nodes', preset: 'empty' },
];

async function newCluster(services: Services): Promise<void> {
  const name = await askName(services, 'New Simulated Cluster', '');
  if (name === undefined) return;
  const choice = await vscode.window.showQuickPick(PRESETS, { title: `Kubepad: ${name}`, placeHolder: 'What it consists of' });
  if (choice === undefined) return;
  await take(services, services.host.request(clusterRequests.create, { name, preset: choice.preset, config: undefined }));
}

async function deleteCluster(services: Services): Promise<void> {
  const { host } = services;
  const entries = (await host.request(clusterRequests.list, {})).filter(({ name }) => name !== FIRST_CLUSTER);
  if (entries.length === 0) {
    void vscode.window.showInformationMessage(`Kubepad: there is the cluster “${FIRST_CLUSTER}” alone, which can be reset.`);
    return;
  }
  const items = entries.map((entry) => ({ label: entry.name, description: sizeText(entry) }));
  const choice = await vscode.window.showQuickPick(items, { title: 'Kubepad: Delete Simulated Cluster' });
  if (choice === undefined) return;
  const detail = 'Everything in it is gone, its history too.';
  const answer = await vscode.window.showWarningMessage(
    `Throw the simulated cluster “${choice.label}” away?`,
    { modal: true, detail },
    'Delete',
  );
  if (answer === 'Delete') await take(services, host.request(clusterRequests.remove, { name: choice.label }));
}

/** A fork of the timeline becomes a cluster of its own, beside the one that it was forked from. @param title `Fork 1` */
export async function keepFork(services: Services, fork: string, title: string): Promise<void> {
  const name = await askName(services, `Keep ${title} as a Cluster`, proposed(title));
  if (name !== undefined) await take(services, services.host.request(clusterRequests.keepFork, { fork, name }));
}

/** From files that were selected, from the real cluster that is shown, or from one that is chosen. */
async function importSnapshot(services: Services, clicked: unknown, selected: unknown): Promise<void> {
  const uris = clicked === undefined ? [] : selectionOf(clicked, selected);
  const source = await (uris.length > 0 ? ofFiles(uris) : ofCluster(services));
  if (source === undefined) return;
  const name = await askName(services, 'Import Snapshot', proposed(source.context === '' ? 'snapshot' : source.context));
  if (name === undefined) return;
  const { host, output } = services;
  const options = { location: vscode.ProgressLocation.Notification, title: 'Kubepad: Importing a snapshot…' };
  const { kubeconfig } = readSettings();
  const answer = await vscode.window.withProgress(options, () =>
    host.request(clusterRequests.importSnapshot, { ...source, name, kubeconfig }),
  );
  if ('error' in answer) {
    void vscode.window.showErrorMessage(`Kubepad: nothing was imported. ${answer.error}`);
    return;
  }
  await adopt(services, answer.info);
  for (const remark of answer.remarks) output.log('warning', remark);
  for (const { resource, count, why, example } of answer.left)
    output.log('info', `Left out: ${resource}, ${count === 1 ? example : `${count} such as ${example}`}: ${why}.`);
  const text = `Kubepad: “${name}” begins with ${answer.objects} objects. Values of Secrets were left out; the real cluster stays as it is.`;
  const choice = await vscode.window.showInformationMessage(text, 'Show Details');
  if (choice !== undefined) output.show();
}

interface Source {
  readonly files: readonly ManifestFile[];
  readonly context: string;
}

/** As large as they are: kubectl writes a whole cluster into one. */
async function ofFiles(uris: readonly vscode.Uri[]): Promise<Source> {
  const read = async (uri: vscode.Uri): Promise<ManifestFile> => ({
    uri: uri.toString(),
    text: new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)),
  });
  return { files: await Promise.all(uris.map(read)), context: '' };
}

async function ofCluster({ host }: Services): Promise<Source | undefined> {
  if (!(await isTrusted())) return undefined;
  if (host.real !== undefined) return { files: [], context: host.real.context };
  const { contexts, problems } = await host.request(targetRequests.contexts, { kubeconfig: readSettings().kubeconfig });
  const ofFile = { label: '$(file) What kubectl wrote to files…', description: 'kubectl get -A … -o yaml', detail: '' };
  const items = [
    ofFile,
    ...contexts.map(({ name, server, current }) => ({ label: name, description: current ? 'current context' : '', detail: server })),
  ];
  const choice = await vscode.window.showQuickPick(items, {
    title: 'Kubepad: Import Snapshot',
    placeHolder:
      contexts.length === 0 ? ['The kubeconfig has no contexts.', ...problems].join(' ') : 'Which real cluster is copied; it is only read',
    matchOnDetail: true,
  });
  if (choice !== ofFile) return choice === undefined ? undefined : { files: [], context: choice.label };
  const filters = { 'YAML, JSON': ['yaml', 'yml', 'json'] };
  const uris = await vscode.window.showOpenDialog({ title: 'Objects of a cluster', canSelectMany: true, filters });
  return uris === undefined ? undefined : ofFiles(uris);
}

async function askName({ host }: Services, title: string, value: string): Promise<string | undefined> {
  const taken = new Set((await host.request(clusterRequests.list, {})).map(({ name }) => name));
  return vscode.window.showInputBox({
    title: `Kubepad: ${title}`,
    prompt: 'Name of the simulated cluster',
    value: taken.has(value) ? `${value.slice(0, 38)}-2` : value,
    validateInput: (name) =>
      taken.has(name)
        ? `There is a cluster “${name}” already.`
        : CLUSTER_NAME.test(name)
          ? undefined
          : 'Small letters, digits and dashes, at most 40.',
  });
}

async function take(services: Services, answered: Promise<ClusterAnswer>): Promise<void> {
  const answer = await answered;
  if ('error' in answer) void vscode.window.showErrorMessage(`Kubepad: ${answer.error}`);
  else await adopt(services, answer.info);
}

async function adopt({ host, context, output }: Services, info: ClusterInfo): Promise<void> {
  host.adopt(info);
  output.log('info', `The simulated cluster “${info.name}” is shown.`);
  await context.workspaceState.update(REMEMBERED, info.name);
}
