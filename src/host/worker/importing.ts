/**
 * Snapshots of real clusters, or of files with their objects, as simulated clusters of the editor.
 * Invariant: the real cluster is read and nothing else; nothing of what it says of Secrets but their keys is kept. Counterpart: none.
 */
import type { MessageConnection } from 'vscode-jsonrpc';
import { importSnapshot, type Imported } from '../../cluster/snapshot/snapshot.ts';
import type { ClusterHooks, Cluster } from '../../cluster/cluster.ts';
import { CLUSTER_NAME, clusterRequests, type ImportAnswer, type ImportParams } from '../protocol/clusters.ts';
import { collectObjects, type Collected } from '../targets/collect.ts';
import { kubeconfigFiles, readKubeconfig } from '../targets/kubeconfig.ts';
import { objectsOfText } from '../targets/snapshotFiles.ts';
import type { NamedClusters } from './clusters.ts';

/** @param seed of the new clusters' chance */
export function handleImports(connection: MessageConnection, clusters: NamedClusters, seed: string): void {
  connection.onRequest(clusterRequests.importSnapshot, async (params): Promise<ImportAnswer> => {
    try {
      const { name } = params;
      // Before anything is read: a name that does not do would be a pity afterwards.
      if (!CLUSTER_NAME.test(name) || clusters.list().some((entry) => entry.name === name))
        throw new Error(`“${name}” is taken, or no name of a cluster.`);
      const { objects, remarks } = await collect(params);
      let imported: Imported | undefined;
      const first = (hooks: ClusterHooks): Cluster => {
        imported = importSnapshot(objects, { name, seed, startTime: Date.now() }, hooks);
        if (imported.taken.size === 0) throw new Error('There is no object of a cluster to import.');
        return imported.cluster;
      };
      const info = clusters.create(name, { first }).info();
      const taken = [...(imported?.taken.values() ?? [])].reduce((sum, count) => sum + count, 0);
      return { info, objects: taken, left: imported?.left ?? [], remarks };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  });
}

async function collect({ files, context, kubeconfig }: ImportParams): Promise<Collected> {
  if (files.length > 0) return { objects: files.flatMap(({ text }) => objectsOfText(text)), remarks: [] };
  const known = readKubeconfig(kubeconfigFiles(kubeconfig));
  const config = known.only(context);
  if (config === undefined) throw new Error([`The kubeconfig has no context ${context} with a cluster.`, ...known.problems].join(' '));
  const { createTransport } = await import('../targets/transport.ts');
  return collectObjects(createTransport(() => config));
}
