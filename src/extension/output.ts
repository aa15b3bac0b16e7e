import * as vscode from 'vscode';

/** The channel `Kubepad`: results of commands as tables, and what the worker has to say. */
export interface Output extends vscode.Disposable {
  /** A line with the time before it. */
  log(level: 'info' | 'warning' | 'error', message: string): void;
  /** Lines as they are. */
  print(text: string): void;
  show(): void;
}

export function createOutput(): Output {
  const channel = vscode.window.createOutputChannel('Kubepad');
  return {
    log(level, message) {
      channel.appendLine(`${new Date().toISOString().slice(11, 23)} [${level}] ${message}`);
    },
    print(text) {
      channel.appendLine(text);
    },
    show() {
      channel.show(true);
    },
    dispose() {
      channel.dispose();
    },
  };
}
