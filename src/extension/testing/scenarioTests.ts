/**
 * Scenario files in the Testing view: each file with its scenarios, to be run, debugged, and run again after each change.
 * Invariant: the outcome is the worker's; nothing is searched or read before the view or such a file is opened.
 * Counterpart: none in Kubernetes; test runners of other languages in VS Code.
 */
import * as vscode from 'vscode';
import { scenarioRequests } from '../../host/protocol/scenario.ts';
import { toRange } from '../diagnostics/convert.ts';
import { textOf } from '../host/workerHost.ts';
import { commands } from '../ids.ts';
import { readText } from '../manifests/collect.ts';
import type { Services } from '../services.ts';
import { registerSimulated } from '../targets/simulatedOnly.ts';
import { recordScenario } from './recordScenario.ts';
import { debugScenario, registerScenarioDebugger } from './scenarioDebugger.ts';
import { createScenarioRunner } from './scenarioRunner.ts';

const include = '**/*.k8stest.{yaml,yml}';
const exclude = '**/{node_modules,.git}/**';
const isScenarioFile = ({ path }: vscode.Uri): boolean => /\.k8stest\.ya?ml$/i.test(path);

const TYPING_MS = 200;

/** A scenario of a file, as an item of the view. */
export interface ScenarioItem {
  readonly uri: vscode.Uri;
  readonly index: number;
}

export function registerScenarioTests(services: Services): vscode.Disposable {
  const { host } = services;
  const controller = vscode.tests.createTestController('kubepad.scenarios', 'Kubernetes Scenarios');
  const places = new WeakMap<vscode.TestItem, ScenarioItem>();

  const fileItem = (uri: vscode.Uri): vscode.TestItem => {
    const known = controller.items.get(uri.toString());
    if (known !== undefined) return known;
    const item = controller.createTestItem(uri.toString(), vscode.workspace.asRelativePath(uri), uri);
    item.canResolveChildren = true;
    controller.items.add(item);
    return item;
  };
  const read = async (file: vscode.TestItem): Promise<void> => {
    const { uri } = file;
    const text = uri === undefined ? undefined : await readText(uri, []);
    if (uri === undefined || text === undefined) return controller.items.delete(file.id);
    const found = await host.request(scenarioRequests.read, { text });
    const items = found.map(({ name, title, range }, index) => {
      const id = `${uri.toString()}#${index}`;
      const item = file.children.get(id) ?? controller.createTestItem(id, title, uri);
      item.label = title === '' ? `scenario ${index + 1}` : title;
      item.description = name;
      item.range = toRange(range);
      places.set(item, { uri, index });
      return item;
    });
    file.children.replace(items);
  };
  const search = async (): Promise<void> => {
    for (const uri of await vscode.workspace.findFiles(include, exclude)) fileItem(uri);
  };
  controller.resolveHandler = (item) => (item === undefined ? search() : read(item));
  controller.refreshHandler = async () => {
    await search();
    for (const [, file] of controller.items) await read(file);
  };

  /** The scenarios that a request is about; files are read first. */
  const scenariosOf = async (request: vscode.TestRunRequest): Promise<readonly vscode.TestItem[]> => {
    if (request.include === undefined) await search();
    const excluded = new Set(request.exclude);
    const found: vscode.TestItem[] = [];
    for (const item of request.include ?? [...controller.items].map(([, file]) => file)) {
      if (excluded.has(item)) continue;
      if (places.has(item)) found.push(item);
      else {
        await read(item);
        for (const [, child] of item.children) if (!excluded.has(child)) found.push(child);
      }
    }
    return found;
  };
  const runner = createScenarioRunner(services, controller, (item) => places.get(item), scenariosOf);
  const debug = async (request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> => {
    const run = controller.createTestRun(request);
    for (const item of await scenariosOf(request)) {
      const place = places.get(item);
      if (place === undefined || token.isCancellationRequested) continue;
      run.started(item);
      const answer = await debugScenario(place, item.label, token);
      if (answer === undefined) run.skipped(item);
      else runner.tell(run, item, place, answer, 0);
    }
    run.end();
  };
  controller.createRunProfile('Run', vscode.TestRunProfileKind.Run, runner.run, true, undefined, true);
  controller.createRunProfile('Debug', vscode.TestRunProfileKind.Debug, debug, true);

  const readAgain = (file: vscode.TestItem): void => {
    read(file).catch((error: unknown) => services.output.log('error', `${file.label}: ${textOf(error)}`));
  };
  const open = (document: vscode.TextDocument): void => {
    // Before its children are asked for they give the editor its marks.
    if (document.uri.scheme !== 'git' && isScenarioFile(document.uri)) readAgain(fileItem(document.uri));
  };
  /** Files that somebody types into are read when he rests. */
  const typed = new Set<vscode.TextDocument>();
  let rest: NodeJS.Timeout | undefined;
  const readTyped = (): void => {
    for (const document of typed) if (!document.isClosed) open(document);
    typed.clear();
  };
  const watcher = vscode.workspace.createFileSystemWatcher(include);
  for (const document of vscode.workspace.textDocuments) open(document);
  return vscode.Disposable.from(
    controller,
    runner,
    watcher,
    registerScenarioDebugger(services),
    registerSimulated(host, commands.recordScenario, 'record of what was done to it', () => recordScenario(host)),
    new vscode.Disposable(() => clearTimeout(rest)),
    vscode.workspace.onDidOpenTextDocument(open),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length === 0 || !isScenarioFile(document.uri)) return;
      typed.add(document);
      clearTimeout(rest);
      rest = setTimeout(readTyped, TYPING_MS);
    }),
    watcher.onDidCreate((uri) => void fileItem(uri)),
    watcher.onDidDelete((uri) => controller.items.delete(uri.toString())),
    watcher.onDidChange((uri) => {
      const file = controller.items.get(uri.toString());
      if (file !== undefined && file.children.size > 0) readAgain(file);
    }),
  );
}
