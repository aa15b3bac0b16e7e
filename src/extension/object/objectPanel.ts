/** One object as a panel: from the tree, the lens above its document, the palette, an address, or another panel. */
import * as vscode from 'vscode';
import { assertNever } from '../../base/assertNever.ts';
import { faultRequests } from '../../host/protocol/fault.ts';
import { panelRequests } from '../../host/protocol/panel.ts';
import type { ObjectQuery, ObjectTab } from '../../host/panels/object/model.ts';
import type { ObjectRef } from '../../host/protocol/view.ts';
import type { ObjectCommand } from '../../webview/object/protocol.ts';
import { pickObject } from '../cluster/pick.ts';
import { targetOf } from '../cluster/target.ts';
import { commands } from '../ids.ts';
import { registerPanels, viewTypes } from '../panel/panels.ts';
import { folderOf } from '../targets/folder.ts';
import { isMissedByReal } from '../targets/simulatedOnly.ts';
import type { Services } from '../services.ts';
import { linkQuery, parseLink } from './links.ts';

export function registerObjectPanel(services: Services): vscode.Disposable {
  const panels = registerPanels<ObjectQuery, ObjectCommand>(services, {
    surface: 'object',
    viewType: viewTypes.object,
    icon: 'symbol-object',
    title: ({ ref }) => ref.name,
    key: ({ ref }) => `${ref.apiVersion} ${ref.kind} ${ref.namespace}/${ref.name}`,
    run: (command, query) => run(services, command, query, open),
  });
  const open = (ref: ObjectRef, tab: ObjectTab): void =>
    panels.open({ surface: 'object', ref, tab, field: undefined, revision: undefined });
  type Pick = (services: Services, title: string) => Promise<ObjectRef | undefined>;
  const command = (id: string, title: string, tab: ObjectTab, pick: Pick = pickObject): vscode.Disposable =>
    vscode.commands.registerCommand(id, async (argument?: unknown) => {
      if (tab === 'why' && isMissedByReal(services.host, 'record of causes')) return;
      const ref = targetOf(argument)?.ref ?? (await pick(services, title));
      if (ref !== undefined) open(ref, tab);
    });
  return vscode.Disposable.from(
    panels,
    command(commands.openObject, 'Open', 'state'),
    command(commands.why, 'Why?', 'why'),
    command(commands.faultReport, 'Fault Report', 'impact', pickFault),
    vscode.commands.registerCommand(commands.copyLink, async (argument?: unknown) => {
      const ref = targetOf(argument)?.ref ?? (await pickObject(services, 'Copy Link to Object'));
      if (ref !== undefined) await copyLink(services, ref);
    }),
    vscode.window.registerUriHandler({
      handleUri(uri) {
        const link = parseLink(uri);
        if (link === undefined) void vscode.window.showWarningMessage('Kubepad: the address names no object.');
        else if (link.to === 'object') open(link.ref, link.tab);
        else void vscode.commands.executeCommand(commands.revealInCluster, { ref: link.ref });
      },
    }),
  );
}

async function copyLink({ context }: Services, ref: ObjectRef): Promise<void> {
  const own = vscode.Uri.from({ scheme: vscode.env.uriScheme, authority: context.extension.id, path: '/object', query: linkQuery(ref) });
  await vscode.env.clipboard.writeText((await vscode.env.asExternalUri(own)).toString(true));
  vscode.window.setStatusBarMessage(`Kubepad: the link to ${ref.name} is in the clipboard`, 4_000);
}

/** One of those that have begun, whether they are over or not. */
async function pickFault({ host }: Services, title: string): Promise<ObjectRef | undefined> {
  const faults = await host.request(faultRequests.list, {});
  if (faults.length === 0) {
    void vscode.window.showInformationMessage('Kubepad: no fault has begun yet. Choose Fault… in the menu of a node, a Pod or a workload.');
    return undefined;
  }
  const items = faults.map(({ ref, type, active, text }) => ({
    label: ref.name,
    description: `${type}${active ? ', goes on' : ''}`,
    detail: text,
    ref,
  }));
  const choice = await vscode.window.showQuickPick(items, {
    title: `Kubepad: ${title}`,
    placeHolder: 'Choose a fault',
    matchOnDescription: true,
  });
  return choice?.ref;
}

async function run(
  { host, texts }: Services,
  command: ObjectCommand,
  { ref }: ObjectQuery,
  open: (ref: ObjectRef, tab: ObjectTab) => void,
): Promise<void> {
  switch (command.type) {
    case 'open':
      return open(command.ref, command.tab);
    case 'describe':
      return void (await vscode.commands.executeCommand(commands.describe, { ref }));
    case 'map':
      return void (await vscode.commands.executeCommand(commands.showInMap, { ref }));
    case 'reveal':
      return void (await vscode.commands.executeCommand(commands.revealInCluster, { ref }));
    case 'copyLink':
      return void (await vscode.commands.executeCommand(commands.copyLink, { ref }));
    case 'yaml':
      return void (await vscode.commands.executeCommand(commands.yaml, { ref }));
    case 'source': {
      const { uri, line } = command.source;
      const place = new vscode.Range(line, 0, line, 0);
      return void (await vscode.window.showTextDocument(vscode.Uri.parse(uri), { selection: place, viewColumn: vscode.ViewColumn.Active }));
    }
    case 'whyText': {
      const text = await host.request(panelRequests.why, { ref, revision: command.revision });
      if (text === null) throw new Error(`${ref.kind} ${ref.name} is not in the cluster any more.`);
      return texts.show(`${folderOf(ref, host)}/${ref.kind.toLowerCase()}.${ref.name}.why.txt`, text);
    }
    default:
      return assertNever(command);
  }
}
