import assert from 'node:assert/strict';
import type { Service, ServiceSpec } from '../../../../src/api/schema/types/core/v1.ts';
import { needsUpdate } from '../../../../src/controllers/servicelb/needsUpdate.ts';

function service(spec: Partial<ServiceSpec>, metadata: Service['metadata'] = {}): Service {
  return { metadata: { uid: 'a', ...metadata }, spec: { type: 'LoadBalancer', ports: [{ port: 80 }], ...spec } };
}

const TABLE: readonly {
  readonly what: string;
  readonly before: Service;
  readonly after: Service;
  readonly expected: string | undefined;
}[] = [
  { what: 'nothing', before: service({}), after: service({}), expected: undefined },
  { what: 'another kind', before: service({ type: 'NodePort' }), after: service({ type: 'ClusterIP' }), expected: undefined },
  { what: 'selector', before: service({}), after: service({ selector: { app: 'web' } }), expected: undefined },
  { what: 'target port', before: service({}), after: service({ ports: [{ port: 80, targetPort: 8080 }] }), expected: undefined },
  {
    what: 'class',
    before: service({ loadBalancerClass: 'x/y' }),
    after: service({ loadBalancerClass: 'x/y', ports: [] }),
    expected: undefined,
  },
  { what: 'type', before: service({ type: 'ClusterIP' }), after: service({}), expected: 'Type: ClusterIP -> LoadBalancer' },
  {
    what: 'ranges',
    before: service({ loadBalancerSourceRanges: ['10.0.0.0/8'] }),
    after: service({ loadBalancerSourceRanges: ['10.0.0.0/8', '192.168.0.0/16'] }),
    expected: 'LoadBalancerSourceRanges: [10.0.0.0/8] -> [10.0.0.0/8 192.168.0.0/16]',
  },
  { what: 'port', before: service({}), after: service({ ports: [{ port: 81 }] }), expected: '' },
  { what: 'affinity', before: service({}), after: service({ sessionAffinity: 'ClientIP' }), expected: '' },
  { what: 'address', before: service({}), after: service({ loadBalancerIP: '1.2.3.4' }), expected: 'LoadbalancerIP:  -> 1.2.3.4' },
  { what: 'count', before: service({}), after: service({ externalIPs: ['1.2.3.4'] }), expected: 'ExternalIP: Count: 0 -> 1' },
  {
    what: 'external address',
    before: service({ externalIPs: ['1.2.3.4'] }),
    after: service({ externalIPs: ['1.2.3.5'] }),
    expected: 'ExternalIP: Added: 1.2.3.5',
  },
  { what: 'annotation', before: service({}), after: service({}, { annotations: { a: 'b' } }), expected: '' },
  { what: 'label', before: service({}), after: service({}, { labels: { a: 'b' } }), expected: undefined },
  { what: 'another object', before: service({}), after: service({}, { uid: 'b' }), expected: 'UID: a -> b' },
  {
    what: 'traffic policy',
    before: service({ externalTrafficPolicy: 'Local' }),
    after: service({ externalTrafficPolicy: 'Cluster' }),
    expected: 'ExternalTrafficPolicy: Local -> Cluster',
  },
  {
    what: 'health check',
    before: service({}),
    after: service({ healthCheckNodePort: 30000 }),
    expected: 'HealthCheckNodePort: 0 -> 30000',
  },
];

describe('needsUpdate', () => {
  for (const { what, before, after, expected } of TABLE) {
    it(`${expected === undefined ? 'ignores' : 'sees'} a change of ${what}`, () => {
      const update = needsUpdate(before, after);
      const text = update?.event === undefined ? '' : `${update.event.reason}: ${update.event.message}`;
      assert.equal(update === undefined ? undefined : text, expected);
    });
  }
});
