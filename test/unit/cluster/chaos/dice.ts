import { RandomStream } from '../../../../src/sim/random.ts';

/** Chance with the questions that acts ask. */
export class Dice {
  private readonly stream: RandomStream;

  constructor(seed: string) {
    this.stream = new RandomStream(seed);
  }

  /** From 0 to below the limit. */
  int(limit: number): number {
    return this.stream.int(limit);
  }

  between(least: number, most: number): number {
    return least + this.stream.int(most - least + 1);
  }

  /** True once in so many times. */
  once(times: number): boolean {
    return this.stream.int(times) === 0;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.stream.int(list.length)] as T;
  }

  /** The same numbers again, for a twin that does the same. */
  twin(): Dice {
    const dice = new Dice('');
    dice.stream.restore(this.stream.checkpoint());
    return dice;
  }
}
