import assert from 'node:assert/strict';
import { decodeValue } from '../../../src/api/decodeBody.ts';
import { NODES, PODS, SERVICEACCOUNTS } from '../../../src/api/schema/resources.ts';
import type { Pod } from '../../../src/api/schema/types/core/v1.ts';
import type { Draft } from '../../../src/base/json.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';
import { nodesToFind } from '../../../src/scheduler/scheduleOne.ts';
import { RandomStream } from '../../../src/sim/random.ts';

describe('nodesToFind', () => {
  for (const [total, wanted] of [
    [3, 3],
    [99, 99],
    [100, 100],
    [250, 120],
    [1000, 420],
    [5000, 500],
    [10_000, 500],
  ] as const) {
    it(`is ${wanted} of ${total}`, () => assert.equal(nodesToFind(total), wanted));
  }
});

describe('the scheduler', () => {
  it('decides from what it counted along the way as from counting anew', () => {
    const chance = new RandomStream('scheduler');
    const cluster = Cluster.create({ seed: 's', startTime: 0, preset: 'empty', kubelet: 'manual', controllers: [], freeze: true });
    const client = cluster.admin();
    client.create(SERVICEACCOUNTS, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' } });
    for (let n = 0; n < 8; n++) addNode(cluster, n, chance);
    const verdicts = new Set<string>();
    for (let step = 0; step < 120; step++) {
      disturb(cluster, chance);
      cluster.simulation.advance(cluster.simulation.now() + 1_000);
      // The fork derives all of its counts from the objects; the original has kept its own up to date.
      const fork = cluster.fork();
      const manifest = randomPod(step, chance);
      const [kept, derived] = [cluster, fork].map((each) => place(each, structuredClone(manifest)));
      assert.deepEqual(kept, derived, `step ${step}`);
      verdicts.add(kept?.node === '' ? 'nowhere' : 'placed');
    }
    assert.deepEqual([...verdicts].toSorted(), ['nowhere', 'placed'], 'both happened');
  });
});

function place(cluster: Cluster, manifest: Draft<Pod>): { readonly node: string; readonly message: string } {
  const { name = '' } = cluster.admin().create(PODS, manifest).metadata;
  cluster.simulation.advance(cluster.simulation.now());
  const pod = cluster.admin().get(PODS, 'default', name);
  return { node: pod?.spec?.nodeName ?? '', message: pod?.status?.conditions?.[0]?.message ?? '' };
}

/** Something else happens: Pods go, nodes change, a node comes back as another. */
function disturb(cluster: Cluster, chance: RandomStream): void {
  const client = cluster.admin();
  const pods = client.list(PODS);
  const name = `n${chance.int(8)}`;
  switch (chance.int(4)) {
    case 0: {
      const pod = pods[chance.int(Math.max(1, pods.length))];
      if (pod !== undefined) client.delete(PODS, 'default', pod.metadata.name ?? '', { gracePeriodSeconds: 0 });
      break;
    }
    case 1:
      client.modify(NODES, '', name, (node) => void ((node.metadata.labels ??= {})['zone'] = `z${chance.int(3)}`));
      break;
    case 2: {
      const taint = { key: 'k', effect: chance.int(2) === 0 ? ('NoSchedule' as const) : ('PreferNoSchedule' as const) };
      client.modify(NODES, '', name, (node) => void ((node.spec ??= {}).taints = chance.int(3) === 0 ? [taint] : []));
      break;
    }
    default:
      if (chance.int(4) > 0) break;
      client.delete(NODES, '', name);
      addNode(cluster, Number(name.slice(1)), chance);
  }
}

function addNode(cluster: Cluster, n: number, chance: RandomStream): void {
  const name = `n${n}`;
  const capacity = { cpu: '2', memory: '4Gi', pods: '20' };
  cluster.admin().create(NODES, {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, zone: `z${chance.int(3)}` } },
    spec: {},
    status: { capacity: { ...capacity }, allocatable: { ...capacity } },
  });
  cluster.admin().modify(NODES, '', name, (node) => void delete node.spec?.taints);
}

function randomPod(step: number, chance: RandomStream): Draft<Pod> {
  const app = `a${chance.int(3)}`;
  const labelSelector = { matchLabels: { app: `a${chance.int(3)}` } };
  const topologyKey = chance.int(2) === 0 ? 'zone' : 'kubernetes.io/hostname';
  const term = { topologyKey, labelSelector };
  const spreads = ['DoNotSchedule', 'ScheduleAnyway'] as const;
  const spec: Record<string, unknown> = {
    containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: `${100 + chance.int(3) * 200}m` } } }],
  };
  switch (chance.int(6)) {
    case 0:
      spec['affinity'] = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
      break;
    case 1:
      spec['affinity'] = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
      break;
    case 2: {
      const preferred = [{ weight: 1 + chance.int(100), podAffinityTerm: term }];
      spec['affinity'] = {
        [chance.int(2) === 0 ? 'podAffinity' : 'podAntiAffinity']: { preferredDuringSchedulingIgnoredDuringExecution: preferred },
      };
      break;
    }
    case 3:
      spec['topologySpreadConstraints'] = [
        {
          maxSkew: 1,
          topologyKey: 'kubernetes.io/hostname',
          whenUnsatisfiable: spreads[chance.int(2)],
          labelSelector: { matchLabels: { app } },
        },
        { maxSkew: 2, topologyKey: 'zone', whenUnsatisfiable: spreads[chance.int(2)], labelSelector, nodeTaintsPolicy: 'Honor' },
      ];
      break;
    case 4:
      spec['nodeSelector'] = { zone: `z${chance.int(3)}` };
      spec['tolerations'] = [{ key: 'k', operator: 'Exists' }];
      break;
    default:
  }
  const manifest = { apiVersion: 'v1', kind: 'Pod', metadata: { name: `p${step}`, namespace: 'default', labels: { app } }, spec };
  const decoded = decodeValue(PODS, manifest, 'Strict');
  if (!decoded.ok) throw new Error(decoded.status.message);
  return decoded.object as Draft<Pod>;
}
