import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CONFIGMAPS, DEPLOYMENTS, PODS } from '../../../../src/api/schema/resources.ts';
import { PersistentCluster } from '../../../../src/host/persistence/persistentCluster.ts';
import { SqliteJournal } from '../../../../src/host/persistence/sqliteJournal.ts';
import { CHECKPOINT_VERSION, type Cluster } from '../../../../src/cluster/cluster.ts';
import { webDeployment } from '../../cluster/support.ts';

const START = Date.UTC(2026, 0, 1);
/** KUBEPAD_KILL_ROUNDS: how often the process is killed, for a longer look. */
const ROUNDS = Number(process.env['KUBEPAD_KILL_ROUNDS'] ?? 12);

describe('PersistentCluster', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubepad-'));
  });

  afterEach(() => {
    crash();
    rmSync(folder, { recursive: true, force: true });
  });

  const journals: SqliteJournal[] = [];
  const openJournal = (): SqliteJournal => {
    const journal = new SqliteJournal(join(folder, 'cluster.db'));
    journals.push(journal);
    return journal;
  };
  /** What a killed process leaves: nothing more is written, and the file is free. */
  const crash = (): void => {
    for (const journal of journals.splice(0)) if (journal.isOpen) journal.close();
  };
  const open = (program = 'test', warn?: (message: string) => void): PersistentCluster =>
    new PersistentCluster({
      cluster: { seed: 'stored', startTime: START, preset: 'default' },
      journal: openJournal(),
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
    crash();
    const second = open();
    assert.equal(second.restored, true);
    assert.equal(second.cluster.simulation.now(), cluster.simulation.now());
    assert.equal(history(second.cluster), history(cluster));
    for (const same of [cluster, second.cluster]) same.simulation.advance(START + 60_000);
    assert.equal(history(second.cluster), history(cluster));
  });

  it('keeps what somebody did in a container, with one of the next ticks', () => {
    const first = open();
    const { cluster } = first;
    cluster.simulation.advance(START + 5_000);
    const spec = { nodeName: 'worker-1', containers: [{ name: 'app', image: 'busybox:1.37', command: ['sleep', '3600'] }] };
    cluster.admin().create(PODS, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'box', namespace: 'default' }, spec });
    cluster.simulation.advance(START + 20_000);
    first.flush();
    const exec = (own: Cluster, command: string): string => {
      const server = own.kubelets.serve({ token: () => '', onAdvance: () => ({ dispose: () => undefined }) });
      const pod = own.admin().get(PODS, 'default', 'box');
      assert(pod !== undefined);
      const begin = server.exec(pod, 'app', { command: ['sh', '-c', command], stdin: false, tty: false });
      assert(typeof begin !== 'string');
      let text = '';
      begin({ out: (bytes) => void (text += new TextDecoder().decode(bytes)), err: () => undefined }).run();
      return text;
    };
    assert.equal(exec(cluster, 'echo kept > /tmp/note; cat /tmp/note'), 'kept\n');
    for (let tick = 0; tick < 6; tick++) first.tick();
    crash();
    assert.equal(exec(open().cluster, 'cat /tmp/note'), 'kept\n');
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
    crash();
    const second = open('version 2');
    assert.equal(second.restored, true);
    second.cluster.simulation.advance(START + 60_000);
    assert.equal(second.cluster.admin().get(DEPLOYMENTS, 'default', 'web')?.status?.readyReplicas, 2);
  });

  for (const [what, from, to] of [
    ['another version', `"version":${CHECKPOINT_VERSION},`, '"version":0,'],
    ['a part with another memory', '"queue":{"waiting"', '"queue":{"other"'],
  ] as const) {
    it(`keeps all objects of a checkpoint of ${what}, and starts the parts anew`, () => keepsObjects(from, to));
  }

  function keepsObjects(from: string, to: string): void {
    const first = open();
    first.cluster.admin().create(DEPLOYMENTS, webDeployment(2));
    first.cluster.simulation.advance(START + 20_000);
    const names = podNames(first.cluster);
    first.checkpoint();
    first.cluster.admin().create(CONFIGMAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'late', namespace: 'default' } });
    first.flush();
    crash();
    const file = new DatabaseSync(join(folder, 'cluster.db'));
    file.exec(`UPDATE checkpoint SET data = replace(data, '${from}', '${to}')`);
    file.close();
    const warnings: string[] = [];
    const second = open('test', (message) => warnings.push(message));
    assert.equal(warnings.length, 1);
    assert.equal(second.restored, true);
    assert.deepEqual(podNames(second.cluster), names);
    assert.ok(second.cluster.admin().get(CONFIGMAPS, 'default', 'late'));
    second.cluster.admin().modify(DEPLOYMENTS, 'default', 'web', (deployment) => {
      (deployment.spec ??= webDeployment(1).spec!).replicas = 3;
    });
    second.cluster.simulation.advance(START + 60_000);
    assert.equal(second.cluster.admin().get(DEPLOYMENTS, 'default', 'web')?.status?.readyReplicas, 3);
  }

  it('notices that a run goes another way than the recorded one, and keeps what was applied', () => {
    const first = open();
    first.cluster.simulation.advance(START + 5_000);
    first.cluster.admin().create(DEPLOYMENTS, webDeployment(1));
    first.flush();
    crash();
    const file = new DatabaseSync(join(folder, 'cluster.db'));
    file.exec(`UPDATE input SET data = json_set(data, '$.revision', 1)`);
    file.close();
    const warnings: string[] = [];
    const second = open('test', (message) => warnings.push(message));
    assert.match(warnings.join(), /could not be repeated exactly/);
    assert.ok(second.cluster.admin().get(DEPLOYMENTS, 'default', 'web'));
  });

  it('keeps a write that the disk did not take for the next attempt', () => {
    const appended: number[] = [];
    let full = true;
    const stored = new PersistentCluster({
      cluster: { seed: 'full', startTime: START, preset: 'empty' },
      program: 'test',
      journal: {
        load: () => undefined,
        append: ({ writes }) => {
          if (full) throw new Error('disk full');
          appended.push(writes.length);
        },
        mark: () => undefined,
        checkpoint: () => undefined,
        close: () => undefined,
      },
    });
    stored.cluster.admin().create(CONFIGMAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' } });
    assert.throws(() => stored.flush(), /disk full/);
    full = false;
    stored.flush();
    stored.flush();
    assert.deepEqual(appended, [1]);
  });

  it("is one program's at a time", () => {
    open();
    assert.throws(() => new SqliteJournal(join(folder, 'cluster.db')), /locked/);
    crash();
    assert.equal(open().restored, true);
  }).timeout(10_000);

  it('lets nobody else read the file', () => {
    open().flush();
    for (const name of readdirSync(folder)) assert.equal(statSync(join(folder, name)).mode & 0o077, 0, name);
  });

  it('loses no acknowledged write however often it is killed', async function () {
    this.timeout(ROUNDS * 10_000);
    const file = join(folder, 'cluster.db');
    let next = 0;
    for (let round = 0; round < ROUNDS; round++) {
      // The delays are spread over start-up, writing and checkpointing; they decide where the kill falls, not what is right.
      const last = await killAfter(file, next, 30 + ((round * 67) % 291));
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
