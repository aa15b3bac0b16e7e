import * as vscode from 'vscode';
import type { RealTarget } from '../host/protocol/view.ts';
import { FIRST_CLUSTER } from '../host/protocol/clusters.ts';
import { speedText } from './clock/clockText.ts';
import { problemsText } from './cluster/problems.ts';
import type { HostState } from './host/workerHost.ts';
import { commands } from './ids.ts';
import type { Services } from './services.ts';

/** Target and clock in the status bar; a click opens the menu of the cluster. */
export function registerStatusBar({ host }: Pick<Services, 'host'>): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('kubepad.status', vscode.StatusBarAlignment.Left, 20);
  item.name = 'Kubepad';
  item.command = commands.showMenu;
  let shown = '';
  const update = (): void => {
    const { icon, name, tooltip, background } = read(host);
    const text = `$(${icon}) Kubepad: ${name}`;
    const { value } = tooltip;
    if (`${text}\n${value}` === shown) return;
    shown = `${text}\n${value}`;
    item.text = text;
    item.tooltip = tooltip;
    item.accessibilityInformation = { label: `Kubepad: ${name}`, role: 'button' };
    item.backgroundColor = background === undefined ? undefined : new vscode.ThemeColor(background);
  };
  update();
  item.show();
  return vscode.Disposable.from(
    item,
    host.onDidChangeState(update),
    host.onDidChangeClock(update),
    vscode.commands.registerCommand(commands.showMenu, () => showMenu(host)),
  );
}

interface Look {
  readonly icon: string;
  readonly name: string;
  readonly tooltip: vscode.MarkdownString;
  /** A colour of the theme. */
  readonly background: string | undefined;
}

function read(host: Services['host']): Look {
  const { real } = host;
  if (real !== undefined) return ofReal(real);
  const { icon, detail } = ofSimulated(host);
  return {
    icon,
    name: `simulator${nameOf(host.state)}${detail}`,
    tooltip: new vscode.MarkdownString(
      'Kubepad works on its **simulated** Kubernetes 1.36 cluster. No real cluster is touched.\n\nClick for clock and cluster.',
    ),
    background: host.state.state === 'failed' ? 'statusBarItem.errorBackground' : undefined,
  };
}

/** The first cluster needs no name. */
function nameOf(state: HostState): string {
  return state.state !== 'running' || state.info.name === FIRST_CLUSTER ? '' : ` ${state.info.name}`;
}

function ofReal({ context, server, version, state, message }: RealTarget): Look {
  return {
    icon: state === 'lost' ? 'debug-disconnect' : 'warning',
    name: `REAL ${context}${state === 'lost' ? ' (connection lost)' : ''}`,
    // What a server or a kubeconfig says is text: no pictures and links of theirs.
    tooltip: new vscode.MarkdownString('Kubepad works on the **real** cluster ')
      .appendText(`${context}: Kubernetes ${version} on ${server}. ${message}`)
      .appendMarkdown('\n\nClick to go back to the simulated one.'),
    background: 'statusBarItem.warningBackground',
  };
}

function ofSimulated({ state, clock }: Services['host']): { readonly icon: string; readonly detail: string } {
  if (state.state === 'failed') return { icon: 'error', detail: ' stopped' };
  if (state.state === 'starting') return { icon: 'loading~spin', detail: '' };
  if (clock === undefined || state.state === 'stopped') return { icon: 'server-environment', detail: '' };
  const fork = clock.forks?.find(({ shown }) => shown);
  if (fork !== undefined) return { icon: 'repo-forked', detail: ` ${fork.name}${clock.past === undefined ? '' : ', past'}` };
  if (clock.past !== undefined) return { icon: 'history', detail: ' past' };
  const problems = problemsText(clock.problems);
  const found = problems === '' ? '' : `, ${problems}`;
  if (clock.running) return { icon: 'sync~spin', detail: ` running${found}` };
  if (clock.paused) return { icon: 'debug-pause', detail: ` paused${found}` };
  return { icon: 'server-environment', detail: ` ${speedText(clock.speed)}${found}` };
}

async function showMenu({ clock, real }: Services['host']): Promise<void> {
  if (real !== undefined) return choose(`real cluster ${real.context}`, ofRealItems);
  const clockItem =
    clock?.running === true
      ? { label: '$(debug-stop) Stop the run', command: commands.clockStop }
      : clock?.paused === true
        ? { label: '$(debug-start) Resume the clock', command: commands.clockResume }
        : { label: '$(debug-pause) Pause the clock', command: commands.clockPause };
  const items = [
    clockItem,
    { label: '$(debug-step-over) Step…', command: commands.clockStep },
    { label: '$(dashboard) Speed…', command: commands.clockSpeed },
    { label: '$(debug-disconnect) Fail a node…', command: commands.failNode },
    { label: '$(debug-restart) Recover a node…', command: commands.recoverNode },
    { label: '$(globe) Choose another cluster…', command: commands.chooseTarget },
    { label: '$(checklist) Validate the workspace', command: commands.validateWorkspace },
    { label: '$(output) Show output', command: commands.showOutput },
    { label: '$(trash) Reset the cluster…', command: commands.resetCluster },
  ];
  await choose('simulator', items);
}

interface MenuItem extends vscode.QuickPickItem {
  readonly command: string;
}

const ofRealItems: readonly MenuItem[] = [
  { label: '$(server-environment) Back to the simulated cluster', command: commands.leaveTarget },
  { label: '$(globe) Choose another cluster…', command: commands.chooseTarget },
  { label: '$(checklist) Validate the workspace', command: commands.validateWorkspace },
  { label: '$(output) Show output', command: commands.showOutput },
];

async function choose(title: string, items: readonly MenuItem[]): Promise<void> {
  const choice = await vscode.window.showQuickPick(items, { title: `Kubepad: ${title}` });
  if (choice !== undefined) await vscode.commands.executeCommand(choice.command);
}
