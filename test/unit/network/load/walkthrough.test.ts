import assert from 'node:assert/strict';
import { DEPLOYMENTS, PODS } from '../../../../src/api/schema/resources.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { apply, clusterWith, run, service } from '../support.ts';

/** The walkthrough of autoscaling that everybody begins with: its server, and a shell that asks it without end. */
const SERVER = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: php-apache }
spec:
  selector: { matchLabels: { app: php-apache } }
  template:
    metadata: { labels: { app: php-apache } }
    spec:
      containers:
        - name: php-apache
          image: registry.k8s.io/hpa-example
          ports: [{ containerPort: 80 }]
          resources: { limits: { cpu: 500m }, requests: { cpu: 200m } }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: php-apache }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: php-apache }
  minReplicas: 1
  maxReplicas: 10
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 50 } } }]
---
`;

function shell(name: string, script: string): string {
  return `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: ${name} } }
spec:
  restartPolicy: Never
  containers: [{ name: main, image: 'busybox:1.28', command: [sh, -c, '${script}'] }]
---
`;
}

const GENERATOR = shell('load-generator', 'while sleep 0.01; do wget -q -O- http://php-apache; done');

const replicas = (cluster: Cluster): number | undefined => cluster.admin().get(DEPLOYMENTS, 'default', 'php-apache')?.spec?.replicas;
const milliCpu = (cluster: Cluster): readonly number[] =>
  cluster
    .admin()
    .list(PODS, 'default')
    .filter(({ metadata }) => metadata.labels?.['app'] === 'php-apache')
    .flatMap((pod) => cluster.kubelets.usage(pod).map(({ nanoCpu }) => nanoCpu / 1e6));

describe('requests of programs', () => {
  it('cost the server CPU time, so that the autoscaler follows a shell that asks without end', () => {
    const cluster = clusterWith([SERVER, service('php-apache', 'ports: [{ port: 80 }]')]);
    run(cluster, 60);
    assert.equal(replicas(cluster), 1);
    apply(cluster, GENERATOR);
    run(cluster, 60);
    // A turn is 10 ms of sleep and 100 ms of an answer, as with half a CPU 50 ms of its time take twice as long.
    const all = milliCpu(cluster).reduce((sum, each) => sum + each, 0);
    assert.ok(all > 420 && all < 540, String(all));
    run(cluster, 240);
    assert.ok([5, 6].includes(replicas(cluster)!), String(replicas(cluster)));
    cluster.admin().delete(PODS, 'default', 'load-generator');
    run(cluster, 480);
    assert.equal(replicas(cluster), 1);
    assert.ok(milliCpu(cluster)[0]! < 20);
  });

  it('wait for those before them', () => {
    const ask = 'for i in 1 2 3 4 5 6 7 8; do wget -q -O /dev/null http://php-apache & done; wait';
    const cluster = clusterWith([SERVER, service('php-apache', 'ports: [{ port: 80 }]')]);
    run(cluster, 30);
    apply(cluster, shell('eight', `date +%s%N; ${ask}; date +%s%N`));
    run(cluster, 30);
    const lines = cluster.kubelets.readLogs({ namespace: 'default', pod: 'eight', container: 'main', previous: false }) ?? [];
    const [from = 0, to = 0] = lines.map(({ text }) => Number(text) / 1e6);
    assert.ok(to - from >= 800 && to - from < 1_000, String(to - from));
  });

  it('go on alike in a fork', () => {
    const cluster = clusterWith([SERVER, service('php-apache', 'ports: [{ port: 80 }]'), GENERATOR]);
    run(cluster, 33);
    const fork = cluster.fork();
    run(cluster, 60);
    run(fork, 60);
    assert.deepEqual(milliCpu(fork), milliCpu(cluster));
    assert.equal(replicas(fork), replicas(cluster));
  });
});
