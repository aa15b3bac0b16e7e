/**
 * When the lists on the screen are told what changed: the first change after a pause at once, more of them with the next
 * frame, and never more than the way to the screen can take.
 * Invariant: over any long time at most BYTES_PER_SECOND, whatever changes; a burst of BURST_BYTES goes at once.
 * Worked example: a full page of new rows, 30 KB, is sent at once; if every frame brought 5 KB (300 KB/s), frames would
 * come every 28 ms instead of 16, and what changed twice in between is told once.
 */

const FRAME_MS = 16;
const BYTES_PER_SECOND = 180_000;
const BURST_BYTES = 32_000;

export class Pace {
  private lastFrame = Number.NEGATIVE_INFINITY;
  private allowance = BURST_BYTES;
  private countedAt = 0;

  /** Milliseconds until the next frame may be sent. @param now milliseconds of any clock that only goes forward */
  wait(now: number): number {
    this.count(now);
    const debt = this.allowance < 0 ? (-this.allowance * 1000) / BYTES_PER_SECOND : 0;
    return Math.max(0, this.lastFrame + FRAME_MS - now, debt);
  }

  begin(now: number): void {
    this.lastFrame = now;
  }

  sent(bytes: number, now: number): void {
    this.count(now);
    this.allowance -= bytes;
  }

  private count(now: number): void {
    this.allowance = Math.min(BURST_BYTES, this.allowance + ((now - this.countedAt) * BYTES_PER_SECOND) / 1000);
    this.countedAt = now;
  }
}
