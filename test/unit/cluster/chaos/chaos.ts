import assert from 'node:assert/strict';
import type { JsonObject } from '../../../../src/base/json.ts';
import type { KubeObject } from '../../../../src/apimachinery/meta/resource.ts';
import type { Node, Pod } from '../../../../src/api/schema/types/core/v1.ts';
import { Cluster, type ClusterCheckpoint } from '../../../../src/cluster/cluster.ts';
import type { ClusterOptions } from '../../../../src/cluster/options.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../../src/host/persistence/encode.ts';
import { act, TAINT } from './acts.ts';
import { BudgetWatch } from './budgets.ts';
import { countProblem } from './counts.ts';
import { Dice } from './dice.ts';
import { rolloutProblem } from './rollouts.ts';
import { ask, FAULTS_PATH, KINDS, NAMES, patch, PATHS, workload, type Kind } from './workloads.ts';

export const MINUTE_MS = 60_000;
/** More than this, and this a second, is a loop that never ends: a busy cluster has a tenth of it. */
const MOST_EVENTS = 200_000;
const MOST_EVENTS_A_SECOND = 200;
/** How many events of a loop are looked at to name it. */
const LOOP_EVENTS = 2_000;

const OPTIONS: Omit<ClusterOptions, 'seed'> = {
  startTime: Date.UTC(2026, 0, 1),
  preset: 'default',
  nodes: 4,
  defaultStorageClass: 'standard',
  allocateNodeCidrs: true,
  clusterCidr: '10.244.0.0/16',
  freeze: true,
};

/** A cluster that random things happen to, and who looks on. Everything follows from the seed. */
export class Chaos {
  cluster: Cluster;
  readonly problems: string[] = [];
  readonly log: string[];
  private readonly dice: Dice;

  constructor(cluster: Cluster, dice: Dice, log: readonly string[] = []) {
    this.cluster = cluster;
    this.dice = dice;
    this.log = [...log];
    this.watch();
  }

  static begin(seed: string): Chaos {
    return new Chaos(Cluster.create({ ...OPTIONS, seed }), new Dice(seed));
  }

  /** Virtual minutes since the beginning. */
  get minute(): number {
    return (this.cluster.simulation.now() - OPTIONS.startTime) / MINUTE_MS;
  }

  run(seconds: number): void {
    const { simulation } = this.cluster;
    const until = simulation.now() + seconds * 1000;
    const { reason } = simulation.advance(until, { events: MOST_EVENTS + seconds * MOST_EVENTS_A_SECOND });
    if (reason === 'Done') return;
    const text = [`${reason} at minute ${this.minute}, ${(until - simulation.now()) / 1000} s before the end:`, ...this.loop(until)];
    assert.fail([...text, 'last acts:', ...this.log.slice(-20)].join('\n'));
  }

  /** What goes on in a cluster that does not come to an end: its writes, the most frequent ones first. */
  private loop(until: number): readonly string[] {
    const { cluster } = this;
    const counts = new Map<string, number>();
    const stop = cluster.api.store.onRevision(({ actor, verb, resource, key }) => {
      const text = `${actor} ${verb} ${resource} ${key}`;
      counts.set(text, (counts.get(text) ?? 0) + 1);
    });
    const { runaway = [] } = cluster.simulation.advance(until, { events: LOOP_EVENTS });
    stop.dispose();
    const writes = [...counts].toSorted(([, a], [, b]) => b - a).slice(0, 12);
    const events = runaway.map(({ component, type, payload }) => `${component} ${type} ${JSON.stringify(payload)}`);
    return [...writes.map(([text, count]) => `${count} ${text}`), ...new Set(events)];
  }

  play(minutes: number): void {
    const end = this.minute + minutes;
    while (this.minute < end) {
      this.note(act(this.cluster, this.dice));
      this.run(this.pause());
    }
  }

  /** Mostly somebody else does something soon; now and then the clock jumps. */
  private pause(): number {
    if (this.dice.once(100)) return this.dice.between(1, 12) * 3_600;
    if (this.dice.once(25)) return this.dice.between(60, 1_200);
    return this.dice.once(3) ? this.dice.int(3) : this.dice.between(1, 60);
  }

  /**
   * Goes on twice from this moment, once in a cluster made from a checkpoint, and does the same in both.
   * @param asText the checkpoint goes through the text that is stored on a disk
   */
  continueTwice(minutes: number, asText: boolean): void {
    const checkpoint = this.cluster.checkpoint();
    const kept = asText
      ? (decodeCheckpoint(encodeCheckpoint(checkpoint as unknown as JsonObject)) as unknown as ClusterCheckpoint)
      : checkpoint;
    const twin = new Chaos(Cluster.restore(kept), this.dice.twin());
    const from = this.cluster.api.store.revision;
    this.play(minutes);
    twin.play(minutes);
    this.problems.push(...sameHistory(this.cluster, twin.cluster, from).map((text) => `not the same again: ${text}`));
    // What was restored has to do as well as what ran all along.
    this.cluster = twin.cluster;
    this.watch();
  }

  /** All machines and the whole control plane start anew on what is stored. */
  restart(): void {
    this.note('everything is restarted');
    this.cluster = Cluster.restart(this.cluster.checkpoint());
    this.watch();
  }

