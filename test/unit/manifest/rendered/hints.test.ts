import assert from 'node:assert/strict';
import { Lines } from '../../../../src/manifest/yaml/lines.ts';
import type { Range } from '../../../../src/manifest/model.ts';
import { WorkspaceIndex } from '../../../../src/manifest/references/workspaceIndex.ts';
import { chartHints, type FileFinding } from '../../../../src/manifest/rendered/findings.ts';
import { RenderedObjects, type HintContext } from '../../../../src/manifest/rendered/hints.ts';
import { kustomizeHints, OUTPUT } from '../../../../src/manifest/rendered/kustomize/hints.ts';
import { recorded } from './record.ts';

function beside(
  files: Readonly<Record<string, string>>,
  rules: Readonly<Record<string, string>>,
  patches: readonly string[] = [],
): HintContext {
  const index = new WorkspaceIndex();
  for (const [uri, text] of Object.entries(files)) index.change(uri, text);
  const isPatch = (uri: string): boolean => patches.includes(uri);
  return { settings: { references: true, rules }, world: { index, cluster: undefined, namespace: 'default' }, isPatch };
}

/** `FILE:LINE text | code | related…` */
function shown(found: readonly FileFinding[], textOf: (uri: string) => string | undefined): readonly string[] {
  const show = (uri: string, range: Range): string => {
    const text = textOf(uri) ?? '';
    const lines = new Lines(text);
    return `${uri}:${range.start.line + 1} ${text.slice(lines.offset(range.start), lines.offset(range.end))}`;
  };
  return found
    .map(({ uri, diagnostic: { range, code, related = [] } }) =>
      [show(uri, range), code, ...related.map((place) => `${show(place.uri, place.range)} (${place.message})`)].join(' | '),
    )
    .toSorted();
}

describe('hints about what a chart renders to', () => {
  it('stand at the template that made them, with the value, and know the other templates and the workspace', async () => {
    const { rendering, chart } = await recorded('lantern');
    const context = { minor: 36, chart, uriOf: (path: string) => path };
    const hints = beside(
      { 'more.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: from-the-workspace}\n' },
      { 'latest-tag': 'default' },
    );
    const found = chartHints(rendering, context, new RenderedObjects(rendering.files, []), hints);
    assert.deepEqual(
      shown(found, (path) => chart.text(path)),
      [
        'templates/lamp.yaml:14 {{ .Values.image }} | latest-tag | values.yaml:1 oil:latest (.Values.image is set here)',
        'templates/lamp.yaml:17 {{ .Values.settings }} | missing-reference | values.yaml:2 wicks (.Values.settings is set here)',
        'templates/service.yaml:12 {{ .Values.port }} | missing-port | templates/lamp.yaml:2 Deployment (selected: lantern) | values.yaml:3 htp (.Values.port is set here)',
        'templates/service.yaml:19 selector | selects-nothing | templates/lamp.yaml:2 Deployment (the Pods of lantern have app=lantern-lamp)',
      ],
    );
    assert.ok(found.every(({ hint }) => hint));
  });

  it('are told anew when the workspace changes, without another rendering', async () => {
    const { rendering, chart } = await recorded('lantern');
    const objects = new RenderedObjects(rendering.files, []);
    const index = new WorkspaceIndex();
    const hints: HintContext = { ...beside({}, {}), world: { index, cluster: undefined, namespace: '' } };
    const missing = (): number =>
      chartHints(rendering, { minor: 36, chart, uriOf: (path) => path }, objects, hints).filter(
        ({ diagnostic }) => diagnostic.code === 'missing-reference',
      ).length;
    assert.equal(missing(), 2);
    index.change('wicks.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: wicks}\n');
    assert.equal(missing(), 1);
  });
});

const TEXTS: Readonly<Record<string, string>> = {
  'base/web.yaml': `apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: NodePort
  selector: {app: web}
  ports: [{port: 80, nodePort: 30080}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: nginx:latest
          envFrom: [{configMapRef: {name: settings}}]
`,
  'base/kustomization.yaml': 'resources: [web.yaml]\n',
  'prod/kustomization.yaml': `resources: [../base]
namePrefix: prod-
patches:
  - path: more.yaml
images: [{name: side, newTag: latest}]
`,
  'prod/more.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: side
          image: side:1
          envFrom:
            - secretRef: {name: nowhere}
            # kubepad: ignore missing-reference
            - secretRef: {name: by-hand}
        - name: other
          image: other
`,
};

const origin = `  annotations:
    alpha.config.kubernetes.io/transformations: |
      - configuredIn: ../prod/kustomization.yaml
    config.kubernetes.io/origin: |
      path: ../base/web.yaml
`;
/** As kubectl 1.36 renders it, without what comments said. */
const RENDERED = `apiVersion: v1
kind: Service
metadata:
${origin}  name: prod-web
spec:
  ports: [{nodePort: 30080, port: 80}]
  selector: {app: web}
  type: NodePort
---
apiVersion: apps/v1
kind: Deployment
metadata:
${origin}  name: prod-web
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: side
        image: side:latest
        envFrom:
        - secretRef: {name: nowhere}
        - secretRef: {name: by-hand}
      - name: other
        image: other
      - name: web
        image: nginx:latest
        envFrom: [{configMapRef: {name: settings}}]
`;

describe('hints about what a kustomization renders to', () => {
  const context = {
    minor: 36,
    texts: new Map(Object.entries(TEXTS)),
    folder: 'top',
    top: 'prod/kustomization.yaml',
    uriOf: (path: string) => path,
  };
  const objects = new RenderedObjects([{ path: OUTPUT, text: RENDERED }], Object.keys(TEXTS));
  const found = (files: Readonly<Record<string, string>>): readonly string[] =>
    shown(
      kustomizeHints(RENDERED, context, objects, beside(files, { 'latest-tag': 'default' }, ['prod/more.yaml'])),
      (path) => TEXTS[path],
    );
  const OF_PROD = [
    'prod/kustomization.yaml:5 latest | latest-tag | base/web.yaml:10 Deployment (Deployment prod-web comes from here) | prod/kustomization.yaml:1 r (found in what this kustomization renders to)',
    'prod/more.yaml:11 nowhere | missing-reference | base/web.yaml:10 Deployment (Deployment prod-web comes from here) | prod/kustomization.yaml:1 r (found in what this kustomization renders to)',
    'prod/more.yaml:15 other | latest-tag | base/web.yaml:10 Deployment (Deployment prod-web comes from here) | prod/kustomization.yaml:1 r (found in what this kustomization renders to)',
  ];

  it('stand at the patch or the transformer; what a file is told by itself is not told again, and a base is no rival of what is made of it', () => {
    assert.deepEqual(found(TEXTS), OF_PROD);
  });

  it('stand in the file of the object where nobody judges that file by itself', () => {
    assert.deepEqual(
      found({}).filter((line) => !OF_PROD.includes(line)),
      [
        'base/web.yaml:19 nginx:latest | latest-tag | prod/kustomization.yaml:1 r (found in what this kustomization renders to)',
        'base/web.yaml:20 settings | missing-reference | prod/kustomization.yaml:1 r (found in what this kustomization renders to)',
      ],
    );
  });
});
