/**
 * Commands about what no real cluster has: while one is shown they say so, wherever they are called from.
 * Invariant: nothing is done to the simulated cluster while somebody looks at another one. Counterpart: none.
 */
import * as vscode from 'vscode';
import { commands, type CommandId } from '../ids.ts';
import type { WorkerHost } from '../host/workerHost.ts';

type Target = Pick<WorkerHost, 'real'>;

/** @param what is missed, in the words of `has no …`: `clock to set` */
export function registerSimulated(
  host: Target,
  id: CommandId,
  what: string,
  act: (clicked?: unknown, selected?: unknown) => unknown,
): vscode.Disposable {
  return vscode.commands.registerCommand(id, (clicked?: unknown, selected?: unknown) =>
    isMissedByReal(host, what) ? undefined : act(clicked, selected),
  );
}

/** Whether a real cluster is shown, which has none of what a command is about; then the person is told so. */
export function isMissedByReal({ real }: Target, what: string): boolean {
  if (real === undefined) return false;
  const leave = 'Back to the Simulated Cluster';
  void vscode.window
    .showInformationMessage(`Kubepad: the real cluster “${real.context}” has no ${what}.`, leave)
    .then((choice) => choice === leave && vscode.commands.executeCommand(commands.leaveTarget));
  return true;
}
