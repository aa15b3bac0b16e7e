import assert from 'node:assert/strict';
import { Hierarchy, type HierarchyUse } from '../../../../src/manifest/navigation/hierarchy.ts';
import { Navigator } from '../../../../src/manifest/navigation/navigator.ts';
import { Places } from '../../../../src/manifest/references/diagnose.ts';
import { WorkspaceIndex } from '../../../../src/manifest/references/workspaceIndex.ts';

const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n';
const APP = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: nginx
          envFrom:
            - configMapRef:
                name: settings
`;
const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  selector:\n    app: web\n';
const OTHER = `${SERVICE.replace('name: web', 'name: other').replace('app: web', 'app: other')}---\napiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: in
spec:
  defaultBackend:
    service: {name: web, port: {number: 80}}
`;

function hierarchy(): Hierarchy {
  const index = new WorkspaceIndex();
  for (const [uri, text] of [
    ['config', CONFIG],
    ['app', APP],
    ['service', SERVICE],
    ['other', OTHER],
  ] as const)
    index.change(`file:///${uri}.yaml`, text);
  const places = new Places();
  return new Hierarchy(index, places, new Navigator(index, places));
}

const at = (file: string, line: number, character: number) => hierarchy().at(`file:///${file}.yaml`, { line, character });
const shown = (uses: readonly HierarchyUse[]): readonly string[] =>
  uses.map(
    ({ item: { kind, name }, ranges }) => `${kind}/${name} ${ranges.map(({ start }) => `${start.line}:${start.character}`).join(' ')}`,
  );

describe('the hierarchy of objects', () => {
  it('begins with the object around a place, or the one that a name stands for', () => {
    assert.deepEqual(
      at('app', 11, 12).map(({ kind, name }) => `${kind}/${name}`),
      ['apps/v1/Deployment/web'],
    );
    const [config] = at('app', 14, 24);
    assert.deepEqual([config?.uri, config?.selection.start], ['file:///config.yaml', { line: 3, character: 8 }]);
    assert.deepEqual(
      at('other', 9, 3).map(({ name, selection }) => `${name} ${selection.start.line}`),
      ['in 11'],
    );
  });
  it('tells who uses an object, and where', () => {
    const [config] = at('config', 3, 10);
    assert.deepEqual(shown(hierarchy().usersOf(config!)), ['apps/v1/Deployment/web 14:22']);
    const [web] = at('app', 0, 0);
    assert.deepEqual(shown(hierarchy().usersOf(web!)), ['v1/Service/web 5:2']);
    const [service] = at('service', 0, 0);
    assert.deepEqual(shown(hierarchy().usersOf(service!)), ['networking.k8s.io/v1/Ingress/in 14:20']);
  });
  it('tells what an object uses', () => {
    assert.deepEqual(shown(hierarchy().usedBy(at('service', 0, 0)[0]!)), ['apps/v1/Deployment/web 5:2']);
    assert.deepEqual(shown(hierarchy().usedBy(at('app', 0, 0)[0]!)), ['v1/ConfigMap/settings 14:22']);
    assert.deepEqual(hierarchy().usedBy(at('other', 0, 0)[0]!), []);
  });
  it('knows nothing of an object that has gone', () => {
    const [config] = at('config', 3, 10);
    assert.deepEqual(hierarchy().usersOf({ ...config!, name: 'gone' }), []);
  });
});
