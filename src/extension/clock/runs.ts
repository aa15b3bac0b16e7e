/**
 * Runs to a goal that a person sets: the next event, the next act of a part of the cluster, until a condition holds.
 * Invariant: one run at a time, a further one ends it; the clock is paused afterwards. Counterpart: kubectl wait, for time itself.
 */
import * as vscode from 'vscode';
import { timelineRequests, type Goal } from '../../host/protocol/timeline.ts';
import type { WorkerHost } from '../host/workerHost.ts';

export interface Runs {
  run(goal: Goal): Promise<void>;
  /** Asks what to wait for. */
  runUntilCondition(): Promise<void>;
  stop(): void;
}

export function createRuns(host: WorkerHost): Runs {
  let current: vscode.CancellationTokenSource | undefined;
  const run = async (goal: Goal): Promise<void> => {
    current?.cancel();
    const source = new vscode.CancellationTokenSource();
    current = source;
    try {
      const { reason, error } = await host.request(timelineRequests.run, goal, source.token);
      if (error !== '') void vscode.window.showErrorMessage(`Kubepad: ${error}`);
      if (reason === 'limit') void vscode.window.showInformationMessage('Kubepad: it did not come to that within an hour of virtual time.');
      if (reason === 'runaway') void vscode.window.showWarningMessage('Kubepad: the cluster never came to rest at one instant.');
    } finally {
      if (current === source) current = undefined;
      source.dispose();
    }
  };
  return {
    run,
    async runUntilCondition() {
      const condition = await vscode.window.showInputBox({
        title: 'Kubepad: run until',
        prompt: 'As kubectl wait has it: deployment/web condition=Available, pod/shop/web-0 delete, deployment/web .status.readyReplicas=3',
        placeHolder: 'deployment/web condition=Available',
        validateInput: (text) => (/^\S+\/\S+\s+\S+$/.test(text.trim()) ? undefined : 'KIND/NAME, a space, and what to wait for'),
      });
      if (condition !== undefined) await run({ until: 'condition', condition });
    },
    stop: () => current?.cancel(),
  };
}
