import assert from 'node:assert/strict';
import { crossDiagnostics, Places } from '../../../../src/manifest/references/diagnose.ts';
import type { ClusterObjects } from '../../../../src/manifest/references/world.ts';
import { WorkspaceIndex } from '../../../../src/manifest/references/workspaceIndex.ts';
import { replace } from '../check.ts';

const POD = (spec: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {app: web}}\nspec: ${spec}\n`;
const OBJECT = (kind: string, name: string, rest = ''): string => `apiVersion: v1\nkind: ${kind}\nmetadata: {name: ${name}}\n${rest}\n`;
const NO_CLUSTER: ClusterObjects = { serves: () => true, get: () => undefined, list: () => [] };

/** What is said of a file beside others: `code path: message`. */
function said(text: string, others: readonly string[] = [], cluster: ClusterObjects | 'none' = NO_CLUSTER): readonly string[] {
  const index = new WorkspaceIndex();
  others.forEach((other, at) => index.change(`file:///${at}.yaml`, other));
  index.change('file:///a.yaml', text);
  const world = { index, cluster: cluster === 'none' ? undefined : cluster, namespace: 'default' };
  return index
    .of('file:///a.yaml')
    .flatMap((object) => crossDiagnostics(object, world, new Places()))
    .map(({ code, path, message }) => `${code} ${path}: ${message}`);
}

const GONE = 'neither in the workspace nor in the cluster';
const envFrom = (kind: string, key: string): string =>
  POD(`{containers: [{name: c, image: i, env: [{name: A, valueFrom: {${kind}KeyRef: {name: app, key: ${key}}}}]}]}`);

