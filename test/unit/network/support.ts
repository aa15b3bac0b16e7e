import { parseAllDocuments } from 'yaml';
import type { Draft } from '../../../src/base/json.ts';
import { decodeValue } from '../../../src/api/decodeBody.ts';
import { strategyForKind } from '../../../src/api/register.ts';
import { PODS } from '../../../src/api/schema/resources.ts';
import type { Pod } from '../../../src/api/schema/types/core/v1.ts';
import type { KubeObject } from '../../../src/apimachinery/meta/resource.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';
import type { ClusterOptions } from '../../../src/cluster/options.ts';
import { get } from '../../../src/runtime/http.ts';

export const START = Date.UTC(2026, 0, 1);

/** A cluster whose nodes are ready, with the objects of the texts, ten seconds after they were made. */
export function clusterWith(texts: readonly string[], options: Partial<ClusterOptions> = {}): Cluster {
  const cluster = Cluster.create({ seed: 'network', startTime: START, preset: 'default', freeze: true, ...options });
  run(cluster, 10);
  for (const text of texts) {
    apply(cluster, text);
    run(cluster, 0.1);
  }
  run(cluster, 10);
  return cluster;
}

export function run(cluster: Cluster, seconds: number): void {
  cluster.simulation.advance(cluster.simulation.now() + seconds * 1000);
}

/** Makes the objects of a YAML text, in the namespace `default` unless they say another. */
export function apply(cluster: Cluster, text: string): void {
  for (const document of parseAllDocuments(text)) {
    const value = document.toJS() as { apiVersion: string; kind: string; metadata: { namespace?: string } } | null;
    if (value === null) continue;
    const type = strategyForKind(value.apiVersion, value.kind)?.resource;
    if (type === undefined) throw new Error(`no such kind: ${value.kind}`);
    if (type.namespaced) value.metadata.namespace ??= 'default';
    const decoded = decodeValue(type, value, 'Strict');
    if (!decoded.ok) throw new Error(decoded.status.message);
    cluster.admin().create(type, decoded.object as Draft<KubeObject>);
  }
}

/** A Pod `name` with the label `app: name`, unless told otherwise, whose container serves HTTP on port 80. */
export function webPod(
  name: string,
  { namespace = 'default', node = 'worker-1', labels = `app: ${name}`, spec = '', program = 'run; serve 80 200' } = {},
): string {
  return `
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: ${namespace}
  labels: { ${labels} }
  annotations: { kubepad.dev/program.main: "${program}" }
spec:
  nodeName: ${node}
  containers:
    - name: main
      image: registry.test/web:1
      ports: [{ name: http, containerPort: 80 }]
${spec}
---
`;
}

export function service(name: string, spec: string, selector = `app: ${name}`): string {
  return `
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec:
  ${selector === '' ? '' : `selector: { ${selector} }`}
${spec
  .trim()
  .split('\n')
  .map((line) => `  ${line}`)
  .join('\n')}
---
`;
}

export function pod(cluster: Cluster, name: string, namespace = 'default'): Pod {
  const found = cluster.admin().get(PODS, namespace, name);
  if (found === undefined) throw new Error(`there is no Pod ${name}`);
  return found;
}

/** What a GET of `http://HOST:PORT/` from a Pod comes to: `200 name`, or the failure. The page of a Pod begins with its name. */
export function fetch(cluster: Cluster, from: string, host: string, port = 80, namespace = 'default'): string {
  const own = pod(cluster, from, namespace);
  const found = cluster.network.lookup(own, host);
  if (!found.ok) return found.failure;
  const answer = cluster.network.request(own, { address: found.addresses[0]!, port }, get(host, '/'));
  return answer.ok ? `${answer.response.code} ${answer.response.body.split(' ')[0]!}` : answer.failure;
}
