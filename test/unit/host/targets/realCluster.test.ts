import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Pod } from '../../../../src/api/schema/types/core/v1.ts';
import { readKubeconfig } from '../../../../src/host/targets/kubeconfig.ts';
import { RealLogs } from '../../../../src/host/targets/logs.ts';
import { RealCluster } from '../../../../src/host/targets/realCluster.ts';
import { createTransport, type Transport } from '../../../../src/host/targets/transport.ts';
import { serve, until, type Served, WEB } from './support.ts';

const WEB_AND_SECRET = `${WEB}---
apiVersion: v1
kind: Secret
metadata: {name: password}
stringData: {word: open-sesame}
`;

function transportOf(file: string, context = 'production'): Transport {
  return createTransport(() => readKubeconfig([file]).only(context) ?? {});
}

describe('a real cluster', function () {
  this.timeout(30_000);
  let served: Served;
  let real: RealCluster;
  before(async () => {
    served = await serve();
    await served.apply(WEB_AND_SECRET);
    real = await RealCluster.connect({
      transport: transportOf(served.kubeconfig),
      context: 'production',
      server: served.server.url,
      namespace: '',
      onState: () => undefined,
    });
  });
  after(async () => {
    real.dispose();
    await served.close();
  });
  const pods = (): readonly Pod[] => real.cluster.api.store.list('pods', 'default') as readonly Pod[];

  it('is known by its version and has its nodes in the picture', () => {
    assert.match(real.target.version, /^v1\.36/);
    assert.equal(real.target.namespace, 'default');
    assert.equal(real.target.state, 'connected');
    assert.equal(real.cluster.api.store.count('nodes'), 3);
  });

  it('is followed: what is made, changed and deleted there is so in the picture', async () => {
    await until('two Pods that run', pods, (list) => list.length === 2 && list.every(({ status }) => status?.phase === 'Running'));
    await served.apply(WEB_AND_SECRET.replace('replicas: 2', 'replicas: 1'));
    await until('one Pod', pods, (list) => list.length === 1);
  });

  it('nobody acts in the picture', () => {
    const { simulation, api } = real.cluster;
    const { revision } = api.store;
    simulation.advance(simulation.now() + 600_000);
    assert.equal(api.store.revision, revision);
  });

  it('keeps the values of Secrets and ConfigMaps to itself', async () => {
    const secret = await until(
      'the Secret',
      () => real.cluster.api.store.get('secrets', 'default/password'),
      (found) => found !== undefined,
    );
    assert.equal(secret?.kind, 'Secret');
    assert.equal(JSON.stringify(secret).includes('open-sesame'), false);
  });

  it('has logs that grow', async () => {
    const pod = pods()[0]!;
    const grown: string[] = [];
    const logs = new RealLogs(real.transport, (_, text) => grown.push(text));
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: pod.metadata.name ?? '' };
    const answer = await logs.read({ ref, container: undefined, previous: false, tailLines: undefined, follow: 'a' });
    assert.ok(answer.ok);
    assert.match(answer.value, /^\d{4}-\d\d-\d\dT\S+ .*start worker process/m);
    const missing = await logs.read({
      ref: { ...ref, name: 'none' },
      container: 'web',
      previous: false,
      tailLines: undefined,
      follow: undefined,
    });
    assert.equal(!missing.ok && missing.status.reason, 'NotFound');
    logs.dispose();
    assert.deepEqual(grown, []);
  });

  it('refuses whom it does not know, in its own words', async () => {
    const file = join(served.folder, 'stranger.yaml');
    const config = readKubeconfig([served.kubeconfig]).only('production') as { readonly users: readonly { readonly name: string }[] };
    writeFileSync(file, stringify({ ...config, users: [{ name: config.users[0]!.name, user: { token: 'wrong' } }] }));
    const stranger = {
      transport: transportOf(file),
      context: 'production',
      server: served.server.url,
      namespace: '',
      onState: () => undefined,
    };
    await assert.rejects(RealCluster.connect(stranger), /Unauthorized/);
  });

  it('asks a program for credentials, and tells it of the cluster', async () => {
    const program = join(served.folder, 'login');
    const answer = `{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"${served.token}"}}`;
    writeFileSync(
      program,
      `#!/bin/sh\ncase "$KUBERNETES_EXEC_INFO" in *'"interactive":false'*"${served.server.url}"*) echo '${answer}';; *) exit 3;; esac\n`,
    );
    chmodSync(program, 0o700);
    const file = join(served.folder, 'exec.yaml');
    const config = readKubeconfig([served.kubeconfig]).only('production') as { readonly users: readonly { readonly name: string }[] };
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: './login', interactiveMode: 'Never', provideClusterInfo: true };
    writeFileSync(file, stringify({ ...config, users: [{ name: config.users[0]!.name, user: { exec } }] }));
    const { code } = await transportOf(file).request({ method: 'GET', path: '/api/v1/nodes' });
    assert.equal(code, 200);
  });
});
