import assert from 'node:assert/strict';
import { SERVICES } from '../../../src/api/schema/resources.ts';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import type { RecordType } from '../../../src/runtime/network.ts';
import { apply, clusterWith, pod, run, service, webPod } from './support.ts';

const SET = `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db
  replicas: 2
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: main, image: registry.test/db:1, ports: [{ name: sql, containerPort: 5432 }] }] }
---
`;
const HEADLESS = service('db', 'clusterIP: None\nports: [{ name: sql, port: 5432 }]');

function world(): Cluster {
  const cluster = clusterWith([
    SET,
    HEADLESS,
    webPod('client'),
    webPod('web'),
    service('web', 'ports: [{ name: http, port: 80 }, { name: dns, port: 53, protocol: UDP }]'),
    service('docs', 'type: ExternalName\nexternalName: www.example.com', ''),
    service('friend', 'type: ExternalName\nexternalName: web.default.svc.cluster.local', ''),
    service('empty', 'clusterIP: None\nports: [{ port: 80 }]'),
  ]);
  run(cluster, 10);
  return cluster;
}

describe('DNS of the cluster', () => {
  const cluster = world();
  const address = cluster.admin().get(SERVICES, 'default', 'web')!.spec!.clusterIP!;
  const ip = (name: string): string => pod(cluster, name).status!.podIP!;
  const dashed = (text: string): string => text.replaceAll('.', '-');
  const ask = (name: string, type: RecordType = 'A'): readonly string[] => {
    const asked = cluster.network.query(pod(cluster, 'client'), name, type);
    if (!asked.ok) return [asked.failure];
    const { status, answers } = asked.message;
    return status === 'NOERROR' ? answers.map((record) => `${record.type} ${record.data}`) : [status];
  };
  const SUFFIX = 'default.svc.cluster.local';

  const rows: readonly (readonly [name: string, type: RecordType, answers: readonly string[]])[] = [
    [`web.${SUFFIX}`, 'A', [`A ${address}`]],
    [`WEB.${SUFFIX}.`, 'A', [`A ${address}`]],
    [`web.${SUFFIX}`, 'AAAA', []],
    [`web.${SUFFIX}`, 'SRV', [`SRV 0 50 80 web.${SUFFIX}.`, `SRV 0 50 53 web.${SUFFIX}.`]],
    [`_http._tcp.web.${SUFFIX}`, 'SRV', [`SRV 0 100 80 web.${SUFFIX}.`]],
    [`_dns._udp.web.${SUFFIX}`, 'SRV', [`SRV 0 100 53 web.${SUFFIX}.`]],
    [`_dns._tcp.web.${SUFFIX}`, 'SRV', ['NXDOMAIN']],
    [`db-0.db.${SUFFIX}`, 'A', [`A ${ip('db-0')}`]],
    [`db-2.db.${SUFFIX}`, 'A', ['NXDOMAIN']],
    [`db.${SUFFIX}`, 'A', [`A ${ip('db-0')}`, `A ${ip('db-1')}`]],
    [`_sql._tcp.db.${SUFFIX}`, 'SRV', [`SRV 0 50 5432 db-0.db.${SUFFIX}.`, `SRV 0 50 5432 db-1.db.${SUFFIX}.`]],
    [`${dashed(ip('web'))}.web.${SUFFIX}`, 'A', [`A ${ip('web')}`]],
    [`${dashed(ip('web'))}.default.pod.cluster.local`, 'A', [`A ${ip('web')}`]],
    ['10-1-2-3.nowhere.pod.cluster.local', 'A', ['NXDOMAIN']],
    [`empty.${SUFFIX}`, 'A', ['NXDOMAIN']],
    [`docs.${SUFFIX}`, 'CNAME', ['CNAME www.example.com.']],
    [`friend.${SUFFIX}`, 'A', [`CNAME web.${SUFFIX}.`, `A ${address}`]],
    [`none.${SUFFIX}`, 'A', ['NXDOMAIN']],
    ['web.nowhere.svc.cluster.local', 'A', ['NXDOMAIN']],
    ['default.svc.cluster.local', 'A', []],
    ['cluster.local', 'NS', ['NS ns.dns.cluster.local.']],
    ['dns-version.cluster.local', 'TXT', ['TXT "1.1.0"']],
    [`${address.split('.').toReversed().join('.')}.in-addr.arpa`, 'PTR', [`PTR web.${SUFFIX}.`]],
    [`${ip('db-1').split('.').toReversed().join('.')}.in-addr.arpa`, 'PTR', [`PTR db-1.db.${SUFFIX}.`]],
    [`${ip('client').split('.').toReversed().join('.')}.in-addr.arpa`, 'PTR', ['NXDOMAIN']],
    ['no-such-name', 'A', ['NXDOMAIN']],
    ['web.wrong', 'A', ['NXDOMAIN']],
  ];
  for (const [name, type, answers] of rows) {
    it(`answers ${type} ${name} with ${answers.join(', ') || 'nothing'}`, () => {
      assert.deepEqual(ask(name, type), answers);
    });
  }

  it('says in the authority whose zone has no answer', () => {
    const asked = cluster.network.query(pod(cluster, 'client'), `web.${SUFFIX}`, 'AAAA');
    assert.ok(asked.ok);
    assert.equal(asked.message.authority[0]?.type, 'SOA');
    assert.equal(asked.server, '10.96.0.10');
  });

  it('gives names outside one address each', () => {
    const outside = ask('www.example.com');
    assert.match(outside[0]!, /^A 198\.1[89]\.\d+\.\d+$/);
    assert.deepEqual(ask('www.example.com.'), outside);
  });

  it('does not answer while it is down', () => {
    const copy = cluster.fork();
    apply(
      copy,
      'apiVersion: kubepad.dev/v1\nkind: Fault\nmetadata: { name: dns }\nspec: { type: ComponentDown, target: { component: coredns } }',
    );
    run(copy, 1);
    const found = copy.network.lookup(pod(copy, 'client'), 'web');
    assert.deepEqual([found.ok, !found.ok && found.failure, found.afterMs], [false, 'try-again', 10_000]);
  });
});

