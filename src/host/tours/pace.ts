/**
 * How fast virtual time goes while a person looks on: slowly where Pods change, fast where nothing happens.
 * Invariant: what happens does not depend on the pace, only when it is seen. Counterpart: none in Kubernetes.
 */

/** Virtual seconds a real second, after a change. */
const SLOW = 4;
/** By how much it grows in each real second without a change: after three quiet seconds a minute a second. */
const GROWTH = 4;
/** Nobody looks on longer than that: the rest goes as fast as the machine can. Milliseconds. */
const LONGEST_MS = 14_000;

export class Pace {
  private readonly beganAt: number;
  private virtualMs: number;
  private realMs: number;
  private changedAt: number;
  private isHurried = false;

  /** @param realMs a clock of the host @param virtualMs where the cluster is */
  constructor(realMs: number, virtualMs: number) {
    this.beganAt = realMs;
    this.realMs = realMs;
    this.changedAt = realMs;
    this.virtualMs = virtualMs;
  }

  /** Something happened that is worth seeing. */
  changed(realMs: number): void {
    this.changedAt = realMs;
  }

  hurry(): void {
    this.isHurried = true;
  }

  /** How far the cluster may be by now, virtual milliseconds; infinite: as far as it gets. */
  reach(realMs: number): number {
    if (this.isHurried || realMs - this.beganAt > LONGEST_MS) return Infinity;
    const quiet = Math.max(0, realMs - this.changedAt) / 1000;
    this.virtualMs += (realMs - this.realMs) * SLOW * GROWTH ** quiet;
    this.realMs = realMs;
    return this.virtualMs;
  }
}
