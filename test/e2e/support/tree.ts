// The Cluster view as a person (or a screen reader) sees it: an ARIA tree of sections, nodes, Pods and containers.

import type { Frame, Locator, Page } from 'playwright-core';
import { activityBarItem, type Workbench } from './workbench.ts';
import { menuItem } from './explorer.ts';

/** Shows the Cluster view and returns the frame that holds its tree. */
export async function openTree(workbench: Workbench): Promise<Frame> {
  const { page } = workbench;
  const shown = await page
    .locator('.sidebar .composite.title', { hasText: 'Kubepad' })
    .isVisible()
    .catch(() => false);
  if (!shown) await activityBarItem(page, 'Kubepad').click();
  return workbench.webview('[role="tree"]');
}

/** The row of an object, found by its accessible name. */
export function treeRow(tree: Frame, name: string | RegExp): Locator {
  return tree.getByRole('treeitem', { name });
}

/** The accessible names of all rows on the screen, top down. */
export async function rowTexts(tree: Frame): Promise<readonly string[]> {
  return tree
    .locator('[role="treeitem"]')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? row.textContent ?? ''));
}

/** Waits until the rows on the screen satisfy a condition; returns them. */
export async function untilRows(
  tree: Frame,
  what: string,
  enough: (rows: readonly string[]) => boolean,
  timeoutMs = 30_000,
): Promise<readonly string[]> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const rows = await rowTexts(tree);
    if (enough(rows)) return rows;
    if (Date.now() > deadline) throw new Error(`${what} did not come; the tree shows\n${rows.join('\n')}`);
    await tree.page().waitForTimeout(100);
  }
}

/** Right-clicks a row and clicks an entry of its menu. */
export async function chooseInTree(page: Page, row: Locator, entry: string): Promise<void> {
  await row.click({ button: 'right' });
  await menuItem(page, entry).waitFor();
  await menuItem(page, entry).click();
}
