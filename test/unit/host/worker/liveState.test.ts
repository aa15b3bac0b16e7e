import assert from 'node:assert/strict';
import { createRest } from './support.ts';
import { liveState } from '../../../../src/host/worker/liveState.ts';
import { readyCluster, run } from '../../kubelet/support.ts';
import { groupResource, objectKey } from '../../../../src/apimachinery/meta/resource.ts';
import { resourceOf } from '../../../../src/kubectl/rest.ts';

const workload = (apiVersion: string, kind: string, name: string, image: string, more = ''): string => `
apiVersion: ${apiVersion}
kind: ${kind}
metadata: {name: ${name}}
spec:
  ${more}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: c, image: "${image}", resources: {requests: {cpu: 100m}}}]}
`;

const DOCUMENTS = [
  workload('apps/v1', 'Deployment', 'web', 'nginx:1.27', 'replicas: 3'),
  workload('apps/v1', 'Deployment', 'stuck', 'registry.example.com/missing/web:1.1', 'replicas: 2'),
  workload('apps/v1', 'DaemonSet', 'agent', 'nginx:1.27'),
  'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}',
  'apiVersion: v1\nkind: Pod\nmetadata: {name: big}\nspec: {containers: [{name: c, image: nginx, resources: {requests: {cpu: "100"}}}]}',
  'apiVersion: v1\nkind: Pod\nmetadata: {name: small}\nspec: {nodeName: worker-1, containers: [{name: c, image: "nginx:1.27"}]}',
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}',
];

describe('what is said of an object above its document', () => {
  const cluster = readyCluster();
  before(async () => {
    await createRest(cluster).apply(DOCUMENTS.join('\n---\n'));
    run(cluster, 60);
  });

  for (const [apiVersion, kind, name, says] of [
    ['apps/v1', 'Deployment', 'web', /^3\/3 ready, [23] nodes$/],
    ['apps/v1', 'Deployment', 'stuck', /^0\/2 ready, [12] nodes?, 2 (?:ImagePullBackOff|ErrImagePull)$/],
    ['apps/v1', 'DaemonSet', 'agent', /^3\/3 ready, 3 nodes$/],
    ['v1', 'Service', 'web', /^3 endpoints$/],
    ['v1', 'Pod', 'big', /^Pending, 0\/4 nodes are available$/],
    ['v1', 'Pod', 'small', /^Running on worker-1$/],
    ['v1', 'ConfigMap', 'settings', /^in the cluster$/],
    ['v1', 'Namespace', 'default', /^Active$/],
    ['v1', 'Node', 'worker-1', /^Ready$/],
  ] as const) {
    it(`${kind} ${name}`, () => {
      const resource = resourceOf(apiVersion, kind);
      assert.ok(resource);
      const { store } = cluster.api;
      const object = store.get(groupResource(resource), objectKey(resource.namespaced ? 'default' : '', name));
      assert.ok(object);
      assert.match(liveState(store, kind, object), says);
    });
  }
});
