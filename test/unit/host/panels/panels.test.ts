import assert from 'node:assert/strict';
import { comparisonSource } from '../../../../src/host/panels/comparison/source.ts';
import { layerCache } from '../../../../src/host/images/imageStore.ts';
import { buildSource } from '../../../../src/host/panels/build/source.ts';
import { objectSource } from '../../../../src/host/panels/object/source.ts';
import { containerSource } from '../../../../src/host/panels/container/source.ts';
import { mapSource } from '../../../../src/host/panels/map/source.ts';
import { timelineSource } from '../../../../src/host/panels/timeline/source.ts';
import { tourSource } from '../../../../src/host/panels/tour/source.ts';
import { TourLibrary } from '../../../../src/host/tours/library.ts';
import { TourPlayer } from '../../../../src/host/tours/player.ts';
import { createApiJudge } from '../../../../src/manifest/apiJudge.ts';
import { ClusterBases } from '../../../../src/scenario/bases.ts';
import { worldOf } from './timeline/support.ts';
import type { ComparisonModel } from '../../../../src/host/panels/comparison/model.ts';
import type { PanelChange } from '../../../../src/host/panels/model.ts';
import { Panels, type PanelSources } from '../../../../src/host/panels/panels.ts';
import { applied } from '../../../../src/base/parts.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { createPod, readyCluster, run } from '../../kubelet/support.ts';

interface Told {
  readonly changes: PanelChange[];
  readonly panels: Panels;
  /** How often it was asked to flush. */
  readonly asked: () => number;
}

function panelsOf(cluster: Cluster): Told {
  const changes: PanelChange[] = [];
  let asked = 0;
  const panels = new Panels({
    sources: {
      build: buildSource(
        () => cluster,
        () => layerCache(() => cluster.admin()),
      ),
      comparison: comparisonSource(() => cluster),
      container: containerSource(() => cluster),
      map: mapSource(() => worldOf(cluster)),
      object: objectSource(
        () => cluster,
        () => undefined,
      ),
      timeline: timelineSource(() => worldOf(cluster)),
      tour: tourSource(
        new TourLibrary(import.meta.dirname, createApiJudge()),
        new TourPlayer({ bases: new ClusterBases(), show: () => undefined, advanced: () => undefined, changed: () => undefined }),
      ),
    },
    send: (_, change) => changes.push(change),
    schedule: () => void asked++,
  });
  cluster.api.store.onRevision((entry) => panels.revision(entry));
  return { changes, panels, asked: () => asked };
}

describe('panels', () => {
  it('let go of what they kept of a cluster when another one is shown, closed ones too', () => {
    const left: string[] = [];
    const sourceOf = (surface: string) => ({
      picture: () => undefined,
      concerns: () => false,
      moves: () => false,
      leave: () => void left.push(surface),
    });
    const surfaces = ['build', 'comparison', 'container', 'map', 'object', 'timeline', 'tour'] as const;
    const sources = Object.fromEntries(surfaces.map((surface) => [surface, sourceOf(surface)])) as unknown as PanelSources;
    const panels = new Panels({ sources, send: () => undefined, schedule: () => undefined });
    panels.markAll();
    assert.deepEqual(left, []);
    panels.another();
    assert.deepEqual(left, surfaces);
  });

  it('tell that there is nothing to show, once, and then what there is', () => {
    const cluster = readyCluster();
    const { changes, panels } = panelsOf(cluster);
    panels.query('p', { surface: 'comparison', node: undefined });
    panels.flush();
    panels.advanced();
    panels.flush();
    assert.deepEqual(changes, [{ type: 'gone', sequence: 1 }]);
    createPod(cluster, 'a', 'run');
    run(cluster, 120);
    panels.flush();
    const [, change] = changes;
    assert.ok(change?.type === 'change');
    assert.equal(change.sequence, 2);
    assert.equal(applied<Partial<ComparisonModel>>({}, change).host, 'worker-1');
  });

  it('send what changed, and nothing without a change', () => {
    const cluster = readyCluster();
    createPod(cluster, 'a', 'run');
    run(cluster, 120);
    const { changes, panels } = panelsOf(cluster);
    panels.query('p', { surface: 'comparison', node: undefined });
    panels.flush();
    panels.markAll();
    panels.flush();
    assert.equal(changes.length, 1);
    createPod(cluster, 'b', 'run');
    run(cluster, 10);
    panels.flush();
    const change = changes[1];
    assert.ok(change?.type === 'change');
    assert.equal(change.set['instances'], 2);
    assert.ok(!('sources' in change.set), 'what stays the same is not sent again');
  });

  it('ask once to be flushed, and not at all for a closed panel', () => {
    const cluster = readyCluster();
    const { panels, asked } = panelsOf(cluster);
    panels.query('p', { surface: 'comparison', node: undefined });
    panels.advanced();
    assert.equal(asked(), 1);
    panels.flush();
    panels.close('p');
    createPod(cluster, 'a', 'run');
    panels.advanced();
    assert.equal(asked(), 1);
  });

  it('let a source rest when its last panel is closed', () => {
    let rested = 0;
    const source = { picture: () => ({}), concerns: () => false, moves: () => false, rest: () => rested++ };
    const panels = new Panels({ sources: { comparison: source } as never, send: () => undefined, schedule: () => undefined });
    for (const id of ['a', 'b']) panels.query(id, { surface: 'comparison', node: undefined });
    panels.close('a');
    panels.close('unknown');
    assert.equal(rested, 0);
    panels.close('b');
    assert.equal(rested, 1);
  });
});
