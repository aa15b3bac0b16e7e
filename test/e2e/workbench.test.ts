import assert from 'node:assert/strict';
import { activityBarItem, openWorkbench, type Workbench } from './support/workbench.ts';

describe('the workbench', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await openWorkbench({ name: 'e2e-workbench' });
  });
  after(() => workbench.close());

  it('shows the Kubepad icon in the activity bar, in dark and light', async () => {
    const item = activityBarItem(workbench.page, 'Kubepad');
    await item.click();
    await workbench.page.locator('.sidebar .composite.title', { hasText: 'Kubepad' }).waitFor();
    await workbench.screenshot('workbench-dark');
    await workbench.setTheme('light');
    await workbench.screenshot('workbench-light');
    assert.ok(await item.isVisible());
  });
});
