/**
 * One act on several objects that were chosen in the tree.
 * Invariant: one request an object, in the order of the rows; refusals are told once, in the API server's words; an object
 * that has gone meanwhile is no refusal of its deletion. Counterpart: kubectl with several names.
 */
import * as vscode from 'vscode';
import type { Answer } from '../../host/protocol/protocol.ts';
import type { ObjectRef } from '../../host/protocol/view.ts';
import { shortName } from '../documents/liveUri.ts';
import { refusalText } from './refusal.ts';

export interface BulkAct {
  /** `Deleting`, `Cordoning`: said while it lasts. */
  readonly title: string;
  /** `deleted`, `cordoned`: said at the end. */
  readonly done: string;
  readonly request: (ref: ObjectRef) => Promise<Answer<unknown>>;
}

/** `3 Pods`, `1 Node`, `4 objects` */
export function countOf(refs: readonly ObjectRef[]): string {
  const kinds = new Set(refs.map(({ kind }) => kind));
  const [kind = ''] = kinds;
  if (refs.length === 1) return `1 ${kind}`;
  return kinds.size === 1 ? `${refs.length} ${kind}s` : `${refs.length} objects`;
}

export async function forAll(refs: readonly ObjectRef[], { title, done, request }: BulkAct): Promise<void> {
  const refusals: string[] = [];
  let asked = 0;
  const options = { location: vscode.ProgressLocation.Notification, title: `Kubepad: ${title} ${countOf(refs)}`, cancellable: true };
  await vscode.window.withProgress(options, async (progress, token) => {
    for (const ref of refs) {
      if (token.isCancellationRequested) return;
      const answer = await request(ref);
      asked++;
      if (!answer.ok && answer.status.reason !== 'NotFound') refusals.push(refusalText(answer) ?? '');
      progress.report({ message: `${asked} of ${refs.length}`, increment: 100 / refs.length });
    }
  });
  const well = `${countOf(refs.slice(0, asked - refusals.length))} ${done}`;
  if (refusals.length === 0) vscode.window.setStatusBarMessage(`Kubepad: ${well}`, 5_000);
  else void vscode.window.showErrorMessage(`Kubepad: ${well}, ${refusals.length} refused. ${[...new Set(refusals)].slice(0, 3).join(' ')}`);
}

const NAMED = 10;

export async function confirmDeleteAll(refs: readonly ObjectRef[]): Promise<boolean> {
  const names = refs.slice(0, NAMED).map(shortName);
  const more = refs.length > NAMED ? [`and ${refs.length - NAMED} more`] : [];
  const message = `Delete ${countOf(refs)} from the cluster?`;
  const choice = await vscode.window.showWarningMessage(message, { modal: true, detail: [...names, ...more].join('\n') }, 'Delete');
  return choice === 'Delete';
}
