/**
 * The cluster's time between two messages: what the last message said, carried on at the clock's speed.
 * Invariant: never runs ahead of a paused clock and never jumps back by less than the correction is worth seeing.
 */
import type { ClockState } from '../../host/protocol/view.ts';

/** A correction below this is waited out (the shown time stands still), so that the seconds never count backwards. */
const PATIENCE_REAL_MS = 1500;

export class VirtualClock {
  private state: ClockState | undefined;
  private receivedAt = 0;
  private shown = 0;

  get current(): ClockState | undefined {
    return this.state;
  }

  /** Whether `now` changes by itself. */
  get ticking(): boolean {
    return this.state !== undefined && this.state.past === undefined && !this.state.paused && this.state.speed !== 'max';
  }

  /** @param realMs any clock that only goes forward, such as `performance.now()` */
  receive(state: ClockState, realMs: number): void {
    const another = this.state?.start !== state.start;
    this.state = state;
    this.receivedAt = realMs;
    const speed = state.speed === 'max' ? 0 : state.speed;
    if (another || state.paused || this.shown - state.now > PATIENCE_REAL_MS * speed) this.shown = state.now;
  }

  /** Virtual milliseconds since 1970; 0 before the first message. */
  now(realMs: number): number {
    const { state } = this;
    if (state === undefined) return 0;
    // Ages and times of the past are those of then.
    if (state.past !== undefined) return state.past.at;
    const speed = state.paused || state.speed === 'max' ? 0 : state.speed;
    this.shown = Math.max(this.shown, state.now + Math.max(0, realMs - this.receivedAt) * speed);
    return this.shown;
  }

  get start(): number {
    return this.state?.start ?? 0;
  }
}
