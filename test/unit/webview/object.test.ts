import assert from 'node:assert/strict';
import type { Browser, Locator } from 'playwright-core';
import { launchBrowser } from '../../../scripts/browser.ts';
import type { ObjectQuery } from '../../../src/host/panels/object/model.ts';
import { objectSource } from '../../../src/host/panels/object/source.ts';
import { clockOf } from '../../../src/host/worker/clock.ts';
import { axeViolations } from '../../e2e/support/axe.ts';
import { clusterWith } from '../network/support.ts';
import { openPanelPage, type PanelPage } from './support/panelPage.ts';
import type { Theme } from './support/themes.ts';

describe('the panel of an object in a browser', () => {
  let browser: Browser;
  const cluster = clusterWith([
    '{ apiVersion: v1, kind: Pod, metadata: { name: web }, spec: { containers: [{ name: main, image: "registry.test/web:1" }] } }',
  ]);
  before(async () => {
    ({ browser } = await launchBrowser());
  });
  after(() => browser.close());

  const open = (theme: Theme, query: Partial<ObjectQuery>): Promise<PanelPage> =>
    openPanelPage<ObjectQuery>(browser, {
      query: {
        surface: 'object',
        ref: { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'web' },
        tab: 'state',
        field: undefined,
        revision: undefined,
        ...query,
      },
      source: objectSource(
        () => cluster,
        () => undefined,
      ),
      theme,
      width: 1090,
      height: 800,
      clock: clockOf(cluster, false),
    });

  /** Whether a background or a line around it sets it apart. */
  const marked = (of: Locator): Promise<boolean> =>
    of.evaluate((element) => {
      const clear = 'rgba(0, 0, 0, 0)';
      const { getComputedStyle } = globalThis as unknown as { getComputedStyle: (of: unknown) => Readonly<Record<string, string>> };
      return [element, ...element.children].some((part) => {
        const { backgroundColor, outlineStyle, outlineColor } = getComputedStyle(part);
        return backgroundColor !== clear || (outlineStyle !== 'none' && outlineColor !== clear);
      });
    });

  for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const satisfies readonly Theme[]) {
    it(`marks the chosen line, and only that one: ${theme}`, async () => {
      const { page } = await open(theme, { field: 'spec.nodeName' });
      assert.equal(await marked(page.getByRole('option', { selected: true })), true);
      assert.equal(await marked(page.getByRole('option', { selected: false }).first()), false);
      assert.deepEqual(await axeViolations(page.mainFrame()), []);
      await page.close();
    });

    it(`marks the selected node among all: ${theme}`, async () => {
      const { page } = await open(theme, { tab: 'scheduling' });
      assert.equal(await marked(page.getByRole('row', { name: /selected/ })), true);
      assert.equal(await marked(page.getByRole('row', { name: /untolerated/ })), false);
      assert.deepEqual(await axeViolations(page.mainFrame()), []);
      await page.close();
    });
  }

  it('breaks the path of a field at its parts, not in a word', async () => {
    const { page } = await open('dark', { field: 'spec.nodeName' });
    assert.match((await page.getByRole('table').first().innerText()).replaceAll('\u200b', ''), /spec\.nodeName/);
    const parts = await page
      .locator('.change .name')
      .first()
      .evaluate((element) => element.querySelectorAll('wbr').length);
    assert.ok(parts >= 2);
    await page.close();
  });
});
