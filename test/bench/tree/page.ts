// The Cluster view in a real browser: the real bundle and page, the real projection in frames as the worker sends them;
// between them a socket in place of VS Code's own.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { WebSocketServer, type WebSocket } from 'ws';
import { Pace } from '../../../src/host/projection/pace.ts';
import { Views } from '../../../src/host/projection/views.ts';
import type { ViewQuery } from '../../../src/host/protocol/view.ts';
import type { Store } from '../../../src/apiserver/storage/store.ts';
import { ORIGIN, serve } from '../../unit/webview/support/page.ts';

export interface TreePage {
  readonly page: Page;
  /** What crossed to the page since the last call, bytes. */
  takeBytes(): number;
  /** CPU time of the projection for each message since the last call, milliseconds. */
  takeFlushes(): readonly number[];
  close(): Promise<void>;
}

export interface TreePageOptions {
  readonly browser: Browser;
  readonly store: Store;
  /** What the page finds as its kept state. */
  readonly kept: object;
}

export async function openTreePage({ browser, store, kept }: TreePageOptions): Promise<TreePage> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sockets = new WebSocketServer({ server });
  let socket: WebSocket | undefined;
  let bytes = 0;
  let flushes: number[] = [];
  const post = (message: object): void => {
    const text = JSON.stringify(message);
    bytes += Buffer.byteLength(text);
    socket?.send(text);
  };
  const pace = new Pace();
  const flush = (): void => {
    pace.begin(performance.now());
    const before = process.threadCpuUsage();
    views.flush();
    const { user, system } = process.threadCpuUsage(before);
    flushes.push((user + system) / 1000);
  };
  const views = new Views({
    source: store,
    send: (_, diff) => {
      pace.sent(JSON.stringify(diff).length, performance.now());
      post({ type: 'diff', diff });
    },
    schedule: () => setTimeout(flush, pace.wait(performance.now())),
  });
  const subscription = store.onRevision((entry) => views.revision(entry));
  sockets.on('connection', (opened) => {
    socket = opened;
    opened.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as { readonly type: string; readonly query?: ViewQuery };
      if (message.type === 'ready') {
        post({ type: 'cluster', name: 'large', version: 'v1.36.3' });
        post({ type: 'clock', clock: { now: 60_000, start: 0, paused: false, speed: 1, running: false, stable: false } });
      } else if (message.query !== undefined) views.query('v', message.query);
    });
  });
  const page = await browser.newPage({ viewport: { width: 360, height: 900 }, bypassCSP: true });
  await page.addInitScript(pageScript((server.address() as AddressInfo).port, kept));
  await serve(page, 'cluster', 'dark');
  await page.goto(`${ORIGIN}/`);
  await page.locator('[role="treeitem"]').first().waitFor();
  return {
    page,
    takeBytes() {
      const taken = bytes;
      bytes = 0;
      return taken;
    },
    takeFlushes() {
      const taken = flushes;
      flushes = [];
      return taken;
    },
    async close() {
      subscription.dispose();
      views.close('v');
      await page.close();
      sockets.close();
      server.close();
    },
  };
}

function pageScript(port: number, kept: object): string {
  return `
    const socket = new WebSocket('ws://127.0.0.1:${port}');
    const open = new Promise((resolve) => socket.addEventListener('open', resolve));
    socket.addEventListener('message', (event) => postMessage(JSON.parse(event.data), '*'));
    globalThis.acquireVsCodeApi = () => ({
      postMessage: (message) => void open.then(() => socket.send(JSON.stringify(message))),
      getState: () => (${JSON.stringify(kept)}),
      setState() {},
    });`;
}
