/**
 * Which function answers which question about a document: what stands there, what may stand there, where it leads.
 * Invariant: nothing is decided here. Counterpart: `worker/handlers.ts`, for VS Code.
 */
import { ResponseError, type MessageConnection } from 'vscode-jsonrpc';
import type { PlacedEntry } from '../../manifest/documents.ts';
import { contains } from '../../manifest/yaml/lines.ts';
import type { FormatOptions } from '../../manifest/format/format.ts';
import type { Range, TextEdit } from '../../manifest/model.ts';
import { foldings, outlineTree, selectionRanges } from '../../manifest/structure.ts';
import type { Editor } from '../worker/editor.ts';
import {
  callHierarchyItem,
  codeAction,
  completionItem,
  documentSymbol,
  FIX_ALL,
  fixAllAction,
  foldingRange,
  isWanted,
  type LineEnding,
  location,
  selectionRange,
  signatureHelp,
  symbolInformation,
  withEnding,
} from './convert.ts';
import type { LspClient } from './client.ts';
import { lspRequests, REQUEST_FAILED, type WorkspaceEdit } from './protocol.ts';
import type { LspSettings } from './settings.ts';

export interface Questions {
  readonly connection: MessageConnection;
  readonly editor: Editor;
  readonly settings: () => LspSettings;
  readonly client: LspClient;
  /** Changes of files in the form that the client takes. */
  readonly edited: (changes: Readonly<Record<string, readonly TextEdit[]>>) => WorkspaceEdit;
  /** How the lines of an open document end. */
  readonly ending: (uri: string) => LineEnding;
  /** What the question comes to, if the server is ready for questions. */
  readonly answer: <T>(question: () => T) => T | ResponseError<void>;
}

export function handleQuestions(questions: Questions): void {
  handleWords(questions);
  handleShape(questions);
  handleNavigation(questions);
  handleHierarchy(questions);
}

function handleWords({ connection, editor, settings, client, answer, edited, ending }: Questions): void {
  connection.onRequest(lspRequests.hover, ({ textDocument: { uri }, position }) =>
    answer(() => {
      const hover = editor.hover({ uri, position }, settings().diagnostics.namespace);
      return hover === null ? null : { contents: { kind: 'markdown', value: hover.markdown }, range: hover.range };
    }),
  );
  connection.onRequest(lspRequests.completion, ({ textDocument: { uri }, position }) =>
    answer(() =>
      editor
        .completion({ uri, position }, settings().diagnostics.namespace)
        .map((each) => completionItem(each, client.takesSnippets, ending(uri))),
    ),
  );
  connection.onRequest(lspRequests.signatureHelp, ({ textDocument: { uri }, position, context }) =>
    answer(() => {
      // What goes on in a signature that is shown is as good as asked for.
      const typed = context?.isRetrigger === true ? undefined : context?.triggerCharacter;
      const found = editor.signature({ uri, position }, typed);
      return found === null ? null : signatureHelp(found, client.takesLabelOffsets);
    }),
  );
  const tokens = (uri: string, range?: Range) => answer(() => ({ data: editor.tokens(uri, settings().diagnostics.namespace, range) }));
  connection.onRequest(lspRequests.semanticTokens, ({ textDocument: { uri } }) => tokens(uri));
  connection.onRequest(lspRequests.semanticTokensRange, ({ textDocument: { uri }, range }) => tokens(uri, range));
  connection.onRequest(lspRequests.codeAction, ({ textDocument: { uri }, range, context: { diagnostics, only } }) =>
    answer(() => {
      const fixes = isWanted('quickfix', only) ? editor.fixes(uri, range) : [];
      const all = isWanted(FIX_ALL, only) ? editor.fixAll(uri) : [];
      return [
        ...fixes.map((fix) => {
          const touched = diagnostics.filter((each) => fix.edits.some((edit) => contains(each.range, edit.range.start)));
          return codeAction(fix, edited({ [uri]: fix.edits }), touched);
        }),
        ...(all.length > 0 ? [fixAllAction(edited({ [uri]: all }))] : []),
      ];
    }),
  );
}

