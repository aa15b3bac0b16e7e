/**
 * Apply, diff and delete of files: their documents in dependency order, each answered for itself.
 * Invariant: a refused document does not keep the others from being applied; a refusal is a diagnostic at its place.
 * Counterpart: kubectl apply, diff and delete with -f.
 */
import type { CancellationToken } from 'vscode-jsonrpc';
import type { Status } from '../../apimachinery/errors/status.ts';
import { applyObject } from '../../kubectl/apply.ts';
import { inDependencyOrder } from '../../kubectl/order.ts';
import { printYaml } from '../../kubectl/printYaml.ts';
import { findResource, pathOf, send, type Rest } from '../../kubectl/rest.ts';
import { diagnoseDocument, toDiagnostic } from '../../manifest/diagnose.ts';
import { readDocument } from '../../manifest/yaml/document.ts';
import { shiftDiagnostic } from '../../manifest/documents.ts';
import type { Judge } from '../../manifest/judge.ts';
import { parsePath } from '../../manifest/locate.ts';
import type { Diagnostic } from '../../manifest/model.ts';
import type { ApplyParams, DeleteManifestParams, ManifestDifference, ManifestReport, ManifestResult } from '../protocol/protocol.ts';
import { blamedFor } from './admission/placement.ts';
import { policiesOf } from './admission/trial.ts';
import { readManifests, type ManifestDocument } from './manifestDocuments.ts';

export interface ManifestContext {
  readonly rest: Rest;
  readonly judge: Judge;
  readonly token: CancellationToken;
  readonly onProgress: (done: number, total: number, subject: string) => void;
}

export function applyFiles(context: ManifestContext, { files, dryRun, namespace }: ApplyParams): Promise<ManifestReport> {
  const documents = inDependencyOrder(readManifests(files, namespace), kindOf);
  return inTurn(context, documents, async (document) => {
    const { object } = document;
    if (object === undefined) return notApplied(document);
    const applied = await applyObject(context.rest, object, { dryRun, namespace: document.ref?.namespace ?? namespace });
    if (!applied.ok) return rejected(context, document, applied.status);
    return resultOf(document, applied.value.action, { warnings: applied.warnings, name: applied.value.object.metadata.name });
  });
}

export function deleteFiles(context: ManifestContext, { files, namespace }: DeleteManifestParams): Promise<ManifestReport> {
  const documents = inDependencyOrder(readManifests(files, namespace), kindOf).toReversed();
  return inTurn(context, documents, async (document) => {
    const { ref } = document;
    const resource = ref === undefined ? undefined : await findResource(context.rest, ref.apiVersion, ref.kind);
    if (ref === undefined || resource === undefined)
      return notApplied({ ...document, reason: document.reason || 'the cluster does not serve this kind' });
    const body = JSON.stringify({ propagationPolicy: 'Background' });
    const path = pathOf(resource, ref.namespace, ref.name);
    const deleted = await send(context.rest, { method: 'DELETE', path, contentType: 'application/json', body });
    if (deleted.ok) return resultOf(document, 'deleted');
    return deleted.status.code === 404
      ? resultOf(document, 'not found', { message: deleted.status.message ?? '' })
      : rejected(context, document, deleted.status);
  });
}

export async function diffFiles(context: ManifestContext, { files, namespace }: ApplyParams): Promise<readonly ManifestDifference[]> {
  const differences: ManifestDifference[] = [];
  const documents = inDependencyOrder(readManifests(files, namespace), kindOf);
  for (const [index, document] of documents.entries()) {
    if (context.token.isCancellationRequested) break;
    await turn(index);
    const { uri, subject, ref, object } = document;
    const base = { uri, document: document.document, subject, ref, live: '', merged: '' };
    if (object === undefined) {
      differences.push({ ...base, change: 'rejected', message: document.reason });
      continue;
    }
    const applied = await applyObject(context.rest, object, { dryRun: true, namespace: ref?.namespace ?? namespace });
    if (!applied.ok) {
      differences.push({ ...base, change: 'rejected', message: applied.status.message ?? '' });
      continue;
    }
    const { before, object: after } = applied.value;
    const live = before === undefined ? '' : printYaml(before);
    const merged = applied.value.action === 'unchanged' ? live : printYaml(after);
    differences.push({ ...base, live, merged, change: before === undefined ? 'create' : live === merged ? 'none' : 'update', message: '' });
  }
  return differences;
}

