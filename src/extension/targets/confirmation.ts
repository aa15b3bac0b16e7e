/**
 * What would change a real cluster is asked of the person first, in a dialog that names the cluster.
 * Invariant: no request that can change one goes without a question, be it one that has no words of its own here; the simulated cluster is never asked about here. Counterpart: none in kubectl.
 */
import * as vscode from 'vscode';
import { isChanging } from '../../host/protocol/changes.ts';
import { type ApplyParams, type DeleteManifestParams, type ManifestFile, requests } from '../../host/protocol/protocol.ts';
import type { ObjectRef, RealTarget } from '../../host/protocol/view.ts';
import { shortName } from '../documents/liveUri.ts';

export interface Question {
  /** What is done, with the place where the cluster is named: `Delete deployment/web from`. */
  readonly act: string;
  readonly detail: string;
  readonly button: string;
}

/** A request is of one type; what a type says of its parameters holds for them. */
type Asks = (params: never) => Question | undefined;

const QUESTIONS: ReadonlyMap<string, Asks> = new Map<string, Asks>([
  [requests.manifestApply.method, ({ files, dryRun }: ApplyParams) => (dryRun ? undefined : ofFiles('Apply', 'to', files))],
  [requests.manifestDelete.method, ({ files }: DeleteManifestParams) => ofFiles('Delete the objects of', 'from', files, 'Delete')],
  [requests.objectReplace.method, ({ ref }: WithRef) => ofObject('Save the change of', 'in', ref, 'Save')],
  [requests.objectPatch.method, ({ ref }: WithRef) => ofObject('Change', 'in', ref, 'Change')],
  [requests.objectDelete.method, ({ ref }: WithRef) => ofObject('Delete', 'from', ref, 'Delete')],
  [
    requests.objectCreate.method,
    ({ object, namespace }: { readonly object: { readonly kind: string }; readonly namespace: string }) => ({
      act: `Create a ${object.kind} in`,
      detail: namespaceText(namespace),
      button: 'Create',
    }),
  ],
  [
    requests.nodeDrain.method,
    ({ node }: { readonly node: string }) => ({ act: `Take all Pods off ${node} in`, detail: '', button: 'Drain' }),
  ],
]);

interface WithRef {
  readonly ref: ObjectRef;
}

/** What is to be asked before a request; undefined: it changes nothing. */
export function questionOf(type: { readonly method: string }, params: unknown): Question | undefined {
  const asks = QUESTIONS.get(type.method);
  if (asks !== undefined) return asks(params as never);
  return isChanging(type) ? { act: 'Change something in', detail: '', button: 'Change' } : undefined;
}

export async function confirmed({ context, server }: RealTarget, { act, detail, button }: Question): Promise<boolean> {
  const where = `This is no simulation: ${server}.`;
  const choice = await vscode.window.showWarningMessage(
    `${act} the real cluster “${context}”?`,
    { modal: true, detail: detail === '' ? where : `${where}\n${detail}` },
    button,
  );
  return choice === button;
}

const MAX_NAMED = 6;

function ofFiles(verb: string, preposition: string, files: readonly ManifestFile[], button = verb): Question {
  const names = files.slice(0, MAX_NAMED).map(({ uri }) => vscode.workspace.asRelativePath(vscode.Uri.parse(uri)));
  const rest = files.length - names.length;
  return {
    act: `${verb} ${files.length === 1 ? (names[0] ?? '') : `${files.length} files`} ${preposition}`,
    detail: files.length === 1 ? '' : [...names, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n'),
    button,
  };
}

function ofObject(verb: string, preposition: string, ref: ObjectRef, button: string): Question {
  return { act: `${verb} ${shortName(ref)} ${preposition}`, detail: namespaceText(ref.namespace), button };
}

function namespaceText(namespace: string): string {
  return namespace === '' ? '' : `Namespace ${namespace}.`;
}
