import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { find, newFile, until } from './support/until.ts';

const LIGHTHOUSE = `apiVersion: v1
kind: ConfigMap
metadata:
  name: lantern
data:
  colour: green
---
apiVersion: v1
kind: Service
metadata:
  name: lighthouse
spec:
  selector:
    app.kubernetes.io/name: lighthouse
  ports:
    - name: beam
      port: 80
      targetPort: light
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: lighthouse
spec:
  replicas: 2
  selector:
    matchLabels:
      app.kubernetes.io/name: lighthouse
  template:
    metadata:
      labels:
        app.kubernetes.io/name: lighthouse
    spec:
      terminationGracePeriodSeconds: 90
      containers:
        - name: lamp
          image: caddy:2.10
          ports:
            - name: light
              containerPort: 8080
          resources:
            requests:
              cpu: 250m
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: foghorn
spec:
  schedule: "30 6 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: horn
              image: busybox:1.37
`;

const INGRESS = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: harbour
spec:
  defaultBackend:
    service:
      name: lighthouse
      port:
        name: ?
---
apiVersion: v1
kind: Pod
metadata:
  name: keeper
spec:
  containers:
    - name: keeper
      image: busybox:1.37
      env:
        - name: COLOUR
          valueFrom:
            configMapKeyRef:
              name: lantern
              key: ?
        - name: OTHER
          valueFrom:
            configMapKeyRef:
              name: ?
`;

async function hoverText(uri: vscode.Uri, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<readonly vscode.Hover[]>('vscode.executeHoverProvider', uri, position);
  return hovers.flatMap(({ contents }) => contents.map((each) => (typeof each === 'string' ? each : each.value))).join('\n');
}

describe('the meaning of values', () => {
  let document: vscode.TextDocument;
  before(async () => {
    ({ document } = await newFile('lighthouse.yaml', LIGHTHOUSE));
    await until(
      'a hover',
      () => hoverText(document.uri, find(document, 'replicas').start),
      (text) => text !== '',
    );
  });

  const table: readonly (readonly [what: string, at: string, says: RegExp])[] = [
    ['a quantity in full', '250m', /`250m` = 0\.25 CPU/],
    ['when a schedule is due', '30 6 * * *', /Next runs, in UTC.*\n- \w+,? \d+ \w+ \d{4} at 06:30/],
    ['what a selector selects', 'selector:\n    app', /Selects the Pods of:\n- `Deployment\/lighthouse`/],
    ['the parts of an image and who runs it', 'caddy:2.10', /Tag: `2\.10`[^]*`Deployment\/lighthouse`, container `lamp`/],
    ['where a port of a Service leads', 'port: 80', /Leads to:\n- `Deployment\/lighthouse`, container `lamp`, port 8080 \(`light`\)/],
    ['through what a port is reached', 'containerPort: 8080', /Reached through:\n- `Service\/lighthouse`, port 80/],
    ['a duration in words', '90', /90 s = 1 min 30 s/],
    ['a label of everybody', 'app.kubernetes.io/name', /name of the application/],
    ['what a field is for that holds a number or a name', 'targetPort', /port of the Pods that a connection goes to/],
    ['what a kind is for', 'CronJob', /\*\*`CronJob`\*\* · `batch\/v1`[^]*single cron job/],
  ];
  for (const [what, at, says] of table) {
    it(`is told on hover: ${what}`, async () => {
      const place = find(document, at);
      assert.match(await hoverText(document.uri, at.startsWith('selector') ? place.start : place.end.translate(0, -1)), says);
    });
  }

  it('has beside it what the cluster holds and reports, once it is applied', async () => {
    void vscode.commands.executeCommand('kubepad.apply', document.uri);
    const text = await until(
      'what is live',
      () => hoverText(document.uri, find(document, 'replicas').start),
      (value) => value.includes('Status reports'),
    );
    assert.match(text, /In the cluster: `2`\n- Status reports: `2`/);
  });
});

describe('what is offered', () => {
  const offered = async (
    uri: vscode.Uri,
    position: vscode.Position,
    trigger?: string,
  ): Promise<ReadonlyMap<string, vscode.CompletionItem>> => {
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      uri,
      position,
      trigger,
    );
    return new Map(items.map((item) => [typeof item.label === 'string' ? item.label : item.label.label, item]));
  };
  const insertOf = (item: vscode.CompletionItem | undefined): string =>
    item?.insertText instanceof vscode.SnippetString ? item.insertText.value : (item?.insertText ?? '');

  it('are the names, keys and ports of the workspace', async () => {
    const parts = INGRESS.split('?');
    const { document } = await newFile('harbour.yaml', parts.join(''));
    const at = (index: number): vscode.Position => document.positionAt(parts.slice(0, index + 1).join('').length);
    const ports = await until(
      'the port',
      () => offered(document.uri, at(0)),
      (items) => items.size > 0,
    );
    assert.deepEqual([...ports.keys()], ['beam']);
    assert.deepEqual([...(await offered(document.uri, at(1))).keys()], ['colour']);
    assert.ok((await offered(document.uri, at(2))).has('lantern'));
  });

  it('is a whole object of the kind, a field with what it needs, and an item of a list', async () => {
    const empty = await newFile('empty.yaml', '');
    const kinds = await until(
      'the kinds',
      () => offered(empty.document.uri, new vscode.Position(0, 0)),
      (items) => items.has('Deployment'),
    );
    assert.match(
      insertOf(kinds.get('Deployment')),
      /^apiVersion: apps\/v1\nkind: Deployment\nmetadata:\n {2}name: \$\{1:app\}\n[^]*image:/,
    );
    const { document } = await newFile('item.yaml', 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    \n');
    const items = await until(
      'the item',
      () => offered(document.uri, document.lineAt(6).range.end),
      (found) => found.size > 0,
    );
    assert.equal(insertOf(items.get('- Container')), '- name: ${1:name}\n  image: ${0:nginx}');
    const fields = await offered(document.uri, new vscode.Position(6, 2));
    assert.equal(insertOf(fields.get('restartPolicy')), 'restartPolicy: $0');
    assert.equal(fields.get('restartPolicy')?.command?.command, 'editor.action.triggerSuggest');
  });
});
