import assert from 'node:assert/strict';
import { Documents } from '../../../../src/manifest/documents.ts';
import { hoverAt } from '../../../../src/manifest/hover.ts';
import type { ClusterObjects } from '../../../../src/manifest/references/world.ts';
import { WorkspaceIndex } from '../../../../src/manifest/references/workspaceIndex.ts';
import { cursorOf, judge } from '../check.ts';

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: docker.io/library/nginx:1.29
          ports: [{name: http, containerPort: 8080}, {containerPort: 9000}]
`;
const SERVICES = `apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{name: public, port: 80, targetPort: http}, {port: 9000}]}
---
apiVersion: v1
kind: Service
metadata: {name: other}
spec: {selector: {app: other}, ports: [{port: 80, targetPort: 8080}]}
`;
const NODES = ['a', 'b'].map((name) => ({
  metadata: { name },
  status: { images: [{ names: ['nginx@sha256:1234', 'nginx:1.29'], sizeBytes: 76_021_760 }] },
}));
const IMAGE = { spec: { repository: 'localhost:5000/shop', tags: ['2'], layers: [{ size: 1_048_576 }, { size: 524_288 }] } };
const POD = { metadata: { name: 'web-1', ownerReferences: [{}] }, spec: { containers: [{ name: 'web', image: 'nginx:1.29' }] } };

function said(marked: string, cluster: boolean): string {
  const { text, position } = cursorOf(marked);
  const index = new WorkspaceIndex();
  index.change('file:///web.yaml', WEB);
  index.change('file:///services.yaml', SERVICES);
  const objects: Readonly<Record<string, readonly unknown[]>> = { 'v1/Node': NODES, 'kubepad.dev/v1/Image': [IMAGE], 'v1/Pod': [POD] };
  const live: ClusterObjects = { serves: () => true, get: () => undefined, list: (kind) => objects[kind] ?? [] };
  const documents = new Documents(judge);
  documents.change('file:///a.yaml', text);
  const hover = hoverAt(documents, 'file:///a.yaml', position, {
    documentation: undefined,
    live: () => undefined,
    selected: () => undefined,
    world: { index, cluster: cluster ? live : undefined, namespace: 'default' },
    nowMs: () => 0,
  });
  return hover?.markdown ?? '';
}

const pod = (lines: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  labels: {app: web}\nspec:\n  containers:\n    - name: c\n${lines}`;
const service = (lines: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: s\nspec:\n  selector: {app: web}\n  ports:\n${lines}`;

describe('hover over what others have to do with', () => {
  const table: readonly (readonly [what: string, marked: string, cluster: boolean, expected: RegExp])[] = [
    ['the size of an image, by the nodes that have it', pod('      image: ngi|nx:1.29'), true, /Size: 72\.5 MiB, on 2 nodes/],
    ['who runs it, however it is written', pod('      image: ngi|nx:1.29'), false, /Run by:\n- `Deployment\/web`, container `web`$/],
    ['not the Pods that a workload made', pod('      image: ngi|nx:1.29'), true, /Run by:\n- `Deployment\/web`, container `web`$/],
    ['the size of an image of the workspace', pod('      image: localhost:50|00/shop:2'), true, /Size: 1\.5 MiB$/],
    ['nothing of an image that nobody has', pod('      image: ngi|nx:1.0'), true, /always|Tag: `1\.0`$/],
    [
      'Services that lead to a port by its name',
      pod('      ports:\n        - name: ht|tp\n          containerPort: 8081'),
      false,
      /Reached through:\n- `Service\/web`, port 80 \(`public`\)$/,
    ],
    [
      'Services that lead to it by its number',
      pod('      ports:\n        - containerPort: 90|00'),
      false,
      /Reached through:\n- `Service\/web`, port 9000$/,
    ],
    ['no Service', pod('      ports:\n        - containerPort: 80|80'), false, /^(?!.*Reached)/s],
    [
      'where a port of a Service leads',
      service('    - port: 8|0\n      targetPort: http'),
      false,
      /Leads to:\n- `Deployment\/web`, container `web`, port 8080 \(`http`\)$/,
    ],
    [
      'where one without a target leads',
      service('    - port: 90|00'),
      false,
      /Leads to:\n- `Deployment\/web`, container `web`, port 9000$/,
    ],
    ['nowhere', service('    - port: 9|1'), false, /^(?!.*Leads)/s],
  ];
  for (const [what, marked, cluster, expected] of table) it(what, () => assert.match(said(marked, cluster), expected));
});
