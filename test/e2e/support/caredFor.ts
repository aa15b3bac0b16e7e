// The sample that many suites begin with: a Deployment of three Pods, `cared-for-…`.

import type { Frame } from 'playwright-core';
import { chooseByMouse, expandFolder, explorerRow, showExplorer } from './explorer.ts';
import { openTree, podsOf, untilRows } from './tree.ts';
import type { Workbench } from './workbench.ts';

/** Applies it by mouse once all four nodes are ready, and waits until its Pods are. */
export async function applyCaredFor(workbench: Workbench): Promise<{ readonly view: Frame; readonly rows: readonly string[] }> {
  const { page } = workbench;
  // Without a node that is ready the Pods would wait, and that would be the first cause of all.
  await (await openTree(workbench)).getByText('4/4').first().waitFor();
  await showExplorer(page);
  await expandFolder(page, 'bare-pod-and-deployment');
  await chooseByMouse(page, explorerRow(page, 'deployment.yaml'), 'Apply');
  const view = await openTree(workbench);
  const rows = await untilRows(
    view,
    'three Pods Running',
    (all) => podsOf(all, 'cared-for-').filter(({ ready }) => ready === '1/1').length === 3,
  );
  return { view, rows };
}
