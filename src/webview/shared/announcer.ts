/**
 * What a screen reader is told without being asked.
 * Invariant: at most one sentence per quiet time, and only the last state counts; a burst of changes is one sentence.
 */

const QUIET_MS = 2000;

export class Announcer {
  private readonly region: HTMLElement;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(region: HTMLElement) {
    this.region = region;
  }

  /** @param text called when the quiet time is over; empty: nothing is to be said */
  later(text: () => string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const sentence = text();
      if (sentence !== '') this.region.textContent = sentence;
    }, QUIET_MS);
  }

  now(text: string): void {
    this.region.textContent = text;
  }
}
