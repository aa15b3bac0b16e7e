/**
 * One act on several objects that were chosen in the tree.
 * Invariant: asked once, then one request an object in the order of the rows; refusals are told once, in the API server's words;
 * an object that has gone meanwhile is no refusal. Counterpart: kubectl with several names.
 */
import * as vscode from 'vscode';
import type { JsonObject } from '../../base/json.ts';
import { meantOf, type Meant } from '../../host/protocol/changes.ts';
import { requests, type Answer } from '../../host/protocol/protocol.ts';
import type { ObjectRef } from '../../host/protocol/view.ts';
import { shortName } from '../documents/liveUri.ts';
import type { Services } from '../services.ts';
import { refusalText } from './refusal.ts';

type Refs = readonly ObjectRef[];
type Host = Services['host'];

interface BulkAct {
  /** `Deleting`, `Cordoning`: said while it lasts. */
  readonly title: string;
  /** `deleted`, `cordoned`: said at the end. */
  readonly done: string;
  readonly request: (ref: ObjectRef) => Promise<Answer<unknown>>;
}

export async function deleteAll({ host }: Pick<Services, 'host'>, refs: Refs): Promise<void> {
  const meant = await mayDelete(host, refs);
  if (meant === undefined) return;
  const request = (ref: ObjectRef) =>
    host.requestAgreed(requests.objectDelete, { ref, gracePeriodSeconds: undefined, propagationPolicy: undefined }, meant);
  await forAll(refs, { title: 'Deleting', done: 'deleted', request });
}

/** @param patch what marks a node as not to be scheduled to, or takes the mark away */
export async function cordonAll({ host }: Pick<Services, 'host'>, refs: Refs, patch: JsonObject, undo: boolean): Promise<void> {
  const button = undo ? 'Uncordon' : 'Cordon';
  const meant = await host.mayChange({ act: `${button} ${countOf(refs)} of`, detail: namesOf(refs), button });
  if (meant === undefined) return;
  const request = (ref: ObjectRef) => host.requestAgreed(requests.objectPatch, { ref, type: 'merge', patch, subresource: '' }, meant);
  await forAll(refs, { title: `${button}ing`, done: `${button.toLowerCase()}ed`, request });
}

async function mayDelete(host: Host, refs: Refs): Promise<Meant | undefined> {
  const detail = namesOf(refs);
  const { real } = host;
  if (real !== undefined) return host.mayChange({ act: `Delete ${countOf(refs)} from`, detail, button: 'Delete' });
  const choice = await vscode.window.showWarningMessage(`Delete ${countOf(refs)} from the cluster?`, { modal: true, detail }, 'Delete');
  return choice === 'Delete' ? meantOf(real) : undefined;
}

async function forAll(refs: Refs, { title, done, request }: BulkAct): Promise<void> {
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

/** `3 Pods`, `1 Node`, `4 objects` */
function countOf(refs: Refs): string {
  const kinds = new Set(refs.map(({ kind }) => kind));
  const [kind = 'object'] = kinds;
  return `${refs.length} ${kinds.size > 1 ? 'object' : kind}${refs.length === 1 ? '' : 's'}`;
}

const NAMED = 10;

function namesOf(refs: Refs): string {
  const more = refs.length > NAMED ? [`and ${refs.length - NAMED} more`] : [];
  return [...refs.slice(0, NAMED).map(shortName), ...more].join('\n');
}
