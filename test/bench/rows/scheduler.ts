import { NODES, PODS, SERVICEACCOUNTS } from '../../../src/api/schema/resources.ts';
import { decodeValue } from '../../../src/api/decodeBody.ts';
import type { Pod } from '../../../src/api/schema/types/core/v1.ts';
import type { Draft } from '../../../src/base/json.ts';
import { count, exponent, row, seconds, timedWithCpu, type Row, type Times } from '../row.ts';
import { addNodes, newCluster } from './support.ts';

const NODES_LARGE = 5_000;
/** Pods that are scheduled before it is measured. */
const WARM = 500;

/** What the Pods of a row ask for, as in scheduler_perf's SchedulingBasic, TopologySpreading, SchedulingPodAntiAffinity and SchedulingPodAffinity. */
interface Workload {
  readonly id: string;
  readonly what: string;
  readonly targetRate: number;
  readonly floor: number;
  readonly measured: string;
  readonly pods: number;
  readonly spec: object;
}

const SELF = { matchLabels: { app: 'measured' } };

const WORKLOADS: readonly Workload[] = [
  { id: 'basic', what: 'basic Pods', targetRate: 5_000, floor: 680, measured: '355', pods: 5_000, spec: {} },
  {
    id: 'spread',
    what: 'topology spread over zones',
    targetRate: 2_000,
    floor: 460,
    measured: '162',
    pods: 5_000,
    spec: {
      topologySpreadConstraints: [
        { maxSkew: 5, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: SELF },
      ],
    },
  },
  {
    id: 'anti-affinity',
    what: 'required anti-affinity by host',
    targetRate: 500,
    floor: 60,
    measured: '150',
    pods: 2_000,
    spec: {
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: SELF }],
        },
      },
    },
  },
  {
    id: 'affinity',
    what: 'required affinity within a zone',
    targetRate: 500,
    floor: 35,
    measured: '',
    pods: 5_000,
    spec: {
      affinity: {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'topology.kubernetes.io/zone', labelSelector: SELF }],
        },
      },
    },
  },
];

export const SCHEDULER_ROWS: readonly Row[] = WORKLOADS.map((workload) =>
  row(
    `scheduler-${workload.id}`,
    {
      what: `scheduler, 5,000 nodes, ${workload.what}`,
      target: `≥ ${count(workload.targetRate)} Pods/s`,
      peer: `kube-scheduler's floor: ${workload.floor} Pods/s${workload.measured === '' ? '' : ` (${workload.measured} on 2 shared cores)`}`,
    },
    async () => {
      const [half] = await msPerPod(NODES_LARGE / 2, workload, 1);
      const [whole, more] = await msPerPod(NODES_LARGE, workload, 2);
      if (half === undefined || whole === undefined || more === undefined) throw new Error('nothing was measured');
      // The second batch meets on average so many times the bound Pods that the first one met.
      const times = (WARM + 1.5 * workload.pods) / (WARM + 0.5 * workload.pods);
      const rate = 1000 / whole.ms;
      return {
        value: `${count(rate)} Pods/s`,
        meetsTarget: rate >= workload.targetRate,
        meetsPeer: rate >= workload.floor,
        work: `${count(workload.pods)} Pods, ${seconds(whole.cpuMs)} of CPU each; growth exponent in nodes ${exponent(half.ms, whole.ms, 2)}, in bound Pods ${exponent(whole.cpuMs, more.cpuMs, times)}`,
      };
    },
  ),
);

/** From the creation of the Pods to their binding, API writes and events included; for each of so many batches, one after the other. */
async function msPerPod(nodes: number, { pods, spec }: Workload, batches: number): Promise<readonly Times[]> {
  const cluster = newCluster({ preset: 'empty', kubelet: 'manual', controllers: [] });
  const client = cluster.admin();
  // No controllers run here, so nobody else makes the account that Pods need.
  client.create(SERVICEACCOUNTS, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'kube-system' } });
  addNodes(client, nodes);
  // Nor does anybody report the nodes ready: the taint of new nodes is taken off by hand.
  for (const node of client.list(NODES)) client.modify(NODES, '', node.metadata.name ?? '', (copy) => void delete copy.spec?.taints);
  cluster.simulation.advance(cluster.simulation.now());
  schedule(WARM);
  const measured: Times[] = [];
  for (let i = 0; i < batches; i++) {
    const { ms, cpuMs } = await timedWithCpu(() => schedule(pods));
    measured.push({ ms: ms / pods, cpuMs: cpuMs / pods });
  }
  return measured;

  function schedule(amount: number): void {
    for (let i = 0; i < amount; i++) client.create(PODS, pod(spec));
    cluster.simulation.advance(cluster.simulation.now());
    const waiting = client.podsOnNode('').length;
    if (waiting > 0) throw new Error(`${waiting} Pods were not scheduled`);
  }
}

function pod(spec: object): Draft<Pod> {
  const manifest = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { generateName: 'p-', namespace: 'kube-system', labels: { app: 'measured' } },
    spec: {
      containers: [{ name: 'main', image: 'registry.k8s.io/pause:3.10', resources: { requests: { cpu: '100m', memory: '100Mi' } } }],
      ...spec,
    },
  };
  const decoded = decodeValue(PODS, manifest, 'Strict');
  if (!decoded.ok) throw new Error(decoded.status.message);
  return decoded.object as Draft<Pod>;
}
