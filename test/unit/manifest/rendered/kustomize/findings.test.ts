import assert from 'node:assert/strict';
import { Lines } from '../../../../../src/manifest/yaml/lines.ts';
import type { Range } from '../../../../../src/manifest/model.ts';
import { kustomizeFindings } from '../../../../../src/manifest/rendered/kustomize/findings.ts';
import { resolvePath } from '../../../../../src/manifest/rendered/kustomize/sources.ts';
import { judge } from '../../check.ts';

const texts = new Map([
  [
    'files/base/web.yaml',
    `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      restartPolicy: Sometimes
      containers:
        - name: side
          image: busybox
        - name: web
          image: nginx
          ports: [{containerPort: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{port: 80}]}
`,
  ],
  ['files/base/kustomization.yaml', 'resources: [web.yaml]\nconfigMapGenerator:\n  - name: settings\n    literals: ["a key=b"]\n'],
  [
    'files/prod/kustomization.yaml',
    `resources: [../base]
namePrefix: prod-
patches:
  - path: web.yaml
  - target: {kind: Service}
    patch: |-
      - op: replace
        path: /spec/ports/0/port
        value: 800000
      - op: add
        path: /spec/portz
        value: 1
labels: [{pairs: {team: "b c"}}]
replicas: [{name: web, count: -3}]
`,
  ],
  [
    'files/prod/web.yaml',
    `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: web
          imagePullPolcy: Always
          ports:
            - containerPort: 80
              hostPort: 99999
        - name: added
`,
  ],
]);

const history = (origin: string): string => `  annotations:
    alpha.config.kubernetes.io/transformations: |
      - configuredIn: ../files/prod/kustomization.yaml
        configuredBy: {apiVersion: builtin, kind: PatchTransformer}
    config.kubernetes.io/origin: |
      ${origin}
  labels: {team: b c}
`;

/** As kubectl 1.36 renders them: sorted fields, merged lists in an order of their own. */
const output = `apiVersion: v1
kind: ConfigMap
metadata:
${history('configuredIn: ../files/base/kustomization.yaml')}  name: prod-settings-8d6mhf27mh
data: {a key: b}
---
apiVersion: v1
kind: Service
metadata:
${history('path: ../files/base/web.yaml')}  name: prod-web
spec:
  ports:
  - port: 800000
  portz: 1
---
apiVersion: apps/v1
kind: Deployment
metadata:
${history('path: ../files/base/web.yaml')}  name: prod-web
spec:
  replicas: -3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      restartPolicy: Sometimes
      containers:
      - name: web
        image: nginx
        imagePullPolcy: Always
        ports:
        - containerPort: 80
          hostPort: 99999
      - name: added
      - name: side
        image: busybox
`;

const expected = [
  'files/base/kustomization.yaml:4 "a key=b" | data[a key] | files/base/kustomization.yaml:3',
  'files/base/web.yaml:20 [{port: 80}] | spec.ports[0].targetPort',
  'files/prod/kustomization.yaml:13 "b c" | metadata.labels | files/base/kustomization.yaml:3',
  'files/prod/kustomization.yaml:14 -3 | spec.replicas | files/base/web.yaml:2',
  'files/prod/kustomization.yaml:9 800000 | spec.ports[0].port | files/base/web.yaml:18',
  'files/prod/kustomization.yaml:11 /spec/portz | spec.portz | files/base/web.yaml:18',
  'files/prod/web.yaml:12 99999 | spec.template.spec.containers[0].ports[0].hostPort | files/base/web.yaml:2',
  'files/prod/web.yaml:13 name | spec.template.spec.containers[1].image | files/base/web.yaml:2',
  'files/prod/web.yaml:9 imagePullPolcy | spec.template.spec.containers[0].imagePullPolcy | files/base/web.yaml:2',
];

describe('findings in what a kustomization renders to', () => {
  it('stand at the patch, the transformer, the generator or the file, and what is wrong with a file alone is not said again', () => {
    const show = (path: string, range: Range): string => {
      const lines = new Lines(texts.get(path) ?? '');
      return `${path}:${range.start.line + 1} ${(texts.get(path) ?? '').slice(lines.offset(range.start), lines.offset(range.end))}`;
    };
    const found = kustomizeFindings(output, {
      judge,
      minor: 36,
      texts,
      folder: 'top',
      top: 'files/prod/kustomization.yaml',
      uriOf: (path) => path,
    });
    const lines = found.map(({ uri, diagnostic: { range, path, related = [] } }) => {
      assert.equal(related.at(-1)?.message, 'found in what this kustomization renders to');
      return [show(uri, range), path, ...related.slice(0, -1).map((place) => `${place.uri}:${place.range.start.line + 1}`)].join(' | ');
    });
    assert.deepEqual(lines.toSorted(), expected.toSorted());
  });

  it('resolve paths', () => {
    assert.equal(resolvePath('a/b', '../c/./d.yaml'), 'a/c/d.yaml');
    assert.equal(resolvePath('top', '../files/x'), 'files/x');
    assert.equal(resolvePath('', 'x'), 'x');
    assert.equal(resolvePath('a', '../../x'), '../x');
  });
});
