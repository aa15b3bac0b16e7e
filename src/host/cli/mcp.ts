/**
 * `kubepad mcp`: a cluster of its own, for an assistant that speaks the Model Context Protocol.
 * Invariant: time goes on only when a tool says so; the same calls give the same answers.
 */
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { Cluster } from '../../cluster/cluster.ts';
import { createApiJudge } from '../../manifest/apiJudge.ts';
import { McpServer } from '../mcp/server.ts';
import { PROGRAM } from '../program.ts';
import { Clusters, type NewCluster } from '../tools/clusters.ts';
import { placeOf, type Place } from '../tools/place.ts';
import { toolOf } from '../tools/registry.ts';
import { failed } from '../tools/tool.ts';
import { addClusterFlags, ownCluster, type ClusterFlags } from './clusterFlags.ts';

export function addMcpCommand(program: Command): void {
  addClusterFlags(program.command('mcp'))
    .description('Serve a simulated cluster to an assistant over the Model Context Protocol, on standard input and output.')
    .action(serve);
}

async function serve(flags: ClusterFlags): Promise<void> {
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
function begin(flags: ClusterFlags, { preset, nodes }: NewCluster): Place {
  // Another preset has machines of its own, whatever the program was told about those of the first.
  const wanted =
    preset === undefined
      ? { ...flags, ...(nodes === undefined ? {} : { nodes }) }
      : { preset, seed: flags.seed, ...(nodes === undefined ? {} : { nodes }) };
  const cluster = Cluster.create(ownCluster(wanted), {
    onBug: (component, subject, error) => console.error(`${component} failed at ${subject}:`, error),
  });
  cluster.simulation.runUntil('stable');
  return placeOf(cluster);
}
