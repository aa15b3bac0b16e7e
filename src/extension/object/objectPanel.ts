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
import type { Services } from '../services.ts';

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
      const ref = targetOf(argument)?.ref ?? (await pick(services, title));
      if (ref !== undefined) open(ref, tab);
    });
  return vscode.Disposable.from(
    panels,
    command(commands.openObject, 'Open', 'state'),
    command(commands.why, 'Why?', 'why'),
    command(commands.faultReport, 'Fault Report', 'impact', pickFault),
    vscode.window.registerUriHandler({
      handleUri(uri) {
        const asked = linked(uri);
        if (asked !== undefined) open(asked.ref, asked.tab);
        else void vscode.window.showWarningMessage('Kubepad: the address names no object.');
      },
    }),
  );
}

/** `vscode://kubepad.kubepad/object?apiVersion=apps/v1&kind=Deployment&namespace=shop&name=web&tab=why` */
function linked({ path, query }: vscode.Uri): { readonly ref: ObjectRef; readonly tab: ObjectTab } | undefined {
  const asked = new URLSearchParams(query);
  const ref = targetOf({ ref: Object.fromEntries(asked) })?.ref;
  return path === '/object' && ref !== undefined ? { ref, tab: asked.get('tab') === 'why' ? 'why' : 'state' } : undefined;
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
      const folder = ref.namespace === '' ? '' : `/${ref.namespace}`;
      return texts.show(`${folder}/${ref.kind.toLowerCase()}.${ref.name}.why.txt`, text);
    }
    default:
      return assertNever(command);
  }
}
