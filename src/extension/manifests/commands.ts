/**
 * Apply, Dry Run, Diff and Delete for what was selected in the explorer, the editor or the palette.
 * Invariant: one notification per run; refusals are diagnostics, never exceptions. Counterpart: kubectl apply, diff, delete.
 */
import * as vscode from 'vscode';
import { type ManifestFile, type ManifestReport, type ManifestResult, requests } from '../../host/protocol/protocol.ts';
import type { Services } from '../services.ts';
import { commands, views } from '../ids.ts';
import { readSettings } from '../settings.ts';
import type { WorkerHost } from '../host/workerHost.ts';
import { type Collected, collectManifests } from './collect.ts';
import { showDifferences } from './diff.ts';
import { documentAt, onlyDocument } from '../../host/protocol/documentAt.ts';
import { type Run, summarize, table } from '../../host/protocol/manifestSummary.ts';

export function registerManifestCommands(services: Services): vscode.Disposable {
  const on = (id: string, act: (uris: readonly vscode.Uri[]) => Promise<void>): vscode.Disposable =>
    vscode.commands.registerCommand(id, async (clicked?: unknown, selected?: unknown) => {
      const uris = selectionOf(clicked, selected);
      if (uris.length > 0) await act(uris);
      else void vscode.window.showInformationMessage('Open a manifest, or right-click files or folders in the explorer.');
    });
  const onDocument = (id: string, act: (uris: readonly vscode.Uri[], line: number) => Promise<void>): vscode.Disposable =>
    vscode.commands.registerCommand(id, async (clicked?: unknown, at?: unknown) => {
      const editor = vscode.window.activeTextEditor;
      if (clicked instanceof vscode.Uri && typeof at === 'number') await act([clicked], at);
      else if (editor !== undefined) await act([editor.document.uri], editor.selection.active.line);
      else void vscode.window.showInformationMessage('Open a manifest and put the cursor into a document of it.');
    });
  return vscode.Disposable.from(
    on(commands.apply, async (uris) => void (await applyManifests(services, uris, false))),
    on(commands.dryRun, async (uris) => void (await applyManifests(services, uris, true))),
    on(commands.diff, (uris) => diffManifests(services, uris)),
    on(commands.deleteManifests, (uris) => deleteManifests(services, uris)),
    onDocument(commands.applyDocument, async (uris, line) => void (await applyManifests(services, uris, false, line))),
    onDocument(commands.diffDocument, (uris, line) => diffManifests(services, uris, line)),
  );
}

/**
 * The report, or undefined if there was nothing to apply.
 * @param line only the document there; undefined: everything
 */
export async function applyManifests(
  services: Services,
  uris: readonly vscode.Uri[],
  dryRun: boolean,
  line?: number,
): Promise<ManifestReport | undefined> {
  const title = dryRun ? 'Dry run' : 'Applying';
  const report = await collectAndRun(uris, title, async (collected, token, progress) => {
    const files = await narrow(services, collected.files, line, token);
    const id = crypto.randomUUID();
    let done = 0;
    const listening = services.host.onManifestProgress((step) => {
      if (step.progress !== id || step.total === 0) return;
      progress.report({ message: step.subject, increment: ((step.done - done) * 100) / step.total });
      done = step.done;
    });
    try {
      return await services.host.request(
        requests.manifestApply,
        { files, dryRun, namespace: namespaceFor(services.host), progress: id },
        token,
      );
    } finally {
      listening.dispose();
    }
  });
  if (report !== undefined) void tell(services, dryRun ? 'dryRun' : 'apply', report.value, report.remarks);
  return report?.value;
}

async function diffManifests(services: Services, uris: readonly vscode.Uri[], line?: number): Promise<void> {
  const differences = await collectAndRun(uris, 'Comparing', async (collected, token) => {
    const files = await narrow(services, collected.files, line, token);
    const params = { files, dryRun: true, namespace: namespaceFor(services.host), progress: undefined };
    return services.host.request(requests.manifestDiff, params, token);
  });
  if (differences !== undefined) await showDifferences(services, differences.value);
}

async function deleteManifests(services: Services, uris: readonly vscode.Uri[]): Promise<void> {
  const what = uris.length === 1 ? vscode.workspace.asRelativePath(uris[0] ?? '') : `${uris.length} selected files and folders`;
  const confirm = 'Delete';
  const question = `Delete the objects of ${what} from the cluster?`;
  const detail = 'The files stay as they are. Pods get their grace period; objects owned by the deleted ones follow.';
  // Of a real cluster the question is asked where the request is made.
  const isAsked = services.host.real === undefined;
  if (isAsked && (await vscode.window.showWarningMessage(question, { modal: true, detail }, confirm)) !== confirm) return;
  const report = await collectAndRun(uris, 'Deleting', ({ files }, token) =>
    services.host.request(requests.manifestDelete, { files, namespace: namespaceFor(services.host) }, token),
  );
  if (report !== undefined) void tell(services, 'delete', report.value, report.remarks);
}

