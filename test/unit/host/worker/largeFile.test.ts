import assert from 'node:assert/strict';
import type { Editor } from '../../../../src/host/worker/editor.ts';
import { createFuzzEditor } from '../../../fuzz/editor.ts';

/** What nobody who types may have to wait, milliseconds of work. */
const STALL_MS = 50;
const URI = 'file:///work/large.yaml';
const SETTINGS = { namespace: 'default', warnings: true, references: true };

const deployment = (at: number): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-${at}
  labels: {app: web-${at}}
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web-${at}
  template:
    metadata:
      labels:
        app: web-${at}
    spec:
      containers:
        - name: web
          image: nginx:1.29
          ports:
            - containerPort: 80
          env:
            - name: A
              value: b
`;
const COUNT = 440;
const items = Array.from({ length: COUNT }, (_, at) => deployment(at));
const DOCUMENTS = items.map((text) => `---\n${text}`).join('');
const LIST = `apiVersion: v1\nkind: List\nitems:\n${items.map((text) => `  - ${text.trimEnd().replaceAll('\n', '\n    ')}\n`).join('')}`;

/** The work of this process, which does not count what others do meanwhile. */
function workMs(ask: () => unknown): number {
  const { user, system } = process.cpuUsage();
  ask();
  const after = process.cpuUsage();
  return (after.user + after.system - user - system) / 1000;
}

/** The least work of a few keys typed into a value in the middle, each asked about as an editor does. */
function keystrokes(editor: Editor, text: string, rules: Readonly<Record<string, string>>): Readonly<Record<string, number>> {
  const end = text.indexOf('\n', text.indexOf('value: b', text.length >> 1));
  const line = text.slice(0, end).split('\n').length - 1;
  const at = { uri: URI, position: { line, character: 14 } };
  const least: Record<string, number> = {};
  let typed = text;
  for (let version = 2; version < 7; version++) {
    typed = `${typed.slice(0, end)}b${typed.slice(end)}`;
    const asks: Readonly<Record<string, () => unknown>> = {
      change: () => editor.change({ uri: URI, version, text: typed }),
      diagnostics: () => {
        const answer = editor.diagnostics(URI, { ...SETTINGS, rules });
        assert.equal(answer?.judged, 1);
        assert.equal(answer.version, version);
      },
      hover: () => editor.hover(at, 'default'),
      completion: () => editor.completion(at, 'default'),
      fixes: () => editor.fixes(URI, { start: at.position, end: at.position }),
      defaults: () => editor.defaults(URI, { start: at.position, end: { line: line + 60, character: 0 } }),
    };
    for (const [what, ask] of Object.entries(asks)) least[what] = Math.min(least[what] ?? Infinity, workMs(ask));
  }
  return least;
}

describe('a file of more than 10,000 lines', () => {
  for (const [title, rules] of [
    ['', {}],
    [', with all rules', { '*': 'default' }],
  ] as const)
    it(`is answered about at every key within 50 ms of work: of its documents only the one that changed is read${title}`, () => {
      assert.ok(DOCUMENTS.split('\n').length > 10_000);
      const editor = createFuzzEditor();
      editor.change({ uri: URI, version: 1, text: DOCUMENTS });
      const found = editor.diagnostics(URI, { ...SETTINGS, rules });
      assert.equal(found?.judged, COUNT);
      assert.equal(found.diagnostics.length > COUNT, title !== '');
      const slow = Object.entries(keystrokes(editor, DOCUMENTS, rules)).filter(([, ms]) => ms > STALL_MS);
      assert.deepEqual(slow, []);
    }).timeout(60_000);

  it('is read a few times, not once for each of its objects, where it is one List', () => {
    const editor = createFuzzEditor();
    editor.change({ uri: URI, version: 1, text: LIST });
    const rules = { '*': 'default' };
    let findings = 0;
    const first = workMs(() => (findings = editor.diagnostics(URI, { ...SETTINGS, rules })?.diagnostics.length ?? 0));
    assert.ok(findings > 10 * COUNT);
    assert.ok(first < 10_000, `${first} ms for ${findings} findings`);
    const { change = 0, diagnostics = 0 } = keystrokes(editor, LIST, {});
    assert.ok(change + diagnostics < 4 * STALL_MS, `${change} ms and ${diagnostics} ms`);
  }).timeout(60_000);
});
