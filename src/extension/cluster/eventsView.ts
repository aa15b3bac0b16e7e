/** The Events view: its page, and what the page asks for. Same rules as in clusterView.ts. */
import * as vscode from 'vscode';
import { assertNever } from '../../base/assertNever.ts';
import type { EventRow, ObjectRef, ViewDiff } from '../../host/protocol/view.ts';
import type { EventCommand, ToExtension, ToWebview } from '../../webview/events/protocol.ts';
import { commands, views } from '../ids.ts';
import type { Services } from '../services.ts';
import type { ClusterView } from './clusterView.ts';
import { loadPage } from './page.ts';
import { treePlaceOf } from './treeRow.ts';
import { ViewChannel } from './viewChannel.ts';

export interface EventsView extends vscode.Disposable {
  send(message: ToWebview): Promise<void>;
}

export function registerEventsView(services: Services, tree: ClusterView): EventsView {
  const { host, context } = services;
  let page: vscode.WebviewView | undefined;
  const waiting: ToWebview[] = [];
  // What is said to a hidden page waits until it is shown: all of that would pile up. A page that is shown begins anew.
  const post = (message: ToWebview): void => {
    if (page?.visible === true) void page.webview.postMessage(message);
  };
  const channel = new ViewChannel(host, 'events', (diff) => post({ type: 'diff', diff: diff as ViewDiff<EventRow> }));
  const postState = (): void => {
    const { state } = host;
    if (host.clock !== undefined) post({ type: 'clock', clock: host.clock });
    const shown = state.state === 'stopped' ? 'starting' : state.state;
    post({ type: 'state', state: shown, message: state.state === 'failed' ? state.message : '' });
  };
  const run = async (command: EventCommand, ref: ObjectRef): Promise<void> => {
    switch (command) {
      case 'describe':
        return void (await vscode.commands.executeCommand(commands.describe, { ref }));
      case 'openObject':
        return void (await vscode.commands.executeCommand(commands.openObject, { ref }));
      case 'why':
        return void (await vscode.commands.executeCommand(commands.why, { ref }));
      case 'yaml':
        return void (await vscode.commands.executeCommand(commands.yaml, { ref }));
      case 'revealInTree':
        if (treePlaceOf(ref) !== undefined) return void (await vscode.commands.executeCommand(commands.revealInCluster, { ref }));
        return tree.send({ type: 'setFilter', filter: ref.kind === 'Node' ? `node:${ref.name}` : ref.name });
      default:
        return assertNever(command);
    }
  };
  const receive = async (message: ToExtension): Promise<void> => {
    switch (message.type) {
      case 'ready':
        channel.begin();
        if (host.state.state !== 'failed') host.start();
        postState();
        for (const late of waiting.splice(0)) post(late);
        return;
      case 'query':
        return channel.ask(message.query);
      case 'command':
        return run(message.command, message.ref);
      case 'find':
        return post({ type: 'located', ...(await channel.find(message.prefix, message.after)) });
      default:
        return assertNever(message);
    }
  };
  const provider: vscode.WebviewViewProvider = {
    resolveWebviewView(view) {
      page = view;
      view.webview.onDidReceiveMessage((message: ToExtension) => {
        receive(message).catch((error: unknown) => services.output.log('error', `Events view: ${String(error)}`));
      });
      view.onDidChangeVisibility(() => {
        if (!view.visible) channel.end();
      });
      view.onDidDispose(() => {
        if (page !== view) return;
        channel.end();
        page = undefined;
      });
      loadPage(view.webview, context.extensionUri, 'events', 'Events');
    },
  };
  const subscriptions = vscode.Disposable.from(
    vscode.window.registerWebviewViewProvider(views.events, provider),
    host.onDidChangeState(postState),
    host.onDidChangeClock((clock) => post({ type: 'clock', clock })),
    channel,
  );
  return {
    async send(message) {
      if (page?.visible === true) post(message);
      else waiting.push(message);
      await vscode.commands.executeCommand(`${views.events}.focus`);
    },
    dispose: () => void subscriptions.dispose(),
  };
}