describe('Names in a Pod', () => {
  const rows: readonly (readonly [spec: string, nameservers: string, searches: string, options: string])[] = [
    ['', '10.96.0.10', 'default.svc.cluster.local svc.cluster.local cluster.local', 'ndots:5'],
    ['  dnsPolicy: Default', '172.18.0.1', '', 'edns0 trust-ad'],
    ['  hostNetwork: true', '172.18.0.1', '', 'edns0 trust-ad'],
    [
      '  hostNetwork: true\n  dnsPolicy: ClusterFirstWithHostNet',
      '10.96.0.10',
      'default.svc.cluster.local svc.cluster.local cluster.local',
      'ndots:5',
    ],
    [
      '  dnsPolicy: None\n  dnsConfig: { nameservers: [192.0.2.1], searches: [ns1.svc.cluster-domain.example], options: [{ name: ndots, value: "2" }, { name: edns0 }] }',
      '192.0.2.1',
      'ns1.svc.cluster-domain.example',
      'ndots:2 edns0',
    ],
    [
      '  dnsConfig: { nameservers: [10.96.0.10, 192.0.2.1], searches: [example.com, cluster.local], options: [{ name: ndots, value: "1" }] }',
      '10.96.0.10 192.0.2.1',
      'default.svc.cluster.local svc.cluster.local cluster.local example.com',
      'ndots:1',
    ],
  ];
  for (const [spec, nameservers, searches, options] of rows) {
    it(`come from ${nameservers} with ${spec.trim() || 'the default policy'}`, () => {
      const cluster = clusterWith([webPod('client', { spec })]);
      const { nameservers: servers, searches: domains, options: set } = cluster.network.resolver(pod(cluster, 'client'));
      assert.deepEqual([servers.join(' '), domains.join(' '), set.join(' ')], [nameservers, searches, options]);
    });
  }

  it('are looked for in /etc/hosts first, then along the search list', () => {
    const spec = '  hostname: me\n  subdomain: web\n  hostAliases: [{ ip: 192.0.2.9, hostnames: [old-db, old-db.local] }]';
    const cluster = clusterWith([
      webPod('client', { spec }),
      webPod('web', { namespace: 'kube-system' }),
      service('web', 'ports: [{ port: 80 }]').replace('name: web', 'name: web, namespace: kube-system'),
    ]);
    const find = (name: string): string => {
      const found = cluster.network.lookup(pod(cluster, 'client'), name);
      return found.ok ? found.addresses[0]! : found.failure;
    };
    const own = pod(cluster, 'client').status!.podIP!;
    const address = cluster.admin().get(SERVICES, 'kube-system', 'web')!.spec!.clusterIP!;
    assert.deepEqual(
      [
        'old-db',
        'old-db.local',
        'me',
        'me.web.default.svc.cluster.local',
        'localhost',
        'web',
        'web.kube-system',
        'web.kube-system.svc',
        '192.0.2.3',
      ].map(find),
      ['192.0.2.9', '192.0.2.9', own, own, '127.0.0.1', 'not-found', address, address, '192.0.2.3'],
    );
  });
});
