import { Lines } from '../yaml/lines.ts';
import type { Position } from '../model.ts';
import { alignLines } from './align.ts';
import { originOf, readMarks, type Mark, type Marked, type Origin } from './marks.ts';

/** From places of a rendered file to the templates that made it. */
export class RenderedMap {
  private readonly marked: Marked;
  private readonly lines: Lines;
  /** Undefined: the marked rendering is the same text. */
  private readonly aligned: readonly number[] | undefined;
  private readonly source: number;

  /**
   * @param text what was rendered
   * @param marked the same with marks; chance may have made other letters of it
   * @param source index of the template
   */
  constructor(text: string, marked: string, marks: readonly Mark[], source: number) {
    this.marked = readMarks(marked, marks);
    this.lines = new Lines(this.marked.text);
    this.aligned = this.marked.text === text ? undefined : alignLines(text.split('\n'), this.marked.text.split('\n'));
    this.source = source;
  }

  /** Undefined: nothing in the file has a mark. */
  origin({ line, character }: Position): Origin | undefined {
    const own = this.aligned === undefined ? line : (this.aligned[line] ?? line);
    return originOf(this.marked, this.lines.offset({ line: own, character }), this.source);
  }
}
