// Editor panels: what is looked at in every theme.

import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { axeViolations } from './axe.ts';
import { THEMES, type Workbench } from './workbench.ts';

/** Saves pictures of the workbench with the panel in each theme: `NAME-THEME.png`; axe finds nothing in any. The dark one is left. */
export async function lookAt(workbench: Workbench, panel: Frame, name: string): Promise<void> {
  const found: string[] = [];
  for (const theme of THEMES) {
    await workbench.setTheme(theme);
    const kind = {
      dark: 'vscode-dark',
      light: 'vscode-light',
      'high-contrast': 'vscode-high-contrast',
      'high-contrast-light': 'vscode-high-contrast-light',
    }[theme];
    await panel.locator(`body.${kind}`).waitFor();
    await workbench.screenshot(`${name}-${theme}`);
    for (const violation of await axeViolations(panel)) found.push(`${theme}: ${violation}`);
  }
  assert.deepEqual(found, []);
}

/** Shows a tab of a panel and waits until it is the one. */
export async function openTab(panel: Frame, name: string): Promise<void> {
  await panel.getByRole('tab', { name, exact: true }).click();
  await panel.locator(`[role="tab"][aria-selected="true"]:has-text("${name}")`).waitFor();
}

/** Waits for a text in the tab that is open. */
export async function says(panel: Frame, text: RegExp | string): Promise<void> {
  await panel.locator('.tab-content').getByText(text).first().waitFor();
}
