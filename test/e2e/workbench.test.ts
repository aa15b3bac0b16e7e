import assert from 'node:assert/strict';
import { openTree, treeRow } from './support/tree.ts';
import { activityBarItem, openWorkbench, type Workbench } from './support/workbench.ts';

describe('the workbench', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await openWorkbench({ name: 'e2e-workbench' });
  });
  after(() => workbench.close());

  it('shows the cluster behind the Kubepad icon in the activity bar, in dark and light', async () => {
    const item = activityBarItem(workbench.page, 'Kubepad');
    await item.click();
    const tree = await openTree(workbench);
    for (const node of ['control-plane-1', 'worker-1', 'worker-2', 'worker-3']) await treeRow(tree, node).waitFor();
    await workbench.screenshot('workbench-dark');
    await workbench.setTheme('light');
    await workbench.screenshot('workbench-light');
    assert.ok(await item.isVisible());
  });
});
