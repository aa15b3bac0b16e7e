import assert from 'node:assert/strict';
import { completeAt } from '../../../../src/manifest/completion/completion.ts';
import { Documents } from '../../../../src/manifest/documents.ts';
import type { Completion } from '../../../../src/manifest/model.ts';
import type { ClusterObjects } from '../../../../src/manifest/references/world.ts';
import { WorkspaceIndex } from '../../../../src/manifest/references/workspaceIndex.ts';
import { cursorOf, judge } from '../check.ts';

const OTHERS = `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {color: blue, "size": "3"}
---
apiVersion: v1
kind: Secret
metadata: {name: keys}
stringData: {token: abc}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80}, {name: admin, port: 9000}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, tier: "1"}}
    spec:
      containers: [{name: web, image: "nginx:1.29", ports: [{name: http, containerPort: 8080}]}]
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: blue}}
`;
const NODE = {
  metadata: { name: 'node-1', labels: { 'topology.kubernetes.io/zone': 'zone-a', disk: 'ssd' } },
  spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }] },
  status: { allocatable: { cpu: '4', pods: '110', 'example.com/gpu': '1' } },
};
const CLUSTER: ClusterObjects = {
  serves: (kind) => kind === 'v1/Node' || kind === 'kubepad.dev/v1/Image',
  get: () => undefined,
  list: (kind) => (kind === 'v1/Node' ? [NODE] : [{ spec: { repository: 'localhost:5000/shop', tags: ['2'] } }]),
};

function offered(marked: string, cluster: ClusterObjects | undefined = CLUSTER): readonly Completion[] {
  const { text, position } = cursorOf(marked);
  const index = new WorkspaceIndex();
  index.change('file:///others.yaml', OTHERS);
  index.change('file:///a.yaml', text);
  const documents = new Documents(judge);
  documents.change('file:///a.yaml', text);
  return completeAt(documents, 'file:///a.yaml', position, undefined, { index, cluster, namespace: 'default' });
}

