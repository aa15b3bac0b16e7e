import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { newFile, until } from './support/until.ts';

describe('the task kubepad: validate', () => {
  it('judges the files of the workspace and puts what it finds into the Problems view', async () => {
    const { document } = await newFile('task.yaml', 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: Bad_Name\nspec:\n  containers: []\n');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const [task] = await vscode.tasks.fetchTasks({ type: 'kubepad' });
    assert.ok(task, 'there is no task');
    assert.equal(task.source, 'kubepad');
    const ended = new Promise<number | undefined>((resolve) => {
      const listener = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
        if (execution.task.name !== task.name) return;
        listener.dispose();
        resolve(exitCode);
      });
    });
    await vscode.tasks.executeTask(task);
    assert.equal(await ended, 1);
    const found = await until(
      'a problem',
      () => vscode.languages.getDiagnostics(document.uri),
      (list) => list.some(({ message }) => message.includes('metadata.name')),
    );
    assert.equal(found[0]?.source, 'Kubepad');
  });
});