function handleShape({ connection, editor, settings, answer, ending }: Questions): void {
  const formatted = (uri: string, options: FormatOptions): readonly TextEdit[] =>
    editor.format(uri, options).map((edit) => withEnding(edit, ending(uri)));
  const entries = (uri: string): readonly PlacedEntry[] => editor.documents.entries(uri);
  connection.onRequest(lspRequests.documentSymbol, ({ textDocument: { uri } }) =>
    answer(() => outlineTree(entries(uri)).map(documentSymbol)),
  );
  connection.onRequest(lspRequests.foldingRange, ({ textDocument: { uri } }) => answer(() => foldings(entries(uri)).map(foldingRange)));
  connection.onRequest(lspRequests.formatting, ({ textDocument: { uri }, options }) =>
    answer(() => formatted(uri, { indent: options.tabSize })),
  );
  connection.onRequest(lspRequests.rangeFormatting, ({ textDocument: { uri }, range, options }) =>
    answer(() => formatted(uri, { indent: options.tabSize, range })),
  );
  connection.onRequest(lspRequests.inlayHint, ({ textDocument: { uri }, range }) =>
    answer(() => (settings().inlayHints ? editor.defaults(uri, range).map((hint) => ({ ...hint, paddingLeft: true })) : [])),
  );
  connection.onRequest(lspRequests.selectionRange, ({ textDocument: { uri }, positions }) =>
    answer(() => positions.map((position) => selectionRange(selectionRanges(entries(uri), position), position))),
  );
}

function handleNavigation({ connection, editor, answer, edited }: Questions): void {
  const { navigator } = editor;
  connection.onRequest(lspRequests.definition, ({ textDocument: { uri }, position }) =>
    answer(() => editor.definition({ uri, position }).map(location)),
  );
  connection.onRequest(lspRequests.references, ({ textDocument: { uri }, position, context }) =>
    answer(() => editor.usesOf({ uri, position }, context.includeDeclaration).map(location)),
  );
  connection.onRequest(lspRequests.prepareRename, ({ textDocument: { uri }, position }) =>
    answer(() => {
      const found = navigator.renameable(uri, position);
      return found === undefined ? null : { range: found.range, placeholder: found.text };
    }),
  );
  connection.onRequest(lspRequests.rename, ({ textDocument: { uri }, position, newName }) =>
    answer(() => {
      const renamed = navigator.rename(uri, position, newName);
      return 'refusal' in renamed ? new ResponseError<void>(REQUEST_FAILED, renamed.refusal) : edited(renamed.edits);
    }),
  );
  connection.onRequest(lspRequests.documentLink, ({ textDocument: { uri } }) =>
    answer(() => editor.links(uri).map(({ range, target }) => ({ range, target: `${target.uri}#L${target.range.start.line + 1}` }))),
  );
  connection.onRequest(lspRequests.workspaceSymbol, ({ query }) => answer(() => navigator.symbols(query).map(symbolInformation)));
}

function handleHierarchy({ connection, editor: { hierarchy }, answer }: Questions): void {
  connection.onRequest(lspRequests.prepareCallHierarchy, ({ textDocument: { uri }, position }) =>
    answer(() => hierarchy.at(uri, position).map(callHierarchyItem)),
  );
  connection.onRequest(lspRequests.incomingCalls, ({ item }) =>
    answer(() => hierarchy.usersOf(item.data).map((use) => ({ from: callHierarchyItem(use.item), fromRanges: use.ranges }))),
  );
  connection.onRequest(lspRequests.outgoingCalls, ({ item }) =>
    answer(() => hierarchy.usedBy(item.data).map((use) => ({ to: callHierarchyItem(use.item), fromRanges: use.ranges }))),
  );
}
