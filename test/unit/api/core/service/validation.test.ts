import assert from 'node:assert/strict';
import { SERVICE_STRATEGY } from '../../../../../src/api/core/service/strategy.ts';
import { judgeCreate, judgeUpdate } from '../../judge.ts';

type Spec = Readonly<Record<string, unknown>>;
const PORTS = [{ port: 80 }];

describe('Service', () => {
  const refused: readonly (readonly [title: string, spec: Spec, errors: readonly string[]])[] = [
    ['without ports', {}, ['spec.ports: Required value']],
    [
      'with two ports without names',
      { ports: [{ port: 1 }, { port: 2 }] },
      ['spec.ports[0].name: Required value', 'spec.ports[1].name: Required value'],
    ],
    [
      'with a pair of port and protocol twice',
      {
        ports: [
          { name: 'a', port: 1 },
          { name: 'b', port: 1 },
        ],
      },
      ['spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":1,"TargetPort":0,"NodePort":0}'],
    ],
    [
      'with an address in ExternalName',
      { type: 'ExternalName', externalName: 'a.b', clusterIP: 'None' },
      ['spec.clusterIPs: Forbidden: may not be set for ExternalName services'],
    ],
    [
      'headless with node ports',
      { type: 'NodePort', clusterIP: 'None', ports: PORTS },
      [`spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for NodePort services`],
    ],
    [
      'with a class but no load balancer',
      { ports: PORTS, loadBalancerClass: 'a/b' },
      [`spec.loadBalancerClass: Forbidden: may only be used when \`type\` is 'LoadBalancer'`],
    ],
    [
      'with the kubelet exposed',
      { type: 'LoadBalancer', ports: [{ port: 10250 }] },
      ['spec.ports[0]: Invalid value: 10250: may not expose port 10250 externally since it is used by kubelet'],
    ],
    [
      'with an unknown traffic policy',
      { ports: PORTS, internalTrafficPolicy: 'Near' },
      ['spec.internalTrafficPolicy: Unsupported value: "Near": supported values: "Cluster", "Local"'],
    ],
    [
      'with a policy for outside traffic inside',
      { ports: PORTS, externalTrafficPolicy: 'Local' },
      ['spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services'],
    ],
    [
      'with an affinity too long',
      { ports: PORTS, sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 86401 } } },
      ['spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater than 0 and less than 86400'],
    ],
    [
      'with mixed families',
      { ports: PORTS, clusterIP: '10.96.3.3', clusterIPs: ['10.96.3.3', '10.96.3.4'], ipFamilyPolicy: 'PreferDualStack' },
      ['spec.clusterIPs: Invalid value: ["10.96.3.3","10.96.3.4"]: may specify no more than one IP for each IP family'],
    ],
  ];
  for (const [title, spec, errors] of refused) {
    it(`is refused ${title}`, () => assert.deepEqual(judgeCreate(SERVICE_STRATEGY, { spec }).errors, errors));
  }

  it('gets its defaults by type', () => {
    const { object } = judgeCreate(SERVICE_STRATEGY, { spec: { type: 'LoadBalancer', ports: [{ port: 53, protocol: 'UDP' }] } });
    const { ports, clusterIP, clusterIPs, ...rest } = object.spec ?? {};
    assert.deepEqual(rest, {
      type: 'LoadBalancer',
      sessionAffinity: 'None',
      externalTrafficPolicy: 'Cluster',
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      allocateLoadBalancerNodePorts: true,
    });
    assert.equal(clusterIPs?.[0], clusterIP);
    assert.equal(ports?.[0]?.targetPort, 53);
  });

  describe('on update', () => {
    it('keeps what the server gave when the client leaves it out', () => {
      const before = { spec: { type: 'NodePort', clusterIP: '10.96.7.7', ports: [{ name: 'a', port: 80, nodePort: 30080 }] } };
      const changes = { spec: { type: 'NodePort', ports: [{ name: 'a', port: 81 }] } };
      const { object, errors } = judgeUpdate(SERVICE_STRATEGY, before, changes);
      assert.deepEqual(errors, []);
      assert.equal(object.spec?.clusterIP, '10.96.7.7');
      assert.equal(object.spec.ports?.[0]?.nodePort, 30080);
    });
    it('drops node ports and policies with the type that needed them', () => {
      const before = { spec: { type: 'NodePort', externalTrafficPolicy: 'Local', ports: [{ port: 80, nodePort: 30080 }] } };
      const { object, errors } = judgeUpdate(SERVICE_STRATEGY, before, { 'spec/type': 'ClusterIP' });
      assert.deepEqual(errors, []);
      assert.equal(object.spec?.ports?.[0]?.nodePort, undefined);
      assert.equal(object.spec?.externalTrafficPolicy, undefined);
    });
    it('never changes the first cluster IP', () => {
      const before = { spec: { clusterIP: '10.96.7.7', ports: PORTS } };
      const { errors } = judgeUpdate(SERVICE_STRATEGY, before, { 'spec/clusterIP': '10.96.7.8' });
      assert.deepEqual(errors, ['spec.clusterIPs[0]: Invalid value: ["10.96.7.8"]: may not change once set']);
    });
    it('gives up all addresses when it becomes a mere name', () => {
      const changes = { 'spec/type': 'ExternalName', 'spec/externalName': 'a.b' };
      const { object, errors } = judgeUpdate(SERVICE_STRATEGY, { spec: { ports: PORTS } }, changes);
      assert.deepEqual(errors, []);
      assert.equal(object.spec?.clusterIP, undefined);
      assert.equal(object.spec?.ipFamilies, undefined);
    });
  });

  it('warns of what is ignored or deprecated', () => {
    const spec = {
      clusterIP: 'None',
      externalName: 'a.b',
      externalIPs: ['192.0.2.1'],
      sessionAffinity: 'ClientIP',
      trafficDistribution: 'PreferClose',
    };
    assert.deepEqual(judgeCreate(SERVICE_STRATEGY, { spec }).warnings, [
      'spec.externalIPs is ignored for headless services',
      'spec.SessionAffinity is ignored for headless services',
      'spec.externalIPs is deprecated and may no longer be implemented in some clusters',
      'spec.externalName is ignored when spec.type is not "ExternalName"',
      'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"',
    ]);
  });
});
