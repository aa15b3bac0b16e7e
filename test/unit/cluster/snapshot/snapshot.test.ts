import assert from 'node:assert/strict';
import type { Deployment } from '../../../../src/api/schema/types/apps/v1.ts';
import type { Node, Pod, Secret } from '../../../../src/api/schema/types/core/v1.ts';
import type { KubeObject } from '../../../../src/apimachinery/meta/resource.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { importSnapshot, type Imported } from '../../../../src/cluster/snapshot/snapshot.ts';
import { createRest } from '../../host/worker/support.ts';

const START = Date.UTC(2026, 0, 2);
const SHOP = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: market}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: nginx:1.27
        env: [{name: WORD, valueFrom: {secretKeyRef: {name: password, key: word}}}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: store, namespace: shop}
spec:
  serviceName: store
  replicas: 2
  selector: {matchLabels: {app: store}}
  template:
    metadata: {labels: {app: store}}
    spec: {containers: [{name: store, image: "redis:7", volumeMounts: [{name: data, mountPath: /data}]}]}
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: shop}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {containers: [{name: agent, image: "busybox:1", command: [sleep, "100000"]}]}
---
apiVersion: batch/v1
kind: Job
metadata: {name: once, namespace: shop}
spec:
  template: {spec: {restartPolicy: Never, containers: [{name: once, image: "busybox:1", command: [sleep, "3"]}]}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Secret
metadata: {name: password, namespace: shop}
stringData: {word: open-sesame}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: boats.harbour.example.com}
spec:
  group: harbour.example.com
  scope: Namespaced
  names: {plural: boats, singular: boat, kind: Boat, listKind: BoatList}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {crew: {type: integer}}}}}}
