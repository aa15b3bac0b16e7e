/**
 * Shells in containers of a real cluster, and their ports, by the user's own kubectl in a terminal.
 * Invariant: kubectl is told the context that is shown; what it prints and asks is its own. Counterpart: kubectl exec, kubectl port-forward.
 */
import * as vscode from 'vscode';
import type { ObjectRef, RealTarget } from '../../host/protocol/view.ts';
import { readSettings } from '../settings.ts';

export function openKubectl(name: string, { context }: RealTarget, { namespace }: ObjectRef, rest: readonly string[]): void {
  const { kubeconfig, rendering } = readSettings();
  const config = kubeconfig === '' ? [] : ['--kubeconfig', kubeconfig];
  const terminal = vscode.window.createTerminal({
    name: `${name} (${context})`,
    shellPath: rendering.kubectl,
    shellArgs: [...config, '--context', context, '--namespace', namespace, ...rest],
    iconPath: new vscode.ThemeIcon('warning'),
    color: new vscode.ThemeColor('terminal.ansiYellow'),
  });
  terminal.show();
}
