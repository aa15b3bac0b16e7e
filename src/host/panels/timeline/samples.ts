/** Values that change now and then, as the moments at which they did. */
export class Samples {
  private readonly width: number;
  private readonly ats: number[] = [];
  private readonly rows: (readonly number[])[] = [];

  constructor(width: number) {
    this.width = width;
  }

  /** @param at not before the last one */
  add(at: number, values: readonly number[]): void {
    if (this.ats.at(-1) === at) {
      this.rows[this.rows.length - 1] = values;
      return;
    }
    const last = this.rows.at(-1);
    if (last !== undefined && last.every((value, index) => value === values[index])) return;
    this.ats.push(at);
    this.rows.push(values);
  }

  /** What the values were at a moment; zeros before the first. */
  at(at: number): readonly number[] {
    return this.rows[countUpTo(this.ats, at) - 1] ?? Array.from({ length: this.width }, () => 0);
  }

  /**
   * The same of counters that are told now and then: each rise is spread over the time since the telling before it.
   * After the last telling the same goes on for as long, so that the end is no gap. @param most of a rise's time, as a counter that rests is not told
   */
  along(at: number, most: number): readonly number[] {
    const last = countUpTo(this.ats, at) - 1;
    const isAfter = last + 1 === this.ats.length;
    const to = isAfter ? last : last + 1;
    const end = this.ats[to];
    const after = this.rows[to];
    if (end === undefined || after === undefined) return this.at(at);
    const length = Math.min(most, end - (this.ats[to - 1] ?? -Infinity));
    const share = Math.min(isAfter ? 2 : 1, Math.max(0, (at - end + length) / length));
    return after.map((value, index) => {
      const before = this.rows[to - 1]?.[index] ?? 0;
      return before + share * (value - before);
    });
  }
}

/** How many of the ascending numbers are at most so large. */
export function countUpTo(numbers: readonly number[], most: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) <= most) low = middle + 1;
    else high = middle;
  }
  return low;
}
