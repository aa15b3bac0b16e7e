/**
 * The timeline as an editor panel: what it asks for becomes requests to the worker, and questions to the person.
 * Invariant: one panel; what is shown of the past is known to the worker alone and told by the clock. Counterpart: none in Kubernetes.
 */
import * as vscode from 'vscode';
import { assertNever } from '../../base/assertNever.ts';
import type { Moment, TimelineQuery } from '../../host/panels/timeline/model.ts';
import { requests } from '../../host/protocol/protocol.ts';
import { timelineRequests, type Goal } from '../../host/protocol/timeline.ts';
import type { TimelineCommand } from '../../webview/timeline/protocol.ts';
import { commands } from '../ids.ts';
import { registerPanels, viewTypes } from '../panel/panels.ts';
import type { Services } from '../services.ts';
import { readSettings } from '../settings.ts';

const ALL: TimelineQuery = { surface: 'timeline', window: undefined, lanes: 'objects', filter: '', compare: undefined };

export function registerTimeline(services: Services): vscode.Disposable {
  const { host } = services;
  let run: vscode.CancellationTokenSource | undefined;
  const show = (moment: Moment): Promise<unknown> => host.request(timelineRequests.show, moment);
  /** One run at a time; a further one ends it. */
  const running = async <T>(act: (token: vscode.CancellationToken) => Promise<T>): Promise<T> => {
    run?.cancel();
    const source = new vscode.CancellationTokenSource();
    run = source;
    try {
      return await act(source.token);
    } finally {
      if (run === source) run = undefined;
      source.dispose();
    }
  };
  const runTo = async (goal: Goal): Promise<void> => {
    const { reason, error } = await running((token) => host.request(timelineRequests.run, goal, token));
    if (error !== '') void vscode.window.showErrorMessage(`Kubepad: ${error}`);
    if (reason === 'limit') void vscode.window.showInformationMessage('Kubepad: it did not come to that within an hour of virtual time.');
    if (reason === 'runaway') void vscode.window.showWarningMessage('Kubepad: the cluster never came to rest at one instant.');
  };
  const panels = registerPanels<TimelineQuery, TimelineCommand>(services, {
    surface: 'timeline',
    viewType: viewTypes.timeline,
    icon: 'history',
    title: () => 'Timeline',
    key: () => '',
    again: (query) => query,
    async run(command) {
      switch (command.type) {
        case 'show':
          return void (await show(command.moment));
        case 'clock':
          return void (await running((token) => host.request(requests.clockControl, command.control, token)));
        case 'run': {
          if (command.until !== 'condition') return runTo({ until: command.until });
          const condition = await askCondition();
          return condition === undefined ? undefined : runTo({ until: 'condition', condition });
        }
        case 'stop':
          run?.cancel();
          return void (await vscode.commands.executeCommand(commands.clockStop));
        case 'fork':
          return void (await host.request(timelineRequests.fork, {}));
        case 'forkRun':
          return void (await host.request(timelineRequests.forkRun, { fork: command.fork, ms: command.ms }));
        case 'forkApply':
          return applyTo(services, command.fork);
        case 'forkDiscard':
          return void (await host.request(timelineRequests.forkDiscard, { fork: command.fork }));
        case 'open':
          return void (await vscode.commands.executeCommand(commands.yaml, { ref: command.ref }));
        default:
          return assertNever(command);
      }
    },
  });
  return vscode.Disposable.from(
    panels,
    vscode.commands.registerCommand(commands.openTimeline, () => panels.open(ALL)),
    vscode.commands.registerCommand(commands.backToNow, () => show({ to: 'now' })),
  );
}

async function askCondition(): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: 'Kubepad: run until',
    prompt: 'As kubectl wait has it: deployment/web condition=Available, pod/shop/web-0 delete, deployment/web .status.readyReplicas=3',
    placeHolder: 'deployment/web condition=Available',
    validateInput: (text) => (/^\S+\/\S+\s+\S+$/.test(text.trim()) ? undefined : 'KIND/NAME, a space, and what to wait for'),
  });
}

/** Asks which files, and applies them to a fork. */
async function applyTo({ host, output }: Services, fork: string): Promise<void> {
  const uris = await vscode.window.showOpenDialog({
    title: 'Apply to the what-if cluster',
    canSelectMany: true,
    filters: { Manifests: ['yaml', 'yml', 'json'] },
  });
  if (uris === undefined || uris.length === 0) return;
  const documents = await Promise.all(uris.map((uri) => vscode.workspace.openTextDocument(uri)));
  const files = documents.map((document) => ({ uri: document.uri.toString(), text: document.getText() }));
  const title = uris.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)).join(', ');
  const report = await host.request(timelineRequests.forkApply, { fork, files, namespace: readSettings().namespace, title });
  const refused = report?.results.filter(({ action }) => action === 'rejected') ?? [];
  for (const { subject, message } of refused) output.log('warning', `${subject}: ${message}`);
  if (refused.length > 0)
    void vscode.window.showWarningMessage(`Kubepad: ${refused.map(({ subject, message }) => `${subject}: ${message}`).join('; ')}`);
}
