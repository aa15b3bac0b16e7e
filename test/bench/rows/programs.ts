import { DEPLOYMENTS } from '../../../src/api/schema/resources.ts';
import { count, row, seconds, timed, type Row } from '../row.ts';
import { addNodes, deployment, newCluster, runUntilReady } from './support.ts';

const PODS = 1_000;
const MINUTES = 10;

/** Scripts as people run them: half of them write a line every few seconds, the others sleep. */
const SCRIPTS = [
  'i=0; while true; do i=$((i+1)); echo "$i: $(date)"; sleep 5; done',
  'trap "exit 0" TERM; echo started; sleep 100000 & wait',
];

export const PROGRAM_ROWS: readonly Row[] = [
  row(
    'programs-1000',
    { what: `${MINUTES} minutes of virtual time, 1,000 Pods that run shell scripts`, target: '≥ 10 × faster than real time', peer: '' },
    async () => {
      const cluster = newCluster({ preset: 'empty' });
      addNodes(cluster.admin(), 20);
      for (const [index, script] of SCRIPTS.entries()) {
        const made = deployment(`app-${index}`, PODS / SCRIPTS.length);
        const [container] = made.spec?.template.spec?.containers ?? [];
        if (container !== undefined) Object.assign(container, { image: 'busybox:1.37', command: ['sh', '-c', script] });
        cluster.admin().create(DEPLOYMENTS, made);
      }
      runUntilReady(cluster, PODS);
      const { simulation } = cluster;
      const events = simulation.eventsHandled;
      const ms = await timed(() => simulation.advance(simulation.now() + MINUTES * 60_000));
      const factor = (MINUTES * 60_000) / ms;
      return {
        value: `${seconds(ms)} (${count(factor)} ×)`,
        meetsTarget: factor >= 10,
        meetsPeer: true,
        work: `${count(simulation.eventsHandled - events)} events`,
      };
    },
  ),
];
