import assert from 'node:assert/strict';
import { Places } from '../../../../src/manifest/references/diagnose.ts';
import { WorkspaceIndex } from '../../../../src/manifest/references/workspaceIndex.ts';
import type { CodeFix, Diagnostic } from '../../../../src/manifest/model.ts';
import { RULES } from '../../../../src/manifest/rules/catalog.ts';
import { hintsOf } from '../../../../src/manifest/rules/hints.ts';
import { replace } from '../check.ts';

function hints(text: string, rules: Readonly<Record<string, string>>): readonly Diagnostic[] {
  const index = new WorkspaceIndex();
  index.change('file:///a.yaml', text);
  const world = { index, cluster: undefined, namespace: 'default' };
  return index.of('file:///a.yaml').flatMap((object) => hintsOf(object, { references: false, rules }, world, new Places()));
}

/** Edits from the last to the first, so that places stay true. */
function applied(text: string, { edits }: CodeFix): string {
  return edits
    .toReversed()
    .toSorted((a, b) => b.range.start.line - a.range.start.line || b.range.start.character - a.range.start.character)
    .reduce((result, { range, newText }) => replace(result, range, newText), text);
}

const indent = (text: string, by: number): string => text.split('\n').join(`\n${' '.repeat(by)}`);
const deployment = (container: string, spec = '', above = 'replicas: 2'): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app.kubernetes.io/name: web, app.kubernetes.io/instance: web}
spec:
  ${above}
  template:
    metadata: {labels: {app: web}}
    spec:
      ${spec === '' ? 'automountServiceAccountToken: false' : indent(spec, 6)}
      containers:
        - name: c
          ${indent(container, 10)}
`;
const object = (apiVersion: string, kind: string, rest: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x}\n${rest}\n`;
const rbac = (kind: string, rest: string): string => object('rbac.authorization.k8s.io/v1', kind, rest);
const IMAGE = 'image: nginx:1.27';

