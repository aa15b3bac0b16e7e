/** Runs of scenarios for the Testing view, once or after each change of a file that they read. */
import * as vscode from 'vscode';
import { scenarioRequests, type ScenarioAnswer } from '../../host/protocol/scenario.ts';
import { toRange } from '../diagnostics/convert.ts';
import { readText } from '../manifests/collect.ts';
import type { Services } from '../services.ts';
import type { ScenarioItem } from './scenarioTests.ts';

export interface ScenarioRunner extends vscode.Disposable {
  readonly run: (request: vscode.TestRunRequest, token: vscode.CancellationToken) => Promise<void>;
  /** Writes an outcome into a run. */
  tell(run: vscode.TestRun, item: vscode.TestItem, place: ScenarioItem, answer: ScenarioAnswer, realMs: number): void;
}

/** So long after a save others may come, as with "save all". */
const PAUSE_MS = 200;

export function createScenarioRunner(
  { host }: Services,
  controller: vscode.TestController,
  placeOf: (item: vscode.TestItem) => ScenarioItem | undefined,
  scenariosOf: (request: vscode.TestRunRequest) => Promise<readonly vscode.TestItem[]>,
): ScenarioRunner {
  /** The files that each scenario read the last time, by its id. */
  const reads = new Map<string, ReadonlySet<string>>();
  const continuous = new Set<vscode.Disposable>();

  const tell: ScenarioRunner['tell'] = (run, item, { uri }, { passed, broken, failures, report }, realMs) => {
    run.appendOutput(`${item.label}\r\n${report.map((line) => `    ${line}\r\n`).join('')}`, undefined, item);
    if (passed) return run.passed(item, realMs);
    const messages = failures.map(({ range, text }) => {
      const message = new vscode.TestMessage(text);
      message.location = new vscode.Location(uri, toRange(range));
      return message;
    });
    for (const { text } of failures) run.appendOutput(`    ${text.replaceAll('\n', '\r\n    ')}\r\n`, undefined, item);
    if (broken) run.errored(item, messages, realMs);
    else run.failed(item, messages, realMs);
  };
  const runOne = async (run: vscode.TestRun, item: vscode.TestItem, token: vscode.CancellationToken): Promise<void> => {
    const place = placeOf(item);
    const text = place === undefined ? undefined : await readText(place.uri, []);
    if (place === undefined || text === undefined) return run.skipped(item);
    run.started(item);
    const begin = performance.now();
    try {
      const answer = await host.request(scenarioRequests.run, { uri: place.uri.toString(), text, index: place.index }, token);
      if (token.isCancellationRequested) return run.skipped(item);
      reads.set(item.id, new Set(answer.files));
      tell(run, item, place, answer, performance.now() - begin);
    } catch (error) {
      run.errored(item, new vscode.TestMessage(error instanceof Error ? error.message : String(error)));
    }
  };
  const runAll = async (request: vscode.TestRunRequest, items: readonly vscode.TestItem[]): Promise<void> => {
    const run = controller.createTestRun(request);
    for (const item of items) run.enqueued(item);
    for (const item of items) {
      if (run.token.isCancellationRequested) run.skipped(item);
      else await runOne(run, item, run.token);
    }
    run.end();
  };
  /** Runs again what reads a file that was saved. */
  const follow = (request: vscode.TestRunRequest, token: vscode.CancellationToken): void => {
    const saved = new Set<string>();
    let timer: NodeJS.Timeout | undefined;
    const again = async (): Promise<void> => {
      const paths = [...saved];
      saved.clear();
      const items = await scenariosOf(request);
      const affected = items.filter((item) => {
        const read = reads.get(item.id);
        return read === undefined || paths.some((path) => path === item.uri?.fsPath || read.has(path));
      });
      if (affected.length > 0) await runAll(request, affected);
    };
    const subscription = vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      saved.add(uri.fsPath);
      clearTimeout(timer);
      timer = setTimeout(() => void again(), PAUSE_MS);
    });
    const ended = new vscode.Disposable(() => {
      clearTimeout(timer);
      subscription.dispose();
      continuous.delete(ended);
    });
    continuous.add(ended);
    token.onCancellationRequested(() => void ended.dispose());
  };
  return {
    tell,
    run: async (request, token) => {
      if (request.continuous === true) follow(request, token);
      await runAll(request, await scenariosOf(request));
    },
    dispose: () => {
      for (const each of continuous) each.dispose();
    },
  };
}
