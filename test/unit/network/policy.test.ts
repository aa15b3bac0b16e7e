import assert from 'node:assert/strict';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import { createInProcessRest } from '../../../src/host/worker/inProcessRest.ts';
import { describe as describePod } from '../../../src/host/worker/objects.ts';
import { apply, clusterWith, fetch, pod, run, service, webPod } from './support.ts';

function policy(spec: string, name = 'rules', namespace = 'default'): string {
  const lines = spec.trim().split('\n');
  return `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: ${namespace} }
spec:
${lines.map((line) => `  ${line}`).join('\n')}
---
`;
}

const TEAM = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: team, labels: { tier: trusted } }\n---\n';

function world(...policies: readonly string[]): Cluster {
  return clusterWith([
    TEAM,
    webPod('web', { node: 'worker-2', labels: 'app: web' }),
    webPod('front', { labels: 'app: front, role: client' }),
    webPod('other', { labels: 'app: other' }),
    webPod('guest', { namespace: 'team', labels: 'role: client' }),
    service('web', 'ports: [{ port: 80 }]'),
    ...policies,
  ]);
}

const WEB = 'podSelector: { matchLabels: { app: web } }';

describe('NetworkPolicies', () => {
  const rows: readonly (readonly [title: string, spec: string, answers: Readonly<Record<'front' | 'other' | 'guest', string>>])[] = [
    ['deny all', `${WEB}\npolicyTypes: [Ingress]`, { front: 'timeout', other: 'timeout', guest: 'timeout' }],
    ['let all in', `${WEB}\ningress: [{}]`, { front: '200 web', other: '200 web', guest: '200 web' }],
    [
      'let Pods of the namespace in by label',
      `${WEB}\ningress: [{ from: [{ podSelector: { matchLabels: { role: client } } }] }]`,
      { front: '200 web', other: 'timeout', guest: 'timeout' },
    ],
    [
      'let namespaces in by label',
      `${WEB}\ningress: [{ from: [{ namespaceSelector: { matchLabels: { tier: trusted } } }] }]`,
      { front: 'timeout', other: 'timeout', guest: '200 web' },
    ],
    [
      'take both selectors of a peer together',
      `${WEB}\ningress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { role: client } } }] }]`,
      { front: '200 web', other: 'timeout', guest: '200 web' },
    ],
    [
      'take several peers as alternatives',
      `${WEB}\ningress: [{ from: [{ namespaceSelector: { matchLabels: { tier: trusted } } }, { podSelector: { matchLabels: { app: other } } }] }]`,
      { front: 'timeout', other: '200 web', guest: '200 web' },
    ],
    ['look at ports', `${WEB}\ningress: [{ ports: [{ port: 81 }] }]`, { front: 'timeout', other: 'timeout', guest: 'timeout' }],
    ['look at ports by name', `${WEB}\ningress: [{ ports: [{ port: http }] }]`, { front: '200 web', other: '200 web', guest: '200 web' }],
    [
      'look at ranges of ports',
      `${WEB}\ningress: [{ ports: [{ port: 70, endPort: 90 }] }]`,
      { front: '200 web', other: '200 web', guest: '200 web' },
    ],
    [
      'look at protocols',
      `${WEB}\ningress: [{ ports: [{ port: 80, protocol: UDP }] }]`,
      { front: 'timeout', other: 'timeout', guest: 'timeout' },
    ],
    [
      'look at blocks and what is taken out of them',
      `${WEB}\ningress: [{ from: [{ ipBlock: { cidr: 10.244.0.0/16, except: [10.244.2.0/24] } }] }]`,
      { front: '200 web', other: '200 web', guest: '200 web' },
    ],
    [
      'shut out what a block excepts',
      `${WEB}\ningress: [{ from: [{ ipBlock: { cidr: 10.244.0.0/16, except: [10.244.0.0/17] } }] }]`,
      { front: 'timeout', other: 'timeout', guest: 'timeout' },
    ],
    [
      'leave other Pods alone',
      'podSelector: { matchLabels: { app: front } }\npolicyTypes: [Ingress]',
      { front: '200 web', other: '200 web', guest: '200 web' },
    ],
  ];
  for (const [title, spec, answers] of rows) {
    it(title, () => {
      const cluster = world(policy(spec));
      assert.deepEqual(
        {
          front: fetch(cluster, 'front', 'web'),
          other: fetch(cluster, 'other', 'web'),
          guest: fetch(cluster, 'guest', 'web.default', 80, 'team'),
        },
        answers,
      );
    });
  }

  it('add up', () => {
    const cluster = world(
      policy(`${WEB}\npolicyTypes: [Ingress]`, 'deny'),
      policy(`${WEB}\ningress: [{ from: [{ podSelector: { matchLabels: { app: other } } }] }]`, 'other'),
    );
    assert.deepEqual([fetch(cluster, 'front', 'web'), fetch(cluster, 'other', 'web')], ['timeout', '200 web']);
  });

  it('that bind egress bind names, too', () => {
    const egress =
      'podSelector: { matchLabels: { app: front } }\npolicyTypes: [Egress]\negress:\n  - to: [{ podSelector: { matchLabels: { app: web } } }]';
    const cluster = world(policy(egress));
    assert.equal(fetch(cluster, 'front', 'web'), 'try-again');
    assert.equal(fetch(cluster, 'front', pod(cluster, 'web').status!.podIP!), '200 web');
    assert.equal(fetch(cluster, 'front', pod(cluster, 'other').status!.podIP!), 'timeout');
    const dns =
      'podSelector: {}\npolicyTypes: [Egress]\negress:\n  - to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } } }]\n    ports: [{ port: 53, protocol: UDP }]';
    apply(cluster, policy(dns, 'dns'));
    run(cluster, 1);
    assert.equal(fetch(cluster, 'front', 'web'), '200 web');
    assert.equal(fetch(cluster, 'other', 'web'), 'timeout');
  });

  it('cannot keep a Pod from itself, nor the machine from its Pods', () => {
    const cluster = world(policy('podSelector: {}\npolicyTypes: [Ingress, Egress]'));
    assert.equal(fetch(cluster, 'web', 'localhost'), '200 web');
    assert.equal(fetch(cluster, 'web', pod(cluster, 'web').status!.podIP!), '200 web');
    const host = webPod('host', { node: 'worker-2', labels: 'app: host', spec: '  hostNetwork: true', program: 'run' });
    apply(cluster, host);
    run(cluster, 5);
    assert.equal(fetch(cluster, 'host', pod(cluster, 'web').status!.podIP!), '200 web');
  });

  it('say which rule decided', () => {
    const cluster = world(
      policy(`${WEB}\ningress:\n  - from: [{ podSelector: { matchLabels: { role: client } } }]\n    ports: [{ port: 80 }]`),
    );
    const [web, front, other] = ['web', 'front', 'other'].map((name) => pod(cluster, name)) as [
      ReturnType<typeof pod>,
      ReturnType<typeof pod>,
      ReturnType<typeof pod>,
    ];
    const allowed = cluster.network.policyVerdict(front, web, 80);
    assert.deepEqual(allowed.ingress.by, { policy: 'default/rules', rule: 0 });
    assert.equal(allowed.text, 'no NetworkPolicy isolates the Pod for egress; ingress is allowed by NetworkPolicy default/rules, rule 0');
    const peers = cluster.network.policyVerdict(other, web, 80);
    assert.deepEqual(peers.ingress.tried, [{ policy: 'default/rules', rule: 0, mismatch: 'peer' }]);
    assert.equal(peers.text, 'ingress is denied by NetworkPolicy default/rules (default/rules rule 0: other peers)');
    assert.equal(cluster.network.policyVerdict(front, web, 81).ingress.tried[0]?.mismatch, 'port');
    const answer = cluster.network.connect(other, { address: web.status!.podIP!, port: 80 });
    assert.ok(!answer.ok && answer.why === peers.text);
  });

  it('explains the connections of a Pod, denied ones first', () => {
    const all = world(
      policy(`${WEB}\ningress: [{ from: [{ podSelector: { matchLabels: { role: client } } }] }]`),
      webPod('twin', { labels: 'app: other' }),
    );
    const lines = all.network.policiesOn(pod(all, 'web'));
    assert.deepEqual(
      lines.map(({ from, to, port, allowed }) => [from, to, port, allowed]),
      [
        ['other', 'web', '80/TCP', false],
        ['front', 'web', '80/TCP', true],
      ],
    );
    assert.match(lines[0]?.text ?? '', /ingress is denied by NetworkPolicy default\/rules \(default\/rules rule 0: other peers\)/);
    assert.match(lines[1]?.text ?? '', /ingress is allowed by NetworkPolicy default\/rules, rule 0/);
    assert.deepEqual(all.network.policiesOn(pod(all, 'other')).length, 1, 'of other only the way to web');
    assert.deepEqual(world().network.policiesOn(pod(all, 'web')), []);
  });

  it('tells so in the description of the Pod', async () => {
    const all = world(policy(`${WEB}\npolicyTypes: [Ingress]`));
    const rest = createInProcessRest({ api: all.api, before: () => undefined, after: () => undefined });
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'web' };
    const described = await describePod(rest, ref, all.simulation.now(), all);
    assert.ok(described.ok);
    assert.match(
      described.value,
      /^Network Policies:\n  From +To +Port +Result +Why\n.*\n  front +web +80\/TCP +Denied +ingress is denied/m,
    );
    assert.match(described.value, /Events:/);
  });
});
