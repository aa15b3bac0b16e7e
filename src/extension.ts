/**
 * The entry of the extension: makes the services, lets every part register itself, and says how long that took.
 * Invariant: nothing heavy starts here; the worker with the cluster starts when something first needs it.
 */
import { cpuMs, workSinceLoadMs } from './extension/loadTime.ts';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { createApi } from './extension/api/createApi.ts';
import type { KubepadExports } from './extension/api/kubepad.ts';
import { registerClockCommands } from './extension/clock/clockCommands.ts';
import { registerClusterView } from './extension/cluster/clusterView.ts';
import { registerEventsView } from './extension/cluster/eventsView.ts';
import { registerObjectCommands } from './extension/cluster/objectCommands.ts';
import { registerPanelSurfaces } from './extension/panel/surfaces.ts';
import { registerClusterCommands } from './extension/clusterCommands.ts';
import { createDiagnostics } from './extension/diagnostics/diagnostics.ts';
import { createDocumentSync } from './extension/diagnostics/documentSync.ts';
import { validateWorkspace } from './extension/diagnostics/validateWorkspace.ts';
import { createWorkspaceFiles } from './extension/diagnostics/workspaceFiles.ts';
import { registerLiveFileSystem } from './extension/documents/liveFileSystem.ts';
import { createObjectWatch } from './extension/documents/objectWatch.ts';
import { createTextDocuments } from './extension/documents/textDocuments.ts';
import { createForecasts } from './extension/forecast/forecasts.ts';
import { registerPreview } from './extension/forecast/preview.ts';
import { WorkerHost } from './extension/host/workerHost.ts';
import { workerOptions } from './extension/host/workerOptions.ts';
import { commands } from './extension/ids.ts';
import { registerCodeLens } from './extension/language/codeLens.ts';
import { registerLanguage } from './extension/language/language.ts';
import { registerManifestCommands } from './extension/manifests/commands.ts';
import { registerDockerfileLanguage } from './extension/images/dockerfileLanguage.ts';
import { registerImageCommands } from './extension/images/imageCommands.ts';
import { registerRendering } from './extension/rendering/rendered.ts';
import { registerSamples } from './extension/samples/openSample.ts';
import { registerTasks } from './extension/tasks/validateTask.ts';
import { createOutput } from './extension/output.ts';
import type { Services } from './extension/services.ts';
import { registerStatusBar } from './extension/statusBar.ts';
import { registerTargets } from './extension/targets/targets.ts';
import { registerScenarioTests } from './extension/testing/scenarioTests.ts';
import { registerLanguageModelTools } from './extension/tools/languageModelTools.ts';

/** All modules have run; VS Code may call `activate` later. */
const loadMs = workSinceLoadMs();

let running: WorkerHost | undefined;

export function activate(context: vscode.ExtensionContext): KubepadExports {
  const begin = cpuMs();
  const output = createOutput();
  const host = new WorkerHost({
    workerFile: join(context.extensionPath, 'dist', 'worker.mjs'),
    options: () => workerOptions(context),
    output,
  });
  running = host;
  const sync = createDocumentSync(host);
  context.subscriptions.push(createWorkspaceFiles(host, () => live.start()));
  const diagnostics = createDiagnostics(host, sync, output);
  const { live, applied } = diagnostics;
  const services: Services = { context, host, output, sync, applied, texts: createTextDocuments(), objects: createObjectWatch(host) };
  const clock = registerClockCommands(services);
  const forecasts = createForecasts(services);
  const tree = registerClusterView(services, clock);
  const events = registerEventsView(services, tree);
  context.subscriptions.push(
    output,
    sync,
    diagnostics,
    services.texts,
    services.objects,
    clock,
    tree,
    events,
    registerObjectCommands(services),
    registerClusterCommands(services, tree, events),
    registerSamples(services),
    registerTargets(services),
    registerPanelSurfaces(services, clock),
    registerManifestCommands(services),
    registerImageCommands(services),
    registerDockerfileLanguage(services),
    registerLanguage(services),
    registerTasks(context),
    forecasts,
    registerPreview(services),
    registerCodeLens(services, forecasts),
    registerRendering(services),
    registerLiveFileSystem(services),
    registerStatusBar(services),
    registerScenarioTests(services),
    registerLanguageModelTools(services),
    vscode.commands.registerCommand(commands.validateWorkspace, () => validateWorkspace(services, live.collection)),
  );
  diagnostics.start();
  const activation = { loadMs, activateMs: cpuMs() - begin };
  output.log('info', `Activated in ${activation.activateMs.toFixed(1)} ms, after ${loadMs.toFixed(1)} ms of loading (CPU time).`);
  return { activation, getApi: (version) => createApi(host, version) };
}

/** VS Code waits a few seconds for the promise: enough to write what is acknowledged to the disk. */
export async function deactivate(): Promise<void> {
  await running?.stop();
  running = undefined;
}
