// A view of the sidebar in a browser, without VS Code: the real bundle, the real page, the real projection; only the
// messages between them are carried by the test instead of the extension.

import type { Browser, Page } from 'playwright-core';
import { Views } from '../../../../src/host/projection/views.ts';
import type { ClockState, ViewQuery } from '../../../../src/host/protocol/view.ts';
import type { Store } from '../../../../src/apiserver/storage/store.ts';
import { ORIGIN, serve } from './page.ts';
import { NOW, START } from './sampleCluster.ts';
import type { Theme } from './themes.ts';

export type Surface = 'cluster' | 'events';

export interface SidebarPage {
  readonly page: Page;
  /** What the page sent, apart from `ready` and `query`. */
  readonly sent: readonly { readonly type: string }[];
  /** Errors of the page, violations of its security policy among them. */
  readonly errors: readonly string[];
  post(message: object): Promise<void>;
}

export interface SidebarOptions {
  readonly theme: Theme;
  readonly width: number;
  readonly height?: number;
}

const clock: ClockState = { now: NOW, start: START, paused: true, speed: 10, running: false, stable: false };

export async function openSidebar(browser: Browser, surface: Surface, store: Store, options: SidebarOptions): Promise<SidebarPage> {
  const page = await browser.newPage({ viewport: { width: options.width, height: options.height ?? 640 } });
  const sent: { type: string }[] = [];
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  const post = (message: object): Promise<void> => page.evaluate(`postMessage(${JSON.stringify(message)}, '*')`);
  const views = new Views({
    source: store,
    send: (_, diff) => void post({ type: 'diff', diff }),
    schedule: () => queueMicrotask(() => views.flush()),
  });
  store.onRevision((entry) => views.revision(entry));
  const receive = (message: {
    type: string;
    query?: ViewQuery;
    key?: string;
    prefix?: string;
    after?: number;
    from?: string;
    to?: string;
  }): void => {
    if (message.type === 'ready') {
      views.close('v');
      if (surface === 'cluster') void post({ type: 'cluster', name: 'default', version: 'v1.36.3' });
      void post({ type: 'clock', clock });
    } else if (message.type === 'query' && message.query !== undefined) views.query('v', message.query);
    else if (message.type === 'locate') void post({ type: 'located', key: message.key, index: views.locate('v', message.key ?? '') });
    else if (message.type === 'choose') void post({ type: 'chosen', rows: views.between('v', message.from ?? '', message.to) });
    else if (message.type === 'find') void post({ type: 'located', key: '', ...views.find('v', message.prefix ?? '', message.after ?? 0) });
    else sent.push(message);
  };
  await page.exposeFunction('toExtension', receive);
  await page.addInitScript('globalThis.acquireVsCodeApi = () => ({ postMessage: toExtension, getState() {}, setState() {} })');
  await serve(page, surface, options.theme);
  await page.goto(`${ORIGIN}/`);
  await page.locator('[data-index], .footer-part p').first().waitFor();
  return { page, sent, errors, post };
}
