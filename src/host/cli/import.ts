/**
 * `kubepad import`: a simulated cluster that begins with the objects of a real one, kept in a file for `kubepad serve --data`.
 * Invariant: the real cluster is read and nothing else; values of Secrets are left out; what does not come along is told.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { importSnapshot, type LeftOut } from '../../cluster/snapshot/snapshot.ts';
import { newestTime } from '../../cluster/snapshot/moment.ts';
import { PersistentCluster } from '../persistence/persistentCluster.ts';
import { SqliteJournal } from '../persistence/sqliteJournal.ts';
import { PROGRAM } from '../program.ts';
import { collectObjects, type Collected } from '../targets/collect.ts';
import { objectsOfText } from '../targets/snapshotFiles.ts';
import { chosenContext } from './chosenContext.ts';
import { filesOf, reasonOf } from './files.ts';

interface ImportFlags {
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly data: string;
  readonly seed: string;
}

export function addImportCommand(program: Command): void {
  program
    .command('import')
    .description(
      'Copy the objects of a real cluster into a new simulated one, without the values of Secrets; exit 0: it is there, 2: could not run. ' +
        '`kubepad serve --data FILE` lets it go on.',
    )
    .argument('[paths...]', 'what `kubectl get … -o yaml` wrote, instead of a cluster: files and folders')
    .option('--context <name>', 'of the kubeconfig; default: the current one')
    .option('--kubeconfig <file>', 'default: KUBECONFIG, or ~/.kube/config')
    .requiredOption('--data <file>', 'where the simulated cluster is kept; must not be there yet')
    .option('--seed <text>', 'decides what is left to chance', 'kubepad')
    .action(async (paths: readonly string[], flags: ImportFlags) => {
      process.exitCode = await run(paths, flags);
    });
}

async function run(paths: readonly string[], flags: ImportFlags): Promise<number> {
  try {
    if (existsSync(flags.data)) throw new Error(`${flags.data} is there already`);
    const { objects, remarks } = paths.length > 0 ? ofFiles(paths) : await ofCluster(flags);
    const startTime = newestTime(objects) ?? Date.now();
    const { cluster, taken, left } = importSnapshot(objects, { seed: flags.seed, startTime });
    if (taken.size === 0) throw new Error('there is no object of a cluster to import');
    new PersistentCluster({
      cluster: cluster.options,
      first: () => cluster,
      journal: new SqliteJournal(flags.data),
      program: PROGRAM,
    }).dispose();
    for (const remark of remarks) console.error(remark);
    console.error(leftText(left));
    const total = [...taken.values()].reduce((sum, count) => sum + count, 0);
    console.log(
      `${total} objects of ${taken.size} kinds are in ${flags.data}, ${taken.get('nodes') ?? 0} nodes and ${taken.get('pods') ?? 0} Pods among them.`,
    );
    return 0;
  } catch (error) {
    console.error(`error: ${reasonOf(error)}`);
    return 2;
  }
}

function ofFiles(paths: readonly string[]): Collected {
  return { objects: paths.flatMap(filesOf).flatMap((file) => objectsOfText(readFileSync(file, 'utf8'))), remarks: [] };
}

async function ofCluster(flags: ImportFlags): Promise<Collected> {
  const { transport } = await chosenContext(flags);
  return collectObjects(transport);
}

function leftText(left: readonly LeftOut[]): string {
  return left
    .map(({ resource, count, why, example }) => `Left out: ${resource}, ${count === 1 ? example : `${count} such as ${example}`}: ${why}.`)
    .join('\n');
}
