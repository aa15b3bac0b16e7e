/**
 * Build Image, Push Image and Roll Out: from a Dockerfile to running Pods with the mouse.
 * Invariant: one notification per step, each leading to the next; what is wrong with a build is a problem at its line.
 * Counterpart: docker build, docker push, kubectl set image.
 */
import * as vscode from 'vscode';
import { imageRequests, type ImageBuildAnswer } from '../../host/protocol/image.ts';
import { toDiagnostic } from '../diagnostics/convert.ts';
import { commands, type CommandId, views } from '../ids.ts';
import { applyManifests } from '../manifests/commands.ts';
import { registerSimulated } from '../targets/simulatedOnly.ts';
import type { Services } from '../services.ts';
import { findMentions, repositoryOf, type ImageMention } from './imageNames.ts';
import { pickName } from './pickName.ts';

export function registerImageCommands(services: Services): vscode.Disposable {
  const problems = vscode.languages.createDiagnosticCollection('kubepad-build');
  const on = (id: CommandId, act: (clicked?: unknown, selected?: unknown) => unknown): vscode.Disposable =>
    registerSimulated(services.host, id, 'simulated images', act);
  return vscode.Disposable.from(
    problems,
    // What a build said of a text is no longer true of another one.
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) problems.delete(document.uri);
    }),
    // The explorer gives what is selected as the second argument; a key binding may give a name.
    on(commands.buildImage, async (clicked?: unknown, name?: unknown) => {
      const uri = clicked instanceof vscode.Uri ? clicked : vscode.window.activeTextEditor?.document.uri;
      if (uri === undefined) void vscode.window.showInformationMessage('Open a Dockerfile, or right-click one in the explorer.');
      else await buildImage(services, problems, uri, typeof name === 'string' ? name : undefined);
    }),
    on(commands.pushImage, async (name?: unknown) => {
      const reference =
        typeof name === 'string'
          ? name
          : await vscode.window.showInputBox({ title: 'Push Image', prompt: 'Name and tag of a built image' });
      if (reference !== undefined && reference !== '') await pushImage(services, reference);
    }),
    on(commands.rollOut, async (name?: unknown) => {
      const reference =
        typeof name === 'string'
          ? name
          : await vscode.window.showInputBox({ title: 'Roll Out Image', prompt: 'Name and tag of a pushed image' });
      if (reference !== undefined && reference !== '') await rollOut(services, reference);
    }),
  );
}

async function buildImage(
  services: Services,
  problems: vscode.DiagnosticCollection,
  dockerfile: vscode.Uri,
  given: string | undefined,
): Promise<void> {
  if (dockerfile.scheme !== 'file') {
    void vscode.window.showInformationMessage('Only a Dockerfile on the disk can be built: its files are read from there.');
    return;
  }
  const name = given ?? (await pickName(services, dockerfile));
  if (name === undefined) return;
  // A build takes the files as they are on the disk.
  await vscode.workspace.saveAll(false);
  problems.delete(dockerfile);
  services.output.print(`\nBuilding ${name} from ${vscode.workspace.asRelativePath(dockerfile)}`);
  const answer = await run(services, dockerfile, name);
  if (answer === undefined) return;
  if (answer.cancelled) services.output.print('The build was called off.');
  else if (answer.ok) await tellBuilt(services, name, answer);
  else await tellProblem(services, problems, dockerfile, answer);
}

/** Undefined: the worker ended. */
async function run({ host, output }: Services, dockerfile: vscode.Uri, name: string): Promise<ImageBuildAnswer | undefined> {
  const progress = crypto.randomUUID();
  const folder = vscode.Uri.joinPath(dockerfile, '..');
  const options = { location: vscode.ProgressLocation.Notification, title: `Building ${name}`, cancellable: true };
  return vscode.window.withProgress(options, async (report, token) => {
    const listening = host.onBuildProgress((message) => {
      if (message.progress !== progress) return;
      for (const line of message.lines) {
        output.print(line);
        const [, step] = /^#\d+ (\[(?!internal).*)$/.exec(line) ?? [];
        if (step !== undefined) report.report({ message: step });
      }
    });
    try {
      const params = {
        dockerfile: dockerfile.fsPath,
        context: folder.fsPath,
        names: [name],
        source: { dockerfile: dockerfile.toString(), context: folder.toString() },
        progress,
      };
      return await host.request(imageRequests.build, params, token);
    } catch (error) {
      if (!token.isCancellationRequested) void vscode.window.showErrorMessage(`Kubepad: the build ended early. ${String(error)}`);
      return undefined;
    } finally {
      listening.dispose();
    }
  });
}

