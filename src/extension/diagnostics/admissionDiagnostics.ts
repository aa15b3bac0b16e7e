/**
 * What the simulated cluster would refuse or warn of now, at the fields to blame, before anything is applied.
 * Invariant: told apart from what is wrong in any cluster, by source and severity; withdrawn when the cluster would answer otherwise.
 * Counterpart: `kubectl apply --dry-run=server` after each pause of typing.
 */
import * as vscode from 'vscode';
import { admissionRequests } from '../../host/protocol/admission.ts';
import { settings } from '../ids.ts';
import { ask } from '../language/ask.ts';
import { followVisible } from '../language/followVisible.ts';
import type { Services } from '../services.ts';
import { readSettings } from '../settings.ts';
import { severities, toDiagnostic } from './convert.ts';

export interface AdmissionDiagnostics extends vscode.Disposable {
  readonly collection: vscode.DiagnosticCollection;
  readonly onDidShow: vscode.Event<vscode.Uri>;
  start(): void;
}

const PAUSE_MS = 300;
const SOURCE = 'Kubepad (cluster)';

export function createAdmissionDiagnostics(services: Pick<Services, 'host' | 'sync' | 'output'>): AdmissionDiagnostics {
  const collection = vscode.languages.createDiagnosticCollection('kubepad-admission');
  const shown = new vscode.EventEmitter<vscode.Uri>();
  const show = (uri: vscode.Uri, diagnostics: readonly vscode.Diagnostic[]): void => {
    if (diagnostics.length === 0 && !collection.has(uri)) return;
    collection.set(uri, diagnostics);
    shown.fire(uri);
  };
  const subscriptions: vscode.Disposable[] = [collection, shown];
  return {
    collection,
    onDidShow: shown.event,
    start() {
      const { host } = services;
      const following = followVisible({
        pauseMs: PAUSE_MS,
        isWanted: () => readSettings().validation.enabled && readSettings().validation.admission !== 'off',
        settings: [settings.validationEnabled, settings.validationAdmission, settings.validationWarnings, settings.namespace],
        onDidStart: host.onDidStart,
        onDidChange: (listener) => vscode.Disposable.from(host.onDidChangeAdmission(listener), host.onDidChangeHints(listener)),
        forget: (uri) => show(uri, []),
        async ask(document, token) {
          const { namespace, validation } = readSettings();
          const { version, uri } = document;
          const params = { uri: uri.toString(), namespace, warnings: validation.warnings };
          const answer = await ask(services, document, admissionRequests.document, params, token);
          if (answer === undefined || answer === null) return false;
          if (!token.isCancellationRequested && !document.isClosed && document.version === version)
            show(uri, answer.diagnostics.map(toOwnDiagnostic));
          return true;
        },
      });
      subscriptions.push(following);
    },
    dispose: () => void vscode.Disposable.from(...subscriptions).dispose(),
  };
}

/** How grave a refusal is, the setting says: the manifest may be meant for another cluster. */
function toOwnDiagnostic(diagnostic: Parameters<typeof toDiagnostic>[0]): vscode.Diagnostic {
  const { admission } = readSettings().validation;
  const result = toDiagnostic(diagnostic);
  result.source = SOURCE;
  if (diagnostic.severity === 'error' && admission !== 'off') result.severity = severities[admission];
  return result;
}
