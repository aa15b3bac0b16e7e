import assert from 'node:assert/strict';
import { preparePodForCreate } from '../../../../../src/api/core/pod/prepare.ts';
import { defaultPod } from '../../../../../src/api/core/pod/defaults.ts';
import { aggregateContainerRequests } from '../../../../../src/api/core/pod/effective.ts';
import { imageTag } from '../../../../../src/api/core/pod/imageName.ts';
import { computeQOSClass } from '../../../../../src/api/core/pod/qos.ts';
import { podWarnings } from '../../../../../src/api/core/pod/warnings.ts';
import type { PodSpec } from '../../../../../src/api/schema/types/core/v1.ts';
import { makePod, withContainer, type Fields } from './support.ts';

describe('defaults of a Pod', () => {
  it('fills in a container', () => {
    const pod = withContainer({
      image: 'app',
      ports: [{ containerPort: 80 }],
      livenessProbe: { httpGet: { port: 80 } },
      resources: { limits: { cpu: '1' } },
    });
    const [container] = pod.spec?.containers ?? [];
    assert.equal(container?.imagePullPolicy, 'Always');
    assert.equal(container?.terminationMessagePolicy, 'File');
    assert.deepEqual(container?.ports, [{ containerPort: 80, protocol: 'TCP' }]);
    assert.deepEqual(container?.resources, { limits: { cpu: '1' }, requests: { cpu: '1' } });
    assert.deepEqual(container?.livenessProbe, {
      httpGet: { path: '/', port: 80, scheme: 'HTTP' },
      timeoutSeconds: 1,
      periodSeconds: 10,
      successThreshold: 1,
      failureThreshold: 3,
    });
  });
  it('changes nothing the second time', () => {
    const pod = makePod({
      volumes: [{ name: 'v' }, { name: 'p', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } }],
      hostNetwork: true,
    });
    const once = structuredClone(pod);
    defaultPod(pod);
    assert.deepEqual(pod, once);
  });
  it('requests for the Pod what it limits', () => {
    const pod = withContainer({ resources: { requests: { cpu: '100m' } } }, { resources: { limits: { cpu: '1', memory: '1Gi' } } });
    assert.deepEqual(pod.spec?.resources?.requests, { cpu: '100m', memory: '1Gi' });
  });
  it('starts as pending, with a class of service', () => {
    const pod = makePod({ schedulingGates: [{ name: 'g' }] });
    preparePodForCreate(pod);
    assert.equal(pod.status?.phase, 'Pending');
    assert.equal(pod.status?.qosClass, 'BestEffort');
    assert.equal(pod.status?.conditions?.[0]?.reason, 'SchedulingGated');
  });
  for (const [image, tag] of [
    ['app', 'latest'],
    ['app:1', '1'],
    ['host:5000/app', 'latest'],
    ['host:5000/app:2', '2'],
    [`app@sha256:${'0'.repeat(64)}`, ''],
    ['Not A Name', ''],
  ] as const)
    it(`finds the tag of ${image.slice(0, 20)}`, () => assert.equal(imageTag(image), tag));
});

describe('what containers need together', () => {
  const one = (name: string, cpu: string, more: Fields = {}): Fields => ({ name, image: 'a', resources: { requests: { cpu } }, ...more });
  it('is the larger of running and starting', () => {
    const pod = makePod({
      containers: [one('a', '100m'), one('b', '100m')],
      initContainers: [one('s', '50m', { restartPolicy: 'Always' }), one('i', '300m')],
    });
    assert.deepEqual(aggregateContainerRequests(pod.spec as PodSpec), { cpu: '350m' });
  });
  const classes: readonly (readonly [Fields, string])[] = [
    [{}, 'BestEffort'],
    [{ requests: { cpu: '1' } }, 'Burstable'],
    [{ limits: { cpu: '1', memory: '1Gi' } }, 'Guaranteed'],
    [{ requests: { cpu: '500m' }, limits: { cpu: '1', memory: '1Gi' } }, 'Burstable'],
  ];
  for (const [resources, expected] of classes)
    it(`${JSON.stringify(resources)} is ${expected}`, () =>
      assert.equal(computeQOSClass(withContainer({ resources }).spec as PodSpec), expected));
});

describe('warnings about a Pod', () => {
  const cases: readonly (readonly [name: string, container: Fields, spec: Fields, expected: readonly string[]])[] = [
    ['nothing', {}, {}, []],
    [
      'a variable hidden',
      {
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '2' },
        ],
      },
      {},
      ['spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply'],
    ],
    [
      'a variable extended',
      {
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '$(A)2' },
        ],
      },
      {},
      [],
    ],
    [
      'a part of a byte',
      { resources: { requests: { memory: '100m' } } },
      {},
      ['spec.containers[0].resources.requests[memory]: fractional byte value "100m" is invalid, must be an integer'],
    ],
    [
      'an address without port',
      { ports: [{ name: 'dns', containerPort: 53, hostIP: '1.2.3.4' }] },
      {},
      ['spec.containers[0].ports[0]: hostIP set without hostPort: {Name:dns HostPort:0 ContainerPort:53 Protocol:TCP HostIP:1.2.3.4}'],
    ],
    [
      'an old driver',
      {},
      { volumes: [{ name: 'v', gitRepo: { repository: 'r' } }] },
      ['spec.volumes[0].gitRepo: deprecated in v1.11, and disabled by default in v1.33+'],
    ],
    [
      'a path inside a path',
      {},
      {
        volumes: [
          {
            name: 'v',
            secret: {
              secretName: 's',
              items: [
                { key: 'a', path: 'p' },
                { key: 'b', path: 'p/q' },
              ],
            },
          },
        ],
      },
      ['volume "v" (Secret "s"): overlapping paths: "p/q" with "p"'],
    ],
    [
      'an old label',
      {},
      { nodeSelector: { 'beta.kubernetes.io/os': 'linux' } },
      ['spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead'],
    ],
  ];
  for (const [name, container, spec, expected] of cases)
    it(name, () => assert.deepEqual(podWarnings(withContainer(container, spec)), expected));
});
