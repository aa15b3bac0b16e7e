import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { find, forecasts, newFile, until } from './support/until.ts';

const MANIFEST = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: foreseen
spec:
  replicas: 5
  selector:
    matchLabels:
      app: foreseen
  template:
    metadata:
      labels:
        app: foreseen
    spec:
      containers:
        - name: app
          image: nginx:1.29
          resources:
            requests:
              cpu: 3500m
`;

const lenses = async (uri: vscode.Uri): Promise<readonly string[]> => {
  const found = await vscode.commands.executeCommand<readonly vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri);
  return found.flatMap(({ command }) => command?.title ?? []);
};

describe('forecasts', () => {
  it('stand above a document and at the field to blame, and go with the setting', async () => {
    const { document } = await newFile('foreseen.yaml', MANIFEST);
    const [found] = await until(
      'a forecast',
      () => forecasts(document.uri),
      (list) => list.length > 0,
    );
    assert.match(found?.message ?? '', /^Forecast: [2-5] of 5 Pods would stay Pending: .*Insufficient cpu/);
    assert.deepEqual(found?.range, find(document, '3500m'));
    assert.equal(found?.severity, vscode.DiagnosticSeverity.Warning);
    await until(
      'the lens',
      () => lenses(document.uri),
      (titles) => titles.some((title) => /Forecast: [2-5] of 5 would stay Pending: Insufficient cpu/.test(title)),
    );
    const configuration = vscode.workspace.getConfiguration();
    await configuration.update('kubepad.forecast', false, vscode.ConfigurationTarget.Global);
    await until(
      'none',
      () => forecasts(document.uri),
      (list) => list.length === 0,
    );
    await configuration.update('kubepad.forecast', undefined, vscode.ConfigurationTarget.Global);
  });
});
