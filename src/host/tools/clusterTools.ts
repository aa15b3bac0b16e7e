/** Tools about clusters as a whole: which there are, copies of them, a new one. */
import { NODES, PODS } from '../../api/schema/resources.ts';
import { groupResource } from '../../apimachinery/meta/resource.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';
import { PRESET_NAMES } from '../../cluster/options.ts';
import { MAIN } from './clusters.ts';
import { choice, count, optional, text } from './input.ts';
import { CLUSTER } from './shared.ts';
import { answered, defineTool } from './tool.ts';

export const status = defineTool({
  name: 'status',
  title: 'Show Clusters',
  description: 'The simulated clusters that there are, main and forks, with their virtual time, nodes and Pods.',
  fields: {},
  act: ({ clusters }) => {
    const all = clusters.names().map((name) => {
      const { cluster } = clusters.place(name);
      const { store } = cluster.api;
      return {
        name,
        now: formatTime(cluster.simulation.now()),
        stable: cluster.simulation.stable,
        nodes: store.list(groupResource(NODES)).length,
        pods: store.list(groupResource(PODS)).length,
      };
    });
    const lines = all.map(
      ({ name, now, stable, nodes, pods }) => `${name}: ${now}, ${nodes} nodes, ${pods} Pods, ${stable ? 'stable' : 'busy'}`,
    );
    return answered(lines.join('\n'), { clusters: all });
  },
});

export const fork = defineTool({
  name: 'fork',
  title: 'Fork Cluster',
  description:
    'Copies a simulated cluster, at once and whole, into a fork in which things can be tried without touching the original. Give its name as cluster to the other tools. Time of a fork goes on by run_until only.',
  fields: { cluster: CLUSTER },
  act: ({ clusters }, { cluster }) => {
    const name = clusters.fork(cluster);
    return answered(`Forked ${cluster ?? MAIN} as ${name}.`, { cluster: name });
  },
});

export const discard = defineTool({
  name: 'discard',
  title: 'Discard Fork',
  description: 'Throws a fork away that is not needed any more.',
  fields: { cluster: text('The fork.') },
  act: ({ clusters }, { cluster }) => {
    clusters.discard(cluster);
    return answered(`Discarded ${cluster}.`, { cluster });
  },
});

export const reset = defineTool({
  name: 'reset',
  title: 'Reset Cluster',
  description: 'Throws the main simulated cluster and all forks away and starts a new one. Everything in it is gone.',
  fields: {
    preset: optional(choice('What the new one consists of; default: as before.', PRESET_NAMES)),
    nodes: optional(count('Worker nodes, instead of those of the preset.', 0, 5000)),
  },
  act: ({ clusters }, { preset, nodes }) => {
    clusters.reset({ preset, nodes });
    return answered('A new cluster began.', { cluster: MAIN });
  },
});
