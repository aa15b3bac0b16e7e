/**
 * `kubepad forecast`: what manifests would come to, in a cluster that exists for the question alone.
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Command, Option } from 'commander';
import { Cluster } from '../../cluster/cluster.ts';
import { createApiJudge } from '../../manifest/apiJudge.ts';
import type { Forecast } from '../protocol/forecast.ts';
import type { ManifestFile } from '../protocol/protocol.ts';
import { forecastOf } from '../worker/forecast/forecast.ts';
import { forecastWords, type NameOf } from '../worker/forecast/words.ts';
import { lookAhead, type RunContext } from '../worker/forecast/run.ts';
import { createInProcessRest } from '../worker/inProcessRest.ts';
import { applyFiles } from '../worker/manifests.ts';
import { filesOf, reasonOf } from './files.ts';
import { addClusterFlags, ownCluster, type ClusterFlags } from './clusterFlags.ts';

interface ForecastFlags extends ClusterFlags {
  readonly on?: readonly string[];
  readonly namespace: string;
  readonly output: 'text' | 'json';
}

/** Events: far more than any manifest of a person takes. */
const BUDGET = 5_000_000;

export function addForecastCommand(program: Command): void {
  addClusterFlags(program.command('forecast'))
    .description('Say what would become of manifests; exit 0: all goes well, 1: something would not run or be refused, 2: could not run.')
    .argument('<paths...>', 'files and folders')
    .option('--on <paths...>', 'what was applied before, and has come to rest')
    .option('-n, --namespace <name>', 'of objects that name none', 'default')
    .addOption(new Option('-o, --output <format>', 'how it is written').choices(['text', 'json']).default('text'))
    .action(async (paths: readonly string[], flags: ForecastFlags) => {
      process.exitCode = await run(paths, flags);
    });
}

async function run(paths: readonly string[], flags: ForecastFlags): Promise<number> {
  try {
    const files = read(paths);
    const cluster = await clusterOf(flags);
    const params = { files, namespace: flags.namespace };
    const context = contextOf(cluster);
    const ahead = await lookAhead(context, params);
    const forecast = ahead === undefined ? undefined : await forecastOf(ahead, params, context);
    if (forecast === undefined) return 2;
    const nameOf = new Map(files.map(({ uri }, index) => [uri, paths.flatMap(filesOf)[index] ?? uri]));
    const say = { text: forecastWords, json }[flags.output];
    process.stdout.write(say(forecast, (uri) => nameOf.get(uri) ?? uri));
    return forecast.documents.some(({ outlook }) => outlook === 'trouble' || outlook === 'refused') ? 1 : 0;
  } catch (error) {
    console.error(`error: ${reasonOf(error)}`);
    return 2;
  }
}

function read(paths: readonly string[]): readonly ManifestFile[] {
  return paths.flatMap(filesOf).map((file) => ({ uri: pathToFileURL(file).href, text: readFileSync(file, 'utf8') }));
}

/** Everything runs to its end without a break: nobody else waits. */
function contextOf(cluster: Cluster): RunContext {
  return {
    cluster,
    judge: createApiJudge(),
    token: { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) },
    budget: BUDGET,
    expired: () => false,
    turn: () => Promise.resolve(),
  };
}

/** A cluster with what was there before, at rest. @throws Error if some of that is refused */
async function clusterOf({ on = [], namespace, ...flags }: ForecastFlags): Promise<Cluster> {
  const cluster = Cluster.create(ownCluster(flags));
  cluster.simulation.runUntil('stable');
  if (on.length === 0) return cluster;
  const { judge, token } = contextOf(cluster);
  const rest = createInProcessRest({ api: cluster.api, before: () => undefined, after: () => undefined });
  const apply = { files: read(on), namespace, dryRun: false, progress: undefined };
  const { results } = await applyFiles({ rest, judge, token, onProgress: () => undefined }, apply);
  const refused = results.find(({ action }) => action === 'rejected');
  if (refused !== undefined) throw new Error(`${refused.subject} of --on is refused: ${refused.message}`);
  cluster.simulation.runUntil('stable');
  return cluster;
}

function json({ files, documents, ...rest }: Forecast, nameOf: NameOf): string {
  const named = documents.map(({ uri, range, ...document }) => ({ file: nameOf(uri), line: range.start.line + 1, ...document }));
  const findings = files.flatMap(({ uri, diagnostics }) =>
    diagnostics.map(({ range, severity, path, message }) => ({
      file: nameOf(uri),
      line: range.start.line + 1,
      column: range.start.character + 1,
      severity,
      path,
      message,
    })),
  );
  return `${JSON.stringify({ documents: named, findings, ...rest }, undefined, 2)}\n`;
}
