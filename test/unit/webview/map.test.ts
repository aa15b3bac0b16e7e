import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../../scripts/browser.ts';
import { root } from '../../../scripts/support/process.ts';
import { mapSource } from '../../../src/host/panels/map/source.ts';
import { clockOf } from '../../../src/host/worker/clock.ts';
import { axeViolations } from '../../e2e/support/axe.ts';
import { QUERY, sample } from '../host/panels/map/support.ts';
import { worldOf } from '../host/panels/timeline/support.ts';
import { clusterWith, run } from '../network/support.ts';
import { openPanelPage, type PanelPage } from './support/panelPage.ts';
import type { Theme } from './support/themes.ts';

describe('the map in a browser', () => {
  let browser: Browser;
  const cluster = clusterWith(['web', 'services', 'ingress'].map((name) => sample(`services/${name}.yaml`)));
  run(cluster, 60);
  const world = worldOf(cluster);
  before(async () => {
    ({ browser } = await launchBrowser());
  });
  after(() => browser.close());

  const open = (theme: Theme): Promise<PanelPage> =>
    openPanelPage(browser, {
      query: QUERY,
      source: mapSource(() => world),
      theme,
      width: 1360,
      height: 800,
      clock: clockOf(cluster, false),
    });

  for (const theme of ['dark', 'light', 'high-contrast'] as const satisfies readonly Theme[]) {
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
});