/** Rule ▸ a text that breaks it, and one that does not. */
const TABLE: Readonly<Record<string, readonly [bad: string, good: string]>> = {
  'latest-tag': [deployment('image: registry:5000/nginx'), deployment(IMAGE)],
  'image-digest': [deployment(IMAGE), deployment('image: nginx@sha256:abc')],
  'image-pull-policy': [deployment(`${IMAGE}\nimagePullPolicy: Always`), deployment(`${IMAGE}\nimagePullPolicy: IfNotPresent`)],
  'cpu-request': [deployment(IMAGE), deployment(`${IMAGE}\nresources: {limits: {cpu: 1}}`)],
  'memory-request': [deployment(IMAGE), deployment(`${IMAGE}\nresources: {requests: {memory: 1Gi}}`)],
  'memory-limit': [
    deployment(`${IMAGE}\nresources: {requests: {memory: 1Gi}}`),
    deployment(`${IMAGE}\nresources: {limits: {memory: 1Gi}}`),
  ],
  'cpu-limit': [deployment(IMAGE), deployment(`${IMAGE}\nresources: {limits: {cpu: 1}}`)],
  'readiness-probe': [deployment(IMAGE), deployment(`${IMAGE}\nreadinessProbe: {exec: {command: [a]}}`)],
  'liveness-probe': [deployment(IMAGE), deployment(`${IMAGE}\nlivenessProbe: {exec: {command: [a]}}`)],
  'liveness-equals-readiness': [
    deployment(`${IMAGE}\nlivenessProbe: {exec: {command: [a]}}\nreadinessProbe: {exec: {command: [a]}}`),
    deployment(`${IMAGE}\nlivenessProbe: {exec: {command: [a]}}\nreadinessProbe: {exec: {command: [b]}}`),
  ],
  'slow-start': [
    deployment(`${IMAGE}\nlivenessProbe: {initialDelaySeconds: 90}`),
    deployment(`${IMAGE}\nlivenessProbe: {initialDelaySeconds: 9}`),
  ],
  'duplicate-env': [deployment('env: [{name: A, value: a}, {name: A, value: b}]'), deployment('env: [{name: A}, {name: B}]')],
  'secret-in-env': [
    deployment('env: [{name: DB_PASSWORD, value: x}]'),
    deployment('env: [{name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: a, key: b}}}]'),
  ],
  'run-as-non-root': [deployment(IMAGE), deployment(IMAGE, 'securityContext: {runAsNonRoot: true}')],
  'run-as-root': [
    deployment(`${IMAGE}\nsecurityContext: {runAsUser: 0}`),
    deployment(`${IMAGE}\nsecurityContext: {runAsUser: 1}`, 'securityContext: {runAsUser: 0}'),
  ],
  privileged: [deployment(`${IMAGE}\nsecurityContext: {privileged: true}`), deployment(IMAGE)],
  'privilege-escalation': [deployment(IMAGE), deployment('securityContext: {allowPrivilegeEscalation: false}')],
  'read-only-root': [deployment(IMAGE), deployment('securityContext: {readOnlyRootFilesystem: true}')],
  'drop-capabilities': [
    deployment(`securityContext: {capabilities: {drop: [KILL]}}`),
    deployment('securityContext: {capabilities: {drop: [all]}}'),
  ],
  'dangerous-capabilities': [
    deployment('securityContext: {capabilities: {add: [SYS_ADMIN]}}'),
    deployment('securityContext: {capabilities: {add: [NET_BIND_SERVICE]}}'),
  ],
  'seccomp-profile': [deployment(IMAGE), deployment(IMAGE, 'securityContext: {seccompProfile: {type: RuntimeDefault}}')],
  'host-network': [deployment(IMAGE, 'hostNetwork: true'), deployment(IMAGE, 'hostNetwork: false')],
  'host-pid': [deployment(IMAGE, 'hostPID: true'), deployment(IMAGE)],
  'host-ipc': [deployment(IMAGE, 'hostIPC: true'), deployment(IMAGE)],
  'host-path': [deployment(IMAGE, 'volumes: [{name: a, hostPath: {path: /etc}}]'), deployment(IMAGE, 'volumes: [{name: a, emptyDir: {}}]')],
  'runtime-socket': [
    deployment(IMAGE, 'volumes: [{name: a, hostPath: {path: /var/run/docker.sock}}]'),
    deployment(IMAGE, 'volumes: [{name: a, hostPath: {path: /etc}}]'),
  ],
  'host-port': [deployment('ports: [{containerPort: 80, hostPort: 80}]'), deployment('ports: [{containerPort: 80}]')],
  'service-account-token': [deployment(IMAGE, 'restartPolicy: Always'), deployment(IMAGE, 'serviceAccountName: web')],
  'single-replica': [
    deployment(IMAGE, '', 'paused: false'),
    `${deployment(IMAGE, '', 'paused: false')}---\n${object('autoscaling/v2', 'HorizontalPodAutoscaler', 'spec: {minReplicas: 2, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}')}`,
  ],
  'disruption-budget': [
    deployment(IMAGE),
    `${deployment(IMAGE)}---\n${object('policy/v1', 'PodDisruptionBudget', 'spec: {selector: {matchLabels: {app: web}}}')}`,
  ],
  spread: [deployment(IMAGE), deployment(IMAGE, 'affinity: {podAntiAffinity: {}}')],
  'spread-selector': [
    deployment(IMAGE, 'topologySpreadConstraints: [{labelSelector: {matchLabels: {app: other}}}]'),
    deployment(IMAGE, 'topologySpreadConstraints: [{labelSelector: {matchLabels: {app: web}}}]'),
  ],
  'rolling-update-readiness': [deployment(IMAGE), deployment(IMAGE, '', 'replicas: 2\n  strategy: {type: Recreate}')],
  'unavailable-rollout': [
    deployment(IMAGE, '', 'strategy: {rollingUpdate: {maxUnavailable: 100%}}'),
    deployment(IMAGE, '', 'strategy: {rollingUpdate: {maxUnavailable: 25%}}'),
  ],
  'naked-pod': [object('v1', 'Pod', 'spec: {}'), deployment(IMAGE)],
  'job-clean-up': [object('batch/v1', 'Job', 'spec:\n  backoffLimit: 1'), object('batch/v1', 'Job', 'spec: {ttlSecondsAfterFinished: 1}')],
  'cron-concurrency': [
    object('batch/v1', 'CronJob', 'spec:\n  schedule: "* * * * *"'),
    object('batch/v1', 'CronJob', 'spec: {concurrencyPolicy: Replace}'),
  ],
  'grace-period': [deployment(IMAGE, 'terminationGracePeriodSeconds: 0'), deployment(IMAGE, 'terminationGracePeriodSeconds: 60')],
  'fixed-node': [deployment(IMAGE, 'nodeName: a'), deployment(IMAGE)],
  'standard-labels': [object('v1', 'Service', 'spec: {}'), deployment(IMAGE)],
  'default-namespace': [
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}',
  ],
  'wildcard-verbs': [rbac('Role', 'rules: [{verbs: ["*"]}]'), rbac('Role', 'rules: [{verbs: [get]}]')],
  'wildcard-resources': [rbac('Role', 'rules: [{resources: ["*"]}]'), rbac('Role', 'rules: [{verbs: ["*"]}]')],
  'escalating-verbs': [rbac('Role', 'rules: [{verbs: [bind]}]'), rbac('Role', 'rules: [{verbs: [get]}]')],
  'read-all-secrets': [
    rbac('ClusterRole', 'rules: [{resources: [secrets], verbs: [list]}]'),
    rbac('ClusterRole', 'rules: [{resources: [secrets], verbs: [get], resourceNames: [a]}]'),
  ],
  'exec-pods': [
    rbac('Role', 'rules: [{resources: [pods/exec], verbs: [create]}]'),
    rbac('Role', 'rules: [{resources: [pods], verbs: [create]}]'),
  ],
  'cluster-admin': [rbac('ClusterRoleBinding', 'roleRef: {name: cluster-admin}'), rbac('ClusterRoleBinding', 'roleRef: {name: view}')],
  'default-account': [
    rbac('RoleBinding', 'subjects: [{kind: ServiceAccount, name: default}]'),
    rbac('RoleBinding', 'subjects: [{kind: User, name: default}]'),
  ],
  'anonymous-access': [rbac('RoleBinding', 'subjects: [{name: "system:unauthenticated"}]'), rbac('RoleBinding', 'subjects: [{name: a}]')],
  'node-port': [object('v1', 'Service', 'spec: {type: NodePort}'), object('v1', 'Service', 'spec: {type: ClusterIP}')],
  'external-ips': [object('v1', 'Service', 'spec: {externalIPs: [1.2.3.4]}'), object('v1', 'Service', 'spec: {}')],
  'ingress-tls': [object('networking.k8s.io/v1', 'Ingress', 'spec: {}'), object('networking.k8s.io/v1', 'Ingress', 'spec: {tls: [{}]}')],
  'ingress-host': [
    object('networking.k8s.io/v1', 'Ingress', 'spec: {rules: [{http: {}}]}'),
    object('networking.k8s.io/v1', 'Ingress', 'spec: {rules: [{host: a.b}]}'),
  ],
  'secret-in-configmap': [
    object('v1', 'ConfigMap', 'data: {k: "-----BEGIN RSA PRIVATE KEY-----"}'),
    object('v1', 'ConfigMap', 'data: {k: "-----BEGIN CERTIFICATE-----"}'),
  ],
};

