import assert from 'node:assert/strict';
import { Documents } from '../../../../src/manifest/documents.ts';
import { Navigator } from '../../../../src/manifest/navigation/navigator.ts';
import { Places } from '../../../../src/manifest/references/diagnose.ts';
import { WorkspaceIndex } from '../../../../src/manifest/references/workspaceIndex.ts';
import { foldings, outlineTree, selectionRanges, type Outline } from '../../../../src/manifest/structure.ts';
import type { Position, Range } from '../../../../src/manifest/model.ts';
import { cursorOf, judge, replace } from '../check.ts';

const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  color: blue
  size: "3"
`;
const APP = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: nginx
          envFrom:
            - configMapRef: {name: "settings"}
          env:
            - name: COLOR
              valueFrom:
                configMapKeyRef:
                  name: settings
                  key: color
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector:
    app: web
  ports:
    - port: 80
`;
const FILES: Readonly<Record<string, string>> = { 'config.yaml': CONFIG, 'app.yaml': APP };

/** The files with a cursor where one of them says so: the text before `|` is looked for. */
function at(file: string, marked: string): { readonly navigator: Navigator; readonly uri: string; readonly position: Position } {
  const index = new WorkspaceIndex();
  for (const [uri, text] of Object.entries(FILES)) index.change(uri, text);
  const [before = '', after = ''] = marked.split('|');
  const text = FILES[file] ?? '';
  const offset = text.indexOf(before + after);
  assert.ok(offset >= 0, marked);
  const { position } = cursorOf(`${text.slice(0, offset)}${marked}`);
  return { navigator: new Navigator(index, new Places()), uri: file, position };
}

const textOf = (uri: string, { start, end }: Range): string =>
  (FILES[uri] ?? '').split('\n')[start.line]?.slice(start.character, end.character) ?? '';
const shown = (places: readonly { readonly uri: string; readonly range: Range }[]): readonly string[] =>
  places.map(({ uri, range }) => `${uri}:${range.start.line + 1} ${textOf(uri, range)}`);