describe('references', () => {
  const table: readonly (readonly [what: string, text: string, others: readonly string[], expected: readonly string[]])[] = [
    ['a ConfigMap that is there', envFrom('configMap', 'a'), [OBJECT('ConfigMap', 'app', 'data: {a: b}')], []],
    [
      'a ConfigMap that is not there',
      envFrom('configMap', 'a'),
      [],
      [`missing-reference spec.containers[0].env[0].valueFrom.configMapKeyRef.name: ConfigMap "app" is ${GONE}`],
    ],
    [
      'a key that is not there',
      envFrom('configMap', 'b'),
      [OBJECT('ConfigMap', 'app', 'data: {a: b}')],
      ['missing-key spec.containers[0].env[0].valueFrom.configMapKeyRef.key: ConfigMap "app" has no key "b"'],
    ],
    ['a key of stringData', envFrom('secret', 'a'), [OBJECT('Secret', 'app', 'stringData: {a: b}')], []],
    ['what may be missing', POD('{volumes: [{name: v, configMap: {name: x, optional: true}}]}'), [], []],
    [
      'a Secret that a controller will make',
      envFrom('secret', 'b'),
      ['apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: app}\nspec: {}'],
      [],
    ],
    [
      'a DeviceClass that a pool of machines with cards leads to',
      'apiVersion: resource.k8s.io/v1\nkind: ResourceClaim\nmetadata: {name: c}\nspec: {devices: {requests: [{name: a, exactly: {deviceClassName: gpu.kubepad.dev}}]}}\n',
      ['apiVersion: kubepad.dev/v1\nkind: NodePool\nmetadata: {name: p}\nspec: {instanceType: g5.12xlarge}'],
      [],
    ],
    [
      'a DeviceClass of a driver that a pool names',
      'apiVersion: resource.k8s.io/v1\nkind: ResourceClaim\nmetadata: {name: c}\nspec: {devices: {requests: [{name: a, exactly: {deviceClassName: fpga.example.com}}]}}\n',
      ['apiVersion: kubepad.dev/v1\nkind: NodePool\nmetadata: {name: p}\nspec: {devices: [{driver: fpga.example.com}]}'],
      [],
    ],
    ['the ServiceAccount of every namespace', POD('{serviceAccountName: default}'), [], []],
    ['a ServiceAccount', POD('{serviceAccountName: x}'), [], [`missing-reference spec.serviceAccountName: ServiceAccount "x" is ${GONE}`]],
    ['a system class', POD('{priorityClassName: system-node-critical}'), [], []],
    ['a PriorityClass', POD('{priorityClassName: x}'), [], [`missing-reference spec.priorityClassName: PriorityClass "x" is ${GONE}`]],
    [
      'a claim of a volume',
      POD('{volumes: [{name: v, persistentVolumeClaim: {claimName: x}}]}'),
      [],
      [`missing-reference spec.volumes[0].persistentVolumeClaim.claimName: PersistentVolumeClaim "x" is ${GONE}`],
    ],
    [
      'a class that a volume has',
      OBJECT('PersistentVolumeClaim', 'c', 'spec: {storageClassName: manual}'),
      [OBJECT('PersistentVolume', 'v', 'spec: {storageClassName: manual}')],
      [],
    ],
    [
      'a StorageClass',
      OBJECT('PersistentVolumeClaim', 'c', 'spec: {storageClassName: fast}'),
      [],
      [`missing-reference spec.storageClassName: StorageClass "fast" is ${GONE}`],
    ],
    [
      'a target of an autoscaler',
      'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: h}\nspec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}',
      [],
      [`missing-reference spec.scaleTargetRef.name: Deployment "web" is ${GONE}`],
    ],
    [
      'a role and a subject',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b, namespace: x}\nroleRef: {kind: Role, name: r}\nsubjects: [{kind: ServiceAccount, name: s, namespace: w}, {kind: User, name: u}]',
      [OBJECT('Namespace', 'x'), 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: s, namespace: z}'],
      [
        `missing-reference roleRef.name: Role "r" is in namespace "x" ${GONE}`,
        `missing-reference subjects[0].name: ServiceAccount "s" is in namespace "w" ${GONE}`,
      ],
    ],
    [
      'a backend of an Ingress and its port',
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i}\nspec: {defaultBackend: {service: {name: web, port: {name: htp}}}, rules: [{http: {paths: [{backend: {service: {name: web, port: {number: 80}}}}, {backend: {service: {name: w, port: {number: 80}}}}]}}]}',
      [OBJECT('Service', 'web', 'spec: {ports: [{name: http, port: 80}]}')],
      [
        'missing-port spec.defaultBackend.service.port.name: Service "web" has no port "htp"',
        `missing-reference spec.rules[0].http.paths[1].backend.service.name: Service "w" is ${GONE}`,
      ],
    ],
    [
      'a namespace',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: shop}',
      [],
      [`missing-reference metadata.namespace: Namespace "shop" is ${GONE}`],
    ],
    ['a selector that matches', OBJECT('Service', 's', 'spec: {selector: {app: web}}'), [POD('{}')], []],
    [
      'a selector that matches nothing',
      OBJECT('Service', 's', 'spec: {selector: {app: wbe}}'),
      [POD('{}')],
      ['selects-nothing spec.selector: the selector matches no Pod template in the workspace or the cluster'],
    ],
    ['a Service without a selector', OBJECT('Service', 's', 'spec: {ports: [{port: 80}]}'), [], []],
    [
      'a budget with expressions',
      'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: b}\nspec: {selector: {matchExpressions: [{key: app, operator: In, values: [a, web]}]}}',
      [POD('{}')],
      [],
    ],
    [
      'a policy for all Pods',
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: b}\nspec: {podSelector: {}}',
      [],
      [],
    ],
    [
      'a port by a name that no Pod has',
      OBJECT('Service', 's', 'spec: {selector: {app: web}, ports: [{port: 80, targetPort: web}, {port: 81, targetPort: http}]}'),
      [POD('{containers: [{name: c, ports: [{name: http, containerPort: 80}]}]}')],
      ['missing-port spec.ports[0].targetPort: no container of the selected Pods has a port named "web"'],
    ],
    [
      'a port of a probe',
      POD(
        '{containers: [{name: c, ports: [{name: http}], readinessProbe: {httpGet: {port: htp}}, livenessProbe: {tcpSocket: {port: "80"}}}]}',
      ),
      [],
      ['missing-port spec.containers[0].readinessProbe.httpGet.port: container "c" has no port named "htp"'],
    ],
    [
      'a name twice in a file',
      `${OBJECT('ConfigMap', 'a')}---\n${OBJECT('Secret', 'a')}---\n${OBJECT('ConfigMap', 'a', 'data: {b: c}')}`,
      [],
      ['duplicate-name metadata.name: ConfigMap "a" is already in this file: applied one after the other, the last one counts'],
    ],
    [
      'a port of the nodes twice',
      OBJECT('Service', 'a', 'spec: {ports: [{nodePort: 30080}]}'),
      [OBJECT('Service', 'b', 'spec: {ports: [{nodePort: 30080}]}')],
      ['node-port-conflict spec.ports[0].nodePort: nodePort 30080 is asked for by Service "b" too'],
    ],
    [
      'an object of a List',
      `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {serviceAccountName: x}}`,
      [],
      [`missing-reference items[0].spec.serviceAccountName: ServiceAccount "x" is ${GONE}`],
    ],
    [
      'values of any form',
      'apiVersion: v1\nkind: Pod\nmetadata: 5\nspec: {containers: {a: 1}, volumes: [1, null, [2]], serviceAccountName: [3]}',
      [],
      [],
    ],
  ];
  for (const [what, text, others, expected] of table) it(`know ${what}`, () => assert.deepEqual(said(text, others), expected));

  it('to what a kustomization generates are left alone', () => {
    const index = new WorkspaceIndex();
    index.change('file:///b/kustomization.yaml', 'kind: Kustomization\nconfigMapGenerator: [{name: app, literals: [a=b]}]\n');
    index.change('file:///b/a.yaml', envFrom('configMap', 'a'));
    const found = index
      .of('file:///b/a.yaml')
      .flatMap((object) => crossDiagnostics(object, { index, cluster: NO_CLUSTER, namespace: '' }, new Places()));
    assert.deepEqual(found, []);
  });

  it('are found in the cluster', () => {
    const cluster: ClusterObjects = {
      serves: (kind) => kind !== 'example.com/v1/Thing',
      get: (kind, namespace, name) =>
        kind === 'v1/ConfigMap' && namespace === 'default' && name === 'app' ? { metadata: {}, data: { a: '' } } : undefined,
      list: (kind) => (kind === 'apps/v1/Deployment' ? [{ spec: { template: { metadata: { labels: { app: 'live' } } } } }] : []),
    };
    assert.deepEqual(said(envFrom('configMap', 'a'), [], cluster), []);
    assert.deepEqual(said(OBJECT('Service', 's', 'spec: {selector: {app: live}}'), [], cluster), []);
    const scaler =
      'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: h}\nspec: {scaleTargetRef: {apiVersion: example.com/v1, kind: Thing, name: web}}';
    assert.deepEqual(said(scaler, [], cluster), []);
  });

  it('to what only clusters have are not judged without one', () => {
    assert.deepEqual(said(POD('{priorityClassName: x, serviceAccountName: w}'), [], 'none'), [
      'missing-reference spec.serviceAccountName: ServiceAccount "w" is not in these files',
    ]);
  });

  it('have a fix and a link to the other file', () => {
    const index = new WorkspaceIndex();
    const text = envFrom('configMap', 'colr');
    index.change('file:///other.yaml', `---\n${OBJECT('ConfigMap', 'app', 'data:\n  color: red')}`);
    index.change('file:///a.yaml', text);
    const world = { index, cluster: undefined, namespace: 'default' };
    const [found] = index.of('file:///a.yaml').flatMap((object) => crossDiagnostics(object, world, new Places()));
    assert.deepEqual(found?.related, [
      {
        uri: 'file:///other.yaml',
        range: { start: { line: 4, character: 0 }, end: { line: 4, character: 4 } },
        message: 'ConfigMap "app" has color',
      },
    ]);
    const edit = found?.fixes[0]?.edits[0];
    assert.ok(edit);
    assert.equal(replace(text, edit.range, edit.newText), envFrom('configMap', 'color'));
  });
});

