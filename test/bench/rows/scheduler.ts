import { NODES, PODS, SERVICEACCOUNTS } from '../../../src/api/schema/resources.ts';
import { decodeValue } from '../../../src/api/decodeBody.ts';
import type { Pod } from '../../../src/api/schema/types/core/v1.ts';
import type { Draft } from '../../../src/base/json.ts';
import { count, timed, type Row } from '../row.ts';
import { addNodes, newCluster } from './support.ts';

const PODS_MEASURED = 2_000;

export const SCHEDULER_ROWS: readonly Row[] = [
  {
    id: 'scheduler-basic',
    what: 'scheduler, 5,000 nodes, basic Pods',
    target: '≥ 5,000 Pods/s',
    peer: "kube-scheduler's floor: 680 Pods/s (355 on 2 shared cores)",
    run: async () => {
      const small = await rate(1250);
      const large = await rate(5000);
      // Four times the nodes: the exponent of the growth of the time per Pod.
      const exponent = Math.log(small / large) / Math.log(4);
      return {
        value: `${count(large)} Pods/s`,
        meetsTarget: large >= 5000,
        meetsPeer: large >= 680,
        work: `growth exponent in nodes ${exponent.toFixed(2)}`,
      };
    },
  },
];

async function rate(nodes: number): Promise<number> {
  const cluster = newCluster({ preset: 'empty', kubelet: 'manual', controllers: [] });
  const client = cluster.admin();
  // No controllers run here, so nobody else makes the account that Pods need.
  client.create(SERVICEACCOUNTS, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'kube-system' } });
  addNodes(client, nodes);
  // Nor does anybody report the nodes ready: the taint of new nodes is taken off by hand.
  for (const node of client.list(NODES)) client.modify(NODES, '', node.metadata.name ?? '', (copy) => void delete copy.spec?.taints);
  cluster.simulation.advance(cluster.simulation.now());
  schedule(500);
  return (PODS_MEASURED / (await timed(() => schedule(PODS_MEASURED)))) * 1000;

  function schedule(pods: number): void {
    for (let i = 0; i < pods; i++) client.create(PODS, pod());
    cluster.simulation.advance(cluster.simulation.now());
    const waiting = client.podsOnNode('').length;
    if (waiting > 0) throw new Error(`${waiting} Pods were not scheduled`);
  }
}

function pod(): Draft<Pod> {
  const manifest = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { generateName: 'p-', namespace: 'kube-system' },
    spec: {
      containers: [{ name: 'main', image: 'registry.k8s.io/pause:3.10', resources: { requests: { cpu: '100m', memory: '100Mi' } } }],
    },
  };
  const decoded = decodeValue(PODS, manifest, 'Strict');
  if (!decoded.ok) throw new Error(decoded.status.message);
  return decoded.object as Draft<Pod>;
}
