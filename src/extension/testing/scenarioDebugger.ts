/**
 * A scenario in VS Code's debugger: it stands before a step, the views show its cluster, and a person looks around and goes on.
 * Invariant: one scenario is debugged at a time; when it ends the views show the editor's cluster again.
 * Counterpart: none in Kubernetes; a debug adapter within the extension.
 */
import * as vscode from 'vscode';
import { type ScenarioAnswer, type ScenarioPause, scenarioRequests } from '../../host/protocol/scenario.ts';
import type { WorkerHost } from '../host/workerHost.ts';
import { debugType } from '../ids.ts';
import { readText } from '../manifests/collect.ts';
import type { Services } from '../services.ts';
import { type DebugRequest, isRequest, type SourceBreakpoint } from './debugProtocol.ts';
import type { ScenarioItem } from './scenarioTests.ts';

/** What became of debugged scenarios, by their session. */
const answers = new Map<string, ScenarioAnswer>();

export function registerScenarioDebugger({ host }: Services): vscode.Disposable {
  return vscode.debug.registerDebugAdapterDescriptorFactory(debugType, {
    createDebugAdapterDescriptor: (session) => new vscode.DebugAdapterInlineImplementation(new ScenarioDebugger(host, session)),
  });
}

/** Debugs a scenario to its end. @returns undefined: it was stopped */
export async function debugScenario(
  { uri, index }: ScenarioItem,
  name: string,
  token: vscode.CancellationToken,
): Promise<ScenarioAnswer | undefined> {
  const run = `${uri.toString()}#${index} ${Date.now()}`;
  let subscription: vscode.Disposable | undefined;
  const ended = new Promise<void>((resolve) => {
    subscription = vscode.debug.onDidTerminateDebugSession(({ configuration }) => {
      if (configuration['run'] === run) resolve();
    });
  });
  const configuration = { type: debugType, request: 'launch', name, scenario: uri.toString(), index, run };
  const began = await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(uri), configuration);
  const stop = token.onCancellationRequested(() => void vscode.debug.stopDebugging());
  if (began) await ended;
  stop.dispose();
  subscription?.dispose();
  const answer = answers.get(run);
  answers.delete(run);
  return answer;
}

const THREAD = 1;
const CLUSTER_SCOPE = 1;
const FAILURES_SCOPE = 2;

class ScenarioDebugger implements vscode.DebugAdapter {
  private readonly messages = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
  readonly onDidSendMessage = this.messages.event;
  private readonly host: WorkerHost;
  private readonly session: vscode.DebugSession;
  private readonly uri: vscode.Uri;
  private sequence = 1;
  private breakpoints: ReadonlySet<number> = new Set();
  private pause: ScenarioPause | undefined;
  private told = 0;
  private isPausing = false;

  constructor(host: WorkerHost, session: vscode.DebugSession) {
    this.host = host;
    this.session = session;
    this.uri = vscode.Uri.parse(String(session.configuration['scenario']));
  }

  handleMessage(message: vscode.DebugProtocolMessage): void {
    if (!isRequest(message)) return;
    this.answer(message).then(
      (body) => this.send({ type: 'response', request_seq: message.seq, success: true, command: message.command, body }),
      (error: unknown) =>
        this.send({
          type: 'response',
          request_seq: message.seq,
          success: false,
          command: message.command,
          message: error instanceof Error ? error.message : String(error),
        }),
    );
  }

  dispose(): void {
    this.messages.dispose();
  }

  private async answer({ command, arguments: given = {} }: DebugRequest): Promise<unknown> {
    switch (command) {
      case 'initialize':
        setTimeout(() => this.event('initialized', {}));
        return { supportsConfigurationDoneRequest: true };
      case 'setBreakpoints': {
        const wanted = (given['breakpoints'] ?? []) as readonly SourceBreakpoint[];
        const path = (given['source'] as { readonly path?: string } | undefined)?.path;
        if (path === this.uri.fsPath) this.breakpoints = new Set(wanted.map(({ line }) => line - 1));
        return { breakpoints: wanted.map(({ line }) => ({ verified: true, line })) };
      }
      case 'configurationDone':
        await this.begin();
        return undefined;
      case 'threads':
        return { threads: [{ id: THREAD, name: this.session.name }] };
      case 'stackTrace':
        return { stackFrames: this.frames(), totalFrames: 1 };
      case 'scopes':
        return {
          scopes: [
            { name: 'Cluster', variablesReference: CLUSTER_SCOPE, expensive: false },
            { name: 'Does not hold', variablesReference: FAILURES_SCOPE, expensive: false },
          ],
        };
      case 'variables':
        return { variables: this.variables(Number(given['variablesReference'])) };
      case 'next':
      case 'stepIn':
      case 'stepOut':
        setTimeout(() => void this.goOn(() => true));
        return undefined;
      case 'continue':
        setTimeout(() => void this.goOn((line, end) => this.isPausing || this.hasBreakpoint(line, end)));
        return { allThreadsContinued: true };
      case 'pause':
        this.isPausing = true;
        return undefined;
      case 'disconnect':
      case 'terminate':
        await this.host.request(scenarioRequests.end, {});
        return undefined;
      default:
        return undefined;
    }
  }

