/**
 * The Cluster view: its page, and what the page asks for.
 * Invariant: the page never reaches the worker but through here; every message is handled or refused by the compiler.
 */
import * as vscode from 'vscode';
import { assertNever } from '../../base/assertNever.ts';
import { timelineRequests } from '../../host/protocol/timeline.ts';
import type { TreeRow, ViewDiff } from '../../host/protocol/view.ts';
import type { RowCommand, ToExtension, ToWebview } from '../../webview/cluster/protocol.ts';
import type { ClockCommands } from '../clock/clockCommands.ts';
import { commands, type CommandId, views } from '../ids.ts';
import type { Services } from '../services.ts';
import { loadPage } from './page.ts';
import { problemCount, problemsText } from './problems.ts';
import { ViewChannel } from './viewChannel.ts';

export interface ClusterView extends vscode.Disposable {
  /** Sends to the page if it is on the screen, else when it will be. */
  send(message: ToWebview): Promise<void>;
}

const rowCommands = {
  openObject: commands.openObject,
  why: commands.why,
  describe: commands.describe,
  yaml: commands.yaml,
  logs: commands.logs,
  previousLogs: commands.previousLogs,
  exec: commands.exec,
  portForward: commands.portForward,
  showImage: commands.showImage,
  inspectContainer: commands.inspectContainer,
  compareWithVms: commands.compareWithVms,
  showInMap: commands.showInMap,
  delete: commands.delete,
  cordon: commands.cordon,
  uncordon: commands.uncordon,
  drain: commands.drain,
  failNode: commands.failNode,
  recoverNode: commands.recoverNode,
  fault: commands.fault,
  endFault: commands.endFault,
  faultReport: commands.faultReport,
} as const satisfies Readonly<Record<RowCommand, CommandId>>;

export function registerClusterView(services: Services, clock: ClockCommands): ClusterView {
  const { host, context } = services;
  let page: vscode.WebviewView | undefined;
  const waiting: ToWebview[] = [];
  // What is said to a hidden page waits until it is shown: all of that would pile up. A page that is shown begins anew.
  const post = (message: ToWebview): void => {
    if (page?.visible === true) void page.webview.postMessage(message);
  };
  const channel = new ViewChannel(host, 'cluster', (diff) => post({ type: 'diff', diff: diff as ViewDiff<TreeRow> }));
  const postState = (): void => {
    const { state } = host;
    if (state.state === 'running') post({ type: 'cluster', name: state.info.name, version: state.info.version });
    if (host.clock !== undefined) post({ type: 'clock', clock: host.clock });
    const shown = state.state === 'stopped' ? 'starting' : state.state;
    post({ type: 'state', state: shown, message: state.state === 'failed' ? state.message : '' });
  };

  let shown = 0;
  const showBadge = (): void => {
    const { problems } = host.clock ?? {};
    const value = problemCount(problems);
    if (page === undefined || value === shown) return;
    shown = value;
    page.badge = value === 0 ? undefined : { value, tooltip: problemsText(problems) };
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
      case 'clock':
        return clock.control(message.control);
      case 'stopRun':
        return clock.stop();
      case 'backToNow':
        return void (await vscode.commands.executeCommand(commands.backToNow));
      case 'command':
        return void (await vscode.commands.executeCommand(rowCommands[message.command], {
          ref: message.ref,
          container: message.container,
        }));
      case 'commandForAll':
        return void (await vscode.commands.executeCommand(rowCommands[message.command], { refs: message.refs }));
      case 'copy':
        return vscode.env.clipboard.writeText(message.text);
      case 'choose':
        return post({ type: 'chosen', rows: (await channel.between(message.from, message.to)) as readonly TreeRow[] });
      case 'locate':
        return post({ type: 'located', index: await channel.locate(message.key), key: message.key });
      case 'find':
        return post({ type: 'located', ...(await channel.find(message.prefix, message.after)) });
      case 'leaveReal':
        return void (await vscode.commands.executeCommand(commands.leaveTarget));
      case 'applySample':
        return void (await vscode.commands.executeCommand(commands.applySample));
      case 'showFork':
        return void (await host.request(timelineRequests.forkShow, { fork: message.fork }));
      case 'endTour':
        return void (await vscode.commands.executeCommand(commands.endTour));
      case 'openWalkthrough':
        return void (await vscode.commands.executeCommand(commands.openWalkthrough));
      case 'restart':
        return host.restart();
      case 'showOutput':
        return services.output.show();
      default:
        return assertNever(message);
    }
  };

  const provider: vscode.WebviewViewProvider = {
    resolveWebviewView(view) {
      page = view;
      shown = 0;
      showBadge();
      view.webview.onDidReceiveMessage((message: ToExtension) => {
        receive(message).catch((error: unknown) => services.output.log('error', `Cluster view: ${String(error)}`));
      });
      view.onDidChangeVisibility(() => {
        if (!view.visible) channel.end();
      });
      view.onDidDispose(() => {
        if (page !== view) return;
        channel.end();
        page = undefined;
      });
      loadPage(view.webview, context.extensionUri, 'cluster', 'Cluster');
    },
  };
  const subscriptions = vscode.Disposable.from(
    vscode.window.registerWebviewViewProvider(views.cluster, provider),
    host.onDidChangeState(postState),
    host.onDidChangeClock((state) => {
      post({ type: 'clock', clock: state });
      showBadge();
    }),
    channel,
  );
  return {
    async send(message) {
      if (page?.visible === true) post(message);
      else waiting.push(message);
      await vscode.commands.executeCommand(`${views.cluster}.focus`);
    },
    dispose: () => void subscriptions.dispose(),
  };
}
