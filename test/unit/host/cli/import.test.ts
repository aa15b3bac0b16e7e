import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Pod } from '../../../../src/api/schema/types/core/v1.ts';
import { PersistentCluster } from '../../../../src/host/persistence/persistentCluster.ts';
import { SqliteJournal } from '../../../../src/host/persistence/sqliteJournal.ts';
import { PROGRAM } from '../../../../src/host/program.ts';
import { objectsOfText } from '../../../../src/host/targets/snapshotFiles.ts';
import { serve, until, type Served, WEB } from '../targets/support.ts';

const root = join(import.meta.dirname, '../../../..');
const WEB_AND_SECRET = `${WEB}---
apiVersion: v1
kind: Secret
metadata: {name: password}
stringData: {word: open-sesame}
`;

describe('kubepad import', function () {
  this.timeout(60_000);
  let served: Served;
  before(async () => {
    served = await serve();
    await served.apply(WEB_AND_SECRET);
    await until('running Pods', podsThere, (pods) => pods.length === 2 && pods.every(({ status }) => status?.phase === 'Running'));
  });
  after(() => served.close());
  const podsThere = (): readonly Pod[] => served.cluster.api.store.list('pods', 'default') as readonly Pod[];

  /** Not spawnSync: the cluster that is imported lives in this process. */
  function run(...args: readonly string[]): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [join(root, 'src/host/cli/main.ts'), 'import', ...args], {
        env: { ...process.env, KUBECONFIG: '' },
      });
      let [out, err] = ['', ''];
      child.stdout.on('data', (text: Buffer) => (out += text.toString()));
      child.stderr.on('data', (text: Buffer) => (err += text.toString()));
      child.on('exit', (code) => resolve({ code, out, err }));
    });
  }

  /** The Pods of the stored cluster after it went on for two minutes. */
  function podsOf(data: string): readonly Pod[] {
    const stored = new PersistentCluster({
      cluster: { seed: 'x', startTime: 0, preset: 'default' },
      journal: new SqliteJournal(data),
      program: PROGRAM,
    });
    const { simulation, api } = stored.cluster;
    assert.equal(stored.restored, true);
    simulation.advance(simulation.now() + 120_000);
    const pods = api.store.list('pods', 'default') as readonly Pod[];
    assert.equal(JSON.stringify(api.store.list('secrets')).includes('b3Blbi1zZXNhbWU'), false);
    stored.dispose();
    return pods;
  }

  const names = (pods: readonly Pod[]): readonly unknown[] =>
    pods.map(({ metadata, spec, status }) => [metadata.name, spec?.nodeName, status?.phase]);

  it('copies a cluster of the kubeconfig, which goes on from there', async () => {
    const data = join(served.folder, 'copy.sqlite');
    const { code, out, err } = await run('--kubeconfig', served.kubeconfig, '--data', data);
    assert.equal(code, 0, err);
    assert.match(out, /^\d+ objects of \d+ kinds are in .*copy\.sqlite, 3 nodes and \d+ Pods among them\.\n$/);
    assert.match(err, /Left out: clocks\.kubepad\.dev, cluster: a control of the simulator itself\./);
    assert.deepEqual(names(podsOf(data)), names(podsThere()));
    const again = await run('--kubeconfig', served.kubeconfig, '--data', data);
    assert.deepEqual([again.code, again.err], [2, `error: ${data} is there already\n`]);
  });

  it('copies what kubectl wrote to files', async () => {
    const { store } = served.cluster.api;
    const list = (...resources: readonly string[]) => ({
      apiVersion: 'v1',
      kind: 'List',
      items: resources.flatMap((name) => store.list(name)),
    });
    const [one, two] = [join(served.folder, 'nodes.yaml'), join(served.folder, 'rest.json')];
    writeFileSync(one, stringify(list('nodes')));
    writeFileSync(two, JSON.stringify(list('deployments.apps', 'replicasets.apps', 'pods')));
    const data = join(served.folder, 'files.sqlite');
    const { code, err } = await run(one, two, '--data', data);
    assert.equal(code, 0, err);
    assert.deepEqual(names(podsOf(data)), names(podsThere()));
  });

  it('says why there is nothing to copy', async () => {
    const data = join(served.folder, 'none.sqlite');
    const missing = await run('--kubeconfig', served.kubeconfig, '--context', 'elsewhere', '--data', data);
    assert.deepEqual([missing.code, missing.err], [2, 'error: the kubeconfig has no context elsewhere with a cluster\n']);
    const file = join(served.folder, 'manifest.yaml');
    writeFileSync(file, WEB_AND_SECRET);
    const manifest = await run(file, '--data', data);
    assert.deepEqual([manifest.code, manifest.err], [2, 'error: there is no object of a cluster to import\n']);
  });

  it('reads lists in lists, several documents and JSON', () => {
    assert.deepEqual(objectsOfText('kind: List\nitems: [{kind: PodList, items: [{kind: Pod}]}]\n---\nkind: Node\n---\n'), [
      { kind: 'Pod' },
      { kind: 'Node' },
    ]);
    assert.deepEqual(objectsOfText('[{"kind":"Pod"}]'), [{ kind: 'Pod' }]);
    assert.deepEqual(objectsOfText('{kind: Pod}'), [{ kind: 'Pod' }]);
    assert.throws(() => objectsOfText('a: ['));
  });
});
