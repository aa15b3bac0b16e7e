import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFIGMAPS, DEPLOYMENTS, PODS } from '../../../../src/api/schema/resources.ts';
import { PersistentCluster } from '../../../../src/host/persistence/persistentCluster.ts';
import { SqliteJournal } from '../../../../src/host/persistence/sqliteJournal.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { webDeployment } from '../../cluster/support.ts';

const START = Date.UTC(2026, 0, 1);

describe('PersistentCluster', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubepad-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const open = (program = 'test', warn?: (message: string) => void): PersistentCluster =>
    new PersistentCluster({
      cluster: { seed: 'stored', startTime: START, preset: 'default' },
      journal: new SqliteJournal(join(folder, 'cluster.db')),
      program,
      ...(warn === undefined ? {} : { warn }),
    });

  it('repeats a run that was not closed, byte for byte', () => {
    const first = open();
    const { cluster } = first;
    cluster.simulation.advance(START + 5_000);
    cluster.admin().create(DEPLOYMENTS, webDeployment(3));
    first.flush();
    cluster.simulation.advance(START + 30_000);
    first.tick();
    // No dispose: as if the process had ended here.
    const second = open();
    assert.equal(second.restored, true);
    assert.equal(second.cluster.simulation.now(), cluster.simulation.now());
    assert.equal(history(second.cluster), history(cluster));
    for (const same of [cluster, second.cluster]) same.simulation.advance(START + 60_000);
    assert.equal(history(second.cluster), history(cluster));
  });

  it('goes on after it was closed', () => {
    const first = open();
    first.cluster.admin().create(DEPLOYMENTS, webDeployment(2));
    first.cluster.simulation.advance(START + 20_000);
    const names = podNames(first.cluster);
    first.dispose();
    const second = open();
    assert.deepEqual(podNames(second.cluster), names);
    second.cluster.simulation.advance(START + 40_000);
    assert.deepEqual(podNames(second.cluster), names);
  });

  it('keeps what was applied when the program has changed', () => {
    const first = open('version 1');
    first.cluster.simulation.advance(START + 5_000);
    first.cluster.admin().create(DEPLOYMENTS, webDeployment(2));
    first.flush();
    const second = open('version 2');
    assert.equal(second.restored, true);
    second.cluster.simulation.advance(START + 60_000);
    assert.equal(second.cluster.admin().get(DEPLOYMENTS, 'default', 'web')?.status?.readyReplicas, 2);
  });

  it('loses no acknowledged write however often it is killed', async function () {
    this.timeout(120_000);
    const file = join(folder, 'cluster.db');
    let next = 0;
    for (let round = 0; round < 12; round++) {
      // The delays are spread over start-up, writing and checkpointing; they decide where the kill falls, not what is right.
      const last = await killAfter(file, next, 30 + ((round * 67) % 290));
      const stored = open();
      const found = stored.cluster
        .admin()
        .list(CONFIGMAPS, 'default')
        .filter(({ metadata }) => metadata.name?.startsWith('write-') === true);
      const numbers = new Set(found.map(({ data }) => Number(data?.['number'])));
      for (let number = 0; number <= last; number++)
        assert.ok(numbers.has(number), `write ${number} of ${last} was lost in round ${round}`);
      next = Math.max(-1, ...numbers) + 1;
      stored.dispose();
    }
    assert.ok(next > 20, 'the victim was killed too early to write');
  });
});

/** Starts the victim, kills it some time after its first acknowledgement, and says which write it acknowledged last. */
function killAfter(file: string, first: number, delayMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'victim.ts'), file, String(first)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let problems = '';
    let armed = false;
    child.stderr.on('data', (data: Buffer) => (problems += data.toString()));
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString();
      if (armed || !output.includes('ready')) return;
      armed = true;
      setTimeout(() => child.kill('SIGKILL'), delayMs);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== null) return reject(new Error(`the victim ended by itself: ${problems}`));
      const acknowledged = [...output.matchAll(/^acknowledged (\d+)$/gm)].map((match) => Number(match[1]));
      resolve(acknowledged.at(-1) ?? first - 1);
    });
  });
}

function podNames(cluster: Cluster): readonly string[] {
  return cluster
    .admin()
    .list(PODS, 'default')
    .map((pod) => pod.metadata.name ?? '');
}

function history(cluster: Cluster): string {
  const { store } = cluster.api;
  return JSON.stringify(store.resources().map((resource) => [resource, store.since(resource, 0)]));
}
