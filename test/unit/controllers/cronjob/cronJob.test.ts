import assert from 'node:assert/strict';
import { CRONJOBS, JOBS } from '../../../../src/api/schema/resources.ts';
import type { CronJobSpec, JobSpec } from '../../../../src/api/schema/types/batch/v1.ts';
import type { Draft } from '../../../../src/base/json.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { newManualCluster, podTemplate, said } from '../support.ts';

function jobTemplate(): { spec: Draft<JobSpec> } {
  const template = podTemplate('tick');
  template.spec!.restartPolicy = 'Never';
  return { spec: { template } };
}

function withCronJob(spec: Partial<Draft<CronJobSpec>>): Cluster {
  const cluster = newManualCluster(0);
  cluster.admin().create(CRONJOBS, {
    metadata: { name: 'tick', namespace: 'default' },
    spec: { schedule: '* * * * *', jobTemplate: { metadata: {}, ...jobTemplate() }, ...spec },
  });
  return cluster;
}

const change = (cluster: Cluster, act: (spec: Draft<CronJobSpec>) => void): void =>
  void cluster.admin().modify(CRONJOBS, 'default', 'tick', (cronJob) => act(cronJob.spec));
const run = (cluster: Cluster, seconds: number): void => void cluster.simulation.advance(cluster.simulation.now() + seconds * 1000);
const jobs = (cluster: Cluster): readonly string[] =>
  cluster
    .admin()
    .list(JOBS, 'default')
    .map(({ metadata }) => metadata.name!);
const nameAt = (time: string): string => `tick-${Date.parse(time) / 60_000}`;

describe('a CronJob', () => {
  it('does not make up for times of a schedule that it has only now', () => {
    const cluster = withCronJob({ schedule: '0 0 1 1 *' });
    run(cluster, 150);
    change(cluster, (spec) => void (spec.schedule = '* * * * *'));
    run(cluster, 20);
    assert.deepEqual(jobs(cluster), []);
    run(cluster, 20);
    assert.deepEqual(jobs(cluster), [nameAt('2026-01-05T10:03:00Z')]);
  });

  it('leaves a Job of its name alone that is not its own', () => {
    const cluster = withCronJob({});
    const name = nameAt('2026-01-05T10:01:00Z');
    cluster.admin().create(JOBS, { metadata: { name, namespace: 'default' }, ...jobTemplate() });
    run(cluster, 90);
    const made = said(cluster, 'SuccessfulCreate').filter((message) => message.startsWith('Created job'));
    assert.deepEqual([jobs(cluster), said(cluster, 'FailedCreate'), made], [[name], [], []]);
  });
});
