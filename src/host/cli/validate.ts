/**
 * `kubepad validate`: the editor's diagnostics for files and folders, for people and for CI.
 */
import { availableParallelism, loadavg } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { minorOf } from '../../manifest/apiversions/releases.ts';
import { compare } from '../../manifest/yaml/lines.ts';
import type { ClusterChoice } from './cluster/access.ts';
import { filesOf, reasonOf } from './files.ts';
import { FORMATS, type Finding, type Format } from './report.ts';
import { checkFiles } from './validateShare.ts';

/** More threads than this read the disk faster than it answers. */
const MAX_THREADS = 4;
/** Below this a second thread takes longer to start and to get warm than it saves. */
const FILES_PER_THREAD = 1000;

export function addValidateCommand(program: Command): void {
  program
    .command('validate')
    .description('Check manifests as the API server would; exit 0: clean, 1: findings, 2: could not run.')
    .argument('<paths...>', 'files and folders')
    .option('--rules', 'also hints between the files, and rules of good practice')
    .option('--render', 'also what charts and kustomizations render to, by the helm and kubectl on the PATH')
    .option(
      '--target-version <version>',
      'the release of Kubernetes that they are for: what it does not serve, or deprecates, is a finding',
      releaseOf,
    )
    .option('--cluster', 'also what the cluster of your kubeconfig would refuse now, and names that it does not have')
    .option('--kubeconfig <file>', 'the kubeconfig for that, as for kubectl; implies --cluster')
    .option('--context <name>', 'the context for that, as for kubectl; implies --cluster')
    .option('--data <file>', 'the same of a simulated cluster, out of the file in which serve keeps it')
    .option('-n, --namespace <name>', 'of objects that name none, in the cluster')
    .addOption(new Option('-o, --output <format>', 'how findings are written').choices(Object.keys(FORMATS)).default('text'))
    .action(async (paths: readonly string[], flags: Flags) => {
      process.exitCode = await validate(paths, flags);
    });
}

interface Flags {
  readonly output: Format;
  readonly rules?: true;
  readonly render?: true;
  readonly targetVersion?: string;
  readonly cluster?: true;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly data?: string;
  readonly namespace?: string;
}

async function validate(paths: readonly string[], flags: Flags): Promise<number> {
  const { output, rules, render, targetVersion } = flags;
  let files: readonly string[];
  let findings: readonly Finding[];
  try {
    files = paths.flatMap(filesOf);
    findings = await checkFiles(files, threadsFor(files.length), {
      rules: rules === true,
      rendered: render === true ? paths : [],
      cluster: clusterOf(flags),
      minor: minorOf(targetVersion ?? ''),
    });
  } catch (error) {
    console.error(`error: ${reasonOf(error)}`);
    return 2;
  }
  // Templates are none of the files that were searched for manifests.
  process.stdout.write(FORMATS[output](inReadingOrder(findings), [...new Set([...files, ...findings.map(({ file }) => file)])]));
  return findings.length === 0 ? 0 : 1;
}

/** Files as they were found, each from its first line to its last, whatever told what. */
function inReadingOrder(findings: readonly Finding[]): readonly Finding[] {
  return [...Map.groupBy(findings, ({ file }) => file).values()].flatMap((own) =>
    own.toSorted((a, b) => compare(a.diagnostic.range.start, b.diagnostic.range.start)),
  );
}

/** Undefined: none is asked. */
function clusterOf({ cluster, data, kubeconfig, context, namespace }: Flags): ClusterChoice | undefined {
  const isReal = cluster === true || kubeconfig !== undefined || context !== undefined;
  if (data !== undefined && isReal) throw new Error('--data is a cluster by itself: leave out --cluster, --kubeconfig and --context');
  return data === undefined && !isReal ? undefined : { data, kubeconfig, context, namespace };
}

function releaseOf(text: string): string {
  if (!/^v?1\.\d+(?:\.\d+)?$/.test(text)) throw new InvalidArgumentError('A release is written as 1.31.');
  return text;
}

/** Not more than there are processors with nothing else to do: beside other work a second thread costs more than it saves. */
function threadsFor(files: number): number {
  const [load = 0] = loadavg();
  const idle = availableParallelism() - Math.floor(load);
  return Math.max(1, Math.min(MAX_THREADS, idle, Math.floor(files / FILES_PER_THREAD)));
}
