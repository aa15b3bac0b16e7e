import type { EndpointSlice } from '../../../src/api/schema/types/discovery/v1.ts';
import type { Pod, Service } from '../../../src/api/schema/types/core/v1.ts';
import type { KubeObject } from '../../../src/apimachinery/meta/resource.ts';
import type { Revision } from '../../../src/apiserver/storage/revision.ts';
import { difference, type Parts } from '../../../src/base/parts.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';
import type { MapModel } from '../../../src/host/panels/map/model.ts';
import { mapSource } from '../../../src/host/panels/map/source.ts';
import { WHOLE_MAP } from '../../../src/webview/map/protocol.ts';
import { count, quantile, row, seconds, timed, type Row } from '../row.ts';
import { LargeCluster } from '../tree/cluster.ts';

const LOOKS = 60;
/** 1,000 changes a second at ten looks. */
const CHANGES_PER_LOOK = 100;
export const MAP_ROWS: readonly Row[] = [
  row(
    'map',
    {
      what: 'map of 5,000 nodes, 1,500 Services, 150,000 Pods, 1,000 changes/s: a look, p95 (ten a second while it is open)',
      target: '≤ 0.1 s, ≤ 200 KB/s',
      peer: '',
    },
    async () => {
      const large = new LargeCluster();
      addServices(large);
      const entries: Revision[] = [];
      const begin = large.store.revision;
      large.store.onRevision((entry) => entries.push(entry));
      const past = {
        first: begin,
        get last() {
          return large.store.revision;
        },
        entry: (revision: number) => entries[revision - begin - 1],
        between: (after: number, upTo: number) => entries.slice(after - begin, upTo - begin),
      };
      const cluster = Cluster.create({ seed: 'map', startTime: 0, preset: 'empty' });
      const source = mapSource(() => ({ cluster, past, shown: { source: large.store, revision: undefined } }));
      let told: Parts = {};
      let bytes = 0;
      const look = (): MapModel => {
        const picture = source.picture(WHOLE_MAP) as MapModel;
        bytes += JSON.stringify(difference(told, picture) ?? {}).length;
        told = picture;
        return picture;
      };
      const first = await timed(look);
      bytes = 0;
      const samples: number[] = [];
      let boxes = 0;
      for (let n = 0; n < LOOKS; n++) {
        for (let i = 0; i < CHANGES_PER_LOOK; i++) large.change();
        samples.push(await timed(() => (boxes = look().nodes.length)));
      }
      const slow = quantile(samples, 0.95);
      const rate = (bytes / LOOKS) * 10;
      return {
        value: `${seconds(slow)}, ${Math.round(rate / 1000)} KB/s; the first look ${seconds(first)}`,
        meetsTarget: slow <= 100 && rate <= 200_000,
        meetsPeer: true,
        work: `${count(boxes)} boxes; median ${seconds(quantile(samples, 0.5))}`,
      };
    },
  ),
];

/** One for each workload, with the endpoints of all its Pods. */
function addServices({ store }: LargeCluster): void {
  const byWorkload = new Map<string, Pod[]>();
  for (const object of store.list('pods')) {
    const pod = object as Pod;
    const key = `${pod.metadata.namespace ?? ''}/${pod.metadata.labels?.['app'] ?? ''}`;
    const known = byWorkload.get(key);
    if (known === undefined) byWorkload.set(key, [pod]);
    else known.push(pod);
  }
  const write = (resource: string, object: Service | EndpointSlice): void =>
    void store.write({ type: 'ADDED', resource, object: object as KubeObject, actor: 'bench', verb: 'create' });
  for (const [key, pods] of byWorkload) {
    const [namespace = '', name = ''] = key.split('/');
    write('services', { metadata: { namespace, name }, spec: { clusterIP: '10.96.1.1', selector: { app: name }, ports: [{ port: 80 }] } });
    write('endpointslices.discovery.k8s.io', {
      metadata: { namespace, name: `${name}-x`, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: [{ port: 80 }],
      endpoints: pods.map((pod) => ({
        addresses: ['10.244.3.17'],
        conditions: { ready: true },
        targetRef: { kind: 'Pod', namespace, name: pod.metadata.name ?? '' },
      })),
    });
  }
}
