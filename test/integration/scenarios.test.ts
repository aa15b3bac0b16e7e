import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { find, newFile, problems, sample, show, until } from './support/until.ts';

interface Message {
  readonly type: string;
  readonly event?: string;
  readonly command?: string;
  readonly body?: {
    readonly reason?: string;
    readonly exitCode?: number;
    readonly output?: string;
    readonly stackFrames?: readonly Frame[];
  };
}

interface Frame {
  readonly line: number;
  readonly name: string;
}

const STORY = `apiVersion: kubepad.dev/v1
kind: Scenario
metadata:
  name: tiny
title: A tiny story
steps:
  - name: cordon it
    cordon: worker-1
  - name: a while
    wait: 30s
expect:
  - object: node/worker-1
    fields:
      spec.unschedulable: false
`;

describe('scenarios', () => {
  it('are checked and completed in the editor', async () => {
    const { document } = await newFile('wrong.k8stest.yaml', STORY.replace('wait: 30s', 'wait: soon').replace('title:', 'titel:'));
    const found = await until(
      'problems',
      () => problems(document.uri).map(({ message }) => message),
      (list) => list.length >= 2,
    );
    assert.deepEqual(found.toSorted(), ['steps[1].wait: must be a duration (e.g. 30s), `settled` or `stable`', 'unknown field "titel"']);
    const position = find(document, 'cordon: worker-1').start;
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      position,
    );
    const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    for (const act of ['apply', 'drain', 'fault', 'until']) assert.ok(labels.includes(act), act);
    await vscode.workspace.fs.delete(document.uri);
  });

  it('stand before a step in the debugger with their cluster in the views, and end with their outcome', async () => {
    const { document } = await newFile('tiny.k8stest.yaml', STORY);
    const seen: Message[] = [];
    const tracker = vscode.debug.registerDebugAdapterTrackerFactory('kubepad-scenario', {
      createDebugAdapterTracker: () => ({ onDidSendMessage: (message: Message) => void seen.push(message) }),
    });
    const stops = (): number => seen.filter(({ event }) => event === 'stopped').length;
    const name = 'A tiny story';
    const configuration = { type: 'kubepad-scenario', request: 'launch', name, scenario: document.uri.toString(), index: 0, run: 'test' };
    assert.ok(await vscode.debug.startDebugging(undefined, configuration));
    await until('the first stop', stops, (count) => count === 1);
    const session = vscode.debug.activeDebugSession;
    assert.ok(session !== undefined);
    const frame = async (): Promise<Frame | undefined> => {
      const { stackFrames } = (await session.customRequest('stackTrace', { threadId: 1 })) as { readonly stackFrames: readonly Frame[] };
      return stackFrames[0];
    };
    assert.deepEqual([(await frame())?.line, (await frame())?.name], [7, 'cordon it (+0s)']);
    await session.customRequest('next', { threadId: 1 });
    await until('the second stop', stops, (count) => count === 2);
    assert.equal((await frame())?.line, 9);
    const live = await vscode.workspace.openTextDocument(vscode.Uri.parse('kubepad:/-/v1/Node/worker-1.yaml'));
    assert.match(live.getText(), /^ {2}unschedulable: true$/m);
    await session.customRequest('continue', { threadId: 1 });
    const ended = await until(
      'the end',
      () => seen.find(({ event }) => event === 'exited'),
      (message) => message !== undefined,
    );
    assert.equal(ended?.body?.exitCode, 1);
    const output = seen.map(({ event, body }) => (event === 'output' ? (body?.output ?? '') : '')).join('');
    assert.match(output, /spec\.unschedulable of node\/worker-1 should be false, but was true \(at 30s\)/);
    tracker.dispose();
    // The editor's cluster is back, and nobody has cordoned its node.
    const own = (): Thenable<Uint8Array> => vscode.workspace.fs.readFile(vscode.Uri.parse('kubepad:/-/v1/Node/worker-1.yaml'));
    assert.ok(!new TextDecoder().decode(await own()).includes('unschedulable'));
    await vscode.workspace.fs.delete(document.uri);
  });

  it('are recorded from what was done', async () => {
    const { document: pod } = await newFile('recorded.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: recorded-by-test\n');
    await vscode.commands.executeCommand('kubepad.apply', pod.uri);
    await vscode.commands.executeCommand('kubepad.recordScenario');
    const text = vscode.window.activeTextEditor?.document.getText() ?? '';
    assert.match(text, /^kind: Scenario$/m);
    assert.match(text, /recorded-by-test/);
    assert.match(vscode.window.activeTextEditor?.document.uri.path ?? '', /\/recorded\.k8stest\.yaml$/);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.workspace.fs.delete(pod.uri);
  });

  it('run in the Testing view', async () => {
    await show(sample('scenarios/priority.k8stest.yaml'));
    const title = 'Who is more important drives out others; who is polite waits';
    assert.deepEqual(states(await outcome()), [[title, PASSED]]);
    const { document } = await newFile('tiny.k8stest.yaml', STORY);
    assert.deepEqual(states(await outcome()), [['A tiny story', FAILED]]);
    await vscode.workspace.fs.delete(document.uri);
  });
});

const PASSED = 3;
const FAILED = 4;

/** Of the file in the editor, as soon as the view knows it. */
const outcome = (): Promise<unknown> =>
  until(
    'an outcome',
    () => vscode.commands.executeCommand('testing.runCurrentFile'),
    (value) => value !== undefined,
  );

/** What VS Code knows of the scenarios of a run; it gives away no messages. */
function states(run: unknown): readonly (readonly [string, number])[] {
  const { items } = run as { readonly items: readonly Item[] };
  return items.filter(({ item }) => item.description !== null).map(({ item, computedState }) => [item.label, computedState] as const);
}

interface Item {
  readonly item: { readonly label: string; readonly description: string | null };
  readonly computedState: number;
}
