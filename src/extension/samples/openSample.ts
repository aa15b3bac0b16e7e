/**
 * The picker of samples: what each shows, and a copy to play with.
 * Invariant: a copy that is there already is a person's own and is never written over. Counterpart: none in Kubernetes.
 */
import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Services } from '../services.ts';
import { samplesIn } from './sampleList.ts';

/** Where copies go in a workspace: samples have names that a person's own folders may have, too. */
const COPIES = 'kubepad-samples';
/** What is opened first of a sample: what is read in the order of the names, else what there is. */
const MANIFEST = /\.(ya?ml|json)$/;

interface SampleItem extends vscode.QuickPickItem {
  /** Undefined: all of them. */
  readonly folder: string | undefined;
}

export function registerSamples({ context }: Services): vscode.Disposable {
  const samples = vscode.Uri.joinPath(context.extensionUri, 'samples');
  return vscode.Disposable.from(
    vscode.commands.registerCommand(commands.openSample, async (named?: unknown) => {
      const folder = typeof named === 'string' ? named : await pick(samples);
      if (folder !== undefined) await open(samples, folder, context.globalStorageUri);
    }),
    vscode.commands.registerCommand(commands.openSamples, async () => {
      // The installed copy may be replaced by an update, so a person works on a copy of their own.
      const target = vscode.Uri.joinPath(context.globalStorageUri, 'samples');
      await vscode.workspace.fs.copy(samples, target, { overwrite: true });
      await vscode.commands.executeCommand('vscode.openFolder', target, {
        forceNewWindow: (vscode.workspace.workspaceFolders ?? []).length > 0,
      });
    }),
  );
}

/** Undefined: nothing was chosen, or all of them, which are open then. */
async function pick(samples: vscode.Uri): Promise<string | undefined> {
  const table = new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(samples, 'README.md')));
  const items = samplesIn(table).map(
    ({ folder, shows, hint }): SampleItem => ({
      label: folder,
      description: shows,
      detail: hint,
      iconPath: new vscode.ThemeIcon('folder'),
      folder,
    }),
  );
  const all: SampleItem = { label: 'All samples', description: 'in a window of their own', folder: undefined };
  const separator: SampleItem = { label: '', kind: vscode.QuickPickItemKind.Separator, folder: undefined };
  const chosen = await vscode.window.showQuickPick([...items, separator, all], {
    title: 'Open a Sample',
    placeHolder: 'Each shows one idea; you get a copy to play with',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (chosen === undefined) return undefined;
  if (chosen.folder === undefined) await vscode.commands.executeCommand(commands.openSamples);
  return chosen.folder;
}

async function open(samples: vscode.Uri, folder: string, storage: vscode.Uri): Promise<void> {
  const source = vscode.Uri.joinPath(samples, folder);
  const [workspace] = vscode.workspace.workspaceFolders ?? [];
  const target = vscode.Uri.joinPath(workspace?.uri ?? storage, COPIES, folder);
  if (!(await exists(target))) await vscode.workspace.fs.copy(source, target);
  const names = (await vscode.workspace.fs.readDirectory(target))
    .filter(([, type]) => type === vscode.FileType.File)
    .map(([name]) => name)
    .toSorted();
  const first = names.find((name) => MANIFEST.test(name) && name !== 'package.json') ?? names.find((name) => name !== 'README.md');
  if (first !== undefined) await vscode.window.showTextDocument(vscode.Uri.joinPath(target, first), { preview: false });
  if (workspace !== undefined) await vscode.commands.executeCommand('revealInExplorer', target);
  await vscode.commands.executeCommand('markdown.showPreviewToSide', vscode.Uri.joinPath(target, 'README.md'));
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
