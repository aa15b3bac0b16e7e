/**
 * `kubepad compare`: containers against virtual machines on the command line, from the Pods that manifests lead to.
 * Invariant: the same manifests, preset and seed give the same figures; nothing of a real cluster is asked.
 */
import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { CancellationToken } from 'vscode-jsonrpc';
import { Cluster } from '../../cluster/cluster.ts';
import { createApiJudge } from '../../manifest/apiJudge.ts';
import { comparisonOf } from '../panels/comparison/hosted.ts';
import type { Comparison } from '../projection/comparison/comparison.ts';
import { ISOLATION, LAYERS, VM } from '../projection/comparison/constants.ts';
import { comparisonText } from '../projection/comparison/text.ts';
import { createInProcessRest } from '../worker/inProcessRest.ts';
import { applyFiles } from '../worker/manifests.ts';
import { filesOf, reasonOf } from './files.ts';
import { addClusterFlags, ownCluster, type ClusterFlags } from './clusterFlags.ts';

interface CompareFlags extends ClusterFlags {
  readonly node?: string;
  readonly output: 'text' | 'json';
}

/** Programs take their memory within the first minute. */
const WARM_MS = 90_000;

export function addCompareCommand(program: Command): void {
  addClusterFlags(program.command('compare'))
    .description(
      'Compare containers with virtual machines, from the Pods of the manifests on one node; exit 0: compared, 1: nothing runs there or a manifest was refused, 2: could not run.',
    )
    .argument('<paths...>', 'manifests to apply: files and folders')
    .option('--node <name>', 'the node; default: the one with most running Pods')
    .addOption(new Option('-o, --output <format>', 'how it is written').choices(['text', 'json']).default('text'))
    .action(async (paths: readonly string[], flags: CompareFlags) => {
      process.exitCode = await run(paths, flags);
    });
}

async function run(paths: readonly string[], { node, output, ...flags }: CompareFlags): Promise<number> {
  try {
    const files = paths.flatMap(filesOf).map((uri) => ({ uri, text: readFileSync(uri, 'utf8') }));
    const cluster = Cluster.create(ownCluster(flags));
    cluster.simulation.runUntil('settled');
    const rest = createInProcessRest({ api: cluster.api, before: () => undefined, after: () => undefined });
    const { results } = await applyFiles(
      { rest, judge: createApiJudge(), token: CancellationToken.None, onProgress: () => undefined },
      { files, dryRun: false, namespace: 'default', progress: undefined },
    );
    const refused = results.filter(({ action }) => action === 'rejected');
    for (const { uri, range, message } of refused) console.error(`${uri}:${range.start.line + 1}: ${message}`);
    if (refused.length > 0) return 1;
    cluster.simulation.runUntil('settled');
    cluster.simulation.advance(cluster.simulation.now() + WARM_MS);
    const comparison = comparisonOf(cluster, node);
    if (comparison === undefined) {
      console.error(`No Pod runs ${node === undefined ? 'anywhere' : `on ${node}`} that could be compared.`);
      return 1;
    }
    process.stdout.write(output === 'json' ? jsonOf(comparison) : comparisonText(comparison));
    return 0;
  } catch (error) {
    console.error(`error: ${reasonOf(error)}`);
    return 2;
  }
}

function jsonOf({ container, vm, ...common }: Comparison): string {
  const side = (kind: 'container' | 'vm') => ({ ...(kind === 'vm' ? vm : container), layers: LAYERS[kind], isolation: ISOLATION[kind] });
  return `${JSON.stringify({ ...common, container: side('container'), vm: side('vm'), figures: VM }, undefined, 2)}\n`;
}
