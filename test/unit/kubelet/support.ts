import type { Draft } from '../../../src/base/json.ts';
import { NODES, PODS } from '../../../src/api/schema/resources.ts';
import type { Pod, PodSpec } from '../../../src/api/schema/types/core/v1.ts';
import type { ClusterOptions } from '../../../src/cluster/options.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';

export const START = Date.UTC(2026, 0, 1);

/** A cluster whose nodes are ready; its time is START + 10 s. */
export function readyCluster(options: Partial<ClusterOptions> = {}): Cluster {
  const cluster = Cluster.create({ seed: 'kubelet', startTime: START, preset: 'default', freeze: true, ...options });
  cluster.simulation.advance(START + 10_000);
  return cluster;
}

export function run(cluster: Cluster, seconds: number): void {
  cluster.simulation.advance(cluster.simulation.now() + seconds * 1000);
}

/** Makes a Pod with one container `app`; it runs on worker-1 unless the spec says otherwise. */
export function createPod(cluster: Cluster, name: string, program: string | undefined, spec: Partial<Draft<PodSpec>> = {}): void {
  cluster.admin().create(PODS, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', ...(program === undefined ? {} : { annotations: { 'kubepad.dev/program.app': program } }) },
    spec: { nodeName: 'worker-1', containers: [{ name: 'app', image: 'registry.test/app:1' }], ...spec },
  });
}

export function getPod(cluster: Cluster, name: string): Pod | undefined {
  return cluster.admin().get(PODS, 'default', name);
}

/** `Running rc=1 ready` */
export function summary(cluster: Cluster, name: string): string {
  const pod = getPod(cluster, name);
  if (pod === undefined) return 'gone';
  const restarts = pod.status?.containerStatuses?.[0]?.restartCount ?? 0;
  const ready = pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
  return `${pod.status?.phase ?? ''} rc=${restarts} ${ready ? 'ready' : 'unready'}`;
}

export function annotateNode(cluster: Cluster, node: string, key: string, value: string | undefined): void {
  cluster.admin().modify(NODES, '', node, (object) => {
    const { [key]: _old, ...rest } = object.metadata.annotations ?? {};
    object.metadata.annotations = value === undefined ? rest : { ...rest, [key]: value };
  });
}
