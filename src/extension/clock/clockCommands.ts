/** Pause, resume, step and speed of virtual time; one step or run at a time, which can be stopped. */
import * as vscode from 'vscode';
import { requests } from '../../host/protocol/protocol.ts';
import type { ClockControl } from '../../host/protocol/view.ts';
import { commands, contextKeys, type CommandId } from '../ids.ts';
import type { Services } from '../services.ts';
import { registerSimulated } from '../targets/simulatedOnly.ts';
import { speedText } from './clockText.ts';
import { createRuns } from './runs.ts';

export interface ClockCommands extends vscode.Disposable {
  /** Carries out a change; a refusal is shown. */
  control(change: ClockControl): Promise<void>;
  /** Ends the step or run that is under way. */
  stop(): void;
}

const speeds: readonly { readonly speed: number | 'max'; readonly description: string }[] = [
  { speed: 1, description: 'real time' },
  { speed: 10, description: 'an eviction after 30 seconds' },
  { speed: 60, description: 'a minute per second' },
  { speed: 600, description: 'ten minutes per second' },
  { speed: 'max', description: 'as fast as this machine can' },
];

const steps: readonly { readonly label: string; readonly control?: ClockControl; readonly command?: CommandId }[] = [
  { label: 'The next event', command: commands.clockNextEvent },
  { label: 'The next act of a part of the cluster', command: commands.clockNextAct },
  { label: '1 second', control: { stepMs: 1_000 } },
  { label: '10 seconds', control: { stepMs: 10_000 } },
  { label: '1 minute', control: { stepMs: 60_000 } },
  { label: '5 minutes', control: { stepMs: 300_000 } },
  { label: '1 hour', control: { stepMs: 3_600_000 } },
  { label: 'Until nothing is left to do', control: { runUntil: 'settled' } },
  { label: 'Until everything is stable', control: { runUntil: 'stable' } },
  { label: 'Until something holds…', command: commands.clockRunUntil },
];

export function registerClockCommands({ host, output }: Pick<Services, 'host' | 'output'>): ClockCommands {
  let run: vscode.CancellationTokenSource | undefined;
  const control = async (change: ClockControl): Promise<void> => {
    const source = new vscode.CancellationTokenSource();
    const runs = change.stepMs !== undefined || change.runUntil !== undefined;
    if (runs) run = source;
    try {
      const { reason } = await host.request(requests.clockControl, change, source.token);
      if (reason === 'LimitReached')
        void vscode.window.showInformationMessage('Kubepad: the run ended at its limit of virtual time; the cluster did not come to rest.');
      if (reason === 'Runaway')
        void vscode.window
          .showWarningMessage('Kubepad: the clock was stopped, because the cluster never came to rest at one instant.', 'Show Output')
          .then((choice) => choice && output.show());
    } catch (error) {
      if (!source.token.isCancellationRequested) void vscode.window.showErrorMessage(`Kubepad: ${String(error)}`);
    } finally {
      if (run === source) run = undefined;
      source.dispose();
    }
  };
  const runs = createRuns(host);
  const stop = (): void => {
    run?.cancel();
    runs.stop();
  };
  const pick = async <T extends vscode.QuickPickItem>(title: string, items: readonly T[]): Promise<T | undefined> =>
    vscode.window.showQuickPick(items, { title: `Kubepad: ${title}` });
  const on = (id: CommandId, act: () => Promise<void>): vscode.Disposable => registerSimulated(host, id, 'clock to set', act);
  const subscriptions = vscode.Disposable.from(
    on(commands.clockPause, () => control({ paused: true })),
    on(commands.clockResume, () => control({ paused: false })),
    vscode.commands.registerCommand(commands.clockStop, stop),
    on(commands.clockStep, async () => {
      const choice = await pick('Step, then pause', steps);
      if (choice?.command !== undefined) await vscode.commands.executeCommand(choice.command);
      else if (choice?.control !== undefined) await control(choice.control);
    }),
    on(commands.clockNextEvent, () => runs.run({ until: 'event' })),
    on(commands.clockNextAct, () => runs.run({ until: 'act' })),
    on(commands.clockRunUntil, () => runs.runUntilCondition()),
    on(commands.clockSpeed, async () => {
      const items = speeds.map(({ speed, description }) => ({ label: speedText(speed), description, speed }));
      const choice = await pick('Speed of virtual time', items);
      if (choice !== undefined) await control({ speed: choice.speed, paused: false });
    }),
    host.onDidChangeClock(({ paused, running }) => {
      void vscode.commands.executeCommand('setContext', contextKeys.paused, paused);
      void vscode.commands.executeCommand('setContext', contextKeys.running, running);
    }),
  );
  return { control, stop, dispose: () => void subscriptions.dispose() };
}
