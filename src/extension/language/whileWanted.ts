/**
 * Registers something for as long as it is wanted beside the extensions that are there.
 * Invariant: registered once or not at all; asked again when extensions come or go, or a setting changes. Counterpart: none in Kubernetes.
 */
import * as vscode from 'vscode';
import type { SettingName } from '../ids.ts';

/** @param setting on which the wish depends, if it does */
export function whileWanted(isWanted: () => boolean, register: () => vscode.Disposable, setting?: SettingName): vscode.Disposable {
  let registered: vscode.Disposable | undefined;
  const follow = (): void => {
    if (isWanted() === (registered !== undefined)) return;
    registered?.dispose();
    registered = registered === undefined ? register() : undefined;
  };
  follow();
  return vscode.Disposable.from(
    vscode.extensions.onDidChange(follow),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (setting !== undefined && event.affectsConfiguration(setting)) follow();
    }),
    { dispose: () => registered?.dispose() },
  );
}
