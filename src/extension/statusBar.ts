import * as vscode from 'vscode';
import { speedText } from './clock/clockText.ts';
import { commands } from './ids.ts';
import type { Services } from './services.ts';

/** Target and clock in the status bar; a click opens the menu of the cluster. */
export function registerStatusBar({ host }: Pick<Services, 'host'>): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('kubepad.status', vscode.StatusBarAlignment.Left, 20);
  item.name = 'Kubepad';
  item.command = commands.showMenu;
  let shown = '';
  const update = (): void => {
    const { icon, detail } = read(host);
    const text = `$(${icon}) Kubepad: simulator${detail}`;
    if (text === shown) return;
    shown = text;
    item.text = text;
    item.tooltip = new vscode.MarkdownString(
      'Kubepad works on its **simulated** Kubernetes 1.36 cluster. No real cluster is touched.\n\nClick for clock and cluster.',
    );
    item.accessibilityInformation = { label: `Kubepad: simulator${detail}`, role: 'button' };
    item.backgroundColor = host.state.state === 'failed' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
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

function read({ state, clock }: Services['host']): { readonly icon: string; readonly detail: string } {
  if (state.state === 'failed') return { icon: 'error', detail: ' stopped' };
  if (state.state === 'starting') return { icon: 'loading~spin', detail: '' };
  if (clock === undefined || state.state === 'stopped') return { icon: 'server-environment', detail: '' };
  if (clock.past !== undefined) return { icon: 'history', detail: ' past' };
  if (clock.running) return { icon: 'sync~spin', detail: ' running' };
  return clock.paused ? { icon: 'debug-pause', detail: ' paused' } : { icon: 'server-environment', detail: ` ${speedText(clock.speed)}` };
}

async function showMenu({ clock }: Services['host']): Promise<void> {
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
    { label: '$(checklist) Validate the workspace', command: commands.validateWorkspace },
    { label: '$(output) Show output', command: commands.showOutput },
    { label: '$(trash) Reset the cluster…', command: commands.resetCluster },
  ];
  const choice = await vscode.window.showQuickPick(items, { title: 'Kubepad: simulator' });
  if (choice !== undefined) await vscode.commands.executeCommand(choice.command);
}
