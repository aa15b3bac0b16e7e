import assert from 'node:assert/strict';
import { Documents } from '../../../src/manifest/documents.ts';
import { checkDiagnostics, fixed, judge } from './check.ts';

describe('diagnostics', () => {
  it('stand at the key of an unknown field and at the value of a wrong one', () =>
    checkDiagnostics(`apiVersion: v1
kind: Pod
metadata:
  name: a
spec:
  containers:
    - name: c
      image: nginx
      imagePullPolcy: Always
#     ^^^^^^^^^^^^^^ UnknownField: unknown field "spec.containers[0].imagePullPolcy"
  restartPolicy: Sometimes
#                ^^^^^^^^^ FieldValueNotSupported: spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"
`));

  it('stand at the parent of what is missing', () =>
    checkDiagnostics(`apiVersion: v1
kind: Pod
metadata:
  name: a
spec:
  containers:
    - image: nginx
#     ^^^^^ FieldValueRequired: spec.containers[0].name: Required value
`));

  it('stand at the item whose value has the wrong type', () =>
    checkDiagnostics(`apiVersion: v1
kind: Pod
metadata:
  name: a
spec:
  containers:
    - name: a
      image: nginx
      ports:
        - containerPort: 80
        - containerPort: "http"
#                        ^^^^^^ Decode: json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32
`));

  it('stand at a quantity that is none', () =>
    checkDiagnostics(`apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
    - name: a
      image: nginx
      resources:
        limits:
          cpu: 1x
#              ^^ Decode: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'
`));

  it('name everything of a wrong type, and all unknown fields beside it', () =>
    checkDiagnostics(`apiVersion: apps/v1
kind: Deployment
metadata:
  name: a
  labels:
    on: true
#       ^^^^ Decode: json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string
    version: 1.0
#            ^^^ Decode: json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string
spec:
  replicas: two
#           ^^^ Decode: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32
  template:
    spec:
      containers:
        - name: a
          imag: nginx
#         ^^^^ UnknownField: unknown field "spec.template.spec.containers[0].imag"
          env:
            - {name: A, value: "1"}
            - {name: B, value: true}
#                              ^^^^ Decode: json: cannot unmarshal bool into Go struct field EnvVar.spec.template.spec.containers.env.value of type string
          resources:
            limits:
              memory: 128MB
#                     ^^^^^ Decode: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'
              cpu: 1x
#                  ^^ Decode: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'
          readinessProbe: {httpGet: {port: true}}
#                                          ^^^^ Decode: json: cannot unmarshal bool into Go struct field HTTPGetAction.spec.template.spec.containers.readinessProbe.ProbeHandler.httpGet.port of type int32
      volumes:
#     ^^^^^^^ Decode: json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.volumes of type []v1.Volume
        name: a
`));

  it('say of a misspelt field that it is unknown, and not what follows from that', () =>
    checkDiagnostics(`apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  selector:
    matchLabel: {app: a}
#   ^^^^^^^^^^ UnknownField: unknown field "spec.selector.matchLabel"
  template:
    metadata:
      label: {app: a}
#     ^^^^^ UnknownField: unknown field "spec.template.metadata.label"
    spec:
      container: [{name: a, image: nginx}]
#     ^^^^^^^^^ UnknownField: unknown field "spec.template.spec.container"
`));

  it('of the rest stay while a line is half typed', () =>
    checkDiagnostics(`apiVersion: v1
kind: ConfigMap
metadata: {name: b}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  replica: 2
# ^^^^^^^ UnknownField: unknown field "spec.replica"
  selector:
    matchLabels:
      app: a
      tier
#     ^^^^ Syntax: could not find expected ':': a key is followed by a colon
  template:
    spec:
      containers:
        - name: a
          stdin: "true"
#                ^^^^^^ Decode: json: cannot unmarshal string into Go struct field Container.spec.template.spec.containers.stdin of type bool
`));

  it('of the rest are unknown while a key is half typed that holds it', () =>
    checkDiagnostics(`apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  contain
# ^^^^^^^ Syntax: could not find expected ':': a key is followed by a colon
    - nam: a
`));

  it('stand at the second of two equal keys', () =>
    checkDiagnostics(`apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  name: b
# ^^^^ DuplicateField: duplicate field "metadata.name"
`));

  it('reach into lists of objects and count documents', () =>
    checkDiagnostics(`# A comment
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: fine
---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ConfigMap
    metadata:
      name: Upper
#           ^^^^^ FieldValueInvalid: metadata.name: Invalid value: "Upper": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
`));

  it('name kinds and versions that are not served', () =>
    checkDiagnostics(`apiVersion: apps/v1beta1
#           ^^^^^^^^^^^^ UnknownKind: no matches for kind "Deployment" in version "apps/v1beta1"
kind: Deployment
metadata: {name: a}
---
apiVersion: v1
kind: Pdo
#     ^^^ UnknownKind: no matches for kind "Pdo" in version "v1"
metadata: {name: a}
`));

  it('stand at the anchor that an alias repeats', () =>
    checkDiagnostics(`apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
    - &one
      name: A
#           ^ FieldValueInvalid: spec.containers[0].name: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')
      image: nginx
  initContainers:
    - <<: *one
      name: b
`));

  for (const [what, uri, text] of [
    ['a Helm template', 'file:///c/templates/a.yaml', 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}\n'],
    ['notes of a chart', 'file:///c/templates/NOTES.txt', 'kind: of\nmetadata: {}\n'],
    ['helpers of a chart', 'file:///c/templates/_helpers.tpl', 'kind: Pod\nmetadata: {}\n'],
    ['a template with functions only', 'file:///c/templates/a.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: {{ lower (dict) }}\n'],
    [
      'a kustomization',
      'file:///kustomization.yaml',
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n',
    ],
    ['a patch with directives', 'file:///p.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  $patch: replace\n'],
    ['values of a chart', 'file:///values.yaml', 'image: {repository: nginx}\n'],
    ['a compose file', 'file:///docker-compose.yml', 'services: {web: {image: nginx}}\n'],
    ['a custom resource', 'file:///a.yaml', 'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: A_B}\n'],
    ['a kubeconfig', 'file:///config.yaml', 'apiVersion: v1\nkind: Config\nclusters: []\n'],
    ['a workflow', 'file:///x/.github/workflows/ci.yaml', 'kind: x\nmetadata: {}\non: push\n'],
    [
      'an alert rule in a ConfigMap',
      'file:///a.yaml',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  rule: "{{ $labels.pod }}"\n',
    ],
    [
      'YAML 1.1 values',
      'file:///a.yaml',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  hostNetwork: no\n  containers: [{name: c, image: i}]\n  volumes: [{name: v, secret: {secretName: s, defaultMode: 0644}}]\n',
    ],
  ] as const) {
    it(`leave ${what} alone`, () => checkDiagnostics(text, uri));
  }

  it('of what does not end come back in bounds', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`).join('\n')}\n`;
    for (const text of [
      bomb,
      `a: ${'['.repeat(100_000)}`,
      '- '.repeat(50_000),
      `${'{'.repeat(50)}`,
      'a: &x [*x]\n',
      '\u0000',
      '%YAML 9\n---\na: 1\n',
    ]) {
      const documents = new Documents(judge);
      documents.change('a.yaml', `apiVersion: v1\nkind: Pod\nmetadata: {}\n---\n${text}`);
      assert.ok(documents.diagnostics('a.yaml'));
    }
  });

  it('judge only the documents that changed', () => {
    const documents = new Documents(judge);
    const text = Array.from({ length: 20 }, (_, n) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: Bad-${n}\n`).join('---\n');
    documents.change('a', text);
    assert.equal(documents.diagnostics('a')?.judged, 20);
    documents.change('a', `\n${text.replace('Bad-7', 'good-7')}`);
    const { judged, diagnostics } = documents.diagnostics('a')!;
    // The first document and the seventh have other texts; the rest only moved down.
    assert.equal(judged, 2);
    assert.equal(diagnostics.length, 19);
    assert.equal(diagnostics[1]?.range.start.line, 5 + 4);
  });
});

describe('quick fixes', () => {
  const pod = (spec: string): string => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n${spec}`;
  for (const [title, before, after] of [
    ['Change to "containers"', '  contianers: []\n', '  containers: []\n'],
    [
      'Change to "Always"',
      '  restartPolicy: alway\n  containers: [{name: a, image: b}]\n',
      '  restartPolicy: Always\n  containers: [{name: a, image: b}]\n',
    ],
    ['Add "name"', '  containers:\n    - image: b\n', '  containers:\n    - image: b\n      name: ""\n'],
  ] as const) {
    it(title, () => assert.equal(fixed(pod(before), title), pod(after)));
  }
  it('serve another version', () =>
    assert.match(fixed('apiVersion: apps/v1beta2\nkind: Deployment\nmetadata: {name: a}\n', 'Convert'), /^apiVersion: apps\/v1\n/));
  it('add the version', () => assert.match(fixed('kind: Pod\nmetadata: {name: a}\n', 'Add'), /^apiVersion: v1\nkind: Pod/));
});