async function tellBuilt(services: Services, name: string, { steps, images }: ImageBuildAnswer): Promise<void> {
  const cached = steps.filter((step) => step.cached).length;
  const size = `${Math.round((images[0]?.sizeBytes ?? 0) / 1_000_000)} MB`;
  const text = `Built ${name} (${size}): ${steps.length} steps, ${cached} of them cached.`;
  const choice = await vscode.window.showInformationMessage(text, 'Push', 'Show Output', 'Show Image');
  if (choice === 'Push') await pushImage(services, name);
  if (choice === 'Show Output') services.output.show();
  if (choice === 'Show Image') await showImage(images[0]?.name ?? '');
}

async function showImage(name: string): Promise<void> {
  await vscode.commands.executeCommand(commands.describe, { ref: { apiVersion: 'kubepad.dev/v1', kind: 'Image', namespace: '', name } });
}

async function tellProblem(
  { output }: Services,
  problems: vscode.DiagnosticCollection,
  dockerfile: vscode.Uri,
  { message, line, endLine = line }: ImageBuildAnswer,
): Promise<void> {
  const end = (endLine ?? 1) - 1;
  if (line !== undefined) {
    const range = { start: { line: line - 1, character: 0 }, end: { line: end, character: Number.MAX_SAFE_INTEGER } };
    problems.set(dockerfile, [toDiagnostic({ range, severity: 'error', message, code: 'Build', path: '', fixes: [] })]);
  }
  const places = line === undefined ? ['Show Output'] : ['Show Line', 'Show Output'];
  const choice = await vscode.window.showErrorMessage(`The image was not built: ${message}`, ...places);
  if (choice === 'Show Output') output.show();
  if (choice !== 'Show Line' || line === undefined) return;
  const editor = await vscode.window.showTextDocument(dockerfile);
  const start = new vscode.Position(line - 1, 0);
  editor.selection = new vscode.Selection(start, start);
  editor.revealRange(new vscode.Range(start, start), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

async function pushImage(services: Services, name: string): Promise<void> {
  const { ok, lines } = await services.host.request(imageRequests.push, { reference: name });
  services.output.print(lines.join('\n'));
  if (!ok) {
    void vscode.window.showErrorMessage(`${name} was not pushed: ${lines.at(-1) ?? ''}`);
    return;
  }
  const choice = await vscode.window.showInformationMessage(`Pushed ${name}. Nodes can pull it now.`, 'Roll Out');
  if (choice === 'Roll Out') await rollOut(services, name);
}

/** The manifests that name the repository name the image now, and are applied. */
async function rollOut(services: Services, name: string): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const repository = repositoryOf(name);
  const mentions = folder === undefined ? [] : (await findMentions(folder.uri)).filter(({ image }) => repositoryOf(image) === repository);
  if (mentions.length === 0) {
    void vscode.window.showInformationMessage(`No manifest of the workspace names ${repository}.`);
    return;
  }
  const changed = mentions.filter(({ image }) => image !== name);
  if (!(await rename(changed, name))) return;
  await vscode.commands.executeCommand(`${views.cluster}.focus`);
  const files = new Map(mentions.map(({ uri }) => [uri.toString(), uri]));
  await applyManifests(services, [...files.values()], false);
}

async function rename(mentions: readonly ImageMention[], name: string): Promise<boolean> {
  if (mentions.length === 0) return true;
  const edit = new vscode.WorkspaceEdit();
  for (const { uri, range } of mentions) edit.replace(uri, range, name);
  if (!(await vscode.workspace.applyEdit(edit))) {
    void vscode.window.showErrorMessage('The manifests could not be changed.');
    return false;
  }
  for (const uri of new Map(mentions.map((mention) => [mention.uri.toString(), mention.uri])).values()) await vscode.workspace.save(uri);
  return true;
}
