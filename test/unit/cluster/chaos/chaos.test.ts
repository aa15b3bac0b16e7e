// Random acts and faults; when the faults have ended the cluster comes to rest where its specs want it.
// KUBEPAD_CHAOS_SEEDS and KUBEPAD_CHAOS_MINUTES (of virtual time, per seed) make it long; KUBEPAD_CHAOS_FIRST is the first seed.
import assert from 'node:assert/strict';
import { DAEMONSETS, DEPLOYMENTS, EVENTS, JOBS, NODES, PODS, STATEFULSETS } from '../../../../src/api/schema/resources.ts';
import { FAULTS, type FaultSpec } from '../../../../src/api/kubepad/types.ts';
import type { Revision } from '../../../../src/apiserver/storage/revision.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { RandomStream } from '../../../../src/sim/random.ts';
import { allowedDisruptions, leaks, rolloutProblem } from './invariants.ts';
import { ask, PATHS, workload, type Kind } from './workloads.ts';

const FIRST = Number(process.env['KUBEPAD_CHAOS_FIRST'] ?? 1);
const SEEDS = Number(process.env['KUBEPAD_CHAOS_SEEDS'] ?? 2);
const MINUTES = Number(process.env['KUBEPAD_CHAOS_MINUTES'] ?? 40);
const MINUTE_MS = 60_000;

class Chaos {
  readonly cluster: Cluster;
  readonly problems: string[] = [];
  readonly log: string[] = [];
  private readonly random: RandomStream;
  private version = 1;

  constructor(seed: string) {
    this.random = new RandomStream(seed);
    this.cluster = Cluster.create({ seed, startTime: Date.UTC(2026, 0, 1), preset: 'default', nodes: 4, freeze: true });
    this.cluster.api.store.onRevision((revision) => {
      const problem = rolloutProblem(this.cluster, revision);
      if (problem !== undefined) this.problems.push(problem);
    });
  }

  run(seconds: number): void {
    const { simulation } = this.cluster;
    assert.equal(simulation.advance(simulation.now() + seconds * 1000).reason, 'Done');
  }

  play(minutes: number): void {
    const { simulation } = this.cluster;
    this.run(10);
    const end = simulation.now() + minutes * MINUTE_MS;
    while (simulation.now() < end) {
      this.act();
      // Now and then somebody lets the clock jump.
      this.run(this.random.int(20) === 0 ? 600 : 1 + this.random.int(40));
    }
  }

  calm(): void {
    const { cluster } = this;
    for (const { metadata } of cluster.admin().list(FAULTS)) cluster.admin().delete(FAULTS, '', metadata.name ?? '');
    for (const { metadata } of cluster.admin().list(NODES))
      cluster.admin().modify(NODES, '', metadata.name ?? '', (node) => void delete node.spec?.unschedulable);
    this.run(20 * 60);
    // A StatefulSet that shrinks in order stops before two Pods that have failed, as the real one does: somebody has to clear them away.
    for (const { metadata, status } of cluster.admin().list(PODS, 'default'))
      if (status?.phase === 'Failed') cluster.admin().delete(PODS, 'default', metadata.name ?? '');
    const { reason } = cluster.simulation.runUntil('stable', 4 * 3_600_000);
    if (reason !== 'Done') this.problems.push('the cluster does not come to rest');
  }

  private pick<T>(list: readonly T[]): T {
    return list[this.random.int(list.length)] as T;
  }

  private act(): void {
    const kind = this.pick([
      'Deployment',
      'Deployment',
      'StatefulSet',
      'DaemonSet',
      'Job',
      'Pod',
      'Service',
      'PodDisruptionBudget',
    ] as const);
    const name = `${kind === 'Service' || kind === 'PodDisruptionBudget' ? this.pick(['deployment', 'statefulset']) : kind.toLowerCase()}-${this.random.int(3)}`;
    const acts: readonly (() => string)[] = [
      () => this.apply(kind, name),
      () => this.apply(kind, name),
      () => this.apply(kind, name),
      () => `delete ${name} ${ask(this.cluster, 'DELETE', `${PATHS[kind]}/${name}`).code}`,
      () => this.evict(),
      () => this.evict(),
      () => this.fault(),
      () => this.fault(),
      () => this.cordon(),
      () => this.kill(),
    ];
    this.log.push(this.pick(acts)());
  }

  private apply(kind: Kind, name: string): string {
    const replicas = 1 + this.random.int(6);
    const body = workload(kind, name, replicas, this.version++ % 3);
    const made = ask(this.cluster, 'POST', PATHS[kind], body);
    if (made.code !== 409 || !['Deployment', 'StatefulSet', 'DaemonSet'].includes(kind)) return `create ${name} ${made.code}`;
    const changed = ask(this.cluster, 'PATCH', `${PATHS[kind]}/${name}`, body, 'application/merge-patch+json');
    return `change ${name} ${changed.code}`;
  }

