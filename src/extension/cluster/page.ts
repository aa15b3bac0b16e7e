import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { PanelSurface } from '../../host/panels/model.ts';
import { pageHtml } from '../../webview/shared/html.ts';

/** Gives a webview its page and the two folders it may read. */
export function loadPage(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  surface: 'cluster' | 'events' | 'preview' | PanelSurface,
  title: string,
): void {
  const dist = vscode.Uri.joinPath(extensionUri, 'dist');
  const file = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(dist, 'webview', name)).toString();
  webview.options = { enableScripts: true, localResourceRoots: [dist, vscode.Uri.joinPath(extensionUri, 'media')] };
  webview.html = pageHtml({
    title,
    lang: vscode.env.language,
    cspSource: webview.cspSource,
    nonce: randomBytes(16).toString('hex'),
    scriptUri: file(`${surface}.js`),
    styleUris: [file('codicon.css'), file(`${surface}.css`)],
  });
}
