/**
 * Asks about a file when nobody has typed in it for a while.
 * Invariant: a newer question about a file cancels the one before; what goes wrong is told and nothing else ends by it. Counterpart: none.
 */
import type { CancellationToken } from 'vscode-jsonrpc';

interface Pending {
  readonly timer: NodeJS.Timeout;
  readonly stop: AbortController;
}

export class AfterPause {
  private readonly pauseMs: number;
  private readonly ask: (uri: string, signal: AbortSignal) => Promise<void>;
  private readonly failed: (uri: string, error: unknown) => void;
  private readonly pending = new Map<string, Pending>();

  constructor(
    pauseMs: number,
    ask: (uri: string, signal: AbortSignal) => Promise<void>,
    failed: (uri: string, error: unknown) => void = () => undefined,
  ) {
    this.pauseMs = pauseMs;
    this.ask = ask;
    this.failed = failed;
  }

  schedule(uri: string): void {
    this.cancel(uri);
    const stop = new AbortController();
    const timer = setTimeout(() => {
      this.ask(uri, stop.signal)
        .catch((error: unknown) => {
          if (!stop.signal.aborted) this.failed(uri, error);
        })
        .finally(() => {
          if (this.pending.get(uri)?.stop === stop) this.pending.delete(uri);
        });
    }, this.pauseMs);
    this.pending.set(uri, { timer, stop });
  }

  cancel(uri: string): void {
    const found = this.pending.get(uri);
    if (found === undefined) return;
    clearTimeout(found.timer);
    found.stop.abort();
    this.pending.delete(uri);
  }

  dispose(): void {
    for (const uri of [...this.pending.keys()]) this.cancel(uri);
  }
}

/** The same stop, for those who ask for it rather than listen. */
export function tokenOf(signal: AbortSignal): CancellationToken {
  return {
    get isCancellationRequested() {
      return signal.aborted;
    },
    onCancellationRequested: (listener: (event: unknown) => unknown) => {
      const heard = (): void => void listener(undefined);
      signal.addEventListener('abort', heard, { once: true });
      return { dispose: () => signal.removeEventListener('abort', heard) };
    },
  };
}
