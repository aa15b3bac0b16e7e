/**
 * Which cluster commands and views work on: the simulated one, or one of the user's kubeconfig.
 * Invariant: a kubeconfig is read, and a program that it names is run, in trusted workspaces only, and only when a person chooses it.
 * Counterpart: kubectl config get-contexts and use-context; the kubeconfig stays as it is.
 */
import * as vscode from 'vscode';
import { targetRequests, type TargetContext } from '../../host/protocol/target.ts';
import { commands, contextKeys } from '../ids.ts';
import { registerConnect } from '../kubectl/connect.ts';
import type { Services } from '../services.ts';
import { readSettings } from '../settings.ts';

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
    host.onDidChangeClock(update),
    vscode.commands.registerCommand(commands.chooseTarget, (context?: unknown) =>
      typeof context === 'string' ? connectTo(services, context) : chooseTarget(services),
    ),
    vscode.commands.registerCommand(commands.leaveTarget, () => leave(services)),
  );
}

async function chooseTarget(services: Services): Promise<void> {
  const { host } = services;
  if (!(await isTrusted())) return;
  const { kubeconfig } = readSettings();
  const { contexts, problems } = await host.request(targetRequests.contexts, { kubeconfig });
  for (const problem of problems) services.output.log('warning', problem);
  const { real } = host;
  const items: Item[] = [
    { label: '$(server-environment) Simulated cluster', description: real === undefined ? 'shown now' : '', context: undefined },
    { label: 'Real clusters of the kubeconfig', kind: vscode.QuickPickItemKind.Separator, context: undefined },
    ...contexts.map((context) => itemOf(context, real?.context === context.name)),
  ];
  const choice = await vscode.window.showQuickPick(items, {
    title: 'Kubepad: Choose Target',
    placeHolder:
      contexts.length === 0 ? ['The kubeconfig has no contexts.', ...problems].join(' ') : 'Which cluster commands and views work on',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (choice === undefined) return;
  if (choice.context === undefined) await leave(services);
  else await connect(services, choice.context.name);
}

interface Item extends vscode.QuickPickItem {
  readonly context: TargetContext | undefined;
}

function itemOf(context: TargetContext, isShown: boolean): Item {
  const { name, cluster, server, user, namespace, current, program } = context;
  const facts = [isShown ? 'shown now' : '', current ? 'current context' : '', namespace === '' ? '' : `namespace ${namespace}`];
  const credentials = program === '' ? `as ${user}` : `as ${user}, who is asked of ${program}`;
  return {
    label: `$(warning) ${name}`,
    description: facts.filter((fact) => fact !== '').join(' · '),
    detail: `${server === '' ? cluster : server} ${credentials}`,
    context,
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

async function isTrusted(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = 'Manage Workspace Trust';
  const choice = await vscode.window.showInformationMessage(
    'Real clusters are shown in trusted workspaces only: a kubeconfig may name programs to be run.',
    manage,
  );
  if (choice === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return false;
}
