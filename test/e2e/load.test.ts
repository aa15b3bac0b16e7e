import type { Frame } from 'playwright-core';
import { chooseByMouse, expandFolder, explorerRow, showExplorer } from './support/explorer.ts';
import * as tree from './support/tree.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

/** A crowd comes and goes: Pods are added until the nodes are full, machines are added, and in the end Pods go. */
describe('load', function () {
  this.bail(true);
  let workbench: Workbench;
  let view: Frame;

  before(async () => {
    workbench = await openWorkbench({ name: 'e2e-load' });
    await workbench.setSidebarWidth(420);
  });
  after(() => workbench.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot(`failed-${this.currentTest.title.replaceAll(/\W+/g, '-')}`);
  });

  const withStatus = (rows: readonly string[], wanted: string): number =>
    tree.podsOf(rows, 'busy-').filter(({ status }) => status === wanted).length;

  async function apply(file: string): Promise<void> {
    await showExplorer(workbench.page);
    await chooseByMouse(workbench.page, explorerRow(workbench.page, file), 'Apply');
    view = await tree.openTree(workbench);
  }

  it('finds a component behind a Service, with two Pods', async () => {
    await showExplorer(workbench.page);
    await expandFolder(workbench.page, 'load');
    await apply('1-shop.yaml');
    await tree.untilRows(view, 'two Pods', (rows) => withStatus(rows, 'Running') === 2, 60_000);
  });

  it('adds Pods while it rises, until the nodes are full', async () => {
    await apply('2-load.yaml');
    await view.getByLabel('Clock speed').selectOption('60');
    await tree.untilRows(view, 'more Pods', (rows) => withStatus(rows, 'Running') > 6, 60_000);
    await tree.untilRows(view, 'Pods that wait', (rows) => withStatus(rows, 'Pending') > 0, 60_000);
    await workbench.screenshot('load-full-dark');
  });

  it('lets them run on new machines', async () => {
    await apply('3-more-nodes.yaml');
    await tree.untilRows(
      view,
      'no Pod that waits',
      (rows) => tree.podsOf(rows, 'busy-').length > 0 && withStatus(rows, 'Pending') === 0,
      60_000,
    );
    await workbench.screenshot('load-spread-dark');
  });

  it('takes them away when it has fallen', async () => {
    await tree.untilRows(view, 'few Pods', (rows) => rows.length > 0 && tree.podsOf(rows, 'busy-').length <= 8, 90_000);
    await workbench.screenshot('load-fallen-dark');
  });
});
