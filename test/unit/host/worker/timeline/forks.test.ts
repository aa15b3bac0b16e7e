import assert from 'node:assert/strict';
import { tellOfPanels, tellPanels } from '../../../../../src/host/protocol/panel.ts';
import type { TimelineModel, TimelineQuery } from '../../../../../src/host/panels/timeline/model.ts';
import { requests } from '../../../../../src/host/protocol/protocol.ts';
import { timelineRequests } from '../../../../../src/host/protocol/timeline.ts';
import { applied } from '../../../../../src/base/parts.ts';
import { Client } from '../client.ts';

const DEPLOYMENT = (name: string, replicas: number): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: "nginx:1.27"}]}
`;

/** A timeline panel that is told by a worker. */
class Panel {
  private readonly client: Client;
  model: Partial<TimelineModel> = {};

  constructor(client: Client) {
    this.client = client;
    client.connection.onNotification(tellOfPanels.changed, ({ change }) => {
      if (change.type === 'change') this.model = applied(this.model, change);
    });
  }

  ask(compare: TimelineQuery['compare']): void {
    const query: TimelineQuery = { surface: 'timeline', window: undefined, lanes: 'objects', filter: '', compare };
    void this.client.connection.sendNotification(tellPanels.query, { panel: 'p', query });
  }

  async until(what: string, test: (model: Partial<TimelineModel>) => boolean): Promise<Partial<TimelineModel>> {
    const end = Date.now() + 15_000;
    while (!test(this.model)) {
      if (Date.now() > end) throw new Error(`${what}: did not come`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return this.model;
  }
}

describe('forks of the cluster', () => {
  let client: Client;
  let panel: Panel;
  before(async () => {
    client = new Client();
    panel = new Panel(client);
    await client.settle();
    await client.apply(DEPLOYMENT('web', 2));
    await client.settle();
  });
  after(() => client.close());

  const names = async (): Promise<readonly string[]> =>
    [...new Set((await client.pods()).map(({ metadata }) => metadata.name?.split('-')[0] ?? ''))].sort();
  const fork = (): Promise<string> => client.connection.sendRequest(timelineRequests.fork, {});
  const show = (side: string): Promise<null> => client.connection.sendRequest(timelineRequests.forkShow, { fork: side });

  it('are shown in all views: what is applied there stays there', async () => {
    const one = await fork();
    await show(one);
    assert.equal(client.clock?.guest, 'fork');
    assert.deepEqual(client.clock.forks, [{ key: one, name: 'Fork 1', shown: true }]);
    assert.equal(client.clock.paused, true);
    await client.apply(DEPLOYMENT('tried', 1));
    await client.settle();
    assert.deepEqual(await names(), ['tried', 'web']);
    assert.ok((await client.pods()).every(({ status }) => status?.phase === 'Running'));
    await show('');
    assert.equal(client.clock.guest, undefined);
    assert.deepEqual(await names(), ['web']);
    await show(one);
    assert.deepEqual(await names(), ['tried', 'web']);
    await show('');
  });

  it('take files that are applied to them, whether they are shown or not', async () => {
    const two = await fork();
    const report = await client.connection.sendRequest(timelineRequests.forkApply, {
      fork: two,
      files: [{ uri: 'file:///other.yaml', text: DEPLOYMENT('other', 3) }],
      namespace: 'default',
      title: 'other.yaml',
    });
    assert.deepEqual(
      report?.results.map(({ subject, action }) => `${subject} ${action}`),
      ['deployment.apps/other created'],
    );
    await client.connection.sendRequest(timelineRequests.forkRun, { fork: two, ms: 'stable' });
    assert.deepEqual(await names(), ['web']);
    panel.ask(undefined);
    const { forks } = await panel.until('the forks', (model) => model.forks?.length === 2);
    assert.deepEqual(forks?.map(({ name, acts, stable }) => [name, acts, stable])[1], ['Fork 2', ['applied other.yaml'], true]);
    assert.match(forks?.[1]?.pods ?? '', /^(\d+) of \1 Pods run$/);
  });

  it('are compared with each other and with the cluster, from wherever one looks', async () => {
    panel.ask({ left: 'fork-1', right: 'fork-2' });
    const of = ({ differences }: Partial<TimelineModel>): readonly string[] =>
      (differences ?? []).filter(({ ref }) => ref.kind === 'Deployment').map(({ ref, difference }) => `${ref.name} ${difference}`);
    const both = await panel.until('two forks', (model) => model.differences !== undefined);
    assert.deepEqual(of(both).toSorted(), ['other right only', 'tried left only']);
    await show('fork-2');
    panel.ask({ left: '', right: 'fork-2' });
    assert.deepEqual(of(await panel.until('the cluster', (model) => of(model).length === 1)), ['other right only']);
    assert.deepEqual(
      panel.model.forks?.map(({ shown }) => shown),
      [false, true],
    );
  });

  it('have a past of their own, and forks of that', async () => {
    const { revision = 0 } = panel.model.forks?.[1] ?? {};
    assert.equal(await client.connection.sendRequest(timelineRequests.show, { to: 'revision', revision }), revision);
    assert.deepEqual(await names(), ['web']);
    assert.equal(client.clock?.past?.revision, revision);
    const third = await fork();
    await show(third);
    assert.deepEqual([client.clock?.past, client.clock?.guest], [undefined, 'fork']);
    assert.deepEqual(await names(), ['web']);
  });

  it('give way to the cluster when they are discarded or the cluster is reset', async () => {
    await client.connection.sendRequest(timelineRequests.forkDiscard, { fork: 'fork-3' });
    assert.equal(client.clock?.guest, undefined);
    await show('fork-3');
    assert.equal(client.clock?.guest, undefined);
    await show('fork-1');
    await client.connection.sendRequest(requests.clusterReset, {});
    assert.deepEqual(await names(), []);
    const info = await client.connection.sendRequest(requests.clusterInfo);
    assert.equal(info.clock.forks, undefined);
  });
});