const POD = (lines: string): string => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n${lines}`;
const CONTAINER = (lines: string): string => POD(`  containers:\n    - name: c\n${lines}`);
const SERVICE = (lines: string): string => `apiVersion: v1\nkind: Service\nmetadata:\n  name: s\nspec:\n${lines}`;
const ROLE = (lines: string): string => `apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: r\nrules:\n${lines}`;

describe('offers from the workspace and the cluster', () => {
  const table: readonly (readonly [what: string, marked: string, labels: readonly string[]])[] = [
    ['names of ConfigMaps', CONTAINER('      envFrom:\n        - configMapRef:\n            name: |'), ['settings']],
    [
      'keys of the ConfigMap',
      CONTAINER(
        '      env:\n        - name: A\n          valueFrom:\n            configMapKeyRef:\n              name: settings\n              key: |',
      ),
      ['color', 'size'],
    ],
    [
      'keys of all Secrets while none is named',
      CONTAINER('      env:\n        - name: A\n          valueFrom:\n            secretKeyRef:\n              key: |'),
      ['token'],
    ],
    [
      'keys of a volume',
      POD('  volumes:\n    - name: v\n      configMap:\n        name: settings\n        items:\n          - key: |'),
      ['color', 'size'],
    ],
    [
      'keys between braces',
      CONTAINER('      env:\n        - {name: A, valueFrom: {configMapKeyRef: {name: settings, key: |}}}'),
      ['color', 'size'],
    ],
    [
      'volumes of the Pod',
      `${CONTAINER('      volumeMounts:\n        - name: |')}\n  volumes:\n    - name: data\n      emptyDir: {}\n`,
      ['data'],
    ],
    [
      'ports of the own container',
      CONTAINER(
        '      ports:\n        - name: http\n          containerPort: 8080\n      readinessProbe:\n        httpGet:\n          port: |',
      ),
      ['http', '8080'],
    ],
    [
      'numbers only for gRPC',
      CONTAINER(
        '      ports:\n        - name: http\n          containerPort: 8080\n      livenessProbe:\n        grpc:\n          port: |',
      ),
      ['8080'],
    ],
    ['images in use and those of the registries', CONTAINER('      image: |'), ['localhost:5000/shop:2', 'nginx:1.29']],
    [
      'resources that nodes have',
      CONTAINER('      resources:\n        limits:\n          |'),
      ['cpu', 'memory', 'ephemeral-storage', 'example.com/gpu'],
    ],
    [
      'what a downward field can say',
      CONTAINER('      env:\n        - name: A\n          valueFrom:\n            fieldRef:\n              fieldPath: status.h|'),
      [
        'metadata.name',
        'metadata.namespace',
        'metadata.uid',
        "metadata.labels['app']",
        "metadata.annotations['note']",
        'spec.nodeName',
        'spec.serviceAccountName',
        'status.hostIP',
        'status.hostIPs',
        'status.podIP',
        'status.podIPs',
      ],
    ],
    [
      'labels of nodes',
      POD('  nodeSelector:\n    |'),
      [
        'topology.kubernetes.io/zone',
        'disk',
        'kubernetes.io/hostname',
        'kubernetes.io/os',
        'kubernetes.io/arch',
        'topology.kubernetes.io/region',
        'node.kubernetes.io/instance-type',
      ],
    ],
    ['values of a label of nodes', POD('  nodeSelector:\n    disk: |'), ['ssd']],
    [
      'values in an expression',
      POD(
        '  affinity:\n    nodeAffinity:\n      requiredDuringSchedulingIgnoredDuringExecution:\n        nodeSelectorTerms:\n          - matchExpressions:\n              - key: disk\n                operator: In\n                values: [|]',
      ),
      ['ssd'],
    ],
    ['names of nodes', POD('  nodeName: |'), ['node-1']],
    ['keys of taints', POD('  tolerations:\n    - key: |'), ['gpu', 'node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']],
    ['labels of Pods for a Service', SERVICE('  selector:\n    |'), ['app', 'tier']],
    ['values of a label of Pods', SERVICE('  selector:\n    app: |'), ['web']],
    ['ports of the selected Pods', SERVICE('  selector:\n    app: web\n  ports:\n    - port: 80\n      targetPort: |'), ['http', '8080']],
    ['no ports of Pods that are not selected', SERVICE('  selector:\n    app: other\n  ports:\n    - port: 80\n      targetPort: |'), []],
    [
      "the names of a Service's ports",
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: i\nspec:\n  defaultBackend:\n    service:\n      name: web\n      port:\n        name: |',
      ['http', 'admin'],
    ],
    [
      "the numbers of a Service's ports",
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: i\nspec:\n  defaultBackend:\n    service:\n      name: web\n      port:\n        number: |',
      ['80', '9000'],
    ],
    [
      'namespaces',
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  namespace: |',
      ['shop', 'default', 'kube-system', 'kube-public', 'kube-node-lease'],
    ],
    [
      'labels of namespaces',
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: n\nspec:\n  podSelector: {}\n  ingress:\n    - from:\n        - namespaceSelector:\n            matchLabels:\n              |',
      ['team', 'kubernetes.io/metadata.name'],
    ],
    [
      'a target by its kind',
      'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: h\nspec:\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: |',
      ['web'],
    ],
    [
      'the labels of its own template',
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d\nspec:\n  template:\n    metadata:\n      labels:\n        mine: x\n  selector:\n    matchLabels:\n      |',
      ['mine'],
    ],
    ['verbs', ROLE('  - verbs: [get, |]'), ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', '"*"']],
    ['resources of a group', ROLE('  - apiGroups: ["batch"]\n    resources:\n      - |'), ['cronjobs', 'jobs']],
    ['nothing within comments', POD('  # nodeSelector: {|'), []],
  ];
  for (const [what, marked, expected] of table)
    it(what, () =>
      assert.deepEqual(
        offered(marked).map(({ label }) => label),
        expected,
      ),
    );

  it('writes the value beside a label, in quotes where YAML would read a number', () => {
    const texts = offered(SERVICE('  selector:\n    |')).map(({ insertText }) => insertText);
    assert.deepEqual(texts, ['app: web', 'tier: "1"']);
  });
  it('writes no quotes within quotes', () => {
    const [first] = offered(ROLE('  - apiGroups: ["|"]'));
    assert.deepEqual([first?.label, first?.insertText], ['""', '']);
  });
  it('knows what every cluster has without asking one', () => {
    const found = offered(POD('  topologySpreadConstraints:\n    - topologyKey: |'), undefined).map(({ label }) => label);
    assert.ok(found.includes('topology.kubernetes.io/zone'));
  });
  it('offers the next item of a list as a whole', () => {
    const [item] = offered(POD('  containers:\n    |'));
    assert.deepEqual([item?.label, item?.insertText, item?.snippet], ['- Container', '- name: ${1:name}\n  image: ${0:nginx}', true]);
  });
});
