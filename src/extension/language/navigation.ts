/**
 * From a name, a key or a label to what it means and to all who use it, as the worker knows them.
 * Invariant: nothing is decided here; a question that fails is no answer. Counterpart: none in Kubernetes.
 */
import * as vscode from 'vscode';
import { requests } from '../../host/protocol/protocol.ts';
import type { TextPlace } from '../../manifest/navigation/navigator.ts';
import { fromPosition, toRange } from '../diagnostics/convert.ts';
import { documentSelector } from '../diagnostics/documentSync.ts';
import type { Services } from '../services.ts';
import { ask } from './ask.ts';

export function registerNavigation(services: Services): vscode.Disposable {
  const { languages } = vscode;
  return vscode.Disposable.from(
    languages.registerDefinitionProvider(documentSelector, {
      async provideDefinition(document, position, token) {
        return (await ask(services, document, requests.documentDefinition, at(document, position), token))?.map(toLocation);
      },
    }),
    languages.registerReferenceProvider(documentSelector, {
      async provideReferences(document, position, { includeDeclaration }, token) {
        const params = { ...at(document, position), declaration: includeDeclaration };
        return (await ask(services, document, requests.documentReferences, params, token))?.map(toLocation);
      },
    }),
    languages.registerRenameProvider(documentSelector, renameProvider(services)),
    languages.registerDocumentLinkProvider(documentSelector, {
      async provideDocumentLinks(document, token) {
        const links = await ask(services, document, requests.documentLinks, { uri: document.uri.toString() }, token);
        return links?.map(({ range, target }) => {
          const line = `L${target.range.start.line + 1}`;
          return new vscode.DocumentLink(toRange(range), vscode.Uri.parse(target.uri).with({ fragment: line }));
        });
      },
    }),
    languages.registerSelectionRangeProvider(documentSelector, {
      async provideSelectionRanges(document, positions, token) {
        const found: vscode.SelectionRange[] = [];
        for (const position of positions) {
          const ranges = (await ask(services, document, requests.documentSelections, at(document, position), token)) ?? [];
          let selection = new vscode.SelectionRange(new vscode.Range(position, position));
          for (const [index, range] of ranges.toReversed().entries())
            selection = new vscode.SelectionRange(toRange(range), index === 0 ? undefined : selection);
          found.push(selection);
        }
        return found;
      },
    }),
    languages.registerFoldingRangeProvider(documentSelector, {
      async provideFoldingRanges(document, _, token) {
        const found = await ask(services, document, requests.documentFoldings, { uri: document.uri.toString() }, token);
        // Of what is no manifest nothing is known: VS Code folds by indentation then.
        if (found === undefined || found.length === 0) return undefined;
        return found.map(
          ({ start, end, comment }) => new vscode.FoldingRange(start, end, comment ? vscode.FoldingRangeKind.Comment : undefined),
        );
      },
    }),
    languages.registerWorkspaceSymbolProvider(symbolProvider(services)),
  );
}

function renameProvider(services: Services): vscode.RenameProvider {
  return {
    async prepareRename(document, position, token) {
      const found = await ask(services, document, requests.documentRenameable, at(document, position), token);
      if (!found) throw new Error('There is no name of an object, key or label here.');
      return { range: toRange(found.range), placeholder: found.text };
    },
    async provideRenameEdits(document, position, newName, token) {
      const renamed = await ask(services, document, requests.documentRename, { ...at(document, position), newName }, token);
      if (renamed === undefined) return undefined;
      if ('refusal' in renamed) throw new Error(renamed.refusal);
      const edit = new vscode.WorkspaceEdit();
      for (const [uri, edits] of Object.entries(renamed.edits))
        for (const { range, newText } of edits) edit.replace(vscode.Uri.parse(uri), toRange(range), newText);
      return edit;
    },
  };
}

function symbolProvider({ host, output }: Services): vscode.WorkspaceSymbolProvider {
  return {
    async provideWorkspaceSymbols(query, token) {
      try {
        const symbols = await host.request(requests.workspaceSymbols, { query }, token);
        return symbols.map(
          ({ kind, name, namespace, ...place }) =>
            new vscode.SymbolInformation(`${kind}/${name}`, vscode.SymbolKind.Object, namespace, toLocation(place)),
        );
      } catch (error) {
        if (!token.isCancellationRequested) output.log('warning', `Workspace symbols: ${String(error)}`);
        return [];
      }
    },
  };
}

function at(document: vscode.TextDocument, position: vscode.Position) {
  return { uri: document.uri.toString(), position: fromPosition(position) };
}

function toLocation({ uri, range }: TextPlace): vscode.Location {
  return new vscode.Location(vscode.Uri.parse(uri), toRange(range));
}
