import assert from 'node:assert/strict';
import { EVENTS, NODES, SERVICES } from '../../../../src/api/schema/resources.ts';
import type { ServiceSpec } from '../../../../src/api/schema/types/core/v1.ts';
import type { Draft } from '../../../../src/base/json.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { newCluster } from '../support.ts';

const TYPE = 'service.beta.kubernetes.io/aws-load-balancer-type';
const INTERNAL = 'service.beta.kubernetes.io/aws-load-balancer-internal';

interface Given {
  readonly spec?: Partial<Draft<ServiceSpec>>;
  readonly annotations?: Record<string, string>;
}

function create(cluster: Cluster, { spec, annotations }: Given): void {
  cluster.admin().create(SERVICES, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default', ...(annotations === undefined ? {} : { annotations }) },
    spec: { type: 'LoadBalancer', ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }], ...spec },
  });
}

function wait(cluster: Cluster, seconds: number): void {
  cluster.simulation.advance(cluster.simulation.now() + seconds * 1000);
}

const hostname = (cluster: Cluster): string | undefined =>
  cluster.admin().get(SERVICES, 'default', 'web')?.status?.loadBalancer?.ingress?.[0]?.hostname;
const told = (cluster: Cluster): readonly string[] =>
  cluster
    .admin()
    .list(EVENTS, 'default')
    .filter(({ involvedObject }) => involvedObject.kind === 'Service')
    .map(({ reason = '', message = '', count = 1 }) => `${count} ${reason}: ${message}`);

const NAMES: readonly { readonly what: string; readonly given: Given; readonly expected: RegExp | undefined }[] = [
  { what: 'a classic balancer', given: {}, expected: /^a[0-9a-f]{31}-\d{10}\.us-east-1\.elb\.amazonaws\.com$/ },
  { what: 'one inside', given: { annotations: { [INTERNAL]: 'true' } }, expected: /^internal-a[0-9a-f]{31}-\d{10}\.us-east-1\./ },
  { what: 'a network balancer', given: { annotations: { [TYPE]: 'nlb' } }, expected: /^a[0-9a-f]{31}-[0-9a-f]{16}\.elb\.us-east-1\.amaz/ },
  {
    what: 'UDP by a network balancer',
    given: { annotations: { [TYPE]: 'nlb' }, spec: { ports: [{ port: 53, protocol: 'UDP', targetPort: 53 }] } },
    expected: /\.elb\.us-east-1\./,
  },
  { what: 'none where another controller makes it', given: { annotations: { [TYPE]: 'external' } }, expected: undefined },
  { what: 'none where a class names another', given: { spec: { loadBalancerClass: 'service.k8s.aws/nlb' } }, expected: undefined },
  { what: 'none for other types', given: { spec: { type: 'ClusterIP' } }, expected: undefined },
];

const REFUSALS: readonly { readonly spec: Given['spec']; readonly expected: string }[] = [
  { spec: { sessionAffinity: 'ClientIP' }, expected: 'unsupported load balancer affinity: ClientIP' },
  { spec: { ports: [{ port: 53, protocol: 'UDP', targetPort: 53 }] }, expected: 'protocol UDP not supported by load balancer' },
  { spec: { loadBalancerIP: '1.2.3.4' }, expected: 'LoadBalancerIP cannot be specified for AWS ELB' },
];

describe('service-lb-controller', () => {
  for (const { what, given, expected } of NAMES) {
    it(`gives ${what}`, () => {
      const cluster = newCluster({ preset: 'eks' });
      create(cluster, given);
      wait(cluster, 10);
      const found = hostname(cluster);
      if (expected === undefined) assert.equal(found, undefined);
      else assert.match(found ?? '', expected);
    });
  }

  for (const { spec, expected } of REFUSALS) {
    it(`says: ${expected}; and tries again, later each time`, () => {
      const cluster = newCluster({ preset: 'eks' });
      create(cluster, spec === undefined ? {} : { spec });
      wait(cluster, 36);
      assert.deepEqual(told(cluster), [
        '4 EnsuringLoadBalancer: Ensuring load balancer',
        `4 SyncLoadBalancerFailed: Error syncing load balancer: failed to ensure load balancer: ${expected}`,
      ]);
      assert.equal(hostname(cluster), undefined);
    });
  }

  it('does not run where there is no cloud', () => {
    const cluster = newCluster({ preset: 'default' });
    create(cluster, {});
    wait(cluster, 60);
    assert.equal(hostname(cluster), undefined);
    assert.deepEqual(told(cluster), []);
    assert.equal(cluster.admin().get(SERVICES, 'default', 'web')?.metadata.finalizers, undefined);
  });

  it('takes no balancer back where another controller makes it', () => {
    const cluster = newCluster({ preset: 'eks' });
    create(cluster, { annotations: { [TYPE]: 'external' } });
    wait(cluster, 10);
    cluster.admin().delete(SERVICES, 'default', 'web');
    wait(cluster, 0.1);
    assert.equal(cluster.admin().get(SERVICES, 'default', 'web'), undefined);
    assert.deepEqual(told(cluster), ['1 EnsuringLoadBalancer: Ensuring load balancer', '1 DeletedLoadBalancer: Deleted load balancer']);
  });

  it('warns where no node can serve', () => {
    const cluster = newCluster({ preset: 'eks', nodes: 1 });
    cluster
      .admin()
      .modify(
        NODES,
        '',
        'ng-1-1',
        ({ metadata }) => void ((metadata.labels ??= {})['node.kubernetes.io/exclude-from-external-load-balancers'] = ''),
      );
    create(cluster, {});
    wait(cluster, 10);
    assert.deepEqual(told(cluster).slice(1, 2), ['1 UnAvailableLoadBalancer: There are no available nodes for LoadBalancer']);
  });

  it('sees a change while the cloud is at work, and goes on from a fork as the original does', () => {
    const cluster = newCluster({ preset: 'eks' });
    create(cluster, {});
    wait(cluster, 1);
    cluster.admin().modify(SERVICES, 'default', 'web', ({ spec }) => void (spec!.ports![0]!.port = 81));
    wait(cluster, 0.5);
    for (const each of [cluster, cluster.fork()]) {
      wait(each, 20);
      assert.deepEqual(told(each), ['2 EnsuringLoadBalancer: Ensuring load balancer', '2 EnsuredLoadBalancer: Ensured load balancer']);
      assert.equal(each.simulation.runUntil('stable').reason, cluster.simulation.runUntil('stable').reason);
    }
  });
});
