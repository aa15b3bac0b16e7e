import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../../scripts/browser.ts';
import { root } from '../../../scripts/support/process.ts';
import { axeViolations } from '../../e2e/support/axe.ts';
import { sampleCluster } from './support/sampleCluster.ts';
import { openSidebar, type Surface } from './support/sidebarPage.ts';
import type { Theme } from './support/themes.ts';

describe('the sidebar in a browser', () => {
  let browser: Browser;
  before(async () => {
    ({ browser } = await launchBrowser());
  });
  after(() => browser.close());

  const looks = (['cluster', 'events'] as const satisfies readonly Surface[]).flatMap((surface) =>
    (['dark', 'light', 'high-contrast', 'high-contrast-light'] as const satisfies readonly Theme[]).flatMap((theme) =>
      [270, 360, 600].map((width) => ({ surface, theme, width })),
    ),
  );
  for (const { surface, theme, width } of looks) {
    it(`has nothing that axe finds: ${surface}, ${theme}, ${width} px`, async () => {
      const { page, errors } = await openSidebar(browser, surface, sampleCluster(), { theme, width });
      if (surface === 'cluster') await page.getByRole('treeitem', { name: /^web-7c5f9d4b86-4kd2m/ }).click();
      mkdirSync(join(root, 'out/screenshots'), { recursive: true });
      await page.screenshot({ path: join(root, 'out/screenshots', `${surface}-${theme}-${width}.png`), animations: 'disabled' });
      assert.deepEqual(errors, []);
      assert.deepEqual(await axeViolations(page.mainFrame()), []);
      await page.close();
    });
  }
});
