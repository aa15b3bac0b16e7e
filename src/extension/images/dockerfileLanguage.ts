/**
 * Problems, hovers, completions and code lenses of Dockerfiles, and links from manifests to the Dockerfile of an image.
 * Invariant: silent where another extension speaks about Dockerfiles, unless the setting says otherwise.
 * Counterpart: the language server for Dockerfiles.
 */
import * as vscode from 'vscode';
import { imageRequests } from '../../host/protocol/image.ts';
import { fromPosition, toDiagnostic, toRange } from '../diagnostics/convert.ts';
import { documentSelector } from '../diagnostics/documentSync.ts';
import { commands, settings } from '../ids.ts';
import type { Services } from '../services.ts';
import { readSettings } from '../settings.ts';
import { FolderImages, mentionsIn } from './imageNames.ts';

const selector: vscode.DocumentSelector = [
  { language: 'dockerfile', scheme: 'file' },
  { language: 'dockerfile', scheme: 'untitled' },
];
/** They bring problems, hovers and completions of their own. */
const OTHERS = ['ms-azuretools.vscode-docker', 'ms-azuretools.vscode-containers', 'docker.docker'];
const DEBOUNCE_MS = 150;

export function registerDockerfileLanguage(services: Services): vscode.Disposable {
  const { languages } = vscode;
  return vscode.Disposable.from(
    registerProblems(services),
    languages.registerHoverProvider(selector, {
      async provideHover(document, position, token) {
        const hover = await asked(services, () => services.host.request(imageRequests.hover, placeOf(document, position), token));
        return hover ? new vscode.Hover(new vscode.MarkdownString(hover.markdown), toRange(hover.range)) : undefined;
      },
    }),
    languages.registerCompletionItemProvider(selector, {
      async provideCompletionItems(document, position, token) {
        const found = await asked(services, () => services.host.request(imageRequests.completion, placeOf(document, position), token));
        return found?.map(({ label, insertText, snippet, range, detail, documentation, sortText }) => {
          const item = new vscode.CompletionItem(label, vscode.CompletionItemKind.Keyword);
          item.insertText = snippet ? new vscode.SnippetString(insertText) : insertText;
          item.range = toRange(range);
          item.detail = detail;
          item.documentation = new vscode.MarkdownString(documentation);
          item.sortText = sortText;
          return item;
        });
      },
    }),
    registerLenses(services),
    languages.registerDocumentLinkProvider(documentSelector, {
      async provideDocumentLinks(document, token) {
        const mentions = mentionsIn(document.uri, document.getText());
        if (mentions.length === 0 || services.host.state.state !== 'running') return [];
        const known = await services.host.request(imageRequests.known, { references: mentions.map(({ image }) => image) }, token);
        return mentions.flatMap(({ range }, index) => {
          const dockerfile = known[index]?.dockerfile ?? '';
          const target = fileUri(dockerfile);
          if (target === undefined) return [];
          const link = new vscode.DocumentLink(range, target);
          link.tooltip = 'Open the Dockerfile of this image';
          return [link];
        });
      },
    }),
  );
}

/** Anybody may write an Image object: what it leads to is a file of the workspace, never a command or a page. */
function fileUri(text: string): vscode.Uri | undefined {
  if (!/^[a-z][\w+.-]*:\/\//i.test(text)) return undefined;
  const uri = vscode.Uri.parse(text);
  return vscode.workspace.getWorkspaceFolder(uri) === undefined ? undefined : uri;
}

function speaks(): boolean {
  const { dockerfile } = readSettings();
  return dockerfile === 'on' || (dockerfile === 'auto' && OTHERS.every((id) => vscode.extensions.getExtension(id) === undefined));
}

/** The worker's answer; undefined if nobody wants it or the question failed. */
async function asked<T>({ output }: Services, question: () => Promise<T>): Promise<T | undefined> {
  if (!speaks()) return undefined;
  try {
    return await question();
  } catch (error) {
    if (!(error instanceof vscode.CancellationError)) output.log('info', `Dockerfile: ${String(error)}`);
    return undefined;
  }
}

function placeOf(document: vscode.TextDocument, position: vscode.Position) {
  return { text: document.getText(), position: fromPosition(position) };
}

function registerProblems(services: Services): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('kubepad-dockerfile');
  const timers = new Map<string, NodeJS.Timeout>();
  const judge = async (document: vscode.TextDocument): Promise<void> => {
    const { version } = document;
    const found = await asked(services, () => services.host.request(imageRequests.problems, { text: document.getText() }));
    if (document.isClosed || document.version !== version) return;
    collection.set(document.uri, found?.map(toDiagnostic) ?? []);
  };
  const schedule = (document: vscode.TextDocument): void => {
    if (vscode.languages.match(selector, document) === 0) return;
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    timers.set(
      key,
      setTimeout(() => {
        timers.delete(key);
        void judge(document);
      }, DEBOUNCE_MS),
    );
  };
  const all = (): void => {
    for (const document of vscode.workspace.textDocuments) schedule(document);
  };
  all();
  return vscode.Disposable.from(
    collection,
    vscode.workspace.onDidOpenTextDocument(schedule),
    vscode.workspace.onDidChangeTextDocument(({ document }) => schedule(document)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => collection.delete(uri)),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(settings.dockerfile)) all();
    }),
    vscode.extensions.onDidChange(all),
    new vscode.Disposable(() => {
      for (const timer of timers.values()) clearTimeout(timer);
    }),
  );
}

/** Above the first FROM: Build Image, and the workloads that run what was built here. */
function registerLenses(services: Services): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const images = new FolderImages();
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses(document, token) {
      if (!readSettings().codeLens) return [];
      const line = document
        .getText()
        .split('\n')
        .findIndex((text) => /^\s*FROM\s/i.test(text));
      if (line < 0) return [];
      const range = new vscode.Range(line, 0, line, 0);
      const build = new vscode.CodeLens(range, {
        title: 'Build Image',
        tooltip: 'Build it in the simulation: nothing is run',
        command: commands.buildImage,
        arguments: [document.uri],
      });
      const look = new vscode.CodeLens(range, {
        title: 'Steps and Layers',
        tooltip: 'What a build would do now, the images and layers that there are, and who runs them',
        command: commands.showBuild,
        arguments: [document.uri],
      });
      if (services.host.state.state !== 'running') return [build, look];
      const repositories = await images.repositories(vscode.Uri.joinPath(document.uri, '..'));
      const users = await services.host.request(imageRequests.users, { repositories }, token);
      return [
        build,
        look,
        ...users.map(
          ({ ref, image }) =>
            new vscode.CodeLens(range, {
              title: `${ref.kind} ${ref.name}`,
              tooltip: `Runs ${image}: describe it`,
              command: commands.describe,
              arguments: [{ ref }],
            }),
        ),
      ];
    },
  };
  return vscode.Disposable.from(
    changed,
    images,
    vscode.languages.registerCodeLensProvider(selector, provider),
    services.host.onLensesChanged(() => changed.fire()),
    services.host.onDidStart(() => changed.fire()),
    // Who runs the image may have changed while another file was looked at.
    vscode.window.onDidChangeActiveTextEditor(() => changed.fire()),
  );
}
