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