describe('rules', () => {
  it('have a row each, a reason, and a name of their own', () => {
    assert.deepEqual(Object.keys(TABLE).toSorted(), RULES.map(({ id }) => id).toSorted());
    for (const { id, reason } of RULES) {
      assert.match(id, /^[a-z0-9-]+$/);
      assert.match(reason, /^\S.{20,}[.)]$/, id);
    }
  });

  for (const [id, [bad, good]] of Object.entries(TABLE)) {
    it(`${id}: finds what it is for and nothing else, and its fix mends it`, () => {
      const rules = { [id]: 'default' };
      const found = hints(bad, rules);
      assert.ok(found.length > 0, bad);
      assert.deepEqual(hints(good, rules), []);
      for (const { code, fixes } of found) {
        assert.equal(code, id);
        for (const fix of fixes) assert.deepEqual(hints(applied(bad, fix), rules), [], `${fix.title}\n${applied(bad, fix)}`);
      }
    });
  }

  it('say nothing before they are asked, and as gravely as they are asked', () => {
    const text = deployment('image: nginx');
    assert.deepEqual(hints(text, {}), []);
    assert.deepEqual(hints(text, { '*': 'off' }), []);
    assert.deepEqual(hints(text, { 'latest-tag': 'nonsense' }), []);
    assert.deepEqual(
      hints(text, { '*': 'off', 'latest-tag': 'error' }).map(({ code, severity }) => `${code} ${severity}`),
      ['latest-tag error'],
    );
    assert.ok(!hints(text, { '*': 'default', 'latest-tag': 'off' }).some(({ code }) => code === 'latest-tag'));
  });

  it('ask for nothing that the API server would refuse', () => {
    const pod = (more: string, container: string): readonly string[] =>
      hints(`apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n${more}  containers:\n    - {name: a, image: "b:1"${container}}\n`, {
        '*': 'default',
      }).map(({ code }) => code);
    const linux = ['privilege-escalation', 'read-only-root', 'drop-capabilities', 'seccomp-profile'];
    const asked = (codes: readonly string[]): readonly string[] => linux.filter((id) => codes.includes(id));
    assert.deepEqual(asked(pod('', '')), linux);
    assert.deepEqual(asked(pod('  os: {name: windows}\n', '')), []);
    assert.deepEqual(asked(pod('', ', securityContext: {privileged: true}')), linux.slice(1));
    assert.ok(!pod('  serviceAccount: own\n', '').includes('service-account-token'));
    assert.ok(pod('', ', securityContext: {capabilities: {add: [CAP_NET_ADMIN]}}').includes('dangerous-capabilities'));
  });

  it('know who deletes the Jobs of a release', () => {
    const job = (annotations: string): string =>
      `apiVersion: batch/v1\nkind: Job\nmetadata: {name: x, annotations: {${annotations}}}\nspec: {}\n`;
    const found = (annotations: string): number => hints(job(annotations), { 'job-clean-up': 'default' }).length;
    assert.equal(found('helm.sh/hook: pre-install'), 1);
    assert.equal(found('helm.sh/hook-delete-policy: "before-hook-creation,hook-succeeded"'), 0);
    assert.equal(found('argocd.argoproj.io/hook-delete-policy: HookSucceeded'), 0);
  });

  it('take values of any form', () => {
    for (const spec of [
      '5',
      '[1]',
      '{containers: 7}',
      '{containers: [3, null, {env: {a: 1}, ports: [x], securityContext: 4}], volumes: [a]}',
    ])
      for (const kind of ['Pod', 'Service', 'ConfigMap'])
        hints(`apiVersion: v1\nkind: ${kind}\nmetadata: []\nspec: ${spec}\ndata: 4\n`, { '*': 'default' });
  });

  const comments: readonly (readonly [what: string, text: string, left: number])[] = [
    ['on the line', 'image: nginx # kubepad: ignore latest-tag', 0],
    ['above the line', '# kubepad: ignore latest-tag\n# because\nimage: nginx', 0],
    ['of several rules', '# kubepad: ignore host-path, latest-tag\nimage: nginx', 0],
    ['of all rules', '# kubepad: ignore\nimage: nginx', 0],
    ['for the document', '# kubepad: ignore-document latest-tag\nimagePullPolicy: Always\nimage: nginx', 0],
    ['of another rule', '# kubepad: ignore host-path\nimage: nginx', 1],
    ['on another line', 'imagePullPolicy: Always # kubepad: ignore latest-tag\nimage: nginx', 1],
  ];
  for (const [what, text, left] of comments)
    it(`are left out by a comment ${what}`, () => assert.equal(hints(deployment(text), { 'latest-tag': 'warning' }).length, left));

  it('are left out in a whole file', () => {
    const two = `${deployment('image: nginx')}---\n${deployment('image: busybox')}`;
    assert.equal(hints(two, { 'latest-tag': 'warning' }).length, 2);
    assert.equal(hints(`# kubepad: ignore-file latest-tag\n${two}`, { 'latest-tag': 'warning' }).length, 0);
    assert.equal(hints(`# kubepad: ignore-document latest-tag\n${two}`, { 'latest-tag': 'warning' }).length, 1);
  });
});