`;
const BOAT = `
apiVersion: harbour.example.com/v1
kind: Boat
metadata: {name: anna, namespace: shop}
spec: {crew: 2}
`;

/** All that the cluster has, as its server would answer. */
function objectsOf({ api: { store } }: Cluster): readonly KubeObject[] {
  return store.resources().flatMap((resource) => store.list(resource));
}

function settle(cluster: Cluster): void {
  cluster.simulation.runUntil('settled');
  cluster.simulation.advance(cluster.simulation.now() + 120_000);
}

const podsOf = ({ api }: Cluster, namespace = 'shop'): readonly Pod[] => api.store.list('pods', namespace) as readonly Pod[];
const placed = (cluster: Cluster): readonly (readonly unknown[])[] =>
  podsOf(cluster).map(({ metadata, spec, status }) => [metadata.name, metadata.uid, spec?.nodeName, status?.phase]);

describe('a snapshot of a cluster', function () {
  this.timeout(20_000);
  let source: Cluster;
  let imported: Imported;
  const deleted: string[] = [];
  before(async () => {
    source = Cluster.create({ seed: 'real', startTime: START, preset: 'default', defaultStorageClass: 'standard' });
    const { apply } = createRest(source);
    await apply(SHOP);
    settle(source);
    await apply(BOAT);
    source.api.store.write({
      type: 'MODIFIED',
      resource: 'nodes',
      object: taintedWorker(),
      actor: 'test',
      verb: 'update',
    });
    imported = importSnapshot(objectsOf(source), { seed: 'copy', startTime: source.simulation.now() });
    imported.cluster.api.store.onRevision(({ type, resource, key }) => type === 'DELETED' && deleted.push(`${resource} ${key}`));
    settle(imported.cluster);
  });

  function taintedWorker(): Node {
    const node = source.api.store.get('nodes', 'worker-1') as Node;
    return { ...node, spec: { ...node.spec, taints: [{ key: 'team', value: 'market', effect: 'PreferNoSchedule' }] } };
  }

  it('has the same Pods, running on the same machines', () => {
    assert.deepEqual(placed(imported.cluster), placed(source));
    assert.deepEqual(
      placed(imported.cluster).filter(([, , , phase]) => phase !== 'Running' && phase !== 'Succeeded'),
      [],
    );
  });

  it('loses nothing once its controllers go on', () => {
    assert.deepEqual(deleted, []);
    const web = imported.cluster.api.store.get('deployments.apps', 'shop/web') as Deployment;
    assert.equal(web.status?.availableReplicas, 3);
  });

  it('has machines of the same size, with labels and taints', () => {
    const [theirs, ours] = [source, imported.cluster].map(({ api }) => api.store.get('nodes', 'worker-1') as Node);
    assert.deepEqual(ours?.status?.capacity, theirs?.status?.capacity);
    assert.deepEqual(ours?.metadata.labels, theirs?.metadata.labels);
    assert.deepEqual(ours?.spec?.taints, [{ key: 'team', value: 'market', effect: 'PreferNoSchedule' }]);
    assert.equal(ours?.status?.conditions?.find(({ type }) => type === 'Ready')?.status, 'True');
  });

  it('has the keys of Secrets, and no value', () => {
    const secret = imported.cluster.api.store.get('secrets', 'shop/password') as Secret;
    assert.deepEqual(secret.data, { word: '' });
    assert.equal(JSON.stringify(objectsOf(imported.cluster)).includes('open-sesame'), false);
    assert.equal(JSON.stringify(objectsOf(imported.cluster)).includes('b3Blbi1zZXNhbWU'), false);
  });

  it('has custom resources and what people wrote on namespaces', () => {
    assert.notEqual(imported.cluster.api.store.get('boats.harbour.example.com', 'shop/anna'), undefined);
    assert.equal(imported.cluster.api.store.get('namespaces', 'shop')?.metadata.labels?.['team'], 'market');
  });

  it('keeps the addresses of Services, and gives none of them twice', async () => {
    const { api } = imported.cluster;
    const [theirs, ours] = [source.api, api].map(
      ({ store }) => store.get('services', 'shop/web') as { readonly spec?: { readonly clusterIP?: string } },
    );
    const address = ours?.spec?.clusterIP ?? '';
    assert.equal(address, theirs?.spec?.clusterIP);
    assert.notEqual(api.store.get('ipaddresses.networking.k8s.io', address), undefined);
    const apply = createRest(imported.cluster).apply(
      `apiVersion: v1\nkind: Service\nmetadata: {name: thief}\nspec: {clusterIP: ${address}, ports: [{port: 80}]}\n`,
    );
    await assert.rejects(apply, /provided IP is already allocated/);
  });

  it('goes on by itself: a Pod that is deleted is made anew, and its claim stays', () => {
    const { cluster } = imported;
    cluster.admin().delete({ group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true }, 'shop', 'store-1', {});
    settle(cluster);
    const pod = podsOf(cluster).find(({ metadata }) => metadata.name === 'store-1');
    assert.equal(pod?.status?.phase, 'Running');
  });

  it('has the volumes of drivers that nobody plays served by its own', () => {
    const foreign = (text: string): string => text.replaceAll('csi.kubepad.dev', 'disks.example.com');
    const objects = objectsOf(source).map((object) => JSON.parse(foreign(JSON.stringify(object))) as KubeObject);
    const { cluster } = importSnapshot(objects, { seed: 'copy', startTime: source.simulation.now() });
    settle(cluster);
    assert.deepEqual(placed(cluster), placed(source));
    assert.equal(JSON.stringify(cluster.api.store.list('persistentvolumes')).includes('disks.example.com'), false);
  });

  it('says what did not come along, and why', () => {
    const why = (resource: string): string | undefined => imported.left.find((one) => one.resource === resource)?.why;
    assert.match(why('leases.coordination.k8s.io') ?? '', /made anew/);
    assert.match(why('events') ?? '', /the other cluster/);
    assert.equal(imported.taken.get('pods'), podsOf(source).length);
  });

  it('takes strange things for what they are', () => {
    const objects = [
      null,
      'text',
      { kind: 'Pod', metadata: { name: 'handmade' }, apiVersion: 'v1' },
      { kind: 'Boat', apiVersion: 'x.example/v1', metadata: { name: 'b', uid: 'u' } },
      { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'broken', namespace: 'default', uid: 'v' }, spec: { containers: 'none' } },
    ];
    const { taken, left } = importSnapshot(objects, { seed: 's', startTime: START });
    assert.deepEqual([...taken], []);
    assert.deepEqual(
      left.map(({ resource, count }) => [resource, count]),
      [
        ['pods', 1],
        ['Boat (x.example/v1)', 1],
        ['pods', 1],
      ],
    );
  });

  it('takes the range of Service addresses from where it is said', () => {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kubernetes', namespace: 'default', uid: 'k' },
      spec: { clusterIP: '172.20.0.1' },
    };
    const { cluster } = importSnapshot([service], { seed: 's', startTime: START });
    assert.equal((cluster.api.store.get('services', 'default/kubernetes') as typeof service | undefined)?.spec.clusterIP, '172.20.0.1');
  });
});
