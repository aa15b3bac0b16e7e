import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the extension host', () => {
  it('is Node 24 or newer and has SQLite', async () => {
    assert.ok(Number(process.versions.node.split('.')[0]) >= 24, process.version);
    const { DatabaseSync } = await import('node:sqlite');
    assert.equal(typeof DatabaseSync, 'function');
  });

  it('has Kubepad and the samples', () => {
    assert.ok(vscode.extensions.getExtension('kubepad.kubepad'));
    assert.equal(vscode.workspace.workspaceFolders?.length, 1);
  });

  it('loads and activates Kubepad within 50 ms', async function () {
    const extension = vscode.extensions.getExtension<{ readonly activation: { readonly loadMs: number; readonly activateMs: number } }>(
      'kubepad.kubepad',
    );
    const { loadMs, activateMs } = (await extension?.activate())?.activation ?? { loadMs: Number.NaN, activateMs: Number.NaN };
    const figure = `${loadMs.toFixed(1)} ms + ${activateMs.toFixed(1)} ms`;
    if (this.test !== undefined) this.test.title += `: ${figure}`;
    assert.ok(loadMs + activateMs <= 50, figure);
  });

  it('runs with the settings of the tests', () => {
    assert.equal(vscode.workspace.getConfiguration('workbench').get('startupEditor'), 'none');
  });
});
