/** A simulated cluster out of its file, as it was when it was written last. The program that keeps it may run on. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Store } from '../../../apiserver/storage/store.ts';
import { PersistentCluster } from '../../persistence/persistentCluster.ts';
import { SqliteJournal } from '../../persistence/sqliteJournal.ts';
import { PROGRAM } from '../../program.ts';
import { createInProcessRest } from '../../worker/inProcessRest.ts';
import { ownCluster } from '../clusterFlags.ts';
import type { ClusterAccess } from './access.ts';

/** @throws Error if the file holds no cluster */
export function openKeptCluster(file: string, namespace: string): ClusterAccess {
  if (!existsSync(file)) throw new Error(`${file}: no such file or directory`);
  const folder = mkdtempSync(join(tmpdir(), 'kubepad-cluster-'));
  try {
    // Who keeps the cluster holds a lock on the file. What was acknowledged stands in it or in the log beside it.
    const copy = join(folder, 'cluster');
    for (const suffix of ['', '-wal']) if (existsSync(file + suffix)) copyFileSync(file + suffix, copy + suffix);
    const journal = new SqliteJournal(copy);
    if (journal.load() === undefined) throw new Error(`${file} holds no cluster`);
    const kept = new PersistentCluster({ cluster: ownCluster({ preset: 'empty', seed: 'kubepad' }), journal, program: PROGRAM });
    const api = kept.cluster.apiTwin((kernel) => new Store(kernel));
    kept.dispose();
    const rest = createInProcessRest({ api, before: () => undefined, after: () => undefined });
    return { rest, dryRun: false, namespace };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
