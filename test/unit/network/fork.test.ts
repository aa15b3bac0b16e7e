import assert from 'node:assert/strict';
import { LOADS } from '../../../src/api/kubepad/load/types.ts';
import { DEPLOYMENTS, PODS } from '../../../src/api/schema/resources.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';
import { RandomStream } from '../../../src/sim/random.ts';
import { apply, clusterWith, pod, run, service } from './support.ts';

const APP = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: main
          image: nginx:1.29
          ports: [{ containerPort: 80 }]
          readinessProbe: { httpGet: { port: 80 }, periodSeconds: 2 }
          resources: { requests: { cpu: 100m }, limits: { cpu: 200m } }
---
apiVersion: v1
kind: Pod
metadata: { name: asker, labels: { app: asker } }
spec:
  containers:
    - name: main
      image: busybox:1.36
      command: [sh, -c, 'while true; do wget -q -T 2 -O - http://web/ > /tmp/page || echo lost; nslookup web.default.svc.cluster.local > /dev/null; sleep 1; done']
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec: { rules: [{ host: web.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
---
apiVersion: kubepad.dev/v1
kind: Load
metadata: { name: inside }
spec: { target: { service: { name: web } }, rate: { shape: Wave, requestsPerSecond: 5, peak: 90, period: 40s }, cost: 10ms }
---
apiVersion: kubepad.dev/v1
kind: Load
metadata: { name: outside }
spec: { target: { url: 'http://web.example.com/' }, rate: { requestsPerSecond: 7 }, cost: 10ms }
`;

const ACTS: readonly ((cluster: Cluster) => void)[] = [
  (cluster) =>
    void cluster.admin().delete(
      PODS,
      'default',
      cluster
        .admin()
        .list(PODS, 'default')
        .find(({ metadata }) => metadata.labels?.['app'] === 'web')?.metadata.name ?? '',
    ),
  (cluster) => void cluster.admin().modify(DEPLOYMENTS, 'default', 'web', ({ spec }) => void (spec!.replicas = 5 - (spec!.replicas ?? 0))),
  (cluster) =>
    apply(
      cluster,
      `apiVersion: kubepad.dev/v1\nkind: Fault\nmetadata: { name: f-${cluster.api.store.revision} }\nspec: { type: ComponentDown, target: { component: kube-proxy, node: worker-1 }, duration: 20s }`,
    ),
  (cluster) =>
    apply(
      cluster,
      `apiVersion: kubepad.dev/v1\nkind: Fault\nmetadata: { name: g-${cluster.api.store.revision} }\nspec: { type: Partition, target: { node: worker-2 }, duration: 15s }`,
    ),
  (cluster) =>
    void cluster
      .admin()
      .modify(
        DEPLOYMENTS,
        'default',
        'web',
        ({ spec }) =>
          void (spec!.template.metadata = { ...spec!.template.metadata, annotations: { at: String(cluster.simulation.now()) } }),
      ),
];

describe('The network', () => {
  it('goes on in forks and restored clusters as it would have, with programs, Ingresses, Loads and faults', () => {
    const cluster = clusterWith([APP, service('web', 'sessionAffinity: ClientIP\nports: [{ port: 80 }]')], { ingressClass: 'nginx' });
    const dice = new RandomStream('forks');
    for (let turn = 0; turn < 10; turn++) {
      run(cluster, 1 + dice.float() * 9);
      const stored = JSON.stringify(cluster.checkpoint());
      const all = [cluster, cluster.fork(), Cluster.restore(JSON.parse(stored) as ReturnType<Cluster['checkpoint']>)];
      const act = ACTS[Math.floor(dice.float() * ACTS.length)]!;
      const seconds = 1 + dice.float() * 9;
      const ends = all.map((each) => {
        act(each);
        run(each, seconds);
        return JSON.stringify(each.checkpoint());
      });
      assert.equal(ends[1], ends[0], `the fork of turn ${turn}`);
      assert.equal(ends[2], ends[0], `the restored cluster of turn ${turn}`);
    }
    // All of it was at work.
    const loads = cluster.admin().list(LOADS);
    assert.ok(loads.every(({ status }) => (status?.answered ?? 0) > 100));
    const asker = pod(cluster, 'asker');
    const server = cluster.kubelets.serve({ token: () => '', onAdvance: () => ({ dispose: () => undefined }) });
    const begin = server.exec(asker, 'main', { command: ['cat', '/tmp/page'], stdin: false, tty: false });
    assert.ok(typeof begin !== 'string');
    let page = '';
    begin({ out: (bytes) => void (page += new TextDecoder().decode(bytes)), err: () => undefined }).run();
    assert.match(page, /Welcome to nginx/);
  });
});
