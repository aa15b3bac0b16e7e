import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { Editor } from '../../../../src/host/worker/editor.ts';
import { Admissions } from '../../../../src/host/worker/admission/admissions.ts';
import { createApiJudge } from '../../../../src/manifest/apiJudge.ts';

const ROOT = resolve(import.meta.dirname, '../../../../samples');
/** What is there to be found fault with. */
const FAULTY = /^invalid\//;

const files = globSync('**/*.{yaml,yml,json}', { cwd: ROOT })
  .filter((path) => !FAULTY.test(path) && !path.endsWith('package.json'))
  .toSorted()
  .map((path) => ({ path, uri: pathToFileURL(join(ROOT, path)).href, text: readFileSync(join(ROOT, path), 'utf8') }));

/** The editor beside a new cluster, as a person has it who opens the samples. */
function open() {
  const cluster = Cluster.create({
    name: 'default',
    seed: 'samples',
    startTime: Date.UTC(2026, 0, 2),
    defaultStorageClass: 'standard',
    ingressClass: 'nginx',
    preset: 'default',
  });
  cluster.simulation.runUntil('settled', 120_000);
  const editor = new Editor({
    judge: createApiJudge(),
    extensionPath: resolve(ROOT, '..'),
    store: () => cluster.api.store,
    resourceOf: (version, kind) => cluster.api.catalog.strategyForKind(version, kind)?.resource,
    now: () => cluster.simulation.now(),
    hintsChanged: () => undefined,
  });
  editor.references.attach();
  editor.found(files);
  return { cluster, editor };
}

describe('the samples', () => {
  it('have no finding that the real API server would not have, and no name that leads nowhere', () => {
    const { editor } = open();
    const settings = { namespace: 'default', warnings: true, references: true };
    const found = editor
      .validate(files, settings)
      .flatMap(({ uri, diagnostics }) => diagnostics.map(({ range, message }) => `${uri}:${range.start.line + 1} ${message}`));
    assert.deepEqual(found, []);
    assert.ok(files.length > 40, `only ${files.length} files`);
  });

  it('would be taken by a new cluster, each file by itself', async () => {
    const { cluster, editor } = open();
    const admissions = new Admissions({
      cluster: () => cluster,
      entriesOf: (uri) => editor.entriesToApply(uri),
      isWritten: (kind, name) => editor.references.isWritten(kind, name),
      isSaid: () => false,
      changed: () => undefined,
    });
    const token = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) };
    const found: string[] = [];
    let tried = 0;
    for (const { path, uri, text } of files) {
      editor.change({ uri, version: 1, text });
      const answer = await admissions.ask({ uri, namespace: 'default', warnings: true }, token);
      tried += answer?.tried ?? 0;
      for (const { range, message } of answer?.diagnostics ?? []) found.push(`${path}:${range.start.line + 1} ${message}`);
    }
    assert.deepEqual(found, []);
    assert.ok(tried > 60, `only ${tried} documents were tried`);
  });
});
