/**
 * The call hierarchy of objects: who uses one, and what it uses, as the worker knows it.
 * Invariant: nothing is decided here; a question that fails is no answer. Counterpart: none in Kubernetes.
 */
import * as vscode from 'vscode';
import type { RequestType } from 'vscode-jsonrpc/node';
import { hierarchyRequests } from '../../host/protocol/hierarchy.ts';
import type { HierarchyItem, HierarchyUse } from '../../manifest/navigation/hierarchy.ts';
import { fromPosition, toRange } from '../diagnostics/convert.ts';
import { documentSelector } from '../diagnostics/documentSync.ts';
import type { Services } from '../services.ts';
import { ask } from './ask.ts';

/** What VS Code hands back when it asks on. */
class ObjectItem extends vscode.CallHierarchyItem {
  readonly item: HierarchyItem;

  constructor(item: HierarchyItem) {
    const { kind, namespace, name, uri, range, selection } = item;
    const title = `${kind.slice(kind.lastIndexOf('/') + 1)}/${name}`;
    super(vscode.SymbolKind.Object, title, namespace, vscode.Uri.parse(uri), toRange(range), toRange(selection));
    this.item = item;
  }
}

export function registerHierarchy(services: Services): vscode.Disposable {
  const { host, output } = services;
  const uses = async (
    question: RequestType<HierarchyItem, readonly HierarchyUse[], void>,
    item: vscode.CallHierarchyItem,
    token: vscode.CancellationToken,
  ): Promise<readonly HierarchyUse[]> => {
    try {
      return item instanceof ObjectItem ? await host.request(question, item.item, token) : [];
    } catch (error) {
      if (!token.isCancellationRequested) output.log('warning', `${question.method}: ${String(error)}`);
      return [];
    }
  };
  return vscode.languages.registerCallHierarchyProvider(documentSelector, {
    async prepareCallHierarchy(document, position, token) {
      const at = { uri: document.uri.toString(), position: fromPosition(position) };
      return (await ask(services, document, hierarchyRequests.at, at, token))?.map((item) => new ObjectItem(item));
    },
    async provideCallHierarchyIncomingCalls(asked, token) {
      const found = await uses(hierarchyRequests.usersOf, asked, token);
      return found.map(({ item, ranges }) => new vscode.CallHierarchyIncomingCall(new ObjectItem(item), ranges.map(toRange)));
    },
    async provideCallHierarchyOutgoingCalls(asked, token) {
      const found = await uses(hierarchyRequests.usedBy, asked, token);
      return found.map(({ item, ranges }) => new vscode.CallHierarchyOutgoingCall(new ObjectItem(item), ranges.map(toRange)));
    },
  });
}
