// The tree at full scale while 1,000 writes a second come in: what a frame costs the page and what crosses to it, by what
// a person does and how the Pods are grouped.

import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../../scripts/browser.ts';
import type { GroupBy } from '../../../src/host/protocol/view.ts';
import { LargeCluster } from './cluster.ts';
import { CATEGORIES, readTrace, type Trace } from './frames.ts';
import { openTreePage, type TreePage } from './page.ts';

export interface Scene extends Trace {
  readonly groupBy: GroupBy;
  readonly act: Act;
  readonly bytesPerSecond: number;
  /** The most CPU time of the projection for one message, milliseconds. */
  readonly flushMs: number;
  readonly changes: number;
}

export type Act = (typeof ACTS)[number];

const GROUPS: readonly GroupBy[] = ['node', 'workload', 'namespace'];
/** `hot`: every write is about a Pod on the screen. */
const ACTS = ['top', 'scroll', 'filter', 'hot'] as const;
const CHANGES_PER_SECOND = 1_000;
const SCENE_MS = 3_000;
const TICK_MS = 4;

export async function measureTree(): Promise<readonly Scene[]> {
  const cluster = new LargeCluster();
  const { browser } = await launchBrowser();
  try {
    const scenes: Scene[] = [];
    for (const groupBy of GROUPS) for (const act of ACTS) scenes.push(await measureScene(browser, cluster, groupBy, act));
    return scenes;
  } finally {
    await browser.close();
  }
}

async function measureScene(browser: Browser, cluster: LargeCluster, groupBy: GroupBy, act: Act): Promise<Scene> {
  const filter = act === 'filter' ? 'tier=front status:running' : '';
  const opened = await openTreePage({ browser, store: cluster.store, kept: { filter, groupBy, groupsOpen: true, toggled: [] } });
  const { page } = opened;
  await page.getByRole('tree').hover();
  const among = act === 'hot' ? await podsOnScreen(opened, cluster) : undefined;
  await browser.startTracing(page, { categories: [...CATEGORIES] });
  opened.takeBytes();
  opened.takeFlushes();
  const start = performance.now();
  let changes = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - start) * CHANGES_PER_SECOND) / 1000);
    for (; changes < due; changes++) cluster.change(among);
  }, TICK_MS);
  if (act === 'scroll') await scroll(opened, start + SCENE_MS);
  else await page.waitForTimeout(SCENE_MS);
  clearInterval(timer);
  const seconds = (performance.now() - start) / 1000;
  const trace = readTrace((await browser.stopTracing()).toString());
  const bytesPerSecond = opened.takeBytes() / seconds;
  const flushMs = Math.max(0, ...opened.takeFlushes());
  await opened.close();
  return { groupBy, act, ...trace, bytesPerSecond, flushMs, changes };
}

/** A turn of the wheel in every frame, as from a finger that does not leave it. */
async function scroll({ page }: TreePage, until: number): Promise<void> {
  while (performance.now() < until) {
    await page.mouse.wheel(0, 88);
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))');
  }
}

async function podsOnScreen({ page }: TreePage, cluster: LargeCluster): Promise<readonly number[]> {
  const labels = await page.locator('[role="treeitem"] > .label').allTextContents();
  const numbers = labels.map((label) => cluster.numberOf(label.trim().split(',', 1)[0] ?? '')).filter((n) => n !== undefined);
  if (numbers.length === 0) throw new Error('no Pod is on the screen');
  return numbers;
}
