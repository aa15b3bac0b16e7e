import assert from 'node:assert/strict';
import { DEPLOYMENTS } from '../../../../src/api/schema/resources.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { Past } from '../../../../src/cluster/past/past.ts';
import { FaultReports } from '../../../../src/host/panels/object/impact.ts';
import type { ImpactModel, ObjectModel } from '../../../../src/host/panels/object/model.ts';
import { objectSource } from '../../../../src/host/panels/object/source.ts';
import { summaryOf } from '../../../../src/host/worker/faultReports.ts';
import { addFault, dropFault } from '../../cluster/faults/support.ts';
import { webDeployment } from '../../cluster/support.ts';
import { readyCluster, run } from '../../kubelet/support.ts';

/** Six Pods on three machines, of which one is off for five minutes. */
function outage(): { readonly cluster: Cluster; readonly past: Past; readonly duringIt: number } {
  const cluster = readyCluster();
  const past = new Past(cluster);
  cluster.admin().create(DEPLOYMENTS, webDeployment(6));
  run(cluster, 60);
  addFault(cluster, 'outage', { type: 'NodeDown', target: { node: 'worker-1' } });
  run(cluster, 90);
  const duringIt = past.last;
  run(cluster, 210);
  dropFault(cluster, 'outage');
  run(cluster, 10);
  return { cluster, past, duringIt };
}

const of = (models: readonly ImpactModel[], name = 'outage'): ImpactModel => {
  const found = models.findLast(({ fault }) => fault === name);
  assert.ok(found !== undefined);
  return found;
};
const row = ({ rows }: ImpactModel, key: string): string => {
  const { before, least, after } = rows.find((each) => each.key === key)!;
  return `${before} ${least} ${after}`;
};

describe('what a fault did that was set by hand', () => {
  const { cluster, past, duringIt } = outage();
  const reports = new FaultReports(past);

  it('is told with capacity, recovery and end', () => {
    const impact = of(reports.now());
    assert.equal(impact.type, 'NodeDown');
    assert.equal(row(impact, 'Ready nodes'), '4 3 4');
    assert.equal(row(impact, 'CPU of ready nodes'), '16 12 16');
    assert.match(row(impact, 'Ready Pods'), /^(\d+) (?!\1)\d+ \d+$/);
    assert.equal((impact.over ?? 0) - impact.from, 300_000);
    assert.match(impact.recovered, /^after 5m/);
    assert.equal(impact.requests, 'none were sent');
    assert.match(summaryOf(impact).text, /^ready Pods \d+ → \d+, ready nodes 4 → 3, CPU of ready nodes 16 → 12, ready again after 5m/);
    assert.equal(summaryOf(impact).active, false);
  });

  it('is told of any moment of the past as it was known then', () => {
    const impact = of(reports.at(duringIt));
    assert.equal(impact.over, undefined);
    assert.equal(impact.recovered, 'not yet');
    assert.match(summaryOf(impact).text, /not all are ready again yet$/);
  });

  it('counts on from look to look, and from the beginning all the same', () => {
    addFault(cluster, 'again', { type: 'NodeDown', target: { node: 'worker-2' }, duration: '2m' });
    run(cluster, 60);
    reports.now();
    run(cluster, 400);
    assert.deepEqual(reports.now(), new FaultReports(past).now());
    assert.notEqual(of(reports.now(), 'again').over, undefined);
  });

  it('ends a while after all is as before: what comes later is not its doing', () => {
    const before = of(reports.now());
    cluster.admin().modify(DEPLOYMENTS, 'default', 'web', (copy) => void (copy.spec!.replicas = 1));
    run(cluster, 60);
    assert.deepEqual(of(reports.now()), before);
  });

  it('is a tab of the Fault that is gone, too, and of nothing else', () => {
    const source = objectSource(
      () => cluster,
      () => undefined,
      () => reports.now(),
    );
    const ref = { apiVersion: 'kubepad.dev/v1', kind: 'Fault', namespace: '', name: 'outage' };
    const query = { surface: 'object', ref, tab: 'impact', field: undefined, revision: undefined } as const;
    const { head, impact } = source.picture(query) as ObjectModel;
    assert.equal(head.tabs[0], 'impact');
    assert.notEqual(head.goneAt, undefined);
    assert.equal(impact?.fault, 'outage');
    const node = { apiVersion: 'v1', kind: 'Node', namespace: '', name: 'worker-1' };
    const other = source.picture({ ...query, ref: node }) as ObjectModel;
    assert.equal(other.impact, null);
    assert.ok(!other.head.tabs.includes('impact'));
  });
});