  private evict(): string {
    const pod = this.pick(this.cluster.admin().list(PODS, 'default'));
    if (pod === undefined) return 'nobody to evict';
    const allowed =
      pod.status?.phase === 'Running' && pod.metadata.deletionTimestamp === undefined ? allowedDisruptions(this.cluster, pod) : 1;
    const ready = pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod.metadata.name } };
    const { code } = ask(this.cluster, 'POST', `${PATHS.Pod}/${pod.metadata.name}/eviction`, body);
    if (code === 201 && ready && allowed < 1) this.problems.push(`${pod.metadata.name} was evicted, its budget allows ${allowed}`);
    return `evict ${pod.metadata.name} ${code}`;
  }

  private cordon(): string {
    const name = `worker-${1 + this.random.int(4)}`;
    const { code } = ask(
      this.cluster,
      'PATCH',
      `/api/v1/nodes/${name}`,
      { spec: { unschedulable: this.random.int(2) === 0 || null } },
      'application/merge-patch+json',
    );
    return `cordon ${name} ${code}`;
  }

  private kill(): string {
    const pod = this.pick(this.cluster.admin().list(PODS, 'default'));
    if (pod === undefined) return 'nobody to kill';
    const { code } = ask(this.cluster, 'DELETE', `${PATHS.Pod}/${pod.metadata.name}`, { gracePeriodSeconds: this.pick([0, 1, 30]) });
    return `kill ${pod.metadata.name} ${code}`;
  }

  private fault(): string {
    const node = `worker-${1 + this.random.int(4)}`;
    const pods = {
      namespace: 'default',
      selector: { matchLabels: { app: `${this.pick(['deployment', 'statefulset', 'daemonset'])}-${this.random.int(3)}` } },
    };
    const target = this.pick<Pick<FaultSpec, 'type' | 'target'>>([
      { type: 'NodeDown', target: { node } },
      { type: 'Partition', target: { node } },
      { type: 'DiskPressure', target: { node } },
      { type: 'ComponentDown', target: { component: 'kubelet', node } },
      { type: 'ZoneDown', target: { zone: this.pick(['zone-a', 'zone-b']) } },
      { type: 'CrashLoop', target: { pods } },
      { type: 'MemoryLeak', target: { pods } },
      { type: 'ProbeFailure', target: { pods } },
      { type: 'SlowStart', target: { pods } },
      { type: 'ImagePullError', target: { image: '*:1' } },
      {
        type: 'ComponentDown',
        target: {
          component: this.pick([
            'kube-scheduler',
            'kube-controller-manager',
            'kube-apiserver',
            'replicaset-controller',
            'garbage-collector-controller',
            'node-lifecycle-controller',
          ]),
        },
      },
    ]);
    const spec = { ...target, duration: `${20 + this.random.int(400)}s` };
    const { code } = ask(this.cluster, 'POST', PATHS.Fault, {
      apiVersion: 'kubepad.dev/v1',
      kind: 'Fault',
      metadata: { generateName: 'f-' },
      spec,
    });
    return `fault ${JSON.stringify(spec)} ${code}`;
  }
}

function unconverged(cluster: Cluster): readonly string[] {
  const admin = cluster.admin();
  const found: string[] = [];
  const expect = (name: string | undefined, what: string, got: number | undefined, wanted: number | undefined): void => {
    if ((got ?? 0) !== (wanted ?? 0)) found.push(`${name}: ${what} ${got ?? 0} of ${wanted ?? 0}`);
  };
  for (const { metadata, spec, status } of admin.list(DEPLOYMENTS)) {
    for (const field of ['replicas', 'updatedReplicas', 'availableReplicas'] as const)
      expect(metadata.name, field, status?.[field], spec?.replicas);
  }
  for (const { metadata, spec, status } of admin.list(STATEFULSETS))
    expect(metadata.name, 'readyReplicas', status?.readyReplicas, spec?.replicas);
  for (const { metadata, status } of admin.list(DAEMONSETS))
    expect(metadata.name, 'numberReady', status?.numberReady, status?.desiredNumberScheduled);
  for (const { metadata, spec, status } of admin.list(JOBS)) expect(metadata.name, 'succeeded', status?.succeeded, spec?.completions);
  for (const { metadata, status } of admin.list(NODES))
    if (!status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True'))
      found.push(`${metadata.name} is not ready`);
  return found;
}

/** Heartbeats and what goes by age are all that a cluster at rest writes. */
function isHeartbeat({ resource, type }: Revision): boolean {
  return resource === 'leases.coordination.k8s.io' || resource === 'nodes' || (resource === 'events' && type === 'DELETED');
}

describe('chaos', function () {
  this.timeout(60_000 + SEEDS * MINUTES * 5_000);
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    it(`seed ${seed}: bounds hold, the cluster comes to rest, nothing is left over`, () => {
      const chaos = new Chaos(`chaos-${seed}`);
      const { cluster } = chaos;
      chaos.play(MINUTES);
      chaos.calm();
      const context = [...unconverged(cluster), ...chaos.log.slice(-30)].join('\n');
      assert.deepEqual(chaos.problems, [], context);
      assert.deepEqual(unconverged(cluster), [], context);
      assert.deepEqual(leaks(cluster), [], context);
      chaos.run(3_700);
      const restless: string[] = [];
      const stop = cluster.api.store.onRevision((revision) => {
        if (!isHeartbeat(revision)) restless.push(`${revision.actor} ${revision.verb} ${revision.resource} ${revision.key}`);
      });
      chaos.run(600);
      stop.dispose();
      assert.deepEqual(restless, []);
      assert.deepEqual(
        cluster
          .admin()
          .list(EVENTS)
          .map(({ reason }) => reason),
        [],
      );
    });
  }

  it('is the same again after a fork', () => {
    const chaos = new Chaos('fork');
    chaos.play(10);
    const fork = chaos.cluster.fork();
    for (const cluster of [chaos.cluster, fork]) cluster.simulation.advance(cluster.simulation.now() + 20 * MINUTE_MS);
    assert.deepEqual(fork.checkpoint(), chaos.cluster.checkpoint());
  });
});
