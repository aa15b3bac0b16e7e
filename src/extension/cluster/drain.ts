/**
 * Takes the Pods off a node: cordoned first, then evicted as far as their budgets allow, until none is left or somebody cancels.
 * Invariant: whoever cancels leaves the node cordoned, as kubectl does. Counterpart: kubectl drain.
 */
import * as vscode from 'vscode';
import { requests } from '../../host/protocol/protocol.ts';
import type { ObjectRef } from '../../host/protocol/view.ts';
import type { Services } from '../services.ts';
import { tellRefusal } from './refusal.ts';

/** Between two rounds; kubectl waits five seconds. */
const ROUND_MS = 1_000;

export async function drainNode({ host }: Services, ref: ObjectRef): Promise<void> {
  const node = ref.name;
  const detail = 'It is cordoned first; its Pods are evicted as far as their budgets allow.';
  const meant = await host.mayChange({ act: `Take all Pods off ${node} in`, detail, button: 'Drain' });
  if (meant === undefined) return;
  const patch = { spec: { unschedulable: true } };
  const cordoned = await host.requestAgreed(requests.objectPatch, { ref, type: 'merge', patch, subresource: '' }, meant);
  if (!cordoned.ok) return tellRefusal(cordoned);
  const first = await host.requestAgreed(requests.nodeDrain, { node, force: false }, meant);
  if (!first.ok) return tellRefusal(first);
  const { bare } = first.value;
  if (bare.length > 0 && !(await mayLose(node, bare))) return;
  const options = { location: vscode.ProgressLocation.Notification, title: `Kubepad: Draining ${node}`, cancellable: true };
  const isDone = await vscode.window.withProgress(options, async (progress, token) => {
    while (!token.isCancellationRequested) {
      const round = await host.requestAgreed(requests.nodeDrain, { node, force: true }, meant);
      if (!round.ok) return tellRefusal(round);
      const { left, refusal } = round.value;
      if (left.length === 0) return true;
      const pods = left.length === 1 ? `${left[0]} is left.` : `${left.length} Pods are left.`;
      const paused = host.clock?.paused === true ? ' The clock is paused.' : '';
      progress.report({ message: `${pods} ${refusal}${paused}` });
      await pause(token);
    }
    return false;
  });
  if (isDone === true) void vscode.window.showInformationMessage(`Kubepad: ${node} is drained. It stays cordoned until you uncordon it.`);
}

async function mayLose(node: string, bare: readonly string[]): Promise<boolean> {
  const names =
    bare.length === 1 ? `${bare[0]} has no controller: nothing makes it again.` : `No controller makes these again: ${bare.join(', ')}.`;
  const choice = await vscode.window.showWarningMessage(`Drain ${node}?`, { modal: true, detail: names }, 'Drain');
  return choice === 'Drain';
}

function pause(token: vscode.CancellationToken): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ROUND_MS);
    const cancelled = token.onCancellationRequested(done);
    function done(): void {
      clearTimeout(timer);
      cancelled.dispose();
      resolve();
    }
  });
}
