import assert from 'node:assert/strict';
import { LOADS, type Load, type LoadStatus } from '../../../../src/api/kubepad/load/types.ts';
import { DEPLOYMENTS, PODS } from '../../../../src/api/schema/resources.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { apply, clusterWith, run, service, webPod } from '../support.ts';

function load(spec: string, name = 'load'): string {
  return `
apiVersion: kubepad.dev/v1
kind: Load
metadata: { name: ${name} }
spec:
${spec
  .trim()
  .split('\n')
  .map((line) => `  ${line}`)
  .join('\n')}
---
`;
}

function deployment(replicas: number, container = '', spec = '', program = 'run; serve 80 200'): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: web } }
  template:
    metadata:
      labels: { app: web }
      annotations: { kubepad.dev/program.main: "${program}" }
    spec:
${spec}
      containers:
        - name: main
          image: registry.test/web:1
          ports: [{ name: http, containerPort: 80 }]
${container}
---
`;
}

const WEB = service('web', 'ports: [{ port: 80 }]');
const TO_WEB = 'target: { service: { name: web } }';

/** A cluster that has come to rest, and then gets the Load. */
function under(texts: readonly string[], ...loads: readonly string[]): Cluster {
  const cluster = clusterWith(texts);
  run(cluster, 5);
  for (const text of loads) apply(cluster, text);
  return cluster;
}

function status(cluster: Cluster, name = 'load'): LoadStatus {
  return cluster.admin().get<Load>(LOADS, '', name)?.status ?? {};
}

function failures(cluster: Cluster, name = 'load'): Readonly<Record<string, number>> {
  return Object.fromEntries((status(cluster, name).failures ?? []).map(({ cause, count }) => [cause, count]));
}

const cpuOf = (cluster: Cluster, label = 'web'): readonly number[] =>
  cluster
    .admin()
    .list(PODS, 'default')
    .filter(({ metadata }) => metadata.labels?.['app'] === label)
    .map((pod) => cluster.kubelets.usage(pod)[0]!.nanoCpu / 1e6);

describe('Load', () => {
  it('is answered as long as the Pods have the CPU for it, and shows in their use', () => {
    const cluster = under([deployment(2), WEB], load(`${TO_WEB}\nrate: { requestsPerSecond: 100 }\ncost: 10ms`));
    run(cluster, 60);
    const { phase, sent, answered, failed, requestsPerSecond, latency } = status(cluster);
    assert.deepEqual([phase, failed, requestsPerSecond], ['Active', 0, 100]);
    assert.ok(sent! >= 5_400 && sent! <= 6_000, String(sent));
    assert.ok(sent! - answered! < 5);
    assert.deepEqual(Object.keys(latency!), ['p50', 'p90', 'p99']);
    // 50 requests a second of 10 ms each are half a CPU, beside what an idle program uses.
    for (const milli of cpuOf(cluster)) assert.ok(milli > 495 && milli < 515, String(milli));
  });

  it('waits at the limit of a Pod until clients give up', () => {
    const limited = '          resources: { requests: { cpu: 100m }, limits: { cpu: 500m } }';
    const cluster = under([deployment(1, limited), WEB], load(`${TO_WEB}\nrate: { requestsPerSecond: 80 }\ncost: 10ms\ntimeout: 2s`));
    run(cluster, 60);
    // Half a CPU is 50 requests a second: three of eight are lost.
    const { sent, answered } = status(cluster);
    assert.ok(Math.abs(answered! / sent! - 50 / 80) < 0.03, `${answered} of ${sent}`);
    assert.deepEqual(Object.keys(failures(cluster)), ['Timeout']);
    assert.match(status(cluster).latency!.p50, /^(?:1\.\d+|2)/);
    assert.equal(Math.round(cpuOf(cluster)[0]!), 500);
  });

  it('shares a machine with the other Pods on it', () => {
    const texts = ['a', 'b'].map(
      (name) =>
        webPod(name) +
        service(name, 'ports: [{ port: 80 }]') +
        load(`target: { service: { name: ${name} } }\nrate: { requestsPerSecond: 300 }\ncost: 10ms`, name),
    );
    const cluster = clusterWith(texts);
    run(cluster, 60);
    // Four CPUs are 400 requests a second for both.
    const { sent, answered } = status(cluster, 'a');
    assert.ok(Math.abs(answered! / sent! - 200 / 300) < 0.2, `${answered} of ${sent}`);
    assert.ok(failures(cluster, 'b')['Timeout']! > 0);
  });

  const causes: readonly (readonly [cause: string, texts: readonly string[], spec: string])[] = [
    ['DNS', [], 'target: { service: { name: nobody } }'],
    ['NoEndpoints', [WEB], TO_WEB],
    ['Refused', [webPod('web'), service('web', 'ports: [{ port: 80, targetPort: 81 }]')], TO_WEB],
    ['ServerError', [webPod('web', { program: 'run; serve 80 500' }), WEB], TO_WEB],
    ['ClientError', [webPod('web', { program: 'run; serve 80 /ok 200' }), WEB], TO_WEB],
    ['Timeout', [webPod('web'), WEB], 'target: { service: { name: web, port: 81 } }'],
    [
      'Policy',
      [
        webPod('web'),
        WEB,
        'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: deny }\nspec: { podSelector: {}, policyTypes: [Ingress] }',
      ],
      TO_WEB,
    ],
    ['DNS', [], 'target: { url: http://nobody.test/ }'],
    [
      'ClientError',
      ['apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: { name: nginx }\nspec: { controller: k8s.io/ingress-nginx }'],
      'target: { url: http://172.18.255.200/ }',
    ],
  ];
  for (const [cause, texts, spec] of causes) {
    it(`fails by ${cause}: ${spec}`, () => {
      const cluster = under(texts, load(`${spec}\nrate: { requestsPerSecond: 10 }`));
      run(cluster, 10);
      const { sent, answered, message } = status(cluster);
      assert.ok(sent! > 50);
      assert.equal(answered, 0);
      assert.deepEqual(failures(cluster), { [cause]: sent });
      assert.ok(message !== undefined && message !== '');
    });
  }

  it('is let in by the label of its clients, or by that of the Pods that send', () => {
    const policy = (labels: string): string =>
      `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: some }\nspec: { podSelector: { matchLabels: { app: web } }, ingress: [{ from: [{ podSelector: { matchLabels: { ${labels} } } }] }] }`;
    for (const [labels, clients] of [
      ['kubepad.dev/load: load', ''],
      ['app: front', 'clients: { pods: { selector: { matchLabels: { app: front } } } }'],
    ] as const) {
      const cluster = under(
        [webPod('web'), webPod('front'), WEB, policy(labels)],
        load(`${TO_WEB}\nrate: { requestsPerSecond: 10 }\n${clients}`),
      );
      run(cluster, 10);
      assert.deepEqual(failures(cluster), {}, labels);
      assert.ok(status(cluster).answered! > 50);
    }
  });

  it('comes from outside through the port of a node and through an Ingress', () => {
    const ingress =
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: shop }\nspec: { rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }';
    const nodePort = service('web', 'type: NodePort\nports: [{ port: 80, nodePort: 30080 }]');
    const cluster = clusterWith([deployment(3), nodePort, ingress], { ingressClass: 'nginx' });
    run(cluster, 60);
    apply(cluster, load('target: { url: http://shop.example.com/ }\nrate: { requestsPerSecond: 30 }', 'ingress'));
    apply(
      cluster,
      load(`target: { url: "http://${cluster.network.addressOfNode('worker-1')}:30080/" }\nrate: { requestsPerSecond: 30 }`, 'port'),
    );
    run(cluster, 20);
    for (const name of ['ingress', 'port']) {
      assert.deepEqual(failures(cluster, name), {}, name);
      assert.ok(status(cluster, name).answered! > 400, name);
    }
  });

  it('follows an alias, from inside and through an Ingress', () => {
    const alias = service('alias', 'type: ExternalName\nexternalName: web.default.svc.cluster.local', '');
    const ingress = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop }
spec: { rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: alias, port: { number: 80 } } } }] } }] }
`;
    const cluster = clusterWith([webPod('web'), WEB, alias, ingress], { ingressClass: 'nginx' });
    run(cluster, 60);
    apply(cluster, load('target: { service: { name: alias } }\nrate: { requestsPerSecond: 4 }', 'inside'));
    apply(cluster, load('target: { url: "http://shop.example.com/" }\nrate: { requestsPerSecond: 4 }', 'outside'));
    run(cluster, 10);
    for (const name of ['inside', 'outside']) {
      assert.ok((status(cluster, name).answered ?? 0) > 20, name);
      assert.deepEqual(failures(cluster, name), {}, name);
    }
  });

  it('begins and ends in time, and is at rest afterwards', () => {
    const cluster = clusterWith([deployment(1), WEB, load(`${TO_WEB}\nrate: { requestsPerSecond: 10 }\nfrom: 30s\nduration: 20s`)]);
    assert.deepEqual([status(cluster).phase, status(cluster).sent], ['Pending', undefined]);
    run(cluster, 30);
    assert.equal(status(cluster).phase, 'Active');
    run(cluster, 60);
    const { phase, sent, answered, requestsPerSecond } = status(cluster);
    assert.deepEqual([phase, sent, answered, requestsPerSecond], ['Ended', 200, 200, 0]);
    const before = cluster.simulation.eventsHandled;
    run(cluster, 1);
    assert.ok(cluster.simulation.eventsHandled - before < 20);
    assert.ok(cpuOf(cluster)[0]! < 20);
  });

  it('survives a rolling update without loss only with a probe and time to drain', () => {
    const lost = (container: string, program = 'run; serve 80 200'): number => {
      const cluster = under([deployment(4, container, '', program), WEB], load(`${TO_WEB}\nrate: { requestsPerSecond: 200 }`));
      run(cluster, 20);
      cluster.admin().modify(DEPLOYMENTS, 'default', 'web', ({ spec }) => {
        if (spec !== undefined)
          spec.template.metadata = { ...spec.template.metadata, annotations: { ...spec.template.metadata?.annotations, restarted: 'yes' } };
      });
      run(cluster, 120);
      return status(cluster).failed!;
    };
    const probe = '          readinessProbe: { httpGet: { port: 80 }, periodSeconds: 1 }';
    const drain = '          lifecycle: { preStop: { sleep: { seconds: 5 } } }';
    const late = 'run; serve 80 503 until 5s then 200';
    assert.ok(lost('') > 10);
    assert.ok(lost(probe) > 10);
    assert.equal(lost(`${probe}\n${drain}`), 0);
    assert.ok(lost(drain, late) > 100);
    assert.equal(lost(`${probe}\n${drain}`, late), 0);
  });

  it('goes on in a fork exactly as it would have', () => {
    const texts = [
      deployment(3, '          resources: { limits: { cpu: 100m } }'),
      WEB,
      load(`${TO_WEB}\nrate: { shape: Wave, requestsPerSecond: 10, peak: 90, period: 30s }\ncost: 10ms`),
    ];
    const cluster = clusterWith(texts);
    for (let step = 0; step < 6; step++) {
      const copy = cluster.fork();
      for (const each of [cluster, copy]) {
        if (step === 2) each.admin().delete(PODS, 'default', each.admin().list(PODS, 'default')[0]!.metadata.name!);
        run(each, 7.3);
      }
      assert.deepEqual(JSON.stringify(copy.checkpoint()), JSON.stringify(cluster.checkpoint()));
    }
  });
});
