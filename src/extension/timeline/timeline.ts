/**
 * The timeline as an editor panel: what it asks for becomes requests to the worker, and questions to the person.
 * Invariant: one panel; what is shown of the past is known to the worker alone and told by the clock. Counterpart: none in Kubernetes.
 */
import * as vscode from 'vscode';
import { assertNever } from '../../base/assertNever.ts';
import type { TimelineQuery } from '../../host/panels/timeline/model.ts';
import { latestOnly } from './latestOnly.ts';
import { timelineRequests, type Goal } from '../../host/protocol/timeline.ts';
import type { TimelineCommand } from '../../webview/timeline/protocol.ts';
import { commands, type CommandId } from '../ids.ts';
import { registerPanels, viewTypes } from '../panel/panels.ts';
import type { ClockCommands } from '../clock/clockCommands.ts';
import type { Services } from '../services.ts';
import { keepFork } from '../targets/simulatedClusters.ts';
import { registerSimulated } from '../targets/simulatedOnly.ts';
import { readSettings } from '../settings.ts';

const ALL: TimelineQuery = { surface: 'timeline', window: undefined, lanes: 'objects', filter: '', compare: undefined };

const RUNS = {
  event: commands.clockNextEvent,
  act: commands.clockNextAct,
  condition: commands.clockRunUntil,
} as const satisfies Readonly<Record<Goal['until'], CommandId>>;

export function registerTimeline(services: Services, clock: ClockCommands): vscode.Disposable {
  const { host } = services;
  const show = latestOnly((moment) => host.request(timelineRequests.show, moment));
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
          return show(command.moment);
        case 'clock':
          return clock.control(command.control);
        case 'run':
          return void (await vscode.commands.executeCommand(RUNS[command.until]));
        case 'stop':
          return clock.stop();
        case 'fork':
          return void (await host.request(timelineRequests.fork, {}));
        case 'forkRun':
          return void (await host.request(timelineRequests.forkRun, { fork: command.fork, ms: command.ms }));
        case 'forkApply':
          return applyTo(services, command.fork);
        case 'forkShow':
          return void (await host.request(timelineRequests.forkShow, { fork: command.fork }));
        case 'forkKeep':
          return keepFork(services, command.fork, command.name);
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
    registerSimulated(host, commands.openTimeline, 'timeline: its past is not kept', () => panels.open(ALL)),
    registerSimulated(host, commands.backToNow, 'past to come back from', () => show({ to: 'now' })),
  );
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
