/**
 * The verdict on what charts and kustomizations render to, shown in the files that they are made of.
 * Invariant: nothing is run before the workspace is trusted; a newer text cancels the rendering of an older one.
 * Counterpart: `helm template | kubectl apply --dry-run=server`, at every pause in typing.
 */
import * as vscode from 'vscode';
import { RenderedFindings } from '../../host/protocol/renderedFindings.ts';
import { type RenderedRoot, renderingRequests } from '../../host/protocol/rendering.ts';
import { toDiagnostic } from '../diagnostics/convert.ts';
import { mayBeRendered } from '../diagnostics/documentSync.ts';
import { settings } from '../ids.ts';
import type { Services } from '../services.ts';
import { readSettings } from '../settings.ts';

const PAUSE_MS = 400;

interface Pending {
  readonly timer: NodeJS.Timeout;
  readonly cancellation: vscode.CancellationTokenSource;
}

export function registerRendering({ host, output, sync }: Pick<Services, 'host' | 'output' | 'sync'>): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('kubepad-rendered');
  const shown = new RenderedFindings((uri, diagnostics) => collection.set(vscode.Uri.parse(uri), diagnostics.map(toDiagnostic)));
  const pending = new Map<string, Pending>();
  const complaints = new Complaints();

  const cancel = (uri: string): void => {
    const entry = pending.get(uri);
    if (entry === undefined) return;
    clearTimeout(entry.timer);
    entry.cancellation.cancel();
    entry.cancellation.dispose();
    pending.delete(uri);
  };
  const render = async (document: vscode.TextDocument, token: vscode.CancellationToken): Promise<void> => {
    const { namespace, validation, targetVersion, rendering, rules } = readSettings();
    const uri = document.uri.toString();
    try {
      if (document.isClosed || !sync.ensure(document)) return;
      const { helm, kubectl } = rendering;
      const { warnings, references } = validation;
      const params = { uri, namespace, targetVersion, warnings, references, rules, helm, kubectl };
      const roots = await host.request(renderingRequests.render, params, token);
      if (token.isCancellationRequested) return;
      shown.set(uri, roots);
      for (const { tool, outcome, message, root } of roots) {
        if (outcome === 'missing') complaints.missing(tool, message);
        else if (outcome === 'stopped') output.log('info', `${vscode.Uri.parse(root).path} was not rendered: ${message}`);
      }
    } catch (error) {
      if (!token.isCancellationRequested) output.log('warning', `Rendering for ${document.uri.path}: ${String(error)}`);
    } finally {
      if (!token.isCancellationRequested) pending.delete(uri);
    }
  };
  const schedule = (document: vscode.TextDocument): void => {
    const uri = document.uri.toString();
    cancel(uri);
    if (!isWanted() || document.uri.scheme !== 'file' || !mayBeRendered(document)) return;
    const cancellation = new vscode.CancellationTokenSource();
    const timer = setTimeout(() => void render(document, cancellation.token), PAUSE_MS);
    pending.set(uri, { timer, cancellation });
  };
  const all = (): void => {
    if (!isWanted()) shown.clear();
    for (const document of vscode.workspace.textDocuments) schedule(document);
  };
  all();
  return vscode.Disposable.from(
    collection,
    vscode.workspace.onDidOpenTextDocument(schedule),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) schedule(document);
    }),
    vscode.workspace.onDidSaveTextDocument(schedule),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      cancel(uri.toString());
      shown.forget(uri.toString());
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(all),
    vscode.workspace.onDidChangeConfiguration((change) => {
      const tools = [settings.rendering, settings.helm, settings.kubectl];
      const wanted = [settings.validationEnabled, settings.validationWarnings, settings.validationReferences, settings.rules];
      if ([...tools, ...wanted, settings.targetVersion, settings.namespace].some((name) => change.affectsConfiguration(name))) all();
    }),
    host.onDidStart(all),
    host.onDidChangeHints((uris) => {
      for (const document of vscode.workspace.textDocuments) if (uris.includes(document.uri.toString())) schedule(document);
    }),
    new vscode.Disposable(() => {
      for (const uri of pending.keys()) cancel(uri);
    }),
  );
}

function isWanted(): boolean {
  const { rendering, validation } = readSettings();
  return vscode.workspace.isTrusted && rendering.enabled && validation.enabled;
}

/** A tool that is missing is told once. */
class Complaints {
  private readonly told = new Set<string>();

  missing(tool: RenderedRoot['tool'], message: string): void {
    if (this.told.has(tool)) return;
    this.told.add(tool);
    const what = tool === 'helm' ? 'charts are' : 'kustomizations are';
    const [choose, never] = ['Open Settings', 'Do Not Render'];
    void vscode.window
      .showInformationMessage(
        `Kubepad: ${message}, so ${what} not rendered and judged. Install it, or say in the settings where it is.`,
        choose,
        never,
      )
      .then((choice) => {
        if (choice === choose) void vscode.commands.executeCommand('workbench.action.openSettings', 'kubepad.rendering');
        if (choice === never) void vscode.workspace.getConfiguration().update(settings.rendering, false, vscode.ConfigurationTarget.Global);
      });
  }
}
