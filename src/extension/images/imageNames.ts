/**
 * What an image may be called: by the manifests of the workspace that want it, by what it was called before, or by its folder.
 * Invariant: reads manifests as text; the worker judges names. Counterpart: none; people type `docker build -t`.
 */
import * as vscode from 'vscode';
import { readText } from '../manifests/collect.ts';
import { isManifestPath, manifestFiles } from '../manifests/recognise.ts';

/** A place in a manifest where an image is named. */
export interface ImageMention {
  readonly uri: vscode.Uri;
  readonly image: string;
  readonly range: vscode.Range;
}

const IMAGE = /^([ \t]*(?:-[ \t]+)?image:[ \t]+)(["']?)([^\s"'#]+)\2/gm;
/** Manifests are read for names until so many were. */
const FILE_LIMIT = 300;

/** The images that a manifest's text names. */
export function mentionsIn(uri: vscode.Uri, text: string): readonly ImageMention[] {
  const starts = lineStarts(text);
  return [...text.matchAll(IMAGE)].map((match) => {
    const [, before = '', quote = '', image = ''] = match;
    const offset = match.index + before.length + quote.length;
    const line = starts.findLastIndex((start) => start <= offset);
    const character = offset - (starts[line] ?? 0);
    return { uri, image, range: new vscode.Range(line, character, line, character + image.length) };
  });
}

/** Of all manifests of the workspace; those in and below a folder come first. */
export async function findMentions(folder: vscode.Uri): Promise<readonly ImageMention[]> {
  const uris = await vscode.workspace.findFiles(manifestFiles.include, manifestFiles.exclude, FILE_LIMIT);
  const near = (uri: vscode.Uri): number => (uri.path.startsWith(`${folder.path}/`) ? 0 : 1);
  const sorted = uris.toSorted((a, b) => near(a) - near(b) || (a.path < b.path ? -1 : 1));
  const mentions: ImageMention[] = [];
  for (const uri of sorted) mentions.push(...mentionsIn(uri, (await readText(uri, [])) ?? ''));
  return mentions;
}

/** What the images of folders may be called; the manifests are read again only when one of them has changed. */
export class FolderImages implements vscode.Disposable {
  private readonly known = new Map<string, Promise<readonly string[]>>();
  private readonly subscriptions: vscode.Disposable;

  constructor() {
    const watcher = vscode.workspace.createFileSystemWatcher(manifestFiles.include);
    const forget = (): void => this.known.clear();
    this.subscriptions = vscode.Disposable.from(
      watcher,
      watcher.onDidCreate(forget),
      watcher.onDidChange(forget),
      watcher.onDidDelete(forget),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && isManifestPath(document.uri.path)) forget();
      }),
    );
  }

  /** Without tags. */
  repositories(folder: vscode.Uri): Promise<readonly string[]> {
    const key = folder.toString();
    let found = this.known.get(key);
    if (found === undefined) {
      found = findMentions(folder).then((mentions) => candidates(folder, mentions).map(repositoryOf));
      this.known.set(key, found);
    }
    return found;
  }

  dispose(): void {
    this.subscriptions.dispose();
  }
}

/** The path of an image's name without its tag: `localhost:5000/web:1` is `localhost:5000/web`. */
export function repositoryOf(image: string): string {
  return (image.split('@')[0] ?? image).replace(/:[^/:]*$/, '');
}

export function tagOf(image: string): string {
  return /:([^/:@]+)(?:@.*)?$/.exec(image)?.[1] ?? 'latest';
}

/** `1.0.9` becomes `1.0.10`; undefined for a tag without a number at its end. */
export function nextTag(image: string): string | undefined {
  const [, before, number] = /^(.*?)(\d+)$/.exec(tagOf(image)) ?? [];
  return before === undefined || number === undefined ? undefined : `${repositoryOf(image)}:${before}${Number(number) + 1}`;
}

/** Images of manifests that may be meant by a folder's Dockerfile: of a manifest beside it, or called like the folder. */
export function candidates(folder: vscode.Uri, mentions: readonly ImageMention[]): readonly string[] {
  const name = folder.path.split('/').at(-1) ?? '';
  const own = mentions.filter(({ uri, image }) => {
    const beside = vscode.Uri.joinPath(uri, '..').path === folder.path;
    const last = repositoryOf(image).split('/').at(-1);
    return last === name || (beside && isOwn(image));
  });
  return [...new Set(own.map(({ image }) => image))];
}

/** A registry on this machine or a private one: what is there was built by somebody here. */
function isOwn(image: string): boolean {
  return /^(?:localhost|127\.0\.0\.1|[\w.-]+\.local(?:host)?|kind-registry)(?::\d+)?\/|\.dkr\.ecr\./.test(image);
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
