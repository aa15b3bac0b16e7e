/**
 * Above each document of a manifest: Apply, Diff, and how its object is in the cluster.
 * Invariant: the worker says when a state is another one; nothing is polled. Counterpart: none; `kubectl get` beside the file.
 */
import * as vscode from 'vscode';
import { type DocumentLens, requests } from '../../host/protocol/protocol.ts';
import { toRange } from '../diagnostics/convert.ts';
import { documentSelector } from '../diagnostics/documentSync.ts';
import type { Forecasts } from '../forecast/forecasts.ts';
import { commands, schemes, settings } from '../ids.ts';
import type { Services } from '../services.ts';
import { namespaceFor } from '../manifests/commands.ts';
import { readSettings } from '../settings.ts';
import { ask } from './ask.ts';

/** @param forecasts what is known of each document's future */
export function registerCodeLens(services: Services, forecasts: Forecasts): vscode.Disposable {
  const { host } = services;
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses(document, token) {
      // A live object has nothing to be applied: saving it is the edit.
      if (!readSettings().codeLens || document.uri.scheme === schemes.live) return [];
      const params = { uri: document.uri.toString(), namespace: namespaceFor(services.host) };
      const lenses = (await ask(services, document, requests.documentLenses, params, token)) ?? [];
      return lenses.flatMap((lens) => [...toCodeLenses(document.uri, lens), ...forecastLenses(document.uri, lens, forecasts)]);
    },
  };
  return vscode.Disposable.from(
    changed,
    vscode.languages.registerCodeLensProvider(documentSelector, provider),
    host.onLensesChanged(() => changed.fire()),
    forecasts.onDidChange(() => changed.fire()),
    host.onDidStart(() => changed.fire()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(settings.codeLens) || event.affectsConfiguration(settings.namespace)) changed.fire();
    }),
  );
}

/** What would become of the document: only where it could go one way or the other. */
function forecastLenses(uri: vscode.Uri, { range }: DocumentLens, forecasts: Forecasts): readonly vscode.CodeLens[] {
  const { start } = toRange(range);
  const found = forecasts.of(uri).find((forecast) => forecast.range.start.line === start.line && forecast.text !== '');
  if (found === undefined) return [];
  const isBad = found.outlook === 'trouble' || found.outlook === 'refused';
  const title = `${isBad ? '$(warning)\u00a0' : ''}Forecast: ${shortened(found.text)}`;
  const tooltip = `${found.text}\nWhat would be if this file were applied now. Click for the whole outcome.`;
  return [new vscode.CodeLens(new vscode.Range(start, start), { title, tooltip, command: commands.previewApply, arguments: [uri] })];
}

/** More than this does not fit beside the rest. */
const LONGEST = 110;

function shortened(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

/** What traffic goes through. */
const ON_MAP: ReadonlySet<string> = new Set(['v1/Service', 'networking.k8s.io/v1/Ingress']);

function toCodeLenses(uri: vscode.Uri, { range: place, ref, state }: DocumentLens): readonly vscode.CodeLens[] {
  const { start } = toRange(place);
  const range = new vscode.Range(start, start);
  const target = [uri, start.line];
  const lens = (title: string, tooltip: string, command: string, args: readonly unknown[]): vscode.CodeLens =>
    new vscode.CodeLens(range, { title, tooltip, command, arguments: [...args] });
  return [
    lens('Apply', 'Apply this document to the cluster', commands.applyDocument, target),
    lens('Diff', 'Compare this document with the cluster', commands.diffDocument, target),
    ...(ref !== undefined
      ? [
          lens(state, 'Open the object: spec and status, causes, events', commands.openObject, [{ ref }]),
          lens('Why?', 'What led to the state that it is in', commands.why, [{ ref }]),
          ...(ref.apiVersion === 'v1' && ref.kind === 'Pod'
            ? [lens('Look Inside', 'Files, processes, network and use of its container', commands.inspectContainer, [{ ref }])]
            : []),
          ...(ON_MAP.has(`${ref.apiVersion}/${ref.kind}`)
            ? [lens('Map', 'Where it leads to, and what goes there', commands.showInMap, [{ ref }])]
            : []),
        ]
      : state === ''
        ? []
        : [lens(state, '', '', [])]),
  ];
}