describe('workspace index', () => {
  it('forgets files and objects', () => {
    const index = new WorkspaceIndex();
    index.change('a', `${OBJECT('ConfigMap', 'a')}---\n${POD('{}')}`);
    assert.equal(index.named('ConfigMap', 'a').size, 1);
    index.change('a', POD('{}'));
    assert.equal(index.named('ConfigMap', 'a').size, 0);
    assert.equal(index.kind('Pod').size, 1);
    index.change('a', '');
    assert.equal(index.kind('Pod').size, 0);
    assert.deepEqual([...index.uris()], []);
  });

  it('reads only what changed', () => {
    const index = new WorkspaceIndex();
    index.change('a', `${OBJECT('ConfigMap', 'a')}---\n${OBJECT('Secret', 'b')}`);
    const before = index.of('a').map(({ facts }) => facts);
    const { version } = index;
    index.change('a', `\n${OBJECT('ConfigMap', 'a')}---\n${OBJECT('Secret', 'b')}`);
    assert.equal(index.of('a')[1]?.facts, before[1]);
    assert.equal(index.of('a')[1]?.line, (index.of('a')[0]?.line ?? 0) + 5);
    index.change('a', `\n${OBJECT('ConfigMap', 'a')}---\n${OBJECT('Secret', 'c')}`);
    assert.ok(index.version > version);
  });
});
