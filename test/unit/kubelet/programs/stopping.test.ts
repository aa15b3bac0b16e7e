import assert from 'node:assert/strict';
import type { Draft } from '../../../../src/base/json.ts';
import { EVENTS, PODS } from '../../../../src/api/schema/resources.ts';
import type { Container, PodSpec } from '../../../../src/api/schema/types/core/v1.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { createPod, getPod, readyCluster, run } from '../support.ts';

const shell = (name: string, script: string, more: Partial<Draft<Container>> = {}): Draft<Container> =>
  ({ name, image: 'busybox:1.37', command: ['sh', '-c', script], ...more }) as Draft<Container>;

const POLITE = 'trap "sleep 1; echo bye; exit 0" TERM; sleep 1000 & wait';

/** A Pod is deleted after ten seconds. @returns seconds from then to its end, and what was told of it */
function stopped(
  spec: Partial<Draft<PodSpec>>,
  watch = 60,
): { readonly seconds: number; readonly reasons: readonly string[]; readonly log: (container: string) => readonly string[] } {
  const cluster = readyCluster();
  createPod(cluster, 'p', undefined, spec);
  run(cluster, 10);
  const logs = new Map<string, readonly string[]>();
  cluster.admin().delete(PODS, 'default', 'p');
  const from = cluster.simulation.now();
  while (getPod(cluster, 'p') !== undefined && cluster.simulation.now() - from < watch * 1000) {
    for (const { name } of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
      const lines = cluster.kubelets.readLogs({ namespace: 'default', pod: 'p', container: name });
      if (lines !== undefined)
        logs.set(
          name,
          lines.map(({ atMs, text }) => `${((atMs - from) / 1000).toFixed(1)} ${text}`),
        );
    }
    cluster.simulation.advance(cluster.simulation.now() + 100);
  }
  return {
    seconds: Math.round((cluster.simulation.now() - from) / 100) / 10,
    reasons: reasonsOf(cluster),
    log: (name) => logs.get(name) ?? [],
  };
}

function reasonsOf(cluster: Cluster): readonly string[] {
  return cluster
    .admin()
    .list(EVENTS)
    .flatMap(({ reason = '' }) => (reason === 'Killing' || reason.startsWith('Failed') ? [reason] : []));
}

const within = (value: number, from: number, to: number): void =>
  assert.ok(value >= from && value <= to, `${value} is not within ${from} and ${to}`);

describe('containers that decide themselves when they end', () => {
  it('end when their handler has', () => {
    const { seconds, log } = stopped({ containers: [shell('app', POLITE)] });
    within(seconds, 1, 2.2);
    assert.deepEqual(log('app'), ['1.0 bye']);
  });

  it('are killed after the grace period, which is two seconds at least', () => {
    within(stopped({ terminationGracePeriodSeconds: 5, containers: [shell('app', 'sleep 1000')] }).seconds, 5, 6.2);
    within(stopped({ terminationGracePeriodSeconds: 1, containers: [shell('app', 'sleep 1000')] }).seconds, 2, 3.2);
  });

  it('get SIGTERM after their hook, whatever it comes to', () => {
    const hook = (command: readonly string[]): Partial<Draft<Container>> => ({
      lifecycle: { preStop: { exec: { command: [...command] } } },
    });
    const well = stopped({ containers: [shell('app', POLITE, hook(['sh', '-c', 'sleep 3; echo hook > /proc/1/fd/1']))] });
    within(well.seconds, 4, 5.2);
    assert.deepEqual([well.log('app'), well.reasons], [['3.0 hook', '4.0 bye'], ['Killing']]);
    const failing = stopped({ containers: [shell('app', POLITE, hook(['sh', '-c', 'exit 1']))] });
    within(failing.seconds, 1, 2.2);
    assert.deepEqual(failing.reasons, ['Killing', 'FailedPreStopHook']);
    const absent = stopped({ containers: [shell('app', POLITE, hook(['nosuch']))] });
    assert.deepEqual(absent.reasons, ['Killing', 'FailedPreStopHook']);
    // The hook takes all the time there is: SIGTERM comes then, and two seconds are left.
    const long = stopped({ terminationGracePeriodSeconds: 4, containers: [shell('app', POLITE, hook(['sleep', '100']))] });
    within(long.seconds, 5, 6.2);
    assert.deepEqual([long.log('app'), long.reasons], [['5.0 bye'], ['Killing', 'FailedPreStopHook']]);
  });

  it('let a sidecar go on until the others have ended', () => {
    const side = shell('side', 'trap "echo side; exit 0" TERM; sleep 1000 & wait', { restartPolicy: 'Always' });
    const { log, seconds } = stopped({
      initContainers: [side],
      containers: [shell('app', 'trap "sleep 3; exit 0" TERM; sleep 1000 & wait')],
    });
    within(seconds, 3, 4.2);
    assert.deepEqual(log('side'), ['3.0 side']);
    // One that does not come to an end leaves it two seconds.
    const late = stopped({ terminationGracePeriodSeconds: 4, initContainers: [side], containers: [shell('app', 'sleep 1000')] });
    assert.deepEqual(late.log('side'), ['4.0 side']);
  });

  it('are stopped beside servers that answer by rule', () => {
    const { seconds, log } = stopped({ containers: [{ name: 'web', image: 'nginx:1.29' } as Draft<Container>, shell('app', POLITE)] });
    within(seconds, 1, 2.2);
    assert.deepEqual(log('app'), ['1.0 bye']);
  });

  it('that a probe runs are ended with the time of the probe', () => {
    const cluster = readyCluster();
    const livenessProbe = { exec: { command: ['sh', '-c', 'sleep 100'] }, periodSeconds: 3, timeoutSeconds: 2, failureThreshold: 1 };
    createPod(cluster, 'p', undefined, {
      terminationGracePeriodSeconds: 1,
      containers: [shell('app', 'sleep 1000', { livenessProbe })],
    });
    run(cluster, 60);
    const message = cluster.admin().list(EVENTS).find(({ reason }) => reason === 'Unhealthy')?.message; // prettier-ignore
    assert.equal(message, 'Liveness probe failed: command timed out: "sh -c sleep 100" timed out after 2s');
    assert.ok((getPod(cluster, 'p')?.status?.containerStatuses?.[0]?.restartCount ?? 0) >= 2);
  });
});
