/**
 * The panel of a Dockerfile or an image: from the explorer, the editor, the line above a Dockerfile, and a container of the tree.
 * Invariant: the worker reads the files; it is told when some of the context have changed. Counterpart: none.
 */
import * as vscode from 'vscode';
import { assertNever } from '../../base/assertNever.ts';
import { imageRequests } from '../../host/protocol/image.ts';
import type { BuildQuery } from '../../host/panels/build/model.ts';
import { requests } from '../../host/protocol/protocol.ts';
import type { BuildCommand } from '../../webview/build/protocol.ts';
import { pickPod } from '../cluster/pick.ts';
import { tellRefusal } from '../cluster/refusal.ts';
import { targetOf, type Target } from '../cluster/target.ts';
import { repositoryOf } from '../images/imageNames.ts';
import { commands } from '../ids.ts';
import { registerPanels, viewTypes } from '../panel/panels.ts';
import type { Services } from '../services.ts';

export function registerBuildPanel(services: Services): vscode.Disposable {
  const panels = registerPanels<BuildQuery, BuildCommand>(services, {
    surface: 'build',
    viewType: viewTypes.build,
    icon: 'package',
    title: ({ dockerfile, repository }) => (dockerfile === undefined ? repository : vscode.workspace.asRelativePath(dockerfile.path)),
    key: ({ dockerfile, repository }) => dockerfile?.uri ?? repository,
    again: (query) => query,
    run,
  });
  const filesChanged = (uris: readonly vscode.Uri[]): void =>
    panels.update((query) => {
      const { dockerfile } = query;
      const within = dockerfile !== undefined && uris.some(({ fsPath }) => fsPath.startsWith(dockerfile.context));
      return within ? { ...query, dockerfile: { ...dockerfile, version: dockerfile.version + 1 } } : undefined;
    });
  return vscode.Disposable.from(
    panels,
    vscode.workspace.onDidSaveTextDocument(({ uri }) => filesChanged([uri])),
    vscode.workspace.onDidCreateFiles(({ files }) => filesChanged(files)),
    vscode.workspace.onDidDeleteFiles(({ files }) => filesChanged(files)),
    vscode.workspace.onDidRenameFiles(({ files }) => filesChanged(files.flatMap(({ oldUri, newUri }) => [oldUri, newUri]))),
    vscode.commands.registerCommand(commands.showBuild, (clicked?: unknown) => {
      const uri = clicked instanceof vscode.Uri ? clicked : vscode.window.activeTextEditor?.document.uri;
      if (uri?.scheme !== 'file') void vscode.window.showInformationMessage('Open a Dockerfile, or right-click one in the explorer.');
      else panels.open(ofDockerfile(uri));
    }),
    vscode.commands.registerCommand(commands.showImage, async (argument?: unknown) => {
      const target = targetOf(argument) ?? (await pickedPod(services));
      const query = target === undefined ? undefined : await ofContainer(services, target);
      if (query !== undefined) panels.open(query);
    }),
  );
}

function ofDockerfile(uri: vscode.Uri): BuildQuery {
  const context = vscode.Uri.joinPath(uri, '..');
  return {
    surface: 'build',
    dockerfile: { uri: uri.toString(), path: uri.fsPath, context: context.fsPath, version: 1 },
    repository: '',
    image: undefined,
  };
}

async function pickedPod(services: Services): Promise<Target | undefined> {
  const ref = await pickPod(services, 'Show Image');
  return ref === undefined ? undefined : { ref, container: undefined };
}

interface PodLike {
  readonly spec?: { readonly containers?: readonly ContainerLike[]; readonly initContainers?: readonly ContainerLike[] };
}

interface ContainerLike {
  readonly name: string;
  readonly image?: string;
}

/** An image that was built here is shown with its Dockerfile. */
async function ofContainer({ host }: Services, { ref, container }: Target): Promise<BuildQuery | undefined> {
  const found = await host.request(requests.objectGet, ref);
  if (!found.ok) {
    tellRefusal(found);
    return undefined;
  }
  const { containers = [], initContainers = [] } = (found.value as PodLike).spec ?? {};
  const own = [...containers, ...initContainers].find(({ name }) => container === undefined || name === container);
  const image = own?.image ?? '';
  const [known] = await host.request(imageRequests.known, { references: [image] });
  const source = known?.dockerfile ?? '';
  if (source.startsWith('file:')) return ofDockerfile(vscode.Uri.parse(source));
  return { surface: 'build', dockerfile: undefined, repository: repositoryOf(image), image: undefined };
}

async function run(command: BuildCommand, { dockerfile }: BuildQuery): Promise<void> {
  const file = dockerfile === undefined ? undefined : vscode.Uri.parse(dockerfile.uri);
  switch (command.type) {
    case 'build':
      return void (await vscode.commands.executeCommand(commands.buildImage, file));
    case 'push':
      return void (await vscode.commands.executeCommand(commands.pushImage, command.reference));
    case 'rollOut':
      return void (await vscode.commands.executeCommand(commands.rollOut, command.reference));
    case 'describe':
      return void (await vscode.commands.executeCommand(commands.describe, { ref: command.ref }));
    case 'line': {
      if (file === undefined) return;
      const selection = new vscode.Range(command.line - 1, 0, command.line - 1, 0);
      return void (await vscode.window.showTextDocument(file, { selection, preview: false, viewColumn: vscode.ViewColumn.Beside }));
    }
    default:
      return assertNever(command);
  }
}
