/**
 * Editor panels: opened once for each thing that they are about, told by the worker, brought back after a reload of the window.
 * Invariant: a page never reaches the worker but through here; a panel that is hidden is told nothing and begins anew when it is shown.
 * Counterpart: none in Kubernetes.
 */
import * as vscode from 'vscode';
import { assertNever } from '../../base/assertNever.ts';
import { tellPanels } from '../../host/protocol/panel.ts';
import type { PanelId, PanelQuery, PanelSurface } from '../../host/panels/model.ts';
import type { FromPanel, KeptPanel, ToPanel } from '../../webview/panel/protocol.ts';
import { loadPage } from '../cluster/page.ts';
import type { Services } from '../services.ts';

/** One kind of panel. */
export interface PanelKind<Q extends PanelQuery, C> {
  readonly surface: Q['surface'];
  /** Of package.json: `onWebviewPanel:<viewType>` wakes the extension for a panel of an earlier session. */
  readonly viewType: string;
  /** A codicon. */
  readonly icon: string;
  title(query: Q): string;
  /** Panels with the same key are one panel: opening shows it. */
  key(query: Q): string;
  /** What an opened panel shows when it is asked for again: for example the tab that is wanted now. Default: the new query. */
  again?(query: Q, wanted: Q): Q;
  /** Carries out what the page asks for. */
  run(command: C, query: Q): Promise<void>;
  /** A person has closed it. */
  closed?(query: Q): void;
}

export interface PanelOpener<Q extends PanelQuery> extends vscode.Disposable {
  open(query: Q): void;
  /** Asks anew for the panels whose query is another one now; undefined: as it was. */
  update(change: (query: Q) => Q | undefined): void;
}

interface Open<Q> {
  readonly panel: vscode.WebviewPanel;
  query: Q;
  id: PanelId | undefined;
}

let ids = 0;

export function registerPanels<Q extends PanelQuery, C>(services: Services, kind: PanelKind<Q, C>): PanelOpener<Q> {
  const { host, output, context } = services;
  const { surface, viewType } = kind;
  /** By the key of what they are about. */
  const panels = new Map<string, Open<Q>>();
  const post = (panel: vscode.WebviewPanel, message: ToPanel<Q>): void => void panel.webview.postMessage(message);
  const postState = ({ panel }: Open<Q>): void => {
    const { state } = host;
    if (host.clock !== undefined) post(panel, { type: 'clock', clock: host.clock });
    const shown = state.state === 'stopped' ? 'starting' : state.state;
    post(panel, { type: 'state', state: shown, message: state.state === 'failed' ? state.message : '' });
  };
  const ask = ({ id, query }: Open<Q>): void => {
    if (id !== undefined) host.notify(tellPanels.query, { panel: id, query });
  };
  const end = (open: Open<Q>): void => {
    if (open.id !== undefined) host.notify(tellPanels.close, { panel: open.id });
    open.id = undefined;
  };
  /** A new id, so that the sequence starts at 1 again. */
  const begin = (open: Open<Q>): void => {
    end(open);
    open.id = `${surface}-${++ids}`;
    post(open.panel, { type: 'query', query: open.query });
    if (host.state.state !== 'failed') host.start();
    postState(open);
    ask(open);
  };
  const receive = async (open: Open<Q>, message: FromPanel<Q, C>): Promise<void> => {
    switch (message.type) {
      case 'ready':
        return begin(open);
      case 'query':
        open.query = message.query;
        return ask(open);
      case 'command':
        return kind.run(message.command, open.query);
      default:
        return assertNever(message);
    }
  };
  const adopt = (panel: vscode.WebviewPanel, query: Q): void => {
    const key = kind.key(query);
    const open: Open<Q> = { panel, query, id: undefined };
    panels.set(key, open);
    panel.iconPath = new vscode.ThemeIcon(kind.icon);
    panel.webview.onDidReceiveMessage((message: FromPanel<Q, C>) => {
      receive(open, message).catch((error: unknown) => {
        output.log('error', `${panel.title}: ${String(error)}`);
        void vscode.window.showErrorMessage(`Kubepad: ${error instanceof Error ? error.message : String(error)}`);
      });
    });
    panel.onDidChangeViewState(() => {
      // Its page is thrown away while it is hidden.
      if (!panel.visible) end(open);
    });
    panel.onDidDispose(() => {
      end(open);
      if (panels.get(key) === open) panels.delete(key);
      kind.closed?.(open.query);
    });
    loadPage(panel.webview, context.extensionUri, surface, panel.title);
  };
  const subscriptions = vscode.Disposable.from(
    host.onPanelChanged(({ panel: id, change }) => {
      for (const { id: own, panel } of panels.values()) if (own === id) post(panel, { type: 'change', change });
    }),
    host.onDidChangeState(() => panels.forEach((open) => open.id !== undefined && postState(open))),
    // What is said to a hidden page waits until it is shown: all of that would pile up.
    host.onDidChangeClock((clock) => panels.forEach(({ id, panel }) => id !== undefined && post(panel, { type: 'clock', clock }))),
    host.onDidStart(() => panels.forEach((open) => open.id !== undefined && begin(open))),
    vscode.window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel(panel, state: Partial<KeptPanel<Q>> | undefined) {
        if (state?.query?.surface === surface) adopt(panel, state.query);
        else panel.dispose();
        return Promise.resolve();
      },
    }),
  );
  return {
    open(query) {
      const known = panels.get(kind.key(query));
      if (known !== undefined) {
        known.query = kind.again?.(known.query, query) ?? query;
        known.panel.reveal();
        post(known.panel, { type: 'query', query: known.query });
        return ask(known);
      }
      adopt(vscode.window.createWebviewPanel(viewType, kind.title(query), vscode.ViewColumn.Active), query);
    },
    update(change) {
      for (const open of panels.values()) {
        const query = change(open.query);
        if (query === undefined) continue;
        open.query = query;
        post(open.panel, { type: 'query', query });
        ask(open);
      }
    },
    dispose() {
      subscriptions.dispose();
      for (const { panel } of panels.values()) panel.dispose();
    },
  };
}

/** Ids of package.json by surface. */
export const viewTypes = {
  build: 'kubepad.build',
  comparison: 'kubepad.comparison',
  container: 'kubepad.container',
  map: 'kubepad.map',
  object: 'kubepad.object',
  timeline: 'kubepad.timeline',
  tour: 'kubepad.tour',
} as const satisfies Readonly<Record<PanelSurface, string>>;
