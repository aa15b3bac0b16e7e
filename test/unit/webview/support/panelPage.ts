// An editor panel in a browser, without VS Code: the real page told by the real panels of a real cluster; only the messages between
// them are carried by the test.

import type { Browser, Page } from 'playwright-core';
import type { PanelQuery } from '../../../../src/host/panels/model.ts';
import { Panels, type PanelSource } from '../../../../src/host/panels/panels.ts';
import type { ClockState } from '../../../../src/host/protocol/view.ts';
import { ORIGIN, serve } from './page.ts';
import type { Theme } from './themes.ts';

export interface PanelPage {
  readonly page: Page;
  /** Commands that the page sent. */
  readonly sent: readonly object[];
  /** What the page asks for now. */
  readonly query: () => PanelQuery;
  /** Errors of the page, violations of its security policy among them. */
  readonly errors: readonly string[];
  /** The cluster has gone on. */
  readonly advanced: (clock?: Partial<ClockState>) => Promise<void>;
}

export interface PanelPageOptions<Q extends PanelQuery> {
  readonly query: Q;
  readonly source: PanelSource<Q>;
  readonly theme: Theme;
  readonly width: number;
  readonly height: number;
  readonly reducedMotion?: boolean;
  readonly clock: ClockState;
}

export async function openPanelPage<Q extends PanelQuery>(browser: Browser, options: PanelPageOptions<Q>): Promise<PanelPage> {
  const { theme, width, height, source, reducedMotion = false } = options;
  const page = await browser.newPage({
    viewport: { width, height },
    ...(reducedMotion ? { reducedMotion: 'reduce' as const } : {}),
  });
  const sent: object[] = [];
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  const post = (message: object): Promise<void> => page.evaluate(`postMessage(${JSON.stringify(message)}, '*')`);
  let { query } = options as { query: PanelQuery };
  const panels = new Panels({
    // The page asks for one surface only.
    sources: { [query.surface]: source } as never,
    send: (_, change) => void post({ type: 'change', change }),
    schedule: () => queueMicrotask(() => panels.flush()),
  });
  const receive = (message: { type: string; query?: PanelQuery; command?: object }): void => {
    if (message.type === 'ready') {
      void post({ type: 'query', query });
      void post({ type: 'clock', clock: options.clock });
      void post({ type: 'state', state: 'running', message: '' });
      panels.close('p');
      panels.query('p', query);
    } else if (message.type === 'query' && message.query !== undefined) {
      query = message.query;
      panels.query('p', query);
    } else if (message.command !== undefined) sent.push(message.command);
  };
  await page.exposeFunction('toExtension', receive);
  await page.addInitScript('globalThis.acquireVsCodeApi = () => ({ postMessage: toExtension, getState() {}, setState() {} })');
  await serve(page, query.surface, theme);
  await page.goto(`${ORIGIN}/`);
  await page.locator('.panel h1').waitFor();
  return {
    page,
    sent,
    errors,
    query: () => query,
    async advanced(clock = {}) {
      await post({ type: 'clock', clock: { ...options.clock, ...clock } });
      panels.advanced();
      panels.flush();
    },
  };
}
