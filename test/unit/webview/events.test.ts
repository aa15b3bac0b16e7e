import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../../scripts/browser.ts';
import { axeViolations } from '../../e2e/support/axe.ts';
import { sampleCluster } from './support/sampleCluster.ts';
import { openSidebar, type SidebarPage } from './support/sidebarPage.ts';

describe('the events by keyboard', () => {
  let browser: Browser;
  let sidebar: SidebarPage;
  before(async () => {
    ({ browser } = await launchBrowser());
    sidebar = await openSidebar(browser, 'events', sampleCluster(), { theme: 'dark', width: 360 });
    await sidebar.page.getByRole('listbox').focus();
  });
  after(() => browser.close());

  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await sidebar.page.keyboard.press(key);
  };
  const filter = (): Promise<string> => sidebar.page.getByRole('textbox', { name: 'Filter events' }).inputValue();
  const rows = () => sidebar.page.getByRole('option');

  it('opens the chain of causes of an event', async () => {
    await press('Home');
    await sidebar.page.getByRole('option', { selected: true }).waitFor();
    await press('Enter');
    const { type, command, ref } = sidebar.sent.at(-1) as unknown as { type: string; command: string; ref: { kind: string } };
    assert.deepEqual([type, command, ref.kind], ['command', 'why', 'Event']);
  });

  it('offers filters by object, reason and actor in the menu, and undoes them', async () => {
    const { page } = sidebar;
    const all = await rows().count();
    await press('Shift+F10');
    const items = (await page.getByRole('menuitem').allTextContents()).map((text) => text.trim());
    assert.deepEqual(items.slice(0, 1), ['Why?']);
    assert.deepEqual(await axeViolations(page.mainFrame()), []);
    const [object, , actor] = items.filter((item) => item.startsWith('Only '));
    await page.getByRole('menuitem', { name: object ?? '', exact: true }).press('Enter');
    assert.equal(await filter(), object?.replace('Only ', 'object:'));
    await rows()
      .nth(all - 1)
      .waitFor({ state: 'detached' });
    const labels = await rows().locator('.label').allTextContents();
    assert.ok(
      labels.every((label) => label.includes(object?.replace('Only ', '') ?? '?')),
      labels.join('\n'),
    );
    await press('Home', 'Shift+F10');
    await page.getByRole('menuitem', { name: actor ?? '', exact: true }).press('Enter');
    assert.equal(await filter(), actor?.replace('Only from ', 'actor:').toLowerCase());
    await page.getByRole('textbox', { name: 'Filter events' }).press('Escape');
    await rows()
      .nth(all - 1)
      .waitFor();
    assert.deepEqual(sidebar.errors, []);
  });
});
