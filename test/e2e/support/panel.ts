// Editor panels: what is looked at in every theme.

import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { axeViolations } from './axe.ts';
import type { Theme, Workbench } from './workbench.ts';

/** Saves pictures of the workbench with the panel in each theme: `NAME-THEME.png`; axe finds nothing in any. The dark one is left. */
export async function lookAt(workbench: Workbench, panel: Frame, name: string): Promise<void> {
  for (const theme of ['light', 'high-contrast', 'dark'] as const satisfies readonly Theme[]) {
    await workbench.setTheme(theme);
    const kind = { dark: 'vscode-dark', light: 'vscode-light', 'high-contrast': 'vscode-high-contrast' }[theme];
    await panel.locator(`body.${kind}`).waitFor();
    await workbench.screenshot(`${name}-${theme}`);
    assert.deepEqual(await axeViolations(panel), [], theme);
  }
}
