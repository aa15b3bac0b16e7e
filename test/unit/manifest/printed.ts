import type { Position, Range } from '../../../src/manifest/model.ts';

/** Where a path's key and value were written; a collection over several lines has no value range. */
export interface Written {
  readonly key: Range | undefined;
  readonly value: Range | undefined;
}

export type Style =
  | 'block'
  | 'flow'
  | 'json'
  /** Blocks, everything with an anchor. */
  | 'anchored'
  /** Blocks, half of each map merged into the other half. */
  | 'merged'
  /** Blocks, texts as literal blocks. */
  | 'literal';

/** Writes an object as text and notes where each path went, so that a test needs no reader to know its places. */
export class Printed {
  readonly places = new Map<string, Written>();
  text = '';
  private readonly style: Style;
  private line = 0;
  private anchors = 0;
  private column = 0;

  constructor(value: unknown, style: Style) {
    this.style = style;
    if (style === 'flow' || style === 'json') this.flow(value, '', 0, undefined);
    else this.block(value, '', 0, undefined, false);
    this.put('\n');
  }

  private get here(): Position {
    return { line: this.line, character: this.column };
  }

  private put(text: string): Range {
    const start = this.here;
    this.text += text;
    const parts = text.split('\n');
    this.line += parts.length - 1;
    this.column = parts.length > 1 ? (parts.at(-1)?.length ?? 0) : this.column + text.length;
    return { start, end: this.here };
  }

  /** @param inline the first line goes on where the dash of a list is */
  private block(value: unknown, path: string, indent: number, key: Range | undefined, inline: boolean): void {
    if (!isCollection(value)) {
      if (this.style === 'literal' && typeof value === 'string' && /^[!-~]([ -~]*[!-~])?$/.test(value)) {
        const { start } = this.put('|-');
        const { end } = this.put(`\n${' '.repeat(indent)}${value}`);
        this.places.set(path, { key, value: { start, end } });
      } else this.scalar(value, path, key);
      return;
    }
    this.places.set(path, { key, value: undefined });
    const entries = entriesOf(value);
    // What the object is must stand in it.
    if (this.style === 'merged' && path !== '' && !Array.isArray(value) && entries.length > 1) {
      const half = entries.length >> 1;
      if (!inline) this.lineStart(indent);
      this.places.set(`${path}\0<<`, { key: this.put('<<'), value: undefined });
      this.put(':');
      this.entries(entries.slice(0, half), value, path, indent + 2, false);
      this.entries(entries.slice(half), value, path, indent, false);
    } else this.entries(entries, value, path, indent, inline);
  }

  private entries(entries: readonly (readonly [string, unknown])[], value: object, path: string, indent: number, inline: boolean): void {
    for (const [index, [name, inner]] of entries.entries()) {
      if (index > 0 || !inline) this.lineStart(indent);
      const own = `${path}\0${name}`;
      if (Array.isArray(value)) {
        this.put('- ');
        this.block(inner, own, indent + 2, undefined, true);
      } else {
        const range = this.put(quoted(name));
        const anchor = this.style === 'anchored' ? ` &a${(this.anchors += 1)}` : '';
        this.put(`:${anchor}${isCollection(inner) ? '' : ' '}`);
        this.block(inner, own, indent + 2, range, false);
      }
    }
  }

  private lineStart(indent: number): void {
    if (this.text !== '') this.put(`\n${' '.repeat(indent)}`);
  }

  private flow(value: unknown, path: string, indent: number, key: Range | undefined): void {
    if (typeof value !== 'object' || value === null) {
      this.scalar(value, path, key);
      return;
    }
    const start = this.here;
    const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
    this.put(open);
    for (const [index, [name, inner]] of entriesOf(value).entries()) {
      if (index > 0) this.put(this.style === 'json' ? ',' : ', ');
      if (this.style === 'json') this.put(`\n${' '.repeat(indent + 2)}`);
      const own = `${path}\0${name}`;
      let range: Range | undefined;
      if (!Array.isArray(value)) {
        range = this.put(quoted(name));
        this.put(': ');
      }
      this.flow(inner, own, indent + 2, range);
    }
    if (this.style === 'json' && entriesOf(value).length > 0) this.put(`\n${' '.repeat(indent)}`);
    this.put(close);
    this.places.set(path, { key, value: start.line === this.line ? { start, end: this.here } : undefined });
  }

  private scalar(value: unknown, path: string, key: Range | undefined): void {
    const range = this.put(JSON.stringify(value));
    // An empty collection is written as in flow style.
    this.places.set(path, { key, value: range });
  }
}

/** Empty ones are written on one line. */
function isCollection(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function entriesOf(value: object): readonly (readonly [string, unknown])[] {
  return Object.entries(value) as [string, unknown][];
}

function quoted(name: string): string {
  return JSON.stringify(name);
}
