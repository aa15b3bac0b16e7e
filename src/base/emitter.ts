import { toDisposable, type Disposable } from './lifecycle.ts';

/** Subscribes a listener; the returned Disposable ends the subscription. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** A synchronous source of events. Listeners are called in the order of subscription. */
export class Emitter<T> {
  private readonly listeners = new Set<(value: T) => void>();

  readonly event: Event<T> = (listener) => {
    const own = (value: T): void => listener(value);
    this.listeners.add(own);
    return toDisposable(() => this.listeners.delete(own));
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }

  get hasListeners(): boolean {
    return this.listeners.size > 0;
  }
}