  /** What people made go wrong ends, and they clear away what no controller may. */
  calm(): void {
    const { cluster } = this;
    for (const { metadata } of cluster.api.store.list('faults.kubepad.dev')) ask(cluster, 'DELETE', `${FAULTS_PATH}/${metadata.name}`);
    this.run(5);
    patch(cluster, '/apis/kubepad.dev/v1/nodepools/worker', { spec: { count: 4 } });
    ask(cluster, 'DELETE', PATHS.PodDisruptionBudget);
    this.patchAll('ResourceQuota', { hard: { pods: '1000', 'count/jobs.batch': '1000', 'requests.cpu': '1000' } });
    this.run(20 * 60);
    for (const { metadata, spec } of cluster.api.store.list('nodes') as readonly Node[]) {
      const taints = (spec?.taints ?? []).filter(({ key }) => key !== TAINT && key !== 'node.kubernetes.io/unschedulable');
      patch(cluster, `/api/v1/nodes/${metadata.name}`, { spec: { unschedulable: null, taints } });
    }
    this.patchAll('CronJob', { suspend: true });
    this.patchAll('Job', { suspend: false });
    this.patchAll('Deployment', { paused: null });
    // Pods wait for claims that somebody deleted until they are there again; an autoscaler that is content does not swing.
    for (let i = 0; i < NAMES; i++) {
      const name = `persistentvolumeclaim-${i}`;
      ask(cluster, 'POST', PATHS.PersistentVolumeClaim, workload('PersistentVolumeClaim', name, this.dice));
    }
    // Nothing has to be drained any more: what rests shall have budgets, too.
    for (const kind of ['deployment', 'statefulset'])
      ask(cluster, 'POST', PATHS.PodDisruptionBudget, workload('PodDisruptionBudget', `${kind}-${this.dice.int(NAMES)}`, this.dice));
    const metrics = [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }];
    this.patchAll('HorizontalPodAutoscaler', { metrics });
    this.run(60 * 60);
    this.clearPods();
    this.rest();
  }

  /** Everything that people made is deleted. */
  clear(): void {
    const { cluster } = this;
    for (const kind of KINDS) ask(cluster, 'DELETE', PATHS[kind], { propagationPolicy: 'Background' });
    this.run(60);
    for (const kind of KINDS) ask(cluster, 'DELETE', PATHS[kind], { propagationPolicy: 'Background' });
    for (const resource of ['replicasets', 'controllerrevisions']) ask(cluster, 'DELETE', `/apis/apps/v1/namespaces/default/${resource}`);
    for (const { metadata } of cluster.api.store.list('namespaces'))
      if (metadata.name?.startsWith('team-') === true) ask(cluster, 'DELETE', `/api/v1/namespaces/${metadata.name}`);
    this.run(3 * 3_600);
    this.rest();
  }

  private rest(): void {
    const { simulation } = this.cluster;
    if (simulation.runUntil('stable', 6 * 3_600_000).reason === 'Done') return;
    const waiting = (simulation.checkpoint()['timers'] as readonly JsonObject[]).filter(({ background }) => background === false);
    this.problems.push(`no rest: ${JSON.stringify(waiting.slice(0, 5))}`);
  }

  /** Changes all objects of a kind, of all namespaces. */
  private patchAll(kind: Kind, spec: object): void {
    const path = PATHS[kind];
    const { items } = JSON.parse(ask(this.cluster, 'GET', path.replace('/namespaces/default', '')).body) as {
      readonly items: KubeObject[];
    };
    for (const { metadata } of items)
      patch(this.cluster, `${path.replace('/default/', `/${metadata.namespace}/`)}/${metadata.name}`, { spec });
  }

  /**
   * A StatefulSet that shrinks in order stops before two Pods that have failed, as the real one does (processCondemned: `firstUnhealthyPod`);
   * and it cannot make a Pod whose name one has that was taken from it by its labels.
   */
  private clearPods(): void {
    for (const { metadata, status } of this.cluster.api.store.list('pods', 'default') as readonly Pod[]) {
      const isStray = metadata.ownerReferences === undefined && metadata.name?.startsWith('pod-') !== true;
      if (status?.phase === 'Failed' || isStray) ask(this.cluster, 'DELETE', `${PATHS.Pod}/${metadata.name}`);
    }
  }

  private note(text: string): void {
    this.log.push(`${this.minute.toFixed(2)} ${text}`);
    if (this.log.length > 200) this.log.shift();
  }

  private watch(): void {
    const { cluster } = this;
    const budgets = new BudgetWatch(cluster);
    cluster.api.store.onRevision((revision) => {
      if (cluster !== this.cluster) return;
      for (const problem of [rolloutProblem(cluster, revision), countProblem(cluster, revision), budgets.problem(revision)])
        if (problem !== undefined && this.problems.length < 20)
          this.problems.push(`${this.minute.toFixed(2)} ${problem} (${revision.actor} ${revision.verb} ${revision.key})`);
    });
  }
}

/** What differs between two clusters in what was written after a revision, and in what all parts remember. */
function sameHistory(one: Cluster, other: Cluster, from: number): readonly string[] {
  const found: string[] = [];
  for (const resource of new Set([...one.api.store.resources(), ...other.api.store.resources()])) {
    const [a, b] = [one, other].map(({ api }) => JSON.stringify(api.store.since(resource, from) ?? api.store.list(resource)));
    if (a !== b) found.push(`${resource}: ${difference(a ?? '', b ?? '')}`);
  }
  const memories = [one, other].map(({ simulation }) => simulation.checkpoint());
  const [a, b] = memories.map(({ components, ...kernel }) => ({ ...(components as JsonObject), kernel }) as JsonObject);
  for (const part of Object.keys(a ?? {})) {
    const [left, right] = [JSON.stringify(a?.[part]), JSON.stringify(b?.[part])];
    if (left !== right) found.push(`${part}: ${difference(left, right)}`);
  }
  return found;
}

function difference(a: string, b: string): string {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return `${a.slice(Math.max(0, at - 200), at + 200)} | ${b.slice(Math.max(0, at - 30), at + 200)}`;
}
