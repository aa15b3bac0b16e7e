/**
 * Which cluster commands and views work on: the simulated one, or one of the user's kubeconfig.
 * Invariant: a kubeconfig is read, and a program that it names is run, in trusted workspaces only, and only when a person chooses it.
 * Counterpart: kubectl config get-contexts and use-context; the kubeconfig stays as it is.
 */
import * as vscode from 'vscode';
import { clusterRequests, type ClusterEntry } from '../../host/protocol/clusters.ts';
import { targetRequests, type TargetContext, type TargetContexts } from '../../host/protocol/target.ts';
import { commands, contextKeys, settings, type CommandId } from '../ids.ts';
import { registerConnect } from '../kubectl/connect.ts';
import type { Services } from '../services.ts';
import { readSettings } from '../settings.ts';
import { registerSimulatedClusters, showSimulated, sizeText } from './simulatedClusters.ts';
import { isTrusted } from './trust.ts';

export function registerTargets(services: Services): vscode.Disposable {
  const { host } = services;
  let shown: string | undefined;
  const update = (): void => {
    const context = host.real?.context;
    if (context === shown) return;
    shown = context;
    void vscode.commands.executeCommand('setContext', contextKeys.realTarget, context !== undefined);
  };
  return vscode.Disposable.from(
    registerConnect(services),
    registerSimulatedClusters(services),
    host.onDidChangeClock(update),
    vscode.commands.registerCommand(commands.chooseTarget, (context?: unknown) =>
      typeof context === 'string' ? connectTo(services, context) : chooseTarget(services),
    ),
    vscode.commands.registerCommand(commands.leaveTarget, () => leave(services)),
  );
}

async function chooseTarget(services: Services): Promise<void> {
  const { host } = services;
  const clusters = await host.request(clusterRequests.list, {});
  const real = vscode.workspace.isTrusted
    ? await host.request(targetRequests.contexts, { kubeconfig: readSettings().kubeconfig })
    : UNTRUSTED;
  for (const problem of real.problems) services.output.log('warning', problem);
  const act = (label: string, command: CommandId): Item => ({ label, run: () => vscode.commands.executeCommand(command) });
  const items: Item[] = [
    heading('Simulated clusters'),
    ...clusters.map((cluster) => simulatedItem(services, cluster)),
    act('$(add) New simulated cluster…', commands.newCluster),
    ...(clusters.length > 1 ? [act('$(trash) Delete a simulated cluster…', commands.deleteCluster)] : []),
    heading('Real clusters of the kubeconfig'),
    ...real.contexts.map((context) => realItem(services, context)),
    ...(real.contexts.length === 0 && vscode.workspace.isTrusted ? [withoutContexts(real)] : []),
    act(
      vscode.workspace.isTrusted ? '$(cloud-download) Import a snapshot…' : '$(workspace-untrusted) In trusted workspaces only…',
      commands.importSnapshot,
    ),
  ];
  const choice = await vscode.window.showQuickPick(items, {
    title: 'Kubepad: Choose Target',
    placeHolder: 'Which cluster commands and views work on',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  await choice?.run?.();
}

interface Item extends vscode.QuickPickItem {
  readonly run?: () => Thenable<unknown>;
}

const UNTRUSTED: TargetContexts = { contexts: [], problems: [] };

function heading(label: string): Item {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

/** Where they are looked for, and what is wrong there. */
function withoutContexts({ problems }: TargetContexts): Item {
  return {
    label: '$(settings-gear) No contexts: name a kubeconfig…',
    detail: problems[0] ?? 'They are read from the setting kubepad.kubeconfig, else from KUBECONFIG, else from ~/.kube/config',
    run: () => vscode.commands.executeCommand('workbench.action.openSettings', settings.kubeconfig),
  };
}

function simulatedItem(services: Services, entry: ClusterEntry): Item {
  const isShown = entry.isCurrent && services.host.real === undefined;
  const description = [isShown ? 'shown now' : '', sizeText(entry)].filter((fact) => fact !== '').join(' · ');
  return { label: `$(server-environment) ${entry.name}`, description, run: () => showSimulated(services, entry.name) };
}

function realItem(services: Services, context: TargetContext): Item {
  const { name, cluster, server, user, namespace, current, program, insecure } = context;
  const isShown = services.host.real?.context === name;
  const facts = [
    isShown ? 'shown now' : '',
    current ? 'current context' : '',
    namespace === '' ? '' : `namespace ${namespace}`,
    insecure ? 'its certificate is not verified' : '',
  ];
  const credentials = program === '' ? `as ${user}` : `as ${user}, who is asked of ${program}`;
  return {
    label: `$(warning) ${name}`,
    description: facts.filter((fact) => fact !== '').join(' · '),
    detail: `${server === '' ? cluster : server} ${credentials}`,
    run: () => connect(services, name),
  };
}

/** For key bindings and other extensions, which name the context. */
async function connectTo(services: Services, context: string): Promise<void> {
  if (await isTrusted()) await connect(services, context);
}

async function connect({ host, output }: Services, name: string): Promise<void> {
  const options = { location: vscode.ProgressLocation.Notification, title: `Kubepad: Connecting to ${name}…` };
  const answer = await vscode.window.withProgress(options, () =>
    host.request(targetRequests.connect, { kubeconfig: readSettings().kubeconfig, context: name }),
  );
  if ('error' in answer) {
    output.log('error', `${name}: ${answer.error}`);
    void vscode.window.showErrorMessage(`Kubepad: ${name} cannot be shown. ${answer.error}`);
    return;
  }
  const { server, version, message } = answer.target;
  output.log('info', `The real cluster ${name} is shown: Kubernetes ${version} on ${server}.${message === '' ? '' : ` ${message}`}`);
}

async function leave({ host, output }: Services): Promise<void> {
  const { real } = host;
  if (real === undefined) return;
  await host.request(targetRequests.leave, {});
  output.log('info', `The simulated cluster is shown again instead of ${real.context}.`);
}
