import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../../scripts/browser.ts';
import { root } from '../../../scripts/support/process.ts';
import { axeViolations } from '../../e2e/support/axe.ts';
import { sampleCluster } from './support/sampleCluster.ts';
import { openSidebar } from './support/sidebarPage.ts';

describe('the card of a row', () => {
  let browser: Browser;
  before(async () => {
    ({ browser } = await launchBrowser());
  });
  after(() => browser.close());

  const cases = [
    { row: /^api-66d8c7f5b9-9vhtn/, says: [/CrashLoopBackOff/, /Pod · shop/, /Restarts\s*4/, /Node\s*worker-1/] },
    { row: /^web-7c5f9d4b86-lq7vd/, says: [/Pending/, /0\/3 nodes are available: 1 node\(s\) had untolerated taint/, /Node\s*none yet/] },
    { row: /^worker-1/, says: [/Node · zone a/, /CPU\s*4 of 4 cores/, /Memory\s*\S+ [MG]iB of 8 GiB/, /Pods\s*3 of 110/] },
    { row: /^worker-3/, says: [/NotReady/, /evicts in 3m 38s, unreachable for 1m 22s/] },
  ] as const;
  for (const { row, says } of cases) {
    it(`says what the row has no room for: ${row.source}`, async () => {
      const { page, errors } = await openSidebar(browser, 'cluster', sampleCluster(), { theme: 'dark', width: 300 });
      await page.getByRole('treeitem', { name: row }).hover();
      const card = page.locator('.card');
      await card.waitFor();
      const text = await card.innerText();
      for (const part of says) assert.match(text, part);
      const box = await card.boundingBox();
      assert.ok(box !== null && box.x >= 0 && box.x + box.width <= 300 && box.y + box.height <= 640, JSON.stringify(box));
      mkdirSync(join(root, 'out/screenshots'), { recursive: true });
      await page.screenshot({ path: join(root, 'out/screenshots', `card-${row.source.slice(1)}.png`), animations: 'disabled' });
      assert.deepEqual(await axeViolations(page.mainFrame()), []);
      await page.keyboard.press('Escape');
      await card.waitFor({ state: 'detached' });
      assert.deepEqual(errors, []);
      await page.close();
    });
  }

  it('stays while the mouse moves onto it, and goes when it leaves', async () => {
    const { page } = await openSidebar(browser, 'events', sampleCluster(), { theme: 'dark', width: 360 });
    await page.getByRole('option', { name: /FailedScheduling/ }).hover();
    const card = page.locator('.card');
    await card.waitFor();
    assert.match(await card.innerText(), /Warning[^]*From\s*default-scheduler[^]*Insufficient cpu/);
    await card.hover();
    await page.waitForTimeout(400);
    assert.ok(await card.isVisible());
    await page.mouse.move(5, 5);
    await card.waitFor({ state: 'detached' });
    await page.close();
  });
});

describe('long names', () => {
  let browser: Browser;
  before(async () => {
    ({ browser } = await launchBrowser());
  });
  after(() => browser.close());

  it('keep their end, and a long reason does not push the status aside', async () => {
    const { page } = await openSidebar(browser, 'cluster', sampleCluster(), { theme: 'dark', width: 290 });
    const row = page.getByRole('treeitem', { name: /^worker-6b8d9c7f54-hj5tq/ });
    const name = await row.locator('.name').boundingBox();
    const head = row.locator('.head');
    assert.ok(await head.evaluate((element) => element.scrollWidth > element.clientWidth));
    const status = row.locator('.status');
    assert.ok(await status.evaluate((element) => element.scrollWidth <= element.clientWidth));
    assert.ok(name !== null && name.width >= 60, JSON.stringify(name));
    // Where less than a word of the zone would be seen, none of it is.
    const detail = page.getByRole('treeitem', { name: /^control-plane/ }).locator('.detail');
    const [text, box] = [await detail.locator('span').boundingBox(), await detail.boundingBox()];
    assert.ok(text !== null && box !== null && (text.width >= 32 || text.y >= box.y + box.height), JSON.stringify([text, box]));
    await page.close();
  });
});
