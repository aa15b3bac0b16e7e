import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createMessageConnection, type MessageConnection, PortMessageReader, PortMessageWriter } from 'vscode-jsonrpc/node';
import type { PanelChange } from '../../../../src/host/panels/model.ts';
import type { TourModel, TourQuery } from '../../../../src/host/panels/tour/model.ts';
import { tellOfPanels, tellPanels } from '../../../../src/host/protocol/panel.ts';
import { requests, tellExtension, type WorkerOptions } from '../../../../src/host/protocol/protocol.ts';
import { scenarioRequests } from '../../../../src/host/protocol/scenario.ts';
import { tourRequests } from '../../../../src/host/protocol/tour.ts';
import type { ClockState } from '../../../../src/host/protocol/view.ts';
import { applied } from '../../../../src/base/parts.ts';

const root = join(import.meta.dirname, '../../../..');
const TOUR = '02-comes-back';
const LONELY = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'lonely' };

describe('tours in the worker', () => {
  let worker: Worker;
  let connection: MessageConnection;
  let clock: ClockState | undefined;
  let model: Partial<TourModel> = {};
  before(() => {
    const workerData: WorkerOptions = { dataFile: undefined, seed: 's', preset: 'default', nodes: undefined, extensionPath: root };
    worker = new Worker(join(root, 'src/host/worker/main.ts'), { workerData });
    connection = createMessageConnection(new PortMessageReader(worker), new PortMessageWriter(worker));
    connection.onNotification(tellExtension.clockChanged, (state) => {
      clock = state;
    });
    connection.onNotification(tellOfPanels.changed, ({ change }) => take(change));
    connection.listen();
  });
  after(async () => {
    connection.dispose();
    await worker.terminate();
  });
  const take = (change: PanelChange): void => {
    if (change.type === 'change') model = applied(model, change);
  };
  const hasLonely = async (): Promise<boolean> => (await connection.sendRequest(requests.objectGet, LONELY)).ok;
  /** Messages come one after the other: what was told before an answer is here with it. */
  const until = async (holds: () => boolean): Promise<void> => {
    for (let asked = 0; asked < 200 && !holds(); asked++) {
      await connection.sendRequest(requests.clusterInfo);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.ok(holds());
  };

  it('are listed in the language of the reader', async () => {
    for (const [language, word, subject] of [
      ['en', /comes back/, 'Deployment'],
      ['ko', /되살아나는/, '디플로이먼트'],
    ] as const) {
      const tours = await connection.sendRequest(tourRequests.list, { language });
      assert.ok(tours.length >= 12);
      const found = tours.find(({ name }) => name === TOUR);
      assert.match(found?.title ?? '', word);
      assert.deepEqual([found?.chapters, found?.subjects.some((each) => each.startsWith(subject))], [5, true]);
    }
    const all = await connection.sendRequest(tourRequests.list, { language: 'en' });
    assert.deepEqual(
      all.filter(({ subjects }) => subjects.length === 0).map(({ name }) => name),
      [],
    );
    await assert.rejects(connection.sendRequest(tourRequests.stand, { tour: 'none', chapter: 1 }), /there is no tour "none"/);
  });

  it('are shown with where they stand, on a cluster whose time stands still', async () => {
    const query: TourQuery = { surface: 'tour', tour: TOUR, language: 'ko', chapter: 1 };
    void connection.sendNotification(tellPanels.query, { panel: 'p', query });
    await until(() => model.run !== undefined);
    assert.deepEqual(model.run, { state: 'none', at: 0, held: [], failures: [] });
    assert.equal(await hasLonely(), false);
    await connection.sendRequest(tourRequests.stand, { tour: TOUR, chapter: 1 });
    await until(() => model.run?.at === 1);
    assert.deepEqual(model.run, { state: 'standing', at: 1, held: [true, true], failures: [] });
    assert.deepEqual([clock?.guest, clock?.paused], ['tour', true]);
    assert.equal(await hasLonely(), true);
  });

  it('notice what a person does by hand, and let a person have time go on', async () => {
    await connection.sendRequest(requests.objectDelete, { ref: LONELY, gracePeriodSeconds: undefined, propagationPolicy: undefined });
    await connection.sendRequest(requests.clockControl, { stepMs: 40_000 });
    assert.equal(await hasLonely(), false);
    await until(() => model.run?.held[1] === false);
  });

  it('go on from a fresh start where a step is wanted that lies behind', async () => {
    await connection.sendRequest(tourRequests.play, { tour: TOUR, chapter: 3, followed: false });
    await until(() => model.run?.at === 3);
    await connection.sendRequest(tourRequests.play, { tour: TOUR, chapter: 2, followed: false });
    await until(() => model.run?.at === 2);
    assert.deepEqual([model.run?.held, await hasLonely()], [[true, true], true]);
  });

  it('are played at a pace that a person can follow, unless they skip ahead', async () => {
    const begin = performance.now();
    const played = connection.sendRequest(tourRequests.play, { tour: TOUR, chapter: 3, followed: true });
    await until(() => model.run?.state === 'playing');
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(model.run?.state, 'playing');
    await connection.sendRequest(tourRequests.hurry, {});
    await played;
    const tookMs = performance.now() - begin;
    assert.ok(tookMs >= 300, `${tookMs}`);
    await until(() => model.run?.at === 3);
  });

  it('end when a scenario is debugged, and leave the own cluster as it was', async () => {
    const text = 'apiVersion: kubepad.dev/v1\nkind: Scenario\nmetadata: {name: x}\nsteps:\n  - wait: 1s\n';
    await connection.sendRequest(scenarioRequests.debug, { uri: 'file:///x.k8stest.yaml', text, index: 0 });
    await until(() => model.run?.state === 'none');
    assert.equal(clock?.guest, 'scenario');
    await connection.sendRequest(tourRequests.stand, { tour: TOUR, chapter: 1 });
    await until(() => model.run?.at === 1);
    await connection.sendRequest(tourRequests.end, {});
    await until(() => model.run?.state === 'none');
    await until(() => clock?.guest === undefined);
    assert.equal(await hasLonely(), false);
  });

  it('have a glossary', async () => {
    const terms = await connection.sendRequest(tourRequests.glossary, { language: 'en' });
    assert.equal(terms.find(({ id }) => id === 'daemonset')?.swarm, 'service in mode global');
  });
});
