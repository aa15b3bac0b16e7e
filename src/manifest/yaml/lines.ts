import type { Position, Range } from '../model.ts';

/** Turns offsets of one text into lines and characters. */
export class Lines {
  private readonly starts: readonly number[];
  private readonly text: string;
  private readonly firstLine: number;

  /** @param firstLine the line of the file on which the text begins */
  constructor(text: string, firstLine = 0) {
    const starts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.starts = starts;
    this.text = text;
    this.firstLine = firstLine;
  }

  position(offset: number): Position {
    const { starts } = this;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + this.firstLine, character: offset - (starts[low] ?? 0) };
  }

  offset(position: Position): number {
    const start = this.starts[position.line - this.firstLine];
    if (start === undefined) return position.line < this.firstLine ? 0 : this.text.length;
    return Math.min(start + position.character, this.lineEnd(start));
  }

  range(start: number, end: number): Range {
    return { start: this.position(start), end: this.position(end) };
  }

  /** The line around an offset, without its line break. */
  lineAt(offset: number): { readonly start: number; readonly text: string } {
    const { line } = this.position(offset);
    const start = this.starts[line - this.firstLine] ?? 0;
    return { start, text: this.text.slice(start, this.lineEnd(start)) };
  }

  private lineEnd(start: number): number {
    const newline = this.text.indexOf('\n', start);
    if (newline < 0) return this.text.length;
    return this.text[newline - 1] === '\r' ? newline - 1 : newline;
  }
}

export function contains(range: Range, position: Position): boolean {
  return compare(range.start, position) <= 0 && compare(position, range.end) <= 0;
}

export function compare(a: Position, b: Position): number {
  return a.line - b.line || a.character - b.character;
}
