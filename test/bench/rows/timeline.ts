import { DEPLOYMENTS } from '../../../src/api/schema/resources.ts';
import { Past } from '../../../src/cluster/past/past.ts';
import { Shown } from '../../../src/host/projection/shown.ts';
import { Views } from '../../../src/host/projection/views.ts';
import { count, quantile, row, seconds, timed, type Row } from '../row.ts';
import { addNodes, deployment, newCluster } from './support.ts';

const HOUR_MS = 3_600_000;
const NODES = 12;
const PODS = 200;
/** Steps of a slider that is drawn across the day, and jumps of all lengths. */
const STEPS = 200;
const JUMPS = 50;

export const TIMELINE_ROWS: readonly Row[] = [
  row(
    'scrub-day',
    { what: 'scrub through a virtual day of 100,000 revisions until the tree of any of them is told, p95', target: '≤ 0.1 s', peer: '' },
    async () => {
      const cluster = newCluster({ preset: 'empty' });
      const past = new Past(cluster);
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
      const { first, last } = past;
      const scrub = (revision: number): Promise<number> =>
        timed(() => {
          shown.show(revision);
          views.flush();
        });
      const jumps: number[] = [];
      const steps: number[] = [];
      for (let i = 0; i < JUMPS; i++) jumps.push(await scrub(i % 2 === 0 ? first + i : last - i));
      for (let i = 0; i <= STEPS; i++) steps.push(await scrub(first + Math.round(((last - first) * i) / STEPS)));
      const [jump, step] = [quantile(jumps, 0.95), quantile(steps, 0.95)];
      return {
        value: `${seconds(jump)} from end to end, ${seconds(step)} a step of the slider`,
        meetsTarget: jump <= 100 && last - first >= 100_000,
        meetsPeer: true,
        work: `${count(last - first)} revisions, ${count(cluster.api.store.count('pods'))} Pods`,
      };
    },
  ),
];
