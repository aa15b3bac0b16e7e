import assert from 'node:assert/strict';
import { describeAmounts, maskAmounts } from '../../../../src/api/core/resourcequota/usage/amounts.ts';
import { evaluatorOf, type ScopeRequirement } from '../../../../src/api/core/resourcequota/usage/evaluator.ts';
import type { KubeObject } from '../../../../src/apimachinery/meta/resource.ts';
import { pod, START, Wire } from '../support.ts';

const NS = '/api/v1/namespaces/default';

describe('what objects count against a quota', () => {
  const container = (requests: object, limits: object = {}) => ({ name: 'c', image: 'i', resources: { requests, limits } });
  const podOf = (spec: object, status: object = {}, metadata: object = {}) => ({ metadata, spec, status }) as KubeObject;
  const rows: readonly (readonly [string, string, KubeObject, string])[] = [
    [
      'a Pod with overhead',
      'pods',
      podOf({ containers: [container({ cpu: '100m' })], overhead: { cpu: '50m' } }),
      'count/pods=1,cpu=150m,pods=1,requests.cpu=150m',
    ],
    ['a Pod that has ended', 'pods', podOf({ containers: [container({ cpu: '1' })] }, { phase: 'Failed' }), 'count/pods=1'],
    [
      'a Pod that should be gone',
      'pods',
      podOf({ containers: [] }, {}, { deletionTimestamp: '2026-01-02T03:03:05Z', deletionGracePeriodSeconds: 30 }),
      'count/pods=1',
    ],
    [
      'extended resources and huge pages',
      'pods',
      podOf({ containers: [container({ 'example.com/gpu': '2', 'hugepages-2Mi': '4Mi' })] }),
      'count/pods=1,hugepages-2Mi=4Mi,pods=1,requests.example.com/gpu=2,requests.hugepages-2Mi=4Mi',
    ],
    [
      'a balanced Service without node ports but one',
      'services',
      {
        metadata: {},
        spec: { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports: [{ port: 1, nodePort: 30001 }, { port: 2 }] },
      } as KubeObject,
      'count/services=1,services=1,services.loadbalancers=1,services.nodeports=1',
    ],
    [
      'a claim of a class',
      'persistentvolumeclaims',
      { metadata: {}, spec: { storageClassName: 'gold', resources: { requests: { storage: '1Gi' } } } } as KubeObject,
      'count/persistentvolumeclaims=1,gold.storageclass.storage.k8s.io/persistentvolumeclaims=1,gold.storageclass.storage.k8s.io/requests.storage=1Gi,persistentvolumeclaims=1,requests.storage=1Gi',
    ],
    ['a Secret', 'secrets', { metadata: {} }, 'count/secrets=1,secrets=1'],
  ];
  for (const [what, plural, object, expected] of rows)
    it(`is for ${what} ${expected}`, () =>
      assert.equal(describeAmounts(evaluatorOf({ group: '', plural })?.usage(object, START) ?? new Map()), expected));

  it('is by device class for claims of devices', () => {
    const requests = [
      { name: 'a', exactly: { deviceClassName: 'gpu', count: 2 } },
      { name: 'b', exactly: { deviceClassName: 'gpu', allocationMode: 'All' } },
      {
        name: 'c',
        firstAvailable: [
          { name: 'x', deviceClassName: 'gpu' },
          { name: 'y', deviceClassName: 'nic', count: 3 },
        ],
      },
    ];
    const usage = evaluatorOf({ group: 'resource.k8s.io', plural: 'resourceclaims' })?.usage(
      { metadata: {}, spec: { devices: { requests } } } as KubeObject,
      START,
    );
    const names = new Set(['gpu.deviceclass.resource.k8s.io/devices', 'nic.deviceclass.resource.k8s.io/devices']);
    assert.equal(
      describeAmounts(maskAmounts(usage ?? new Map(), names)),
      'gpu.deviceclass.resource.k8s.io/devices=35,nic.deviceclass.resource.k8s.io/devices=3',
    );
  });

  it('leaves Events alone', () => assert.equal(evaluatorOf({ group: '', plural: 'events' }), undefined));

  const scopes: readonly (readonly [ScopeRequirement['scopeName'], object, boolean])[] = [
    ['Terminating', { activeDeadlineSeconds: 0 }, true],
    ['NotTerminating', { activeDeadlineSeconds: 0 }, false],
    ['BestEffort', {}, true],
    ['NotBestEffort', {}, false],
    ['PriorityClass', { priorityClassName: 'high' }, true],
    ['PriorityClass', {}, false],
    [
      'CrossNamespacePodAffinity',
      { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'z', namespaces: ['other'] }] } } },
      true,
    ],
    ['VolumeAttributesClass', {}, false],
  ];
  for (const [scopeName, spec, expected] of scopes)
    it(`a Pod with ${JSON.stringify(spec)} is ${expected ? '' : 'not '}in the scope ${scopeName}`, () =>
      assert.equal(
        evaluatorOf({ group: '', plural: 'pods' })?.inScope?.(podOf({ containers: [], ...spec }), { scopeName, operator: 'Exists' }),
        expected,
      ));
});

describe('a quota in a cluster', () => {
  const quota = (hard: object, spec: object = {}) => ({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'q' },
    spec: { hard, ...spec },
  });
  const used = (wire: Wire) => wire.call('GET', `${NS}/resourcequotas/q`).body.status.used;

  it('is given back what is deleted', () => {
    const wire = new Wire();
    wire.call('POST', `${NS}/resourcequotas`, quota({ pods: '1' }));
    wire.advance(100);
    wire.call('POST', `${NS}/pods`, pod('a'));
    assert.deepEqual(used(wire), { pods: '1' });
    assert.equal(wire.call('POST', `${NS}/pods`, pod('b')).code, 403);
    wire.call('DELETE', `${NS}/pods/a?gracePeriodSeconds=0`);
    wire.advance(100);
    assert.deepEqual(used(wire), { pods: '0' });
    assert.equal(wire.call('POST', `${NS}/pods`, pod('b')).code, 201);
  });

  it('needs of a Pod with resources of its own no more of its containers', () => {
    const wire = new Wire();
    wire.call('POST', `${NS}/resourcequotas`, quota({ 'requests.cpu': '1' }));
    wire.advance(100);
    assert.equal(wire.call('POST', `${NS}/pods`, pod('a')).code, 403);
    assert.equal(wire.call('POST', `${NS}/pods`, pod('b', { resources: { requests: { cpu: '600m' } } })).code, 201);
    assert.deepEqual(used(wire), { 'requests.cpu': '600m' });
  });

  it('is written once for what stays true', () => {
    const wire = new Wire();
    wire.call('POST', `${NS}/resourcequotas`, quota({ pods: '1' }));
    wire.advance(1000);
    const before = wire.call('GET', `${NS}/resourcequotas/q`).body.metadata.resourceVersion;
    wire.advance(1_000_000);
    assert.equal(wire.call('GET', `${NS}/resourcequotas/q`).body.metadata.resourceVersion, before);
  });
});
