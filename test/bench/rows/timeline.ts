import { DEPLOYMENTS } from '../../../src/api/schema/resources.ts';
import { Past } from '../../../src/cluster/past/past.ts';
import { Shown } from '../../../src/host/projection/shown.ts';
import { Views } from '../../../src/host/projection/views.ts';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import { count, heapUsed, quantile, seconds, timed, type Row } from '../row.ts';
import { LargeCluster } from '../tree/cluster.ts';
import { addNodes, deployment, newCluster } from './support.ts';

const HOUR_MS = 3_600_000;
const NODES = 12;
const PODS = 200;
/** Steps of a slider that is drawn across the day, and jumps of all lengths. */
const STEPS = 200;
const JUMPS = 50;

/** The largest cluster, and as many changes as a day may have. */
const LARGE_REVISIONS = 100_000;
const MOST_BYTES = 400e6;

export const TIMELINE_ROWS: readonly Row[] = [
  {
    id: 'scrub-day',
    lines: [
      { what: 'scrub through a virtual day of 100,000 revisions until the tree of any of them is told, p95', target: '≤ 0.1 s', peer: '' },
      { what: 'memory of that day', target: '≤ 256 MB', peer: '' },
    ],
    run: async () => {
      const cluster = newCluster({ preset: 'empty' });
      const past = new Past(cluster);
      const scrubber = scrubberOf(cluster, past);
      const admin = cluster.admin();
      addNodes(admin, NODES);
      admin.create(DEPLOYMENTS, deployment('web', PODS));
      for (let hour = 0; hour < 24; hour++) {
        cluster.simulation.advance(cluster.simulation.now() + HOUR_MS);
        admin.modify(DEPLOYMENTS, 'default', 'web', (copy) => {
          if (copy.spec !== undefined) copy.spec.replicas = hour % 2 === 0 ? PODS / 2 : PODS;
        });
        past.tick();
      }
      const { first, last, bytes } = past;
      const { jump, step } = await scrubbed(scrubber, past);
      return [
        {
          value: `${seconds(jump)} from end to end, ${seconds(step)} a step of the slider`,
          meetsTarget: jump <= 100 && last - first >= 100_000,
          meetsPeer: true,
          work: `${count(last - first)} revisions, ${count(cluster.api.store.count('pods'))} Pods`,
        },
        { value: `${megabytes(bytes)} by its own estimate`, meetsTarget: bytes <= 256 * 2 ** 20, meetsPeer: true },
      ];
    },
  },
  {
    id: 'scrub-large',
    lines: [
      { what: 'scrub through the record of 5,000 nodes, 150,000 Pods, p95', target: '≤ 0.1 s a step', peer: '' },
      { what: 'memory of that record, bounded by a budget of 256 MiB', target: '≤ 400 MB', peer: '' },
    ],
    run: async () => {
      const cluster = newCluster({ preset: 'empty', kubelet: 'manual' });
      const large = new LargeCluster(cluster.api.store);
      const before = heapUsed();
      const past = new Past(cluster);
      const scrubber = scrubberOf(cluster, past);
      for (let i = 0; i < LARGE_REVISIONS; i++) {
        large.change();
        if (i % 1000 === 0) past.tick();
      }
      const used = heapUsed() - before;
      const { first, last, bytes } = past;
      const { jump, step } = await scrubbed(scrubber, past);
      return [
        {
          value: `${seconds(step)} a step of the slider, ${seconds(jump)} from end to end`,
          meetsTarget: step <= 100,
          meetsPeer: true,
          work: `${count(last - first)} revisions kept of ${count(LARGE_REVISIONS)} changes`,
        },
        { value: `${megabytes(used)}, ${megabytes(bytes)} by its own estimate`, meetsTarget: used <= MOST_BYTES, meetsPeer: true },
      ];
    },
  },
];

interface Scrubber {
  readonly shown: Shown;
  readonly views: Views;
}

/** The tree on a screen, which goes where the slider goes. */
function scrubberOf(cluster: Cluster, past: Past): Scrubber {
  const views: Views = new Views({
    source: {
      get: (...of) => shown.source.get(...of),
      list: (...of) => shown.source.list(...of),
      count: (of) => shown.source.count(of),
    },
    send: () => undefined,
    schedule: () => undefined,
  });
  const shown = new Shown(cluster.api.store, past, (entry) => views.revision(entry));
  const window = { first: 0, count: 60 };
  views.query('tree', { surface: 'cluster', groupBy: 'node', filter: '', groupsOpen: true, toggled: [], window });
  return { shown, views };
}

/** The 95th percentiles of jumps over all of the record, and of steps of a slider that is drawn across it, milliseconds. */
async function scrubbed({ shown, views }: Scrubber, { first, last }: Past): Promise<{ readonly jump: number; readonly step: number }> {
  const scrub = (revision: number): Promise<number> =>
    timed(() => {
      shown.show(revision);
      views.flush();
    });
  const jumps: number[] = [];
  const steps: number[] = [];
  for (let i = 0; i < JUMPS; i++) jumps.push(await scrub(i % 2 === 0 ? first + i : last - i));
  for (let i = 0; i <= STEPS; i++) steps.push(await scrub(first + Math.round(((last - first) * i) / STEPS)));
  return { jump: quantile(jumps, 0.95), step: quantile(steps, 0.95) };
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