/** For documents that name none: a real cluster's own is that of its context. */
export function namespaceFor({ real }: Pick<WorkerHost, 'real'>): string {
  return real?.namespace ?? readSettings().namespace;
}

/** Of an open file only the document at a line; a line without one leaves all. */
async function narrow(
  { host, sync }: Services,
  files: readonly ManifestFile[],
  line: number | undefined,
  token: vscode.CancellationToken,
): Promise<readonly ManifestFile[]> {
  const [file] = files;
  const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === file?.uri);
  if (line === undefined || file === undefined || document === undefined || !sync.ensure(document)) return files;
  const found = documentAt(await host.request(requests.documentOutline, { uri: file.uri }, token), line);
  return found === undefined ? files : [{ ...file, text: onlyDocument(file.text, found) }];
}

type Progress = vscode.Progress<{ message?: string; increment?: number }>;
type Work<T> = (collected: Collected, token: vscode.CancellationToken, progress: Progress) => Promise<T>;

/** Undefined: cancelled, failed, or nothing to work on; the person was told. */
export async function collectAndRun<T>(
  uris: readonly vscode.Uri[],
  title: string,
  work: Work<T>,
): Promise<{ readonly value: T; readonly remarks: readonly string[] } | undefined> {
  const options = { location: vscode.ProgressLocation.Notification, title: `Kubepad: ${title}`, cancellable: true };
  try {
    const outcome = await vscode.window.withProgress(options, async (progress, token) => {
      const collected = await collectManifests(uris, token);
      if (token.isCancellationRequested) return 'cancelled';
      if (collected.files.length === 0) return collected;
      return { value: await work(collected, token, progress), remarks: collected.remarks };
    });
    if (outcome === 'cancelled') return undefined;
    if ('value' in outcome) return outcome;
    void vscode.window.showInformationMessage(['There is no manifest (YAML or JSON) to work on.', ...outcome.remarks].join(' '));
  } catch (error) {
    if (!(error instanceof vscode.CancellationError))
      void vscode.window.showErrorMessage(`Kubepad: ${title} failed. ${error instanceof Error ? error.message : String(error)}`);
  }
  return undefined;
}

async function tell(services: Services, run: Run, report: ManifestReport, remarks: readonly string[]): Promise<void> {
  const summary = summarize(run, report.results, report.cancelled);
  services.output.log('info', `${{ apply: 'Apply', dryRun: 'Dry Run', delete: 'Delete' }[run]}: ${summary.text}`);
  services.output.print(table(report.results, (uri) => vscode.workspace.asRelativePath(vscode.Uri.parse(uri))));
  for (const remark of remarks) services.output.print(remark);
  if (run !== 'delete') services.applied.set(report.results);
  const text = `Kubepad: ${[summary.text, firstRefusal(report.results), ...remarks].filter((part) => part !== '').join('. ')}`;
  const details = 'Show Details';
  const cluster = 'Show Cluster';
  // The first action is the one that most people want: what runs now, or what went wrong.
  const actions = run !== 'apply' ? [details] : summary.severity === 'info' ? [cluster, details] : [details, cluster];
  const choice = await {
    info: vscode.window.showInformationMessage,
    warning: vscode.window.showWarningMessage,
    error: vscode.window.showErrorMessage,
  }[summary.severity](text, ...actions);
  if (choice === details) services.output.show();
  if (choice === cluster) await vscode.commands.executeCommand(`${views.cluster}.focus`);
}

/** With one refusal its message says more than its number. */
function firstRefusal(results: readonly ManifestResult[]): string {
  const rejected = results.filter(({ action }) => action === 'rejected');
  return rejected.length === 1 ? (rejected[0]?.message.split('\n', 1)[0] ?? '') : '';
}

/** What a command of the explorer, the editor or the palette is about. */
export function selectionOf(clicked: unknown, selected: unknown): readonly vscode.Uri[] {
  const many = Array.isArray(selected) ? selected.filter((item) => item instanceof vscode.Uri) : [];
  if (many.length > 0) return many;
  if (clicked instanceof vscode.Uri) return [clicked];
  const active = vscode.window.activeTextEditor?.document.uri;
  return active === undefined ? [] : [active];
}
