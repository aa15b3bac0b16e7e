/**
 * When forecasts are made: for open documents on request and one at a time, in slices between which requests and the clock get their turn.
 * Invariant: of two questions about a document the newer one counts; an answer is kept as long as text and cluster get nothing from outside.
 * Counterpart: none in Kubernetes.
 */
import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc';
import type { Revision } from '../../../apiserver/storage/revision.ts';
import type { Disposable } from '../../../base/lifecycle.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import type { Judge } from '../../../manifest/judge.ts';
import { forecastRequests, tellOfForecasts, type Forecast, type ForecastParams, type ForecastSummary } from '../../protocol/forecast.ts';
import { SLICE_MS } from '../../driver.ts';
import type { Dependant } from '../references.ts';
import type { Session } from '../session.ts';
import type { Companion } from './companions.ts';
import { forecastOf, summaryOf } from './forecast.ts';
import { lookAhead, type RunContext } from './run.ts';

export interface ForecasterOptions {
  readonly session: () => Pick<Session, 'cluster' | 'driver'>;
  readonly judge: Judge;
  /** Of an open document; undefined: it is not open, or no manifest that can be read. */
  readonly textOf: (uri: string) => string | undefined;
  /** What an open document needs that other files have and the cluster has not. */
  readonly companions: (uri: string, namespace: string) => readonly Companion[];
  readonly changed: (uris: readonly string[]) => void;
}

/** While a person types, and when he asks for the whole story: events, of which a second of work has some twenty thousand. */
const BUDGET_OF_DOCUMENT = 100_000;
const BUDGET_OF_PREVIEW = 1_000_000;
/** The cluster got something: no faster than a person reads, milliseconds. */
const PAUSE_MS = 1_000;

interface Asked {
  readonly namespace: string;
  /** The answer, and what it is an answer to. */
  readonly text: string;
  readonly inputs: number;
  readonly beside: string;
  readonly summary: ForecastSummary;
}

export class Forecaster {
  private readonly options: ForecasterOptions;
  private readonly asked = new Map<string, Asked>();
  private readonly newest = new Map<string, number>();
  private questions = 0;
  /** How often the cluster got something from outside. */
  private inputs = 0;
  private queue: Promise<unknown> = Promise.resolve();
  private subscription: Disposable | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: ForecasterOptions) {
    this.options = options;
  }

  /** Listens to the cluster that is there now. */
  attach(): void {
    this.subscription?.dispose();
    const { cluster } = this.options.session();
    this.subscription = cluster.api.store.onRevision((revision) => {
      if (isInput(cluster, revision)) this.gotInput();
    });
    this.gotInput();
  }

  /** Of an open document, as it is when its turn comes; null: not open, unreadable, cancelled or outrun by a newer question. */
  async document(uri: string, namespace: string, token: CancellationToken): Promise<ForecastSummary | null> {
    const question = ++this.questions;
    this.newest.set(uri, question);
    const isOutrun = (): boolean => token.isCancellationRequested || this.newest.get(uri) !== question;
    const text = this.options.textOf(uri);
    if (text === undefined) {
      this.asked.delete(uri);
      return null;
    }
    const known = this.asked.get(uri);
    const companions = this.options.companions(uri, namespace);
    const beside = JSON.stringify(companions);
    const isSame = known?.text === text && known.namespace === namespace && known.inputs === this.inputs && known.beside === beside;
    if (isSame) return known.summary;
    const { inputs } = this;
    const params: ForecastParams = { files: [{ uri, text }], namespace };
    const summary = await this.inTurn(async () => {
      if (isOutrun()) return undefined;
      const run = await lookAhead(this.context(token, isOutrun, BUDGET_OF_DOCUMENT), params, companions);
      return run === undefined ? undefined : summaryOf(run, params, companions);
    });
    if (summary === undefined || isOutrun()) return null;
    this.asked.set(uri, { namespace, text, inputs, beside, summary });
    return summary;
  }

  async preview(params: ForecastParams, token: CancellationToken): Promise<Forecast | null> {
    const forecast = await this.inTurn(async () => {
      const context = this.context(token, () => token.isCancellationRequested, BUDGET_OF_PREVIEW);
      const run = await lookAhead(context, params);
      return run === undefined ? undefined : forecastOf(run, params, context);
    });
    return forecast ?? null;
  }

  /** Other files of the workspace have changed. */
  lookAround(): void {
    const { companions, changed } = this.options;
    const others = [...this.asked].filter(([uri, { namespace, beside }]) => JSON.stringify(companions(uri, namespace)) !== beside);
    if (others.length > 0) changed(others.map(([uri]) => uri));
  }

  close(uri: string): void {
    this.asked.delete(uri);
    this.newest.delete(uri);
  }

  private context(token: CancellationToken, isOutrun: () => boolean, budget: number): RunContext {
    const { session, judge } = this.options;
    const { cluster, driver } = session();
    driver.sync();
    let end = performance.now() + SLICE_MS;
    return {
      cluster,
      judge,
      budget,
      token: {
        get isCancellationRequested() {
          return isOutrun();
        },
        onCancellationRequested: token.onCancellationRequested,
      },
      expired: () => performance.now() >= end,
      turn: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        end = performance.now() + SLICE_MS;
      },
    };
  }

  /** Two at a time would only make both later. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => undefined);
    return done;
  }

  private gotInput(): void {
    this.inputs++;
    if (this.asked.size === 0) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.options.changed([...this.asked.keys()]);
    }, PAUSE_MS);
  }
}

/** What the cluster writes itself is what a forecast has foreseen; that the clock goes on changes nothing. */
function isInput({ simulation }: Cluster, { resource }: Revision): boolean {
  return !simulation.dispatching && resource !== 'clocks.kubepad.dev';
}

/** @param isOff nothing is to be said of documents now: they are for another cluster */
export function handleForecastRequests(connection: MessageConnection, forecaster: Forecaster, isOff: () => boolean): void {
  connection.onRequest(forecastRequests.document, ({ uri, namespace }, token) =>
    isOff() ? null : forecaster.document(uri, namespace, token),
  );
  connection.onRequest(forecastRequests.preview, (params, token) => forecaster.preview(params, token));
}

export function tellChanged(connection: MessageConnection): (uris: readonly string[]) => void {
  return (uris) => void connection.sendNotification(tellOfForecasts.changed, { uris });
}

/** Told by whoever follows the files of the workspace. */
export function besides(forecaster: Forecaster): Dependant {
  return {
    changed: () => {
      forecaster.lookAround();
      return [];
    },
    close: () => undefined,
  };
}
