/**
 * A place within an object, as the API server prints it: `spec.containers[0].ports[name]`.
 * Immutable; each step makes a new Path that knows its parent, so making one costs nothing until it is printed.
 * Counterpart: k8s.io/apimachinery/pkg/util/validation/field.Path.
 */
export class Path {
  private readonly parent: Path | undefined;
  /** A field name, an index, or a map key. */
  readonly segment: string | number;
  /** `key` prints as `[segment]`, as an index does; a `field` prints with a dot. */
  readonly style: 'field' | 'index' | 'key';

  private constructor(parent: Path | undefined, segment: string | number, style: 'field' | 'index' | 'key') {
    this.parent = parent;
    this.segment = segment;
    this.style = style;
  }

  /** The object itself; prints as the empty text. */
  static readonly root = new Path(undefined, '', 'field');

  /** `Path.of('spec', 'template')` */
  static of(...names: readonly string[]): Path {
    return Path.root.child(...names);
  }

  child(...names: readonly string[]): Path {
    let path: Path = this;
    for (const name of names) path = new Path(path, name, 'field');
    return path;
  }

  index(index: number): Path {
    return new Path(this, index, 'index');
  }

  key(key: string): Path {
    return new Path(this, key, 'key');
  }

  /** From the outermost to the innermost; what the editor maps to a range. */
  segments(): readonly Path[] {
    const list: Path[] = [];
    for (let path: Path | undefined = this; path?.parent !== undefined; path = path.parent) list.push(path);
    return list.reverse();
  }

  toString(): string {
    let text = '';
    for (const { segment, style } of this.segments()) {
      if (style !== 'field') text += `[${String(segment)}]`;
      else text += text === '' ? String(segment) : `.${String(segment)}`;
    }
    return text;
  }
}
