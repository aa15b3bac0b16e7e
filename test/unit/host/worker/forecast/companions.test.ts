import assert from 'node:assert/strict';
import { companionsOf, conditionOf } from '../../../../../src/host/worker/forecast/companions.ts';
import { WorkspaceIndex } from '../../../../../src/manifest/references/workspaceIndex.ts';
import type { ClusterObjects } from '../../../../../src/manifest/references/world.ts';

const object = (kind: string, name: string, more = '', apiVersion = 'v1'): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}${more}}\n`;

const POD = (name: string, spec: string, more = ''): string =>
  `${object('Pod', name, more)}spec: {containers: [{name: a, image: a}], ${spec}}\n`;
const CONFIG = (name: string): string => `volumes: [{name: v, configMap: {name: ${name}}}]`;
const CLAIM = (name: string): string => `volumes: [{name: v, persistentVolumeClaim: {claimName: ${name}}}]`;

/** The other files and documents that are applied with `/app/pod.yaml`. @param live kind/namespace/name of what the cluster has */
function companions(files: Readonly<Record<string, string>>, live: readonly string[] = []): readonly string[] {
  const index = new WorkspaceIndex();
  for (const [path, text] of Object.entries(files)) index.change(`file://${path}`, text);
  const cluster: ClusterObjects = {
    serves: (kind) => !kind.startsWith('x/'),
    get: (kind, namespace, name) => (live.includes(`${kind} ${namespace}/${name}`) ? {} : undefined),
    list: () => [],
  };
  const found = companionsOf('file:///app/pod.yaml', { index, cluster, namespace: 'default' });
  return found.map(({ uri, text, neededBy }) => `${uri.slice(7)} ${/name: ([\w-]+)/.exec(text)?.[1] ?? ''} for ${neededBy.join()}`);
}

describe('what a forecast of a file has applied too', () => {
  const cases: readonly (readonly [
    what: string,
    files: Readonly<Record<string, string>>,
    live: readonly string[],
    found: readonly string[],
  ])[] = [
    [
      'what the file names',
      { '/app/pod.yaml': POD('p', CONFIG('c')), '/app/c.yaml': object('ConfigMap', 'c') },
      [],
      ['/app/c.yaml c for 0'],
    ],
    [
      'not what the cluster has',
      { '/app/pod.yaml': POD('p', CONFIG('c')), '/app/c.yaml': object('ConfigMap', 'c') },
      ['v1/ConfigMap default/c'],
      [],
    ],
    [
      'not what the file has itself',
      { '/app/pod.yaml': `${POD('p', CONFIG('c'))}---\n${object('ConfigMap', 'c')}`, '/b/c.yaml': object('ConfigMap', 'c') },
      [],
      [],
    ],
    ['not what nobody has', { '/app/pod.yaml': POD('p', CONFIG('c')), '/app/c.yaml': object('ConfigMap', 'd') }, [], []],
    [
      'not what lies in another namespace',
      { '/app/pod.yaml': POD('p', CONFIG('c')), '/app/c.yaml': object('ConfigMap', 'c', ', namespace: x') },
      [],
      [],
    ],
    [
      'of several the nearest',
      { '/app/pod.yaml': POD('p', CONFIG('c')), '/a/c.yaml': object('ConfigMap', 'c'), '/app/env/c.yaml': object('ConfigMap', 'c') },
      [],
      ['/app/env/c.yaml c for 0'],
    ],
    [
      'what that needs in turn',
      {
        '/app/pod.yaml': POD('p', CLAIM('data')),
        '/app/claim.yaml': `${object('PersistentVolumeClaim', 'data')}spec: {storageClassName: fast}\n`,
        '/app/class.yaml': object('StorageClass', 'fast', '', 'storage.k8s.io/v1'),
      },
      [],
      ['/app/claim.yaml data for 0', '/app/class.yaml fast for 0'],
    ],
    [
      'the namespace, once for all that lie in it',
      {
        '/app/pod.yaml': `${POD('p', 'hostNetwork: true', ', namespace: shop')}---\n${POD('q', CONFIG('c'), ', namespace: shop')}`,
        '/app/all.yaml': `${object('Namespace', 'shop')}---\n${object('ConfigMap', 'c', ', namespace: shop')}`,
      },
      [],
      ['/app/all.yaml shop for 0,4', '/app/all.yaml c for 4'],
    ],
    [
      'not what only makes use of it',
      { '/app/pod.yaml': POD('p', 'hostNetwork: true'), '/app/service.yaml': `${object('Service', 's')}spec: {selector: {a: b}}\n` },
      [],
      [],
    ],
  ];
  for (const [what, files, live, found] of cases)
    it(`is ${what}`, () => {
      assert.deepEqual(companions(files, live), found);
    });

  it('is named by its files', () => {
    const companion = (name: string, ...neededBy: readonly number[]) => ({ uri: `file:///a/${name}`, text: '', neededBy });
    const all = [companion('a.yaml', 0), companion('b%20b.yaml', 0, 9), companion('a.yaml', 0), companion('c.yaml', 9)];
    assert.deepEqual(
      [0, 9, 3].map((begin) => conditionOf(all, (line) => line === begin)),
      ['once a.yaml and b b.yaml are applied', 'once b b.yaml and c.yaml are applied', ''],
    );
    assert.equal(
      conditionOf([...all, companion('d.yaml', 0)], (line) => line === 0),
      'once a.yaml, b b.yaml and d.yaml are applied',
    );
  });
});
