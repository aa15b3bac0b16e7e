/**
 * "Preview Apply": the whole outcome of an apply, before it, in a panel: what becomes of each document, where Pods would run,
 * what would happen when, and every object before and after.
 * Invariant: one panel, about what was chosen last; nothing is applied but by its button. Counterpart: `kubectl diff`, and beyond it.
 */
import * as vscode from 'vscode';
import { assertNever } from '../../base/assertNever.ts';
import { type Forecast, type ForecastChange, forecastRequests } from '../../host/protocol/forecast.ts';
import type { KeptPreview, ToExtension, ToWebview } from '../../webview/preview/protocol.ts';
import { loadPage } from '../cluster/page.ts';
import { toRange } from '../diagnostics/convert.ts';
import { commands } from '../ids.ts';
import { collectAndRun, selectionOf } from '../manifests/commands.ts';
import type { Services } from '../services.ts';
import { registerSimulated } from '../targets/simulatedOnly.ts';
import { readSettings } from '../settings.ts';
import { previewModel } from './previewModel.ts';

/** Of package.json: `onWebviewPanel:kubepad.preview` wakes the extension for a panel of an earlier session. */
const VIEW_TYPE = 'kubepad.preview';

interface Shown {
  readonly uris: readonly vscode.Uri[];
  readonly files: readonly string[];
  readonly forecast: Forecast;
}

export function registerPreview(services: Services): vscode.Disposable {
  const { host, texts, context, output } = services;
  let panel: vscode.WebviewPanel | undefined;
  let shown: Shown | undefined;

  const post = (): void => {
    if (shown === undefined || panel === undefined) return;
    const nameOf = (uri: string): string => vscode.workspace.asRelativePath(vscode.Uri.parse(uri));
    const of = { uris: shown.uris.map((uri) => uri.toString()) };
    const message: ToWebview = { type: 'forecast', model: previewModel(shown.forecast, shown.files, nameOf), of };
    panel.title = `Preview: ${message.model.of}`;
    void panel.webview.postMessage(message);
  };
  const foresee = async (uris: readonly vscode.Uri[], reveal = true): Promise<void> => {
    const found = await collectAndRun(uris, 'Looking ahead', async ({ files }, token) => {
      const forecast = await host.request(forecastRequests.preview, { files, namespace: readSettings().namespace }, token);
      return { forecast, files: files.map(({ uri }) => uri) };
    });
    if (found === undefined || found.value.forecast === null) return;
    shown = { uris, files: found.value.files, forecast: found.value.forecast };
    if (panel === undefined) adopt(vscode.window.createWebviewPanel(VIEW_TYPE, 'Preview Apply', vscode.ViewColumn.Active));
    else if (reveal) panel.reveal(undefined, false);
    post();
  };
  const adopt = (created: vscode.WebviewPanel): void => {
    created.iconPath = new vscode.ThemeIcon('telescope');
    created.onDidDispose(() => {
      if (panel !== created) return;
      panel = undefined;
      shown = undefined;
    });
    created.webview.onDidReceiveMessage((message: ToExtension) => {
      receive(message).catch((error: unknown) => output.log('error', `Preview Apply: ${String(error)}`));
    });
    panel = created;
    loadPage(created.webview, context.extensionUri, 'preview', 'Preview Apply');
  };
  const receive = async (message: ToExtension): Promise<void> => {
    if (message.type === 'ready') return post();
    if (shown === undefined) return;
    switch (message.type) {
      case 'document':
        return openDocument(shown.forecast, message.index);
      case 'change': {
        const change = shown.forecast.changes[message.index];
        if (change === undefined) return;
        const [before, after] = sides(change);
        return void (await vscode.commands.executeCommand('vscode.diff', before, after, titleOf(change), { preview: true }));
      }
      case 'allChanges': {
        const pairs = shown.forecast.changes.map((change) => {
          const [before, after] = sides(change);
          return [after, before, after];
        });
        return void (await vscode.commands.executeCommand('vscode.changes', `Now ↔ after the apply (${pairs.length} objects)`, pairs));
      }
      case 'apply':
        return void (await vscode.commands.executeCommand(commands.apply, shown.uris[0], [...shown.uris]));
      case 'again':
        return foresee(shown.uris);
      default:
        return assertNever(message);
    }
  };
  const sides = ({ ref, before, after }: ForecastChange): readonly [vscode.Uri, vscode.Uri] => {
    // The names end in .yaml so that both sides are coloured.
    const name = `${[ref.kind.toLowerCase(), ref.namespace, ref.name].filter((part) => part !== '').join('.')}.yaml`;
    return [texts.put(`/now/${name}`, before), texts.put(`/forecast/${name}`, after)];
  };
  /** The cluster may be another one now, so that it is looked again. */
  const restore = async (restored: vscode.WebviewPanel, uris: readonly vscode.Uri[]): Promise<void> => {
    adopt(restored);
    await foresee(uris, false);
    if (shown === undefined) restored.dispose();
  };
  return vscode.Disposable.from(
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
      deserializeWebviewPanel(restored, kept: Partial<KeptPreview> | undefined) {
        const uris = (kept?.uris ?? []).map((uri) => vscode.Uri.parse(uri));
        if (uris.length === 0 || panel !== undefined) restored.dispose();
        // The page is drawn at once, with a bar while it is looked ahead.
        else void restore(restored, uris);
        return Promise.resolve();
      },
    }),
    registerSimulated(host, commands.previewApply, 'future to look into', async (clicked?: unknown, selected?: unknown) => {
      const uris = selectionOf(clicked, selected);
      if (uris.length > 0) await foresee(uris);
      else void vscode.window.showInformationMessage('Open a manifest, or right-click files or folders in the explorer.');
    }),
    { dispose: () => panel?.dispose() },
  );
}

function titleOf({ subject, change }: ForecastChange): string {
  return `${subject} (${{ create: 'new', update: 'now ↔ after the apply', delete: 'gone after the apply' }[change]})`;
}

async function openDocument({ documents }: Forecast, index: number): Promise<void> {
  const found = documents[index];
  if (found === undefined) return;
  const { start } = toRange(found.range);
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(found.uri));
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(start, start) });
}
