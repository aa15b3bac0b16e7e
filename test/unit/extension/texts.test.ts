import assert from 'node:assert/strict';
import { speedText, timeText } from '../../../src/extension/clock/clockText.ts';
import { targetOf } from '../../../src/extension/cluster/target.ts';
import { liveObjectPath, parseLivePath, shortName } from '../../../src/extension/documents/liveUri.ts';
import { isExcludedPath, isManifestPath, isSkippedFolder, looksLikeManifest } from '../../../src/extension/manifests/recognise.ts';

describe('addresses of live objects', () => {
  const refs = [
    [{ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' }, '/default/apps~v1/Deployment/web.yaml'],
    [{ apiVersion: 'v1', kind: 'Node', namespace: '', name: 'worker-1' }, '/-/v1/Node/worker-1.yaml'],
  ] as const;
  for (const [ref, path] of refs) {
    it(`go there and back: ${path}`, () => {
      assert.equal(liveObjectPath(ref), path);
      assert.deepEqual(parseLivePath(path), ref);
    });
  }

  it('are nothing else', () => {
    for (const path of ['/', '/default', '/default/v1/Pod', '/default/v1/Pod/web.yml']) assert.equal(parseLivePath(path), undefined);
  });

  it('have short names', () => assert.equal(shortName(refs[0][0]), 'deployment/web'));
});

describe('files', () => {
  it('are taken by their ending', () => {
    for (const path of ['/a.yaml', '/a.YML', '/a.json']) assert.ok(isManifestPath(path), path);
    for (const path of ['/a.yaml.bak', '/Dockerfile', '/json']) assert.ok(!isManifestPath(path), path);
  });

  it('are not looked for in folders of other tools', () => {
    for (const [path, inChart] of [
      ['/a/node_modules', false],
      ['/a/.git', false],
      ['/a/templates', true],
      ['/charts/web/templates', false],
    ] as const)
      assert.ok(isSkippedFolder(path, inChart), path);
    for (const path of ['/a/templates', '/a/charts', '/a/b']) assert.ok(!isSkippedFolder(path, false), path);
  });

  it('are left out when they change where they are left out of the search', () => {
    for (const path of ['/a/node_modules/b.yaml', '/a/.git/b.json', '/charts/web/templates/b.yaml', '/charts/templates/b.yaml'])
      assert.ok(isExcludedPath(path), path);
    for (const path of ['/a/b.yaml', '/a/templates/b.yaml', '/charts/web/values.yaml', '/node_modules_of/b.yaml'])
      assert.ok(!isExcludedPath(path), path);
  });

  it('are told apart by a cheap look', () => {
    for (const text of [
      'apiVersion: v1',
      '# x\nkind: Pod',
      '{"kind":"Pod"}',
      '- apiVersion: v1',
      '"kind" : Pod',
      '{\n  "apiVersion": "v1"',
    ])
      assert.ok(looksLikeManifest(text), text);
    for (const text of ['', 'services:\n  web: {}', '{"name":"kind"}', '# kind: nothing', 'mankind: all'])
      assert.ok(!looksLikeManifest(text), text);
  });
});

describe('the target of a command', () => {
  const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'web' };

  it('is what a row gives', () => {
    assert.deepEqual(targetOf({ ref }), { ref, container: undefined });
    assert.deepEqual(targetOf({ ref, container: 'main' }), { ref, container: 'main' });
  });

  it('is missing where a person called the command', () => {
    for (const argument of [undefined, null, 'x', {}, { ref: {} }, { ref: { kind: 'Pod' } }]) assert.equal(targetOf(argument), undefined);
  });
});

describe('the clock in words', () => {
  it('has a speed', () => assert.deepEqual([speedText(10), speedText('max')], ['×10', 'as fast as possible']));
  it('counts days from the start', () => {
    assert.equal(timeText({ start: 1_000, now: 1_000 + 312_000 }), 'day 1, 00:05:12');
    assert.equal(timeText({ start: 0, now: 90_061_000 }), 'day 2, 01:01:01');
  });
});
