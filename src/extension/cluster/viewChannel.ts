/**
 * The way of one list between its page and the worker: queries go there, differences come back.
 * Invariant: every begin of a page and every fresh worker gets a new view id, so that its sequence starts at 1 again.
 */
import * as vscode from 'vscode';
import { viewBetween } from '../../host/protocol/choice.ts';
import { requests, tellWorker } from '../../host/protocol/protocol.ts';
import type { Row, ViewDiff, ViewId, ViewQuery } from '../../host/protocol/view.ts';
import type { WorkerHost } from '../host/workerHost.ts';

export class ViewChannel {
  private readonly host: WorkerHost;
  private readonly surface: string;
  private readonly subscriptions: vscode.Disposable;
  private generation = 0;
  private query: ViewQuery | undefined;

  constructor(host: WorkerHost, surface: string, send: (diff: ViewDiff) => void) {
    this.host = host;
    this.surface = surface;
    this.subscriptions = vscode.Disposable.from(
      host.onViewDiff(({ view, diff }) => {
        if (view === this.id && this.query !== undefined) send(diff);
      }),
      host.onDidStart(() => {
        this.generation++;
        if (this.query !== undefined) this.ask(this.query);
      }),
    );
  }

  /** Forgets the list: the page begins a new one. */
  begin(): void {
    this.end();
    this.generation++;
  }

  ask(query: ViewQuery): void {
    this.query = query;
    this.host.notify(tellWorker.viewQuery, { view: this.id, query });
  }

  /** The page is hidden or gone; the worker need not look after its rows. */
  end(): void {
    if (this.query !== undefined) this.host.notify(tellWorker.viewClose, { view: this.id });
    this.query = undefined;
  }

  async locate(key: string): Promise<number | undefined> {
    return (await this.host.request(requests.viewLocate, { view: this.id, key })) ?? undefined;
  }

  async between(from: string, to: string | undefined): Promise<readonly Row[]> {
    return this.host.request(viewBetween, { view: this.id, from, to: to ?? null });
  }

  async find(prefix: string, after: number): Promise<{ readonly index: number | undefined; readonly key: string }> {
    return (await this.host.request(requests.viewFind, { view: this.id, prefix, after })) ?? { index: undefined, key: '' };
  }

  dispose(): void {
    this.end();
    this.subscriptions.dispose();
  }

  private get id(): ViewId {
    return `${this.surface}-${this.generation}`;
  }
}
