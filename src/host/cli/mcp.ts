/**
 * `kubepad mcp`: a cluster of its own, for an assistant that speaks the Model Context Protocol.
 * Invariant: time goes on only when a tool says so; the same calls give the same answers.
 */
import { createInterface } from 'node:readline';
import { type Command, Option } from 'commander';
import type { ClusterPlan } from '../../api/kubepad/clusterconfig/read.ts';
import { Cluster } from '../../cluster/cluster.ts';
import { PRESET_NAMES, type Preset } from '../../cluster/options.ts';
import { createApiJudge } from '../../manifest/apiJudge.ts';
import { McpServer } from '../mcp/server.ts';
import { PROGRAM } from '../program.ts';
import { Clusters, type NewCluster } from '../tools/clusters.ts';
import { placeOf, type Place } from '../tools/place.ts';
import { toolOf } from '../tools/registry.ts';
import { failed } from '../tools/tool.ts';
import { clusterConfig, wholeNumber } from './flags.ts';

interface McpFlags {
  readonly preset: Preset;
  readonly config?: ClusterPlan;
  readonly nodes?: number;
  readonly seed: string;
}

/** A fixed day, so that the same calls have the same answers, tomorrow too. */
const START = Date.UTC(2026, 0, 1);

export function addMcpCommand(program: Command): void {
  program
    .command('mcp')
    .description('Serve a simulated cluster to an assistant over the Model Context Protocol, on standard input and output.')
    .addOption(new Option('--preset <preset>', 'what the cluster consists of, as for serve').choices(PRESET_NAMES).default('default'))
    .option('--config <file>', 'machines as a ClusterConfig of eksctl or a Cluster of kind says, with the preset of that', clusterConfig)
    .option('--nodes <count>', 'worker nodes, instead of those of the preset', wholeNumber)
    .option('--seed <text>', 'decides what is left to chance', 'kubepad')
    .action(serve);
}

async function serve(flags: McpFlags): Promise<void> {
  const judge = createApiJudge();
  let main = begin(flags, { preset: undefined, nodes: undefined });
  const clusters = new Clusters({ main: () => main, reset: (wish) => void (main = begin(flags, wish)) });
  const server = new McpServer({
    version: PROGRAM.split(' ')[1] ?? '',
    call: (name, input, token) =>
      toolOf(name)?.call({ clusters, judge, token }, input) ?? Promise.resolve(failed(`There is no tool ${name}.`)),
    write: (line) => process.stdout.write(`${line}\n`),
  });
  const answers = new Set<Promise<void>>();
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const answer = server.receive(line);
    answers.add(answer);
    void answer.finally(() => answers.delete(answer));
  }
  // The client has said all; what it asked for is still answered.
  await Promise.all(answers);
}

/** At rest: its nodes are ready. */
function begin({ preset, config, nodes, seed }: McpFlags, wish: NewCluster): Place {
  const planned = wish.preset === undefined ? config : undefined;
  const workers = wish.nodes ?? (wish.preset === undefined ? nodes : undefined);
  const cluster = Cluster.create(
    {
      seed,
      startTime: START,
      defaultStorageClass: 'standard',
      ingressClass: 'nginx',
      preset: wish.preset ?? planned?.preset ?? preset,
      ...(workers === undefined ? {} : { nodes: workers }),
      ...(planned === undefined ? {} : { nodePools: planned.pools }),
      ...(planned?.fargate === undefined ? {} : { fargate: planned.fargate }),
    },
    { onBug: (component, subject, error) => console.error(`${component} failed at ${subject}:`, error) },
  );
  cluster.simulation.runUntil('stable');
  return placeOf(cluster);
}
