/**
 * The task `kubepad: validate`: the headless program over the files of a folder, whose output VS Code reads for problems.
 * Invariant: what the task finds is what `kubepad validate` finds in CI. Counterpart: none in Kubernetes.
 */
import { join } from 'node:path';
import * as vscode from 'vscode';
import { taskType } from '../ids.ts';
import { readSettings } from '../settings.ts';
import { argumentsOf, type ValidateDefinition } from './validateArguments.ts';

export function registerTasks({ extensionPath }: vscode.ExtensionContext): vscode.Disposable {
  const program = join(extensionPath, 'dist', 'kubepad.mjs');
  return vscode.tasks.registerTaskProvider(taskType, {
    provideTasks: () =>
      (vscode.workspace.workspaceFolders ?? [])
        .filter(({ uri }) => uri.scheme === 'file')
        .map((folder) => taskOf({ type: taskType, command: 'validate' }, folder, program)),
    resolveTask({ definition, scope }) {
      const folder = typeof scope === 'object' ? scope : vscode.workspace.workspaceFolders?.[0];
      const own = definition as ValidateDefinition;
      return own.command === 'validate' && folder !== undefined ? taskOf(own, folder, program) : undefined;
    },
  });
}

function taskOf(definition: ValidateDefinition, folder: vscode.WorkspaceFolder, program: string): vscode.Task {
  const { targetVersion } = readSettings();
  const execution = new vscode.ProcessExecution(process.execPath, [program, ...argumentsOf(definition, targetVersion)], {
    cwd: folder.uri.fsPath,
    // The program that runs extensions of a desktop VS Code is Node only when told so.
    env: { ELECTRON_RUN_AS_NODE: '1' },
  });
  const task = new vscode.Task({ ...definition }, folder, 'validate', 'kubepad', execution, '$kubepad');
  task.detail = 'Judges the manifests of the folder as the API server would';
  task.group = vscode.TaskGroup.Test;
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Silent, clear: true };
  return task;
}
