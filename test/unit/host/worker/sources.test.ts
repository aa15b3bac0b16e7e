import assert from 'node:assert/strict';
import { sourceFinder } from '../../../../src/host/worker/sources.ts';
import { WorkspaceIndex } from '../../../../src/manifest/references/workspaceIndex.ts';

const FILE = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
    - name: http
      port: 80
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 5
  template:
    spec:
      containers:
        - name: web
          image: nginx:1.27
`;

describe('the lines of files that objects are from', () => {
  const index = new WorkspaceIndex();
  index.change('file:///web.yaml', FILE);
  const find = sourceFinder(index);
  const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
  const change = (path: string, to: string | undefined) => [{ path, from: undefined, to }];
  const rows = [
    ['the name, without a field', web, [], 12, true],
    ['the field that was changed', web, change('spec.replicas', '5'), 15, true],
    ['a field that was edited since', web, change('spec.replicas', '3'), 15, false],
    ['an item of a list by its name', web, change('spec.template.spec.containers[web].image', 'nginx:1.27'), 20, true],
    ['the name, of a field that no file says', web, change('spec.paused', 'true'), 12, true],
    ['the first field that a file says', web, [...change('metadata.annotations.a', '1'), ...change('spec.replicas', '5')], 15, true],
    ['a document without namespace, for any', { apiVersion: 'v1', kind: 'Service', namespace: 'default', name: 'web' }, [], 3, true],
  ] as const;
  for (const [what, ref, changes, line, same] of rows)
    it(`are found: ${what}`, () => assert.deepEqual(find(ref, changes), { uri: 'file:///web.yaml', line, same }));

  it('are not found in another namespace, or of another kind', () => {
    assert.equal(find({ ...web, namespace: 'other' }, []), undefined);
    assert.equal(find({ ...web, kind: 'StatefulSet' }, []), undefined);
  });
});
