import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../../scripts/browser.ts';
import { root } from '../../../scripts/support/process.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';
import type { MapQuery } from '../../../src/host/panels/map/model.ts';
import { mapSource } from '../../../src/host/panels/map/source.ts';
import type { ClockState } from '../../../src/host/protocol/view.ts';
import { clockOf } from '../../../src/host/worker/clock.ts';
import { WHOLE_MAP } from '../../../src/webview/map/protocol.ts';
import { axeViolations } from '../../e2e/support/axe.ts';
import { sample } from '../host/panels/map/support.ts';
import { worldOf } from '../host/panels/timeline/support.ts';
import { apply, clusterWith, run, webPod } from '../network/support.ts';
import { openPanelPage, type PanelPage } from './support/panelPage.ts';
import type { Theme } from './support/themes.ts';

describe('the map in a browser', () => {
  let browser: Browser;
  const cluster = clusterWith(
    [
      ...['web', 'services', 'ingress'].map((name) => sample(`services/${name}.yaml`)),
      webPod('broken', { program: 'run; serve 80 500', labels: 'app: hello' }),
    ],
    { ingressClass: 'nginx' },
  );
  run(cluster, 60);
  const world = worldOf(cluster);
  mapSource(() => world).picture(WHOLE_MAP);
  apply(
    cluster,
    '{ apiVersion: kubepad.dev/v1, kind: Load, metadata: { name: visitors }, spec: { target: { url: "http://hello.example.com/" }, rate: { requestsPerSecond: 120 } } }',
  );
  run(cluster, 10);
  before(async () => {
    ({ browser } = await launchBrowser());
  });
  after(() => browser.close());

  const open = (
    theme: Theme,
    reducedMotion = false,
    query: Partial<MapQuery> = {},
    of = world,
    past?: ClockState['past'],
  ): Promise<PanelPage> =>
    openPanelPage(browser, {
      query: { ...WHOLE_MAP, ...query },
      source: mapSource(() => of),
      theme,
      reducedMotion,
      width: 1360,
      height: 800,
      clock: { ...clockOf(cluster, false), ...(past === undefined ? {} : { past }) },
    });

  for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const satisfies readonly Theme[]) {
    it(`has nothing that axe finds: ${theme}`, async () => {
      const { page, errors } = await open(theme);
      await page.locator('.node').first().waitFor();
      mkdirSync(join(root, 'out/screenshots'), { recursive: true });
      await page.screenshot({ path: join(root, 'out/screenshots', `map-${theme}.png`), animations: 'disabled' });
      assert.deepEqual(errors, []);
      assert.deepEqual(await axeViolations(page.mainFrame()), []);
      await page.close();
    });
  }

  for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const satisfies readonly Theme[]) {
    it(`has nothing that axe finds in the control plane: ${theme}`, async () => {
      const { page, errors } = await open(theme, false, { tab: 'control' });
      await page.locator('.node[role="switch"]').first().waitFor();
      await page.screenshot({ path: join(root, 'out/screenshots', `map-control-${theme}.png`), animations: 'disabled' });
      assert.deepEqual(errors, []);
      assert.deepEqual(await axeViolations(page.mainFrame()), []);
      await page.close();
    });
  }

  it('is walked and acted upon by the keyboard', async () => {
    const { page, sent, query } = await open('dark');
    const focused = (): Promise<string> => page.evaluate('document.activeElement.dataset.key ?? ""');
    await page.locator('.node').first().waitFor();
    assert.equal(await page.locator('.node[tabindex="0"]').count(), 1);
    await page.locator('.node[tabindex="0"]').focus();
    const way: string[] = [await focused()];
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowUp', 'Home', 'ArrowDown', 'End', 'ArrowLeft']) {
      await page.keyboard.press(key);
      way.push(await focused());
    }
    assert.deepEqual(way, [
      'client visitors',
      'ingress default/hello',
      'service default/hello',
      'service default/hello-cloud',
      'service default/elsewhere',
      'service default/hello-port',
      'service default/hello',
      'ingress default/hello',
    ]);
    await page.keyboard.press('Enter');
    assert.deepEqual(sent.at(-1), {
      type: 'act',
      command: 'openObject',
      ref: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', namespace: 'default', name: 'hello' },
    });
    await page.keyboard.press('Shift+F10');
    const items = page.locator('[role="menuitem"]');
    assert.deepEqual(
      (await items.allInnerTexts()).map((text) => text.trim()),
      ['Open', 'Why?', 'Describe', 'YAML', 'Show Only This'],
    );
    await items.last().press('Enter');
    await page.locator('[data-key="service default/hello-port"]').waitFor({ state: 'detached' });
    assert.equal(await page.locator('[data-key="pod default/broken"]').count(), 1);
    await page.getByRole('button', { name: 'Only Ingress hello' }).press('Enter');
    await page.locator('[data-key="service default/hello-port"]').waitFor();
    const group = page.locator('.group-title', { hasText: 'hello' });
    assert.equal(await group.getAttribute('aria-expanded'), 'true');
    await group.press('Enter');
    await page.locator('.node[aria-expanded="false"]', { hasText: 'hello' }).waitFor();
    assert.deepEqual((query() as MapQuery).toggled, ['group default/Deployment/hello']);
    await page.close();
  });

  it('says the same as a table, and shows problems only', async () => {
    const { page, errors } = await open('light');
    await page.getByRole('button', { name: 'As Table' }).click();
    const rows = page.locator('.table tbody tr');
    await rows.first().waitFor();
    const broken = rows.filter({ hasText: 'broken' }).filter({ hasText: 'fail here' });
    assert.match(
      (await broken.innerText()).replaceAll(/\s+/g, ' '),
      /^broken Pod default Running 30\/s 30\/s Node worker-1 .*100 % of the requests of visitors fail here: ServerError\.$/,
    );
    assert.deepEqual(await axeViolations(page.mainFrame()), []);
    await page.getByLabel('Problems only').check();
    await rows.filter({ hasText: 'hello-port' }).first().waitFor({ state: 'attached' });
    await page.getByLabel('Filter the map').fill('elsewhere');
    await page.getByText('Nothing on the map matches.').waitFor();
    await page.getByRole('button', { name: 'Show All' }).click();
    await rows.filter({ hasText: 'elsewhere' }).first().waitFor();
    assert.deepEqual(errors, []);
    await page.close();
  });

  it('says what to do while it is empty, but not in the past', async () => {
    const nothing = worldOf(Cluster.create({ seed: 'map', startTime: cluster.simulation.now(), preset: 'empty', freeze: true }));
    const [now, then] = [
      await open('dark', false, {}, nothing),
      await open('dark', false, {}, nothing, { revision: 1, at: cluster.simulation.now(), inside: true }),
    ];
    await now.page.getByText('Apply a manifest with a Service and its Pods.').waitFor();
    await then.page.getByText('There was nothing to draw at this moment.').waitFor();
    assert.deepEqual([...now.errors, ...then.errors], []);
    await Promise.all([now.page.close(), then.page.close()]);
  });

  it('stops and starts a part by its switch, in the picture and in the table', async () => {
    const own = clusterWith([]);
    const ownWorld = worldOf(own);
    const { page, sent, advanced } = await open('dark', false, { tab: 'control' }, ownWorld);
    const scheduler = page.getByRole('switch', { name: /^kube-scheduler/ });
    assert.equal(await scheduler.getAttribute('aria-checked'), 'true');
    await scheduler.focus();
    await page.keyboard.press('Enter');
    assert.deepEqual(sent.at(-1), { type: 'stop', component: 'kube-scheduler', node: undefined });
    apply(
      own,
      '{ apiVersion: kubepad.dev/v1, kind: Fault, metadata: { name: off }, spec: { type: ComponentDown, target: { component: kube-scheduler } } }',
    );
    run(own, 1);
    await advanced();
    await page.locator('.node[role="switch"][aria-checked="false"]', { hasText: 'stopped' }).waitFor();
    await page.getByRole('button', { name: 'As Table' }).click();
    await page.locator('tr', { hasText: 'kube-scheduler' }).filter({ hasText: 'New Pods stay Pending.' }).first().waitFor();
    await page.getByRole('switch', { name: 'kube-scheduler', exact: true }).press('Space');
    assert.deepEqual(sent.at(-1), { type: 'start', faults: ['off'] });
    await page.getByRole('switch', { name: 'kubelet on worker-1' }).click();
    assert.deepEqual(sent.at(-1), { type: 'stop', component: 'kubelet', node: 'worker-1' });
    assert.deepEqual(await axeViolations(page.mainFrame()), []);
    await page.close();
  });

  it('lets requests travel while they can be followed, and not where motion is to be reduced', async () => {
    for (const reducedMotion of [false, true]) {
      const own = clusterWith([]);
      run(own, 60);
      const { page, advanced } = await open('dark', reducedMotion, { tab: 'control' }, worldOf(own));
      const seen: string[] = [];
      await page.exposeFunction('seen', (text: string) => void seen.push(text));
      await page.evaluate(`new MutationObserver((all) => all.forEach(({ addedNodes }) => addedNodes.forEach((node) => {
        if (node.classList?.contains('flight')) requestAnimationFrame(() => seen(node.textContent));
      }))).observe(document.querySelector('.canvas svg'), { childList: true })`);
      await page.locator('.canvas').waitFor();
      apply(own, webPod('late', { node: '' }));
      run(own, 0.01);
      await advanced();
      await page.locator('tr', { hasText: 'Pod default/late' }).first().waitFor();
      if (reducedMotion) assert.deepEqual(seen, []);
      else {
        await page.locator('.flight', { hasText: 'create Pod default/late' }).waitFor();
        await page.locator('.flight').waitFor({ state: 'detached', timeout: 20_000 });
        assert.equal(seen[0], 'create Pod default/late');
      }
      await page.close();
    }
  });

  it('moves while time does, unless motion is to be reduced', async () => {
    const playing = 'document.getAnimations().filter(({ playState }) => playState === "running").length';
    for (const reducedMotion of [false, true]) {
      const { page, advanced } = await open('dark', reducedMotion);
      await page.locator('.way.flow-some').first().waitFor({ state: 'attached' });
      await advanced({ paused: true });
      await page.locator('.panel.still').waitFor();
      assert.equal(await page.evaluate(playing), 0);
      await advanced({ paused: false });
      await page.locator('.panel:not(.still)').waitFor();
      assert.equal((await page.evaluate<number>(playing)) > 0, !reducedMotion);
      await page.close();
    }
  });
});
