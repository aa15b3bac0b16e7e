import assert from 'node:assert/strict';
import { DEPLOYMENTS, PODS } from '../../../../../src/api/schema/resources.ts';
import type { TimelineModel, TimelineQuery } from '../../../../../src/host/panels/timeline/model.ts';
import { timelineSource, type TimelineWorld } from '../../../../../src/host/panels/timeline/source.ts';
import { webDeployment } from '../../../cluster/support.ts';
import { newCluster, START, worldOf } from './support.ts';

const QUERY: TimelineQuery = { surface: 'timeline', window: undefined, lanes: 'objects', filter: '', compare: undefined };

function pictureOf(world: TimelineWorld, query: Partial<TimelineQuery> = {}): TimelineModel {
  return timelineSource(() => world).picture({ ...QUERY, ...query }) as TimelineModel;
}

describe('the timeline', () => {
  const cluster = newCluster();
  const world = worldOf(cluster);
  const admin = cluster.admin();
  cluster.simulation.advance(START + 10_000);
  admin.create(DEPLOYMENTS, webDeployment(3));
  cluster.simulation.advance(START + 60_000);
  const beforeScale = world.past.last;
  admin.modify(DEPLOYMENTS, 'default', 'web', (copy) => void (copy.spec!.replicas = 1));
  cluster.simulation.advance(START + 120_000);

  it('has a lane for each object, with what it was when', () => {
    const { lanes, head } = pictureOf(world);
    const web = lanes.find(({ name, kind }) => kind === 'Deployment' && name === 'default/web');
    assert.deepEqual(
      web?.spans
        .map(({ text }) => text)
        .filter((text, i, all) => all[i - 1] !== text)
        .at(-1),
      '1/1 ready',
    );
    assert.ok(web?.spans.some(({ text, tone }) => text === '3/3 ready' && tone === 'ok'));
    assert.equal(web?.spans[0]?.from, START + 10_000);
    assert.equal(web?.spans.at(-1)?.to, START + 120_000);
    const pods = lanes.filter(({ kind, name }) => kind === 'Pod' && name.startsWith('default/web-'));
    assert.equal(pods.length, 3);
    // Two of them are gone: their lanes end before now.
    assert.equal(pods.filter(({ spans }) => spans.at(-1)?.to === head.now).length, 1);
    for (const { spans } of lanes) for (const [i, { from, to }] of spans.entries()) assert.ok(from < to && from >= (spans[i - 1]?.to ?? 0));
  });

  it('has a lane for each who acts, whose counts add up to its writes', () => {
    const { lanes } = pictureOf(world, { lanes: 'actors' });
    for (const { name, counts, total } of lanes) {
      assert.equal(
        counts.reduce((sum, count) => sum + count, 0),
        total,
        name,
      );
      assert.ok(total > 0);
    }
    const deployer = lanes.find(({ name }) => name.includes('deployment-controller'));
    const entries = world.past
      .between(world.past.first, world.past.last)
      .filter(({ actor, at }) => actor === deployer?.name && at > world.past.begin);
    assert.equal(deployer?.total, entries.length);
  });

  it('plots Pods and replicas as they were at the end of each step', () => {
    const { plots, head } = pictureOf(world);
    const values = (plot: string, series: string): readonly number[] =>
      plots.find(({ key }) => key === plot)?.series.find(({ name }) => name === series)?.values ?? [];
    const wanted = values('replicas', 'Wanted');
    const stepAt = (at: number): number => Math.ceil((at - head.from) / head.step) - 1;
    // One of CoreDNS or the like may count, too: what changes is the Deployment's.
    assert.equal(wanted[stepAt(START + 59_000)]! - wanted[stepAt(START + 100_000)]!, 2);
    assert.equal(values('replicas', 'Ready').at(-1), wanted.at(-1));
    const running = admin.list(PODS).filter(({ status }) => status?.phase === 'Running').length;
    assert.equal(values('pods', 'Running').at(-1), running);
    for (const { series } of plots) for (const each of series) assert.equal(each.values.length, (head.to - head.from) / head.step);
    assert.equal(
      plots.some(({ key }) => key === 'load'),
      false,
    );
  });

  it('zooms to a window and keeps its steps where they were while time goes on', () => {
    const window = { from: START + 58_000, to: START + 66_000 };
    const { head, lanes } = pictureOf(world, { window });
    assert.ok(head.from <= window.from && head.to >= window.to && head.to - head.from < 10_000);
    for (const { spans } of lanes) for (const { from, to } of spans) assert.ok(from >= head.from && to <= head.to);
    assert.equal(head.from % head.step, 0);
  });

  it('filters lanes by name and kind', () => {
    const { lanes, head } = pictureOf(world, { filter: 'web' });
    assert.ok(lanes.length > 0 && lanes.every(({ name, kind }) => `${kind} ${name}`.toLowerCase().includes('web')));
    assert.equal(head.more, 0);
    assert.deepEqual(pictureOf(world, { filter: 'nothing of that name' }).lanes, []);
  });

  it('tells the acts up to the revision that is shown, each with its cause, and no signs of life', () => {
    world.shown.show(beforeScale);
    const { acts, head } = pictureOf(world);
    assert.deepEqual(head.shown, { revision: beforeScale, at: world.past.entry(beforeScale)!.at });
    assert.ok(acts.length > 0 && acts.every(({ revision, kind }) => revision <= beforeScale && kind !== 'Lease'));
    world.shown.show(undefined);
    const all = pictureOf(world).acts;
    assert.equal(
      all.every(({ revision }, i) => i === 0 || revision < all[i - 1]!.revision),
      true,
    );
    assert.ok(all.some(({ cause }) => cause !== undefined && cause < all[0]!.revision));
  });

  it('compares a fork with the cluster: which objects differ, where, and who wrote them', () => {
    const fork = world.forks.create(world.past, beforeScale);
    const what = world.forks.cluster(fork)!;
    what.simulation.runUntil('stable');
    assert.equal(world.forks.list()[0]?.exact, true);
    const { differences = [] } = pictureOf(world, { compare: { left: '', right: fork } });
    const web = differences.find(({ ref }) => ref.kind === 'Deployment' && ref.name === 'web');
    assert.equal(web?.difference, 'differs');
    assert.match(web?.fields ?? '', /\.spec\.replicas/);
    assert.match(web?.left ?? '', /deployment-controller: /);
    assert.equal(differences.filter(({ ref, difference }) => ref.kind === 'Pod' && difference === 'right only').length, 2);
    assert.deepEqual(pictureOf(world, { compare: { left: fork, right: fork } }).differences, []);
    world.forks.discard(fork);
    assert.equal(pictureOf(world, { compare: { left: '', right: fork } }).differences, undefined);
  });
});
