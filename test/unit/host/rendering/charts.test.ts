import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Charts } from '../../../../src/host/rendering/charts.ts';
import { FolderWatch, watchFolder } from '../../../../src/host/rendering/folderWatch.ts';

const TEMPLATE = 'a: {{ .Values.replicas }}\n';
const AT = { line: 0, character: 17 };

describe('the charts of open files', () => {
  let folder: string;
  /** The folders that are followed, in the order in which they were read. */
  let followed: Map<string, () => void>;
  let reads: string[];
  let opened: Map<string, string>;
  let charts: Charts;
  const uri = (name: string): string => pathToFileURL(join(folder, name)).href;
  const write = (name: string, text: string): void => {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  const follow = (path: string, changed: () => void) => {
    const name = relative(folder, path);
    reads.push(name);
    followed.set(name, changed);
    return { dispose: () => followed.delete(name) };
  };
  /** What the values say where the template asks for them. */
  const told = (): string => {
    const found = charts.hover(uri('templates/a.yaml'), AT)?.markdown ?? '';
    return /\d+/.exec(found.replaceAll(/values\.yaml:\d+/g, ''))?.[0] ?? '';
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubepad-charts-'));
    write('Chart.yaml', 'apiVersion: v2\nname: chart\nversion: 0.1.0\n');
    write('values.yaml', 'replicas: 3\n');
    write('templates/a.yaml', TEMPLATE);
    write('node_modules/large/values.yaml', 'a: 1\n');
    write('.git/info/b.yaml', 'a: 1\n');
    followed = new Map();
    reads = [];
    opened = new Map();
    charts = new Charts((each) => opened.get(each), follow);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are walked once, without the folders that no chart is made of', () => {
    assert.equal(told(), '3');
    assert.deepEqual(reads, ['', 'templates']);
    for (let times = 0; times < 3; times++) assert.equal(told(), '3');
    charts.completion(uri('values.yaml'), { line: 0, character: 0 });
    assert.deepEqual(reads, ['', 'templates']);
  });

  it('follow what is typed without being walked again', () => {
    assert.equal(told(), '3');
    for (const [text, expected] of [
      ['replicas: 4\n', '4'],
      ['replicas: 5\n', '5'],
      [undefined, '3'],
    ] as const) {
      if (text === undefined) opened.delete(uri('values.yaml'));
      else opened.set(uri('values.yaml'), text);
      assert.equal(told(), expected);
    }
    assert.deepEqual(reads, ['', 'templates']);
  });

  const changes: readonly (readonly [what: string, tell: () => void])[] = [
    ['a folder of theirs tells of it', () => followed.get('')?.()],
    ['a client tells of it', () => charts.changed([uri('values.yaml'), 'untitled:other'])],
  ];
  for (const [what, tell] of changes)
    it(`are read again when ${what}`, () => {
      assert.equal(told(), '3');
      write('values.yaml', 'replicas: 42\n');
      assert.equal(told(), '3');
      tell();
      assert.equal(followed.size, 0);
      assert.equal(told(), '42');
      assert.deepEqual([...followed.keys()], ['', 'templates']);
    });

  it('are kept when files elsewhere change', () => {
    assert.equal(told(), '3');
    charts.changed([pathToFileURL(`${folder}-other/values.yaml`).href]);
    assert.equal(followed.size, 2);
  });

  it('are read at every question where folders cannot be followed', () => {
    charts = new Charts(
      () => undefined,
      () => undefined,
    );
    assert.equal(told(), '3');
    write('values.yaml', 'replicas: 42\n');
    assert.equal(told(), '42');
  });

  it('are followed by the file system', async () => {
    const changed = await new Promise<string>((resolve) => {
      const watched = watchFolder(folder, () => {
        watched?.dispose();
        resolve('changed');
      });
      assert.ok(watched);
      write('values.yaml', 'replicas: 6\n');
    });
    assert.equal(changed, 'changed');
    assert.equal(
      watchFolder(join(folder, 'nowhere'), () => undefined),
      undefined,
    );
  });

  it('are not followed beyond what costs more than it spares', () => {
    const watch = new FolderWatch(follow);
    for (let count = 0; count < 256; count++) watch.add(join(folder, `${count}`));
    assert.equal(watch.isQuiet && followed.size === 256, true);
    watch.add(join(folder, 'more'));
    assert.equal(watch.isQuiet || followed.size > 0, false);
  });
});
