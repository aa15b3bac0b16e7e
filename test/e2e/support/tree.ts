// The Cluster view as a person (or a screen reader) sees it: an ARIA tree of sections, nodes, Pods and containers.

import type { Frame, Locator, Page } from 'playwright-core';
import { activityBarItem, type Workbench } from './workbench.ts';

/** Shows the Cluster view and returns the frame that holds its tree. */
export async function openTree(workbench: Workbench): Promise<Frame> {
  const { page } = workbench;
  const title = page.locator('.part.sidebar .composite.title', { hasText: 'Kubepad' });
  // A click on the icon of the view that is shown would hide it, and after a reload it comes only after a while.
  const shown = await title.waitFor({ timeout: 3_000 }).then(
    () => true,
    () => false,
  );
  if (!shown) await activityBarItem(page, 'Kubepad').click();
  return workbench.webview('[role="tree"][aria-label="Cluster"]');
}

/** The row of an object, found by the beginning of what a screen reader says. */
export function treeRow(tree: Frame, name: string): Locator {
  const label = tree.locator('.label', { hasText: new RegExp(`^\\s*${name}`) });
  return tree.locator('[role="treeitem"]', { has: label }).first();
}

/** The accessible names of all rows on the screen, top down. */
export async function rowTexts(tree: Frame): Promise<readonly string[]> {
  // What a screen reader says of a row stands in it as text that is not drawn.
  return (await tree.locator('[role="treeitem"] > .label').allTextContents()).map((text) => text.trim());
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
    if (Date.now() > deadline) throw new Error(`${what}: did not come; the tree shows\n${rows.join('\n')}`);
    await tree.page().waitForTimeout(50);
  }
}

/** Pods whose names begin so, as `name: status, ready`. */
export function podsOf(
  rows: readonly string[],
  name: string,
): readonly { readonly name: string; readonly status: string; readonly ready: string }[] {
  return rows
    .map((row) => /^(\S+), Pod, ([^,]+(?:, not ready)?), (\d+\/\d+)(?: containers)? ready/.exec(row))
    .filter((match) => match?.[1]?.startsWith(name) === true)
    .map((match) => ({ name: match?.[1] ?? '', status: match?.[2] ?? '', ready: match?.[3] ?? '' }));
}

/** The node under which the row of a Pod stands. */
export function nodeOf(rows: readonly string[], pod: string): string {
  const at = rows.findIndex((row) => row.startsWith(`${pod}, Pod`));
  const node = rows.slice(0, at).findLast((row) => /^\S+, (Node|control plane node),/.test(row));
  if (at < 0 || node === undefined) throw new Error(`the tree shows no Pod ${pod} under a node`);
  return node.split(',', 1)[0] ?? '';
}

/** Right-clicks a row and clicks an entry of its menu. */
export async function chooseByMouse(tree: Frame, row: Locator, entry: string): Promise<void> {
  await row.click({ button: 'right' });
  await tree.getByRole('menuitem', { name: entry, exact: true }).click();
}

/** Walks to a row with the keyboard, opens its menu and chooses an entry by its first letters. */
export async function chooseByKeyboard(page: Page, tree: Frame, name: string, entry: string): Promise<void> {
  const scroller = tree.locator('[role="tree"]');
  await scroller.focus();
  await page.keyboard.press('Home');
  const active = tree.locator('[role="treeitem"][aria-selected="true"] > .label');
  for (let step = 0; step < 200; step++) {
    if ((await active.textContent())?.trim().startsWith(name) === true) break;
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Shift+F10');
  const item = tree.getByRole('menuitem', { name: entry, exact: true });
  await item.waitFor();
  for (let step = 0; step < 20 && !(await item.evaluate((element) => element === element.ownerDocument.activeElement)); step++)
    await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
}
