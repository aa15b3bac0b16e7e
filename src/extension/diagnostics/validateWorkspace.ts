import * as vscode from 'vscode';
import { type ManifestFile, requests } from '../../host/protocol/protocol.ts';
import { readText } from '../manifests/collect.ts';
import { looksLikeManifest, manifestFiles } from '../manifests/recognise.ts';
import type { Services } from '../services.ts';
import { readSettings } from '../settings.ts';
import { toDiagnostic } from './convert.ts';

/** Files per request: small enough to show progress and to stop soon. */
const batchSize = 20;

interface Counts {
  readonly files: number;
  readonly faulty: number;
  readonly findings: number;
}

/** Judges every manifest of the workspace; the findings stay in the Problems view until a file is closed or judged again. */
export async function validateWorkspace(services: Services, collection: vscode.DiagnosticCollection): Promise<void> {
  const options = { location: vscode.ProgressLocation.Notification, title: 'Kubepad: Validating the workspace', cancellable: true };
  const outcome = await vscode.window.withProgress(options, async (progress, token): Promise<Counts | undefined> => {
    const uris = await vscode.workspace.findFiles(manifestFiles.include, manifestFiles.exclude, manifestFiles.limit, token);
    const { namespace, validation, rules, targetVersion } = readSettings();
    const counts = { files: 0, faulty: 0, findings: 0 };
    for (let index = 0; index < uris.length && !token.isCancellationRequested; index += batchSize) {
      const batch = uris.slice(index, index + batchSize);
      const files = await readManifests(batch);
      progress.report({ increment: (batch.length * 100) / uris.length, message: `${index + batch.length} of ${uris.length} files` });
      if (files.length === 0) continue;
      const params = {
        files,
        settings: { namespace, warnings: validation.warnings, references: validation.references, rules, targetVersion },
      };
      const found = await services.host.request(requests.manifestValidate, params, token).catch((error: unknown) => {
        // A question that was taken back is answered with an error.
        if (token.isCancellationRequested) return [];
        throw error;
      });
      for (const { uri, diagnostics } of found) {
        collection.set(vscode.Uri.parse(uri), diagnostics.map(toDiagnostic));
        counts.files++;
        counts.faulty += diagnostics.length > 0 ? 1 : 0;
        counts.findings += diagnostics.length;
      }
    }
    return token.isCancellationRequested ? undefined : counts;
  });
  // What was found so far stays in the Problems view; nothing is said of files that nobody looked at.
  if (outcome === undefined) return;
  const { files, faulty, findings } = outcome;
  if (findings === 0) {
    void vscode.window.showInformationMessage(
      files === 0
        ? 'Kubepad: the workspace holds no manifest.'
        : `Kubepad: nothing to complain about in ${files} ${files === 1 ? 'file' : 'files'}.`,
    );
    return;
  }
  const text = `Kubepad: ${findings} ${findings === 1 ? 'problem' : 'problems'} in ${faulty} of ${files} files`;
  if ((await vscode.window.showWarningMessage(text, 'Show Problems')) !== undefined)
    await vscode.commands.executeCommand('workbench.actions.view.problems');
}

async function readManifests(uris: readonly vscode.Uri[]): Promise<readonly ManifestFile[]> {
  const files: ManifestFile[] = [];
  for (const uri of uris) {
    const text = await readText(uri, []);
    if (text !== undefined && looksLikeManifest(text)) files.push({ uri: uri.toString(), text });
  }
  return files;
}
