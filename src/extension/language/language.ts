/**
 * Hover, completion, quick fixes and outline of manifests, as the worker knows them; and all else of this folder.
 * Invariant: nothing is decided here; a question that fails is no answer. Counterpart: none in Kubernetes.
 */
import * as vscode from 'vscode';
import { othersSpeak, registerCoexistence } from '../coexistence/coexistence.ts';
import { requests } from '../../host/protocol/protocol.ts';
import type { Completion, CompletionKind } from '../../manifest/model.ts';
import type { Outline } from '../../manifest/structure.ts';
import { fromPosition, fromRange, toEdit, toRange } from '../diagnostics/convert.ts';
import { documentSelector } from '../diagnostics/documentSync.ts';
import { diagnosticSource } from '../ids.ts';
import type { Services } from '../services.ts';
import { ask } from './ask.ts';
import { registerEnterRules } from './enterRules.ts';
import { registerFormatting } from './formatting.ts';
import { registerHierarchy } from './hierarchy.ts';
import { registerInlayHints } from './inlayHints.ts';
import { registerNavigation } from './navigation.ts';
import { registerSemanticTokens } from './semanticTokens.ts';
import { registerSignature } from './signature.ts';

const fixAllKind = vscode.CodeActionKind.SourceFixAll.append('kubepad');

export function registerLanguage(services: Services): vscode.Disposable {
  const { languages } = vscode;
  return vscode.Disposable.from(
    registerNavigation(services),
    registerHierarchy(services),
    registerFormatting(services),
    registerEnterRules(),
    registerInlayHints(services),
    registerSignature(services),
    registerSemanticTokens(services),
    registerCoexistence(services.context),
    languages.registerHoverProvider(documentSelector, {
      async provideHover(document, position, token) {
        if (othersSpeak()) return undefined;
        const hover = await ask(services, document, requests.documentHover, at(document, position), token);
        return hover ? new vscode.Hover(new vscode.MarkdownString(hover.markdown, true), toRange(hover.range)) : undefined;
      },
    }),
    languages.registerCompletionItemProvider(
      documentSelector,
      {
        async provideCompletionItems(document, position, token) {
          if (othersSpeak()) return undefined;
          const completions = await ask(services, document, requests.documentCompletion, at(document, position), token);
          return completions?.map(toCompletionItem);
        },
      },
      ' ',
      ':',
      '-',
      '.',
      '"',
    ),
    languages.registerCodeActionsProvider(
      documentSelector,
      {
        async provideCodeActions(document, range, context, token) {
          const own = context.diagnostics.filter(({ source }) => source === diagnosticSource);
          const fixes = await ask(
            services,
            document,
            requests.documentFixes,
            { uri: document.uri.toString(), range: fromRange(range) },
            token,
          );
          return fixes?.map((fix) => {
            const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
            action.edit = toEdit(document.uri, fix);
            action.isPreferred = fix.preferred;
            const touched = own.filter((diagnostic) =>
              fix.edits.some((edit) => diagnostic.range.intersection(toRange(edit.range)) !== undefined),
            );
            action.diagnostics = touched.length > 0 ? touched : own;
            return action;
          });
        },
      },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
    languages.registerCodeActionsProvider(
      documentSelector,
      {
        async provideCodeActions(document, _, __, token) {
          const edits = await ask(services, document, requests.documentFixAll, { uri: document.uri.toString() }, token);
          if (edits === undefined || edits.length === 0) return [];
          const action = new vscode.CodeAction('Fix all problems that Kubepad can fix', fixAllKind);
          action.edit = toEdit(document.uri, { title: action.title, edits, preferred: true });
          return [action];
        },
      },
      { providedCodeActionKinds: [fixAllKind] },
    ),
    languages.registerDocumentSymbolProvider(
      documentSelector,
      {
        async provideDocumentSymbols(document, token) {
          const outline = await ask(services, document, requests.documentStructure, { uri: document.uri.toString() }, token);
          return outline?.map(toSymbol);
        },
      },
      { label: 'Kubernetes objects' },
    ),
  );
}

function at(document: vscode.TextDocument, position: vscode.Position) {
  return { uri: document.uri.toString(), position: fromPosition(position) };
}

const kinds = {
  kind: vscode.CompletionItemKind.Class,
  field: vscode.CompletionItemKind.Field,
  value: vscode.CompletionItemKind.EnumMember,
  apiVersion: vscode.CompletionItemKind.Module,
  name: vscode.CompletionItemKind.Reference,
} as const satisfies Readonly<Record<CompletionKind, vscode.CompletionItemKind>>;

function toCompletionItem(completion: Completion): vscode.CompletionItem {
  const { label, detail, required } = completion;
  // Beside a field its type says little; beside a kind its group, and beside a name whose it is, tell equal ones apart.
  const description = required ? 'required' : completion.kind === 'field' ? '' : detail;
  const item = new vscode.CompletionItem({ label, description }, kinds[completion.kind]);
  item.insertText = completion.snippet ? new vscode.SnippetString(completion.insertText) : completion.insertText;
  item.range = toRange(completion.range);
  item.detail = detail;
  item.documentation = new vscode.MarkdownString(completion.documentation);
  item.sortText = completion.sortText;
  item.filterText = label;
  if (completion.snippet && ENDS_EMPTY.test(completion.insertText))
    item.command = { title: 'Suggest', command: 'editor.action.triggerSuggest', arguments: [{ auto: true }] };
  return item;
}

/** The first place to fill in is empty: what may stand there is offered at once. */
const ENDS_EMPTY = /^[^$]*\$\d/;

const symbolKinds = {
  object: vscode.SymbolKind.Object,
  map: vscode.SymbolKind.Struct,
  list: vscode.SymbolKind.Array,
  value: vscode.SymbolKind.Property,
} as const satisfies Readonly<Record<Outline['type'], vscode.SymbolKind>>;

function toSymbol({ name, detail, type, range, selection, children }: Outline): vscode.DocumentSymbol {
  const symbol = new vscode.DocumentSymbol(name, detail, symbolKinds[type], toRange(range), toRange(selection));
  symbol.children = children.map(toSymbol);
  return symbol;
}
