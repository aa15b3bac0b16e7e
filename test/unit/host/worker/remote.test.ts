import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/base/emitter.ts';
import { Remote, type RemoteSession } from '../../../../src/host/worker/remote.ts';
import { createPod, readyCluster, run } from '../../kubelet/support.ts';

interface Told {
  readonly text: string;
  readonly ended?: { readonly exitCode: number; readonly failure: string } | undefined;
}

const ref = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name });

function open(): {
  readonly remote: Remote;
  readonly told: Told[];
  readonly closing: Emitter<void>;
  readonly until: (done: () => boolean) => Promise<void>;
  /** Another cluster, in which there are no Pods, is shown from now on. */
  readonly leave: () => void;
} {
  const cluster = readyCluster();
  createPod(cluster, 'web', 'serve 80 200; run');
  createPod(cluster, 'late', 'create-error no such device');
  run(cluster, 10);
  const closing = new Emitter<void>();
  const told: Told[] = [];
  const elsewhere = (): RemoteSession => ({
    cluster: readyCluster(),
    driver: { sync: () => undefined },
    written: () => assert.fail('nothing is written there'),
    onDidClose: new Emitter<void>().event,
  });
  let session: RemoteSession = { cluster, driver: { sync: () => run(cluster, 1) }, written: () => undefined, onDidClose: closing.event };
  const remote = new Remote(
    () => session,
    (_name, text, ended) => told.push({ text, ended }),
  );
  const until = async (done: () => boolean): Promise<void> => {
    // Programs go on as the event loop turns; the test ends when they have, whatever the machine.
    for (let turn = 0; !done() && turn < 1000; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  return { remote, told, closing, until, leave: () => (session = elsewhere()) };
}
const all = (told: readonly Told[]): string => told.map(({ text }) => text).join('');

describe('a shell in a container', () => {
  it('takes what is typed, answers, and says how it ended', async () => {
    const { remote, told, until } = open();
    const answer = remote.exec({ session: 's', ref: ref('web'), container: undefined, command: ['sh'] });
    assert.ok(answer.ok, JSON.stringify(answer));
    remote.input('s', 'echo "in $(hostname)"\r');
    await until(() => all(told).includes('in web'));
    remote.input('s', 'exit 3\r');
    await until(() => told.some(({ ended }) => ended !== undefined));
    assert.deepEqual(told.at(-1), { text: '', ended: { exitCode: 3, failure: '' } });
  });
  it('is refused in the words of the API server', async () => {
    const { remote, told, until } = open();
    const of = (name: string, container?: string): string | undefined => {
      const answer = remote.exec({ session: 's', ref: ref(name), container, command: ['sh'] });
      return answer.ok ? undefined : answer.status.message;
    };
    assert.equal(of('gone'), 'pods "gone" not found');
    assert.match(of('web', 'other') ?? '', /container other is not valid for pod web/);
    // The connection stands when the kubelet finds that the container is not there.
    assert.equal(of('late'), undefined);
    await until(() => told.some(({ ended }) => ended !== undefined));
    assert.match(told.at(-1)?.ended?.failure ?? '', /container not found/);
  });
  it('runs any command, and ends with its code', async () => {
    const { remote, told, until } = open();
    assert.ok(remote.exec({ session: 's', ref: ref('web'), container: 'app', command: ['sh', '-c', 'echo one; exit 4'] }).ok);
    await until(() => told.some(({ ended }) => ended !== undefined));
    assert.deepEqual([all(told), told.at(-1)?.ended?.exitCode], ['one\r\n', 4]);
  });
  it('ends with the cluster', () => {
    const { remote, told, closing } = open();
    remote.exec({ session: 's', ref: ref('web'), container: undefined, command: ['sh'] });
    closing.fire();
    assert.equal(told.at(-1)?.ended?.exitCode, 137);
  });
  it('stays in its cluster while another one is shown', async () => {
    const { remote, told, until, leave } = open();
    remote.exec({ session: 's', ref: ref('web'), container: undefined, command: ['sh'] });
    leave();
    remote.input('s', 'echo "in $(hostname)"\r');
    await until(() => all(told).includes('in web'));
    assert.ok(all(told).includes('in web'));
  });
  it('tells nothing more when it was closed', () => {
    const { remote, told } = open();
    remote.exec({ session: 's', ref: ref('web'), container: undefined, command: ['sh'] });
    remote.close('s');
    remote.input('s', 'echo late\r');
    assert.ok(!all(told).includes('late'));
  });
});

describe('a forwarded port', () => {
  it('answers a real client, until it is stopped', async () => {
    const { remote } = open();
    const answer = await remote.forward({ ref: ref('web'), port: 80 });
    assert.ok(answer.ok);
    const url = `http://127.0.0.1:${answer.value.localPort}/`;
    const got = await fetch(url, { headers: { connection: 'close' } });
    assert.equal(got.status, 200);
    assert.match(await got.text(), /web app/);
    assert.deepEqual(await remote.forward({ ref: ref('web'), port: 80 }), answer);
    remote.stopForward(answer.value.localPort);
    await assert.rejects(fetch(url));
  });
  it('closes the connection where nothing listens, and ends with the cluster', async () => {
    const { remote, closing } = open();
    const answer = await remote.forward({ ref: ref('web'), port: 81 });
    assert.ok(answer.ok);
    const url = `http://127.0.0.1:${answer.value.localPort}/`;
    await assert.rejects(fetch(url));
    closing.fire();
    await assert.rejects(fetch(url));
  });
  it('leads into its cluster while another one is shown, which has ports of its own', async () => {
    const { remote, leave } = open();
    const answer = await remote.forward({ ref: ref('web'), port: 80 });
    assert.ok(answer.ok);
    leave();
    const got = await fetch(`http://127.0.0.1:${answer.value.localPort}/`, { headers: { connection: 'close' } });
    assert.match(await got.text(), /web app/);
    assert.equal((await remote.forward({ ref: ref('web'), port: 80 })).ok, false);
    remote.stopForward(answer.value.localPort);
  });
  it('is refused for a Pod that is not there', async () => {
    const answer = await open().remote.forward({ ref: ref('gone'), port: 80 });
    assert.equal(answer.ok ? '' : answer.status.reason, 'NotFound');
  });
});
