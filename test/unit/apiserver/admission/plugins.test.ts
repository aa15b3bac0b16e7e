import assert from 'node:assert/strict';
import { pod, Wire } from '../support.ts';

const PODS = '/api/v1/namespaces/default/pods';

describe('admission', () => {
  let wire: Wire;
  before(() => {
    wire = new Wire();
  });

  it('mounts the token of the account into every container that has nothing there', () => {
    const mount = { name: 'own', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };
    const { body } = wire.call(
      'POST',
      PODS,
      pod('token', {
        volumes: [{ name: 'own', emptyDir: {} }],
        containers: [
          { name: 'a', image: 'i', volumeMounts: [mount] },
          { name: 'b', image: 'i' },
        ],
      }),
    );
    assert.equal(body.spec.serviceAccountName, 'default');
    assert.deepEqual(body.spec.containers[0].volumeMounts, [mount]);
    assert.match(body.spec.containers[1].volumeMounts[0].name, /^kube-api-access-[a-z0-9]{5}$/);
    assert.equal(body.spec.volumes[1].projected.sources[0].serviceAccountToken.expirationSeconds, 3607);
  });

  it('gives 300 s on nodes that are not ready or unreachable, beside what the Pod says', () => {
    const own = { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 };
    const { body } = wire.call('POST', PODS, pod('tolerant', { tolerations: [own] }));
    assert.deepEqual(body.spec.tolerations, [own, { ...own, key: 'node.kubernetes.io/unreachable', tolerationSeconds: 300 }]);
  });

  it('gives a Pod that tolerates everything no tolerations', () => {
    const { body } = wire.call('POST', PODS, pod('everything', { tolerations: [{ operator: 'Exists' }] }));
    assert.deepEqual(body.spec.tolerations, [{ operator: 'Exists' }]);
  });

  it('taints new nodes until they are seen ready', () => {
    const { body } = wire.call('POST', '/api/v1/nodes', { metadata: { name: 'fresh' } });
    assert.deepEqual(body.spec.taints, [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }]);
  });

  const refusals: readonly (readonly [string, string, string, string, unknown])[] = [
    [
      'no such account',
      'POST',
      PODS,
      'pods "p" is forbidden: error looking up service account default/ghost: serviceaccount "ghost" not found',
      pod('p', { serviceAccountName: 'ghost' }),
    ],
    [
      'no such class',
      'POST',
      PODS,
      'pods "p" is forbidden: no PriorityClass with name ghost was found',
      pod('p', { priorityClassName: 'ghost' }),
    ],
    [
      'a number against the class',
      'POST',
      PODS,
      'pods "p" is forbidden: the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 2000000000 from the given PriorityClass name',
      pod('p', { priorityClassName: 'system-cluster-critical', priority: 7 }),
    ],
    ['no such namespace', 'POST', '/api/v1/namespaces/nowhere/pods', 'namespaces "nowhere" not found', pod('p')],
    [
      'an immortal namespace',
      'DELETE',
      '/api/v1/namespaces/kube-system',
      'namespaces "kube-system" is forbidden: this namespace may not be deleted',
      undefined,
    ],
    [
      'a system class',
      'DELETE',
      '/apis/scheduling.k8s.io/v1/priorityclasses/system-node-critical',
      'priorityclasses.scheduling.k8s.io "system-node-critical" is forbidden: this is a system priority class and cannot be deleted',
      undefined,
    ],
    [
      'overhead without a runtime class',
      'POST',
      PODS,
      'pods "p" is forbidden: pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead',
      pod('p', { overhead: { cpu: '1' } }),
    ],
  ];
  for (const [what, method, url, message, body] of refusals) {
    it(`refuses: ${what}`, () => assert.equal(wire.call(method, url, body).body.message, message));
  }

  it('takes the zone of the node into the labels of a Pod that is bound to it', () => {
    wire.call('POST', '/api/v1/nodes', { metadata: { name: 'zoned', labels: { 'topology.kubernetes.io/zone': 'z1' } } });
    wire.call('POST', PODS, pod('bound', { schedulerName: 'nobody' }));
    wire.call('POST', `${PODS}/bound/binding`, { metadata: { name: 'bound' }, target: { kind: 'Node', name: 'zoned' } });
    assert.deepEqual(wire.call('GET', `${PODS}/bound`).body.metadata.labels, { 'topology.kubernetes.io/zone': 'z1' });
  });
});
