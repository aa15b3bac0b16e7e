import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { CancellationToken, CancellationTokenSource } from 'vscode-jsonrpc';
import { CLOCKS, CLUSTER_CLOCK, type Clock, type ClockSpec } from '../../../src/api/kubepad/types.ts';
import { CONFIGMAPS, NAMESPACES, SERVICEACCOUNTS } from '../../../src/api/schema/resources.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';
import { Driver } from '../../../src/host/driver.ts';

const START = Date.UTC(2026, 0, 2);

describe('Driver', () => {
  let cluster: Cluster;
  let driver: Driver;

  beforeEach(() => {
    cluster = Cluster.create({ seed: 'driver', startTime: START, preset: 'empty' });
    driver = new Driver({ simulation: cluster.simulation, api: cluster.api });
  });

  afterEach(() => driver.dispose());

  const clock = (): Clock => cluster.admin().get(CLOCKS, '', CLUSTER_CLOCK) as Clock;
  const ask = (spec: ClockSpec): void => {
    cluster.admin().modify(CLOCKS, '', CLUSTER_CLOCK, (object) => {
      object.spec = { ...spec };
    });
    driver.wake();
  };
  const observed = async (requestID: string): Promise<Clock> => {
    for (let i = 0; i < 500 && clock().status?.observedRequestID !== requestID; i++) await delay(2);
    return clock();
  };

  it('carries out a step of a clock that stands still, and nothing more', async () => {
    driver.start();
    ask({ paused: true, step: '30s', requestID: 'one' });
    const { status } = await observed('one');
    assert.equal(status?.reason, 'Done');
    const began = Date.parse(status?.now ?? '') - 30_000;
    assert(began - START < 1000, 'the step began where the clock stood');
    const now = cluster.simulation.now();
    await delay(20);
    driver.sync();
    assert.equal(cluster.simulation.now(), now);
  });

  it('lets a clock stand still at first that another one has let go', async () => {
    driver.dispose();
    driver = new Driver({ simulation: cluster.simulation, api: cluster.api, paused: true });
    driver.start();
    const now = cluster.simulation.now();
    await delay(20);
    driver.sync();
    assert.deepEqual([clock().spec?.paused, cluster.simulation.now()], [true, now]);
    ask({ paused: false, speed: 1000 });
    await delay(20);
    driver.sync();
    assert(cluster.simulation.now() > now);
  });

  it('gives a namespace what Pods need even while the clock stands still', async () => {
    driver.start();
    ask({ paused: true, step: '1s', requestID: 'zero' });
    await observed('zero');
    const now = cluster.simulation.now();
    cluster.admin().create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'new' } });
    driver.wake();
    await delay(20);
    assert.equal(cluster.simulation.now(), now);
    assert.notEqual(cluster.admin().get(SERVICEACCOUNTS, 'new', 'default'), undefined);
    assert.notEqual(cluster.admin().get(CONFIGMAPS, 'new', 'kube-root-ca.crt'), undefined);
  });

  it('runs until stable, but not beyond the limit', async () => {
    driver.start();
    ask({ paused: true, runUntil: 'stable', limit: '1m', requestID: 'two' });
    const { status } = await observed('two');
    assert.deepEqual([status?.reason, status?.stable], ['Done', true]);
    cluster.simulation.schedule({ at: cluster.simulation.now() + 600_000, component: 'nobody', type: 'later' });
    ask({ paused: true, runUntil: 'stable', limit: '1m', requestID: 'three' });
    assert.equal((await observed('three')).status?.reason, 'LimitReached');
  });

  it('passes virtual time at the speed that the Clock says', async () => {
    ask({ speed: 1000 });
    driver.start();
    const began = cluster.simulation.now();
    await delay(30);
    driver.sync();
    const passed = cluster.simulation.now() - began;
    assert(passed >= 10_000 && passed < 2_000_000, `${passed} ms`);
  });

  it('does a request once', async () => {
    driver.start();
    ask({ paused: true, step: '1s', requestID: 'once' });
    const first = (await observed('once')).status?.now;
    driver.wake();
    await delay(20);
    assert.equal(clock().status?.now, first);
  });

  describe('runs ahead', () => {
    const { None } = CancellationToken;
    const later = (ms: number): number => cluster.simulation.now() + ms;
    const paused = async (): Promise<void> => {
      driver.start();
      ask({ paused: true, step: '1ms', requestID: 'pause' });
      await observed('pause');
    };

    it('of a clock that stands still, to a moment', async () => {
      await paused();
      const limitAt = later(3_600_000);
      assert.equal(await driver.runAhead({ goal: undefined, isMet: undefined, limitAt }, None), 'done');
      assert.equal(cluster.simulation.now(), limitAt);
      assert.equal(driver.running, false);
    });

    it('until a condition is met, or the limit', async () => {
      await paused();
      const at = later(60_000);
      cluster.simulation.schedule({ at, component: 'nobody', type: 'later' });
      const isMet = (): boolean => cluster.simulation.now() >= at;
      assert.equal(await driver.runAhead({ goal: undefined, isMet, limitAt: later(3_600_000) }, None), 'done');
      assert.equal(cluster.simulation.now(), at);
      assert.equal(await driver.runAhead({ goal: undefined, isMet: () => false, limitAt: later(1000) }, None), 'limit');
      assert.equal(cluster.simulation.now(), at + 1000);
    });

    it('and ends where it is when it is cancelled, the clock is set, another begins or the driver goes', async () => {
      await paused();
      const forever = { goal: undefined, isMet: () => false, limitAt: Number.MAX_SAFE_INTEGER };
      // Something to do for ever.
      cluster.simulation.register({
        name: 'ticker',
        start: () => undefined,
        handle: () => void cluster.simulation.schedule({ at: later(1), component: 'ticker', type: 'tick' }),
        checkpoint: () => null,
        restore: () => undefined,
      });
      cluster.simulation.schedule({ at: later(1), component: 'ticker', type: 'tick' });
      const source = new CancellationTokenSource();
      const cancelled = driver.runAhead(forever, source.token);
      assert.equal(driver.running, true);
      source.cancel();
      assert.equal(await cancelled, 'cancelled');
      const replaced = driver.runAhead(forever, None);
      const second = driver.runAhead(forever, None);
      assert.equal(await replaced, 'interrupted');
      ask({ paused: true, step: '1s', requestID: 'mine' });
      assert.equal(await second, 'interrupted');
      await observed('mine');
      const last = driver.runAhead(forever, None);
      driver.dispose();
      assert.equal(await last, 'interrupted');
    });
  });
});
