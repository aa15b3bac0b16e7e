import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { completeAt } from '../../../src/manifest/completion.ts';
import { Documents } from '../../../src/manifest/documents.ts';
import { fixAll } from '../../../src/manifest/fixAll.ts';
import { formatEdits } from '../../../src/manifest/format/format.ts';
import { hoverAt } from '../../../src/manifest/hover.ts';
import { defaultHints } from '../../../src/manifest/inlay/defaults.ts';
import { Navigator } from '../../../src/manifest/navigation/navigator.ts';
import { Places } from '../../../src/manifest/references/diagnose.ts';
import { WorkspaceIndex } from '../../../src/manifest/references/workspaceIndex.ts';
import { foldings, outlineTree, selectionRanges } from '../../../src/manifest/structure.ts';
import { judge } from './check.ts';
import { PIECES } from '../../fuzz/editor.ts';

/** What nobody who types may have to wait, milliseconds of work. */
const STALL_MS = 50;

const samples = globSync(join(import.meta.dirname, '../../../samples/**/*.yaml')).map((file) => readFileSync(file, 'utf8'));
const index = new WorkspaceIndex();
samples.forEach((text, at) => index.change(`file:///${at}.yaml`, text));
const places = new Places();
const navigator = new Navigator(index, places);
const world = { index, cluster: undefined, namespace: 'default' };
const uri = 'file:///a.yaml';

/** Everything that an editor asks about a text, at a position. */
function answers(documents: Documents, text: string, offset: number): readonly (readonly [what: string, ask: () => unknown])[] {
  const before = text.slice(0, offset).split('\n');
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  const all = { start: { line: 0, character: 0 }, end: { line: 1_000_000, character: 0 } };
  const entries = () => documents.entries(uri);
  const sources = { documentation: undefined, live: () => undefined, selected: () => undefined, world, nowMs: () => 0 };
  return [
    ['diagnostics', () => documents.diagnostics(uri)],
    ['index', () => index.change(uri, text)],
    ['hover', () => hoverAt(documents, uri, position, sources)],
    ['completion', () => completeAt(documents, uri, position, undefined, world)],
    ['fix all', () => fixAll(documents.diagnostics(uri)?.diagnostics ?? [])],
    ['definition', () => navigator.definition(uri, position)],
    ['references', () => navigator.references(uri, position, true)],
    ['links', () => navigator.links(uri)],
    ['rename', () => navigator.rename(uri, position, 'other')],
    ['format', () => formatEdits(entries(), { indent: 2 })],
    ['hints', () => defaultHints(entries(), all)],
    ['outline', () => outlineTree(entries())],
    ['folding', () => foldings(entries())],
    ['selection', () => selectionRanges(entries(), position)],
  ];
}

const edit = fc.record({ at: fc.nat(), cut: fc.nat({ max: 12 }), piece: fc.constantFrom('', ...PIECES) });

function edited(
  text: string,
  edits: readonly { readonly at: number; readonly cut: number; readonly piece: string }[],
): readonly [string, number] {
  let [result, last] = [text, 0];
  for (const { at, cut, piece } of edits) {
    last = at % (result.length + 1);
    result = result.slice(0, last) + piece + result.slice(last + cut);
  }
  return [result, Math.min(last, result.length)];
}

/** The work of this process, which does not count what others do meanwhile. */
function workMs(ask: () => unknown): number {
  const { user, system } = process.cpuUsage();
  ask();
  const after = process.cpuUsage();
  return (after.user + after.system - user - system) / 1000;
}

describe('answers about random edits of manifests', () => {
  it('come without an exception and within 50 ms of work', () => {
    const slow: string[] = [];
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.array(edit, { minLength: 1, maxLength: 6 }), (text, edits) => {
        const [typed, offset] = edited(text, edits);
        const documents = new Documents(judge);
        documents.change(uri, text);
        documents.diagnostics(uri);
        documents.change(uri, typed);
        for (const [what, ask] of answers(documents, typed, offset)) {
          // The first time includes compiling, or somebody else's garbage.
          if (workMs(ask) > STALL_MS && Math.min(workMs(ask), workMs(ask)) > STALL_MS)
            slow.push(`${what}: ${JSON.stringify(typed.slice(0, 200))}`);
        }
      }),
      { numRuns: 200, seed: 7 },
    );
    assert.deepEqual(slow, []);
  }).timeout(120_000);

  it('come in bounds for a file of 10,000 lines', () => {
    const text = Array.from(
      { length: 400 },
      (_, at) =>
        `---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web-${at}\n  labels: {app: web-${at}}\nspec:\n  replicas: 2\n  selector:\n    matchLabels:\n      app: web-${at}\n  template:\n    metadata:\n      labels:\n        app: web-${at}\n    spec:\n      containers:\n        - name: web\n          image: nginx:1.29\n          ports:\n            - containerPort: 80\n          env:\n            - name: A\n              value: b\n`,
    ).join('');
    const documents = new Documents(judge);
    documents.change(uri, text);
    index.change(uri, text);
    for (const [, ask] of answers(documents, text, text.length >> 1)) ask();
    // A word is typed in the middle: only its document is read again.
    const at = text.indexOf('replicas', text.length >> 1);
    const typed = `${text.slice(0, at)}repl${text.slice(at + 8)}`;
    documents.change(uri, typed);
    const slow = answers(documents, typed, at + 4)
      .filter(([what]) => ['diagnostics', 'hover', 'completion'].includes(what))
      .filter(([, ask]) => Math.min(workMs(ask), workMs(ask)) > STALL_MS);
    index.change(uri, '');
    assert.deepEqual(
      slow.map(([what]) => what),
      [],
    );
  }).timeout(60_000);
});
