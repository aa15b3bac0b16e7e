import { DEPLOYMENTS, PODS } from '../../../src/api/schema/resources.ts';
import type { Component } from '../../../src/sim/component.ts';
import { WatchCursor } from '../../../src/client/watchCursor.ts';
import { count, heapUsed, quantile, seconds, timed, timedWithCpu, type Row } from '../row.ts';
import { addNodes, deployment, newCluster, runUntilReady } from './support.ts';

const NODES = 5_000;
const DEPLOYMENTS_OF_1000 = 150;
const WRITES = 2_000;

/** The official limits of a real cluster: made once, measured three times. */
export const LARGE_ROWS: readonly Row[] = [
  {
    id: 'large',
    lines: [
      { what: '150,000 Pods to Running on 5,000 nodes', target: '', peer: 'control plane with KWOK: 135 Pods/s' },
      { what: 'memory of 5,000 nodes, 150,000 Pods', target: '≤ 2 GB', peer: '' },
      { what: 'a write with 5,000 nodes and 150,000 Pods present, p99', target: '≤ 2 ms', peer: 'service level of a real cluster: 1 s' },
    ],
    run: async () => {
      const before = heapUsed();
      const cluster = newCluster({ preset: 'empty', kubelet: 'fast' });
      const { simulation, api } = cluster;
      const client = cluster.admin();
      addNodes(client, NODES);
      simulation.runUntil('settled');
      const revision = api.store.revision;
      const { ms, cpuMs } = await timedWithCpu(() => {
        for (let i = 0; i < DEPLOYMENTS_OF_1000; i++) client.create(DEPLOYMENTS, deployment(`app-${i}`, 1000));
        runUntilReady(cluster, DEPLOYMENTS_OF_1000 * 1000);
      });
      const writes = api.store.revision - revision;
      const gigabytes = (heapUsed() - before) / 1e9;

      const watcher = new Watcher(new WatchCursor(api.store, 'bench', [PODS]), () => simulation.now());
      simulation.register(watcher);
      watcher.look();
      const own: number[] = [];
      const cpu: number[] = [];
      const whole: number[] = [];
      for (const { metadata } of client.list(PODS).slice(0, WRITES)) {
        const write = (): unknown =>
          client.modify(
            PODS,
            metadata.namespace ?? '',
            metadata.name ?? '',
            (copy) => void ((copy.metadata.labels ??= {})['bench'] = 'yes'),
          );
        const { ms: alone, cpuMs: aloneCpu } = await timedWithCpu(write);
        own.push(alone);
        cpu.push(aloneCpu);
        watcher.written = simulation.now();
        whole.push(alone + (await timed(() => simulation.advance(simulation.now()))));
      }
      const p99 = quantile(own, 0.99);
      const rate = (DEPLOYMENTS_OF_1000 * 1000) / (ms / 1000);
      return [
        {
          value: `${count(rate)} Pods/s`,
          meetsTarget: true,
          meetsPeer: rate >= 135,
          work: `${seconds(ms)}, ${seconds(cpuMs)} of CPU, ${count(writes)} writes`,
        },
        {
          value: `${gigabytes.toFixed(2)} GB`,
          meetsTarget: gigabytes <= 2,
          meetsPeer: true,
          work: `${count(api.store.count('pods'))} Pods`,
        },
        {
          value: seconds(p99),
          meetsTarget: p99 <= 2 && watcher.late === 0 && watcher.seen === WRITES,
          meetsPeer: p99 <= 1000,
          work: `${count(own.length)} writes, ${count(watcher.seen)} delivered at the same virtual instant, ${watcher.late} later; p99 of CPU ${seconds(quantile(cpu, 0.99))}, of all that a write wakes ${seconds(quantile(whole, 0.99))}`,
        },
      ];
    },
  },
];

/** Watches Pods and looks when each change reaches it. */
class Watcher implements Component {
  readonly name = 'bench';
  written = 0;
  seen = 0;
  late = 0;
  private readonly cursor: WatchCursor;
  private readonly now: () => number;

  constructor(cursor: WatchCursor, now: () => number) {
    this.cursor = cursor;
    this.now = now;
  }

  look(): void {
    this.cursor.poll(PODS);
  }

  start(): void {
    this.look();
  }

  handle(): void {
    for (const change of this.cursor.poll(PODS)) {
      if (change.object.metadata.labels?.['bench'] !== 'yes') continue;
      if (this.now() === this.written) this.seen++;
      else this.late++;
    }
  }

  checkpoint(): null {
    return null;
  }

  restore(): void {}
}
