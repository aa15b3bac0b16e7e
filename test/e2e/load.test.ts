import type { Frame } from 'playwright-core';
import { chooseByMouse, expandFolder, explorerRow, showExplorer } from './support/explorer.ts';
import { eachAfterTheOther, pictureFailures } from './support/suites.ts';
import * as tree from './support/tree.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

/** A crowd comes and goes: Pods are added until the nodes are full, machines are added, and in the end Pods go. */
describe('load', () => {
  eachAfterTheOther();
  let workbench: Workbench;
  let view: Frame;

  before(async () => {
    workbench = await openWorkbench({ name: 'e2e-load' });
    await workbench.setSidebarWidth(420);
  });
  after(() => workbench.close());
  pictureFailures(() => workbench);

  /** What stands at the head of the view: `24 running`, `3 pending`. */
  async function untilSums(what: string, enough: (running: number, pending: number) => boolean): Promise<void> {
    const deadline = Date.now() + 90_000;
    for (;;) {
      const text = (await view.locator('body').innerText()).replaceAll(/\s+/g, ' ');
      const numberOf = (word: string): number => Number(new RegExp(`(\\d+) ${word}`).exec(text)?.[1] ?? 0);
      if (enough(numberOf('running'), numberOf('pending'))) return;
      if (Date.now() > deadline) throw new Error(`${what}: did not come; the view says ${text.slice(0, 200)}`);
      await view.page().waitForTimeout(50);
    }
  }

  async function apply(file: string): Promise<void> {
    await showExplorer(workbench.page);
    await chooseByMouse(workbench.page, explorerRow(workbench.page, file), 'Apply');
    view = await tree.openTree(workbench);
  }

  it('finds a component behind a Service, with two Pods', async () => {
    await showExplorer(workbench.page);
    await expandFolder(workbench.page, 'load');
    await apply('1-shop.yaml');
    await untilSums('two Pods', (running, pending) => running === 2 && pending === 0);
  });

  it('adds Pods while it rises, until the nodes are full', async () => {
    await apply('2-load.yaml');
    await view.getByLabel('Clock speed').selectOption('60');
    // Three machines of 4 CPU have room for 24 Pods of half a CPU.
    await untilSums('Pods that wait', (running, pending) => running === 24 && pending > 0);
    await view.getByLabel('Clock speed').selectOption('10');
    await workbench.screenshot('load-full-dark');
  });

  it('lets them run on new machines', async () => {
    await apply('3-more-nodes.yaml');
    await untilSums('no Pod that waits', (running, pending) => running > 24 && pending === 0);
    await workbench.screenshot('load-spread-dark');
  });

  it('takes them away when it has fallen', async () => {
    await view.getByLabel('Clock speed').selectOption('60');
    await untilSums('few Pods', (running) => running > 0 && running <= 8);
    await workbench.screenshot('load-fallen-dark');
  });
});