  /** Stands before the first step, or at the first breakpoint where there is one. */
  private async begin(): Promise<void> {
    const text = (await readText(this.uri, [])) ?? '';
    const index = Number(this.session.configuration['index']);
    this.pause = await this.host.request(scenarioRequests.debug, { uri: this.uri.toString(), text, index });
    this.tellFailures();
    const { next } = this.pause;
    if (next === undefined) return this.finish();
    const isHere = this.breakpoints.size === 0 || this.hasBreakpoint(next.range.start.line, this.lastLine());
    if (isHere) this.event('stopped', { reason: 'entry', threadId: THREAD, allThreadsStopped: true });
    else await this.goOn((line, end) => this.hasBreakpoint(line, end));
  }

  /** @param stops whether to stop before a step that stands on these lines */
  private async goOn(stops: (line: number, end: number) => boolean): Promise<void> {
    try {
      do {
        this.pause = await this.host.request(scenarioRequests.step, {});
        this.tellFailures();
      } while (this.pause.next !== undefined && !stops(this.pause.next.range.start.line, this.lastLine()));
      this.isPausing = false;
      if (this.pause.next === undefined) await this.finish();
      else this.event('stopped', { reason: 'step', threadId: THREAD, allThreadsStopped: true });
    } catch (error) {
      this.output(error instanceof Error ? error.message : String(error), 'stderr');
      this.event('terminated', {});
    }
  }

  private async finish(): Promise<void> {
    const answer = await this.host.request(scenarioRequests.end, {});
    if (answer !== null) {
      answers.set(String(this.session.configuration['run']), answer);
      for (const { text } of answer.failures.slice(this.told)) this.output(text, 'stderr');
      for (const line of answer.report) this.output(line, 'stdout');
    }
    this.event('exited', { exitCode: answer?.passed === true ? 0 : 1 });
    this.event('terminated', {});
  }

  /** A breakpoint on any line of a step stops before it. */
  private hasBreakpoint(line: number, end: number): boolean {
    return [...this.breakpoints].some((each) => each >= line && each < end);
  }

  /** The line after the step that is next. */
  private lastLine(): number {
    return this.pause?.next === undefined ? 0 : this.pause.next.endLine;
  }

  private frames(): readonly object[] {
    const next = this.pause?.next;
    if (next === undefined) return [];
    const { line, character } = next.range.start;
    const source = { name: this.uri.path.slice(this.uri.path.lastIndexOf('/') + 1), path: this.uri.fsPath };
    return [{ id: 1, name: `${next.label} (${this.pause?.time ?? ''})`, source, line: line + 1, column: character + 1 }];
  }

  private variables(scope: number): readonly object[] {
    const { state = [], failures = [] } = this.pause ?? {};
    const found =
      scope === CLUSTER_SCOPE ? state : failures.map(({ range, text }) => ({ name: `line ${range.start.line + 1}`, value: text }));
    return found.map(({ name, value }) => ({ name, value, variablesReference: 0 }));
  }

  private tellFailures(): void {
    const { failures = [] } = this.pause ?? {};
    for (const { text } of failures.slice(this.told)) this.output(text, 'stderr');
    this.told = failures.length;
  }

  private output(text: string, category: 'stderr' | 'stdout'): void {
    this.event('output', { category, output: `${text}\n` });
  }

  private event(event: string, body: object): void {
    this.send({ type: 'event', event, body });
  }

  private send(message: object): void {
    this.messages.fire({ seq: this.sequence++, ...message } as vscode.DebugProtocolMessage);
  }
}
