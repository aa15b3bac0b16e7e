import assert from 'node:assert/strict';
import { Documents } from '../../../src/manifest/documents.ts';
import { hoverAt } from '../../../src/manifest/hover.ts';
import { Lines } from '../../../src/manifest/yaml/lines.ts';
import { judge } from './check.ts';

/** An object with one fault, which stands between ⟦ and ⟧. */
const CASES: readonly (readonly [title: string, text: string])[] = [
  [
    'what is merged, where the anchor has it',
    `apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
    - &web {name: a, image: nginx, stdin: true}
    - <<: *web
      name: b
      imagePullPolicy: ⟦Sometimes⟧
`,
  ],
  [
    'within what is merged',
    `apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
    - &web {name: a, image: nginx, ports: [{containerPort: 80}], livenessProbe: &probe {tcpSocket: {port: ⟦0⟧}}}
`,
  ],
  [
    'of several maps that are merged the first that has it',
    `apiVersion: v1
kind: Service
metadata: {name: a}
spec:
  ports:
    - {name: a, port: 1}
    - <<: [{protocol: ⟦Odd⟧}, {protocol: TCP, name: b}]
      port: 2
`,
  ],
  [
    'what an own key hides is not to blame',
    `apiVersion: v1
kind: Service
metadata: {name: a}
spec:
  <<: {type: Nothing, sessionAffinity: ⟦Odd⟧}
  type: ClusterIP
  ports: [{port: 80}]
`,
  ],
  [
    'a merge of a merge',
    `apiVersion: v1
kind: Service
metadata: {name: a}
spec:
  <<: {<<: {<<: {sessionAffinity: ⟦Odd⟧}}, type: ClusterIP}
  ports: [{port: 80}]
`,
  ],
  [
    'an alias for a value, as the alias',
    `apiVersion: v1
kind: Pod
metadata: {name: a, annotations: {x: &x Sometimes}}
spec:
  restartPolicy: ⟦*x⟧
  containers: [{name: a, image: b}]
`,
  ],
  [
    'beside what is merged from elsewhere',
    `apiVersion: v1
kind: ConfigMap
metadata: {name: a, annotations: &m {x: z}}
data: {<<: *m, a b: ⟦c⟧}
`,
  ],
  [
    'of two anchors of one name the one before the alias',
    `apiVersion: v1
kind: Service
metadata: {name: a}
spec:
  ports:
    - &m {name: a, port: 1, protocol: ⟦Odd⟧}
    - &n {<<: *m, name: b, port: 2, protocol: TCP}
    - &m {name: c, port: 3}
`,
  ],
  [
    'a block text that is folded, with everything in it',
    `apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  hostname: ⟦>-
    größer
    als 🚢⟧
  containers: [{name: a, image: b}]
`,
  ],
  ['beyond letters of two units', `apiVersion: v1\nkind: ConfigMap\nmetadata: {annotations: {"x": "🚢🚢"}, name: ⟦"ö ö"⟧}\n`],
  ['between tabs', `{\n\t"apiVersion": "v1",\n\t"kind": "ConfigMap",\n\t"metadata": {"name": \t⟦"A"⟧\t}\n}\n`],
  [
    'in an item of a List',
    `apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
  - apiVersion: v1
    kind: ConfigMap
    metadata:
      name: ⟦Upper⟧
`,
  ],
];

function marked(text: string): { readonly text: string; readonly place: string } {
  const plain = text.replaceAll(/[⟦⟧]/g, '');
  const [start, end] = [text.indexOf('⟦'), text.indexOf('⟧') - 1];
  return { text: plain, place: `${start} ${end}` };
}

describe('places where texts stand for each other', () => {
  for (const [title, source] of CASES)
    for (const [way, write] of [
      ['', (text: string) => text],
      [', in lines of Windows', (text: string) => text.replaceAll('\n', '\r\n')],
      [', behind a byte order mark', (text: string) => `\uFEFF${text}`],
    ] as const)
      it(`are exact: ${title}${way}`, () => {
        const { text, place } = marked(write(source));
        const documents = new Documents(judge);
        documents.change('file:///a.yaml', text);
        const lines = new Lines(text);
        const found = documents.diagnostics('file:///a.yaml')?.diagnostics ?? [];
        assert.deepEqual(
          found.map(({ range }) => `${lines.offset(range.start)} ${lines.offset(range.end)}`),
          [place],
          JSON.stringify(found),
        );
      });

  it('are explained as what they are merged into', () => {
    const text = 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  <<: {clusterIP: None}\n  ports: [{port: 80}]\n';
    const documents = new Documents(judge);
    documents.change('file:///a.yaml', text);
    const sources = { documentation: undefined, live: () => undefined, selected: () => undefined, nowMs: () => 0 };
    const hover = hoverAt(documents, 'file:///a.yaml', { line: 4, character: 8 }, sources);
    assert.match(hover?.markdown ?? '', /spec\.clusterIP/);
  });
});