async function inTurn(
  { token, onProgress }: ManifestContext,
  documents: readonly ManifestDocument[],
  act: (document: ManifestDocument) => Promise<ManifestResult>,
): Promise<ManifestReport> {
  const results: ManifestResult[] = [];
  for (const [index, document] of documents.entries()) {
    if (token.isCancellationRequested) return { results, cancelled: true };
    onProgress(index, documents.length, document.subject);
    results.push(await act(document));
    await turn(index);
  }
  onProgress(documents.length, documents.length, '');
  return { results, cancelled: false };
}

const TURN = 20;

/** Now and then other messages, a cancellation among them, and the simulation get their turn. */
async function turn(index: number): Promise<void> {
  if (index % TURN === TURN - 1) await new Promise((resolve) => setImmediate(resolve));
}

function kindOf({ ref }: ManifestDocument): string {
  return ref?.kind ?? '';
}

function resultOf(
  { uri, document, range, subject, ref }: ManifestDocument,
  action: ManifestResult['action'],
  more: { readonly warnings?: readonly string[]; readonly message?: string; readonly name?: string | undefined } = {},
): ManifestResult {
  const { warnings = [], message = '', name } = more;
  // The server chose the name where the manifest gave a prefix only.
  const generated = ref !== undefined && name !== undefined && name !== ref.name;
  return {
    uri,
    document,
    range,
    subject: generated ? `${subject.slice(0, subject.indexOf('/') + 1)}${name}` : subject,
    ref: generated ? { ...ref, name } : ref,
    action,
    message,
    warnings,
    diagnostics: [],
  };
}

/** A syntax error is a refusal; what is no object, or of another tool, is passed over. */
function notApplied(document: ManifestDocument): ManifestResult {
  const { yaml, reason } = document;
  if (yaml.syntax.length === 0) return resultOf(document, 'skipped', { message: reason });
  const diagnostics = yaml.syntax.map(({ range, message }): Diagnostic => ({
    range,
    severity: 'error',
    message,
    code: 'Syntax',
    path: '',
    fixes: [],
  }));
  return { ...resultOf(document, 'rejected', { message: reason }), diagnostics };
}

async function rejected(context: ManifestContext, document: ManifestDocument, status: Status): Promise<ManifestResult> {
  return {
    ...resultOf(document, 'rejected', { message: status.message ?? status.reason ?? '' }),
    diagnostics: await diagnosticsOf(context, document, status),
  };
}

/** One for each cause; where the server names none, what the editor's judge finds; else the whole message at the field to blame. */
async function diagnosticsOf({ judge, rest }: ManifestContext, document: ManifestDocument, status: Status): Promise<readonly Diagnostic[]> {
  const { yaml, prefix } = document;
  const causes = (status.details?.causes ?? []).filter(({ field }) => field !== undefined && field !== '');
  if (causes.length > 0) {
    return causes.map(({ field = '', message, reason = '' }) => {
      const path = parsePath(prefix === '' ? field : `${prefix}.${field}`);
      return toDiagnostic(judge, yaml, { code: reason, severity: 'error', path, message: `${field}: ${message}` });
    });
  }
  const line = yaml.lines.position(0).line;
  const found = diagnoseDocument(judge, readDocument(yaml.text)).filter(({ severity }) => severity === 'error');
  if (status.code === 400 && found.length > 0) return found.map((diagnostic) => shiftDiagnostic(diagnostic, line));
  const { message = '', reason: code = 'Unknown' } = status;
  const policies = /AdmissionPolicy '/.test(message) ? await policiesOf(rest) : undefined;
  return [blamedFor(yaml, document, { message, severity: 'error', code }, (name) => policies?.get(name))];
}