describe('navigation', () => {
  for (const [file, marked, definition, references] of [
    ['app.yaml', '{name: "sett|ings"}', ['config.yaml:4 settings'], ['app.yaml:17 settings', 'app.yaml:22 settings']],
    ['config.yaml', 'name: sett|ings', ['config.yaml:4 settings'], ['app.yaml:17 settings', 'app.yaml:22 settings']],
    ['app.yaml', 'key: col|or', ['config.yaml:6 color'], ['app.yaml:23 color']],
    ['config.yaml', 'col|or: blue', ['config.yaml:6 color'], ['app.yaml:23 color']],
    ['app.yaml', '  selector:\n    app: we|b', ['app.yaml:11 web'], ['app.yaml:7 web', 'app.yaml:30 web']],
    ['app.yaml', '  selector:\n    ap|p: web', ['app.yaml:11 app'], ['app.yaml:7 app', 'app.yaml:30 app']],
    ['app.yaml', 'image: ngi|nx', [], []],
    ['app.yaml', 'ke|y: color', [], []],
    ['config.yaml', 'na|me: settings', [], []],
    ['config.yaml', 'color: bl|ue', [], []],
  ] as const) {
    it(`follows ${marked.replace('\n', ' ')} in ${file}`, () => {
      const { navigator, uri, position } = at(file, marked);
      assert.deepEqual(shown(navigator.definition(uri, position)), definition);
      assert.deepEqual(shown(navigator.references(uri, position, false)), references);
    });
  }

  const renamed = (file: string, marked: string, name: string): Readonly<Record<string, string>> => {
    const { navigator, uri, position } = at(file, marked);
    const result = navigator.rename(uri, position, name);
    assert.ok('edits' in result, JSON.stringify(result));
    return Object.fromEntries(
      Object.entries(result.edits).map(([at, edits]) => [
        at,
        edits
          .toSorted((a, b) => b.range.start.line - a.range.start.line)
          .reduce((text, { range, newText }) => replace(text, range, newText), FILES[at] ?? ''),
      ]),
    );
  };
  it('renames an object across files, quotes kept', () =>
    assert.deepEqual(renamed('app.yaml', '{name: "sett|ings"}', 'colors'), {
      'config.yaml': CONFIG.replace('name: settings', 'name: colors'),
      'app.yaml': APP.replace('"settings"', '"colors"').replace('name: settings', 'name: colors'),
    }));
  it('renames a label pair wherever it is, and keeps it a text', () =>
    assert.deepEqual(renamed('app.yaml', '  selector:\n    app: we|b', '007'), {
      'app.yaml': APP.replace('{app: web}', '{app: "007"}').replaceAll('app: web', 'app: "007"'),
    }));
  it('renames a key of a ConfigMap', () =>
    assert.deepEqual(renamed('config.yaml', 'col|or: blue', 'paint'), {
      'config.yaml': CONFIG.replace('color', 'paint'),
      'app.yaml': APP.replace('key: color', 'key: paint'),
    }));
  it('refuses what the API server would refuse', () => {
    const { navigator, uri, position } = at('config.yaml', 'name: sett|ings');
    assert.match((navigator.rename(uri, position, 'Bad Name') as { readonly refusal: string }).refusal, /RFC 1123 subdomain/);
    const nothing = at('app.yaml', 'image: ngi|nx');
    assert.ok('refusal' in nothing.navigator.rename(uri, nothing.position, 'a'));
    assert.equal(nothing.navigator.renameable(uri, nothing.position), undefined);
  });
  it('links names to their objects and finds objects by letters', () => {
    const { navigator } = at('app.yaml', 'image: ngi|nx');
    assert.deepEqual(
      navigator.links('app.yaml').map(({ range, target }) => `${shown([{ uri: 'app.yaml', range }])[0]} > ${target.uri}`),
      ['app.yaml:22 settings > config.yaml', 'app.yaml:17 settings > config.yaml'],
    );
    assert.deepEqual(
      navigator.symbols('depw').map(({ kind, name }) => `${kind}/${name}`),
      ['Deployment/web'],
    );
    assert.equal(navigator.symbols('').length, 3);
  });
});

describe('structure', () => {
  const documents = new Documents(judge);
  documents.change('app.yaml', `# one\n# two\n${APP}`);
  const entries = documents.entries('app.yaml');
  const flat = ({ name, children }: Outline): readonly unknown[] => [name, ...children.map(flat)];

  it('outlines objects, fields and items by their names', () => {
    const [deployment, service] = outlineTree(entries).map(flat);
    assert.deepEqual(service, [
      'Service/web',
      ['apiVersion'],
      ['kind'],
      ['metadata', ['name']],
      ['spec', ['selector', ['app']], ['ports', ['80', ['port']]]],
    ]);
    assert.match(JSON.stringify(deployment), /\["containers",\["web",\["name"\],\["image"\],\["envFrom"/);
  });
  it('has children within their parents', () => {
    const check = ({ range, selection, children }: Outline): void => {
      assert.ok(selection.start.line >= range.start.line && selection.end.line <= range.end.line);
      for (const child of children) {
        assert.ok(child.range.start.line >= range.start.line && child.range.end.line <= range.end.line);
        check(child);
      }
    };
    outlineTree(entries).forEach(check);
  });
  it('folds documents, maps and comments', () => {
    const found = foldings(entries).map(({ start, end, comment }) => `${start}-${end}${comment ? ' comment' : ''}`);
    for (const wanted of ['0-1 comment', '2-24', '6-24', '15-24']) assert.ok(found.includes(wanted), `${wanted} in ${found.join()}`);
  });
  it('selects ever wider', () => {
    const ranges = selectionRanges(entries, { line: 16, character: 18 });
    assert.ok(ranges.length >= 6);
    for (const [index, range] of ranges.slice(1).entries()) {
      const inner = ranges[index]!;
      assert.ok(range.start.line <= inner.start.line && range.end.line >= inner.end.line);
    }
    assert.deepEqual(ranges[0], { start: { line: 16, character: 17 }, end: { line: 16, character: 22 } });
  });
});
