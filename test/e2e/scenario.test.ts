import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { eachAfterTheOther, pictureFailures } from './support/suites.ts';
import * as tree from './support/tree.ts';
import { openWorkbench, THEMES, type Workbench } from './support/workbench.ts';

const STORY = `apiVersion: kubepad.dev/v1
kind: Scenario
metadata:
  name: tiny
title: A tiny story
steps:
  - name: cordon it
    cordon: worker-1
  - name: a while
    wait: 30s
expect:
  - object: node/worker-1
    fields:
      spec.unschedulable: false
`;

/** A story in the Testing view: run, with what was seen at the line that does not hold, and step by step in the debugger. */
describe('scenarios', () => {
  eachAfterTheOther();
  let workbench: Workbench;
  let page: Page;
  let view: Frame;

  before(async () => {
    workbench = await openWorkbench({ name: 'e2e-scenario' });
    ({ page } = workbench);
    writeFileSync(join(workbench.workspace, 'tiny.k8stest.yaml'), STORY);
  });
  after(() => workbench.close());
  pictureFailures(() => workbench);

  const inThemes = async (name: string): Promise<void> => {
    for (const theme of THEMES) {
      await workbench.setTheme(theme);
      await workbench.screenshot(`${name}-${theme}`);
    }
  };

  it('fail at the line that does not hold, with what was seen', async () => {
    await page.keyboard.press('Control+P');
    await page.locator('.quick-input-widget input').first().fill('tiny.k8stest.yaml');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'tiny.k8stest.yaml' }).first().click();
    await page.locator('.tab.active', { hasText: 'tiny.k8stest.yaml' }).waitFor();
    // The story is known when its sign stands beside it.
    await page.locator('.testing-run-glyph').first().waitFor();
    await workbench.runCommand('Test: Run Tests in Current File');
    const seen = 'spec.unschedulable of node/worker-1 should be false, but was true';
    await page.getByText(seen).first().waitFor({ timeout: 60_000 });
    await page.locator('.view-line', { hasText: 'spec.unschedulable' }).first().waitFor();
    await inThemes('scenario-failed');
  });

  it('stand before each step in the debugger, with their cluster in the tree', async () => {
    view = await tree.openTree(workbench);
    await page.locator('.tab', { hasText: 'tiny.k8stest.yaml' }).first().click();
    await workbench.runCommand('Test: Debug Tests in Current File');
    await page.locator('.debug-toolbar').waitFor({ timeout: 60_000 });
    view = await tree.openTree(workbench);
    await view.getByText(/A scenario.s cluster/).waitFor();
    await page.locator('.debug-top-stack-frame-line, .debug-stackframe-glyph, .codicon-debug-stackframe').first().waitFor();
    await inThemes('scenario-paused');
    await workbench.runCommand('Debug: Step Over');
    await tree.untilRows(view, 'a cordoned node', (rows) => rows.some((row) => /^worker-1, Node, .*SchedulingDisabled/.test(row)));
    await workbench.runCommand('Debug: Continue');
    await page.locator('.debug-toolbar').waitFor({ state: 'hidden', timeout: 60_000 });
    await view.getByText(/A scenario.s cluster/).waitFor({ state: 'detached' });
    await tree.untilRows(view, 'the own node', (rows) =>
      rows.some((row) => row.startsWith('worker-1, Node') && !row.includes('SchedulingDisabled')),
    );
  });
});
