import { decodeValue } from '../../../src/api/decodeBody.ts';
import { DEPLOYMENTS } from '../../../src/api/schema/resources.ts';
import type { Deployment } from '../../../src/api/schema/types/apps/v1.ts';
import type { Draft } from '../../../src/base/json.ts';
import type { Cluster } from '../../../src/cluster/cluster.ts';

/** A Deployment `web` of pause containers, as the API server would decode it. */
export function webDeployment(replicas: number): Draft<Deployment> {
  const decoded = decodeValue(
    DEPLOYMENTS,
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        replicas,
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'registry.k8s.io/pause:3.10' }] } },
      },
    },
    'Strict',
  );
  if (!decoded.ok) throw new Error(decoded.status.message);
  return decoded.object as Draft<Deployment>;
}

/** Everything that ever happened, as text. */
export function history(cluster: Cluster): string {
  const { store } = cluster.api;
  return JSON.stringify(store.resources().map((resource) => [resource, store.since(resource, 0)]));
}
