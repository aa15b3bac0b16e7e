/**
 * The JSON of long lists, in pieces that are made while the answer is written: nobody waits for tens of megabytes in one text.
 * Invariant: the pieces show the objects of the moment of the request; stored objects never change. What was made of an object
 * is kept for the next list within bounds, as most objects of a large cluster stay as they are.
 */
import type { HttpResponse } from './http.ts';

/** Shorter lists are made at once. */
const LONG_LIST = 500;
/** Of the texts that are kept, in characters; up to twice as many for a while. */
const KEPT_CHARACTERS = 48 * 1024 * 1024;

export interface LongList<T extends object> {
  /** The list without its items. */
  readonly head: Readonly<Record<string, unknown>>;
  /** The member that holds them. Default: `items`. */
  readonly member?: 'items' | 'rows';
  readonly objects: readonly T[];
  /** What is written of an object. */
  readonly write: (object: T) => unknown;
  /** Where texts of these objects are kept; undefined if they depend on more than the object. */
  readonly texts: ObjectTexts | undefined;
  /** What stands around the text of an object and depends on more than it. */
  readonly around?: (object: T, text: string) => string;
}

/** @returns undefined for a list that is not long */
export function longListAnswer<T extends object>(list: LongList<T>): HttpResponse | undefined {
  if (list.objects.length < LONG_LIST) return undefined;
  const pieces = { [Symbol.iterator]: () => piecesOf(list) };
  return {
    kind: 'response',
    code: 200,
    headers: { 'Content-Type': 'application/json' },
    warnings: [],
    pieces,
    get body() {
      return [...pieces].join('');
    },
  };
}

function* piecesOf<T extends object>({ head, member = 'items', objects, write, texts, around }: LongList<T>): Generator<string, undefined> {
  yield `${JSON.stringify(head).slice(0, -1)},"${member}":[`;
  let comma = '';
  for (const object of objects) {
    const text = texts?.get(object) ?? JSON.stringify(write(object));
    texts?.keep(object, text);
    yield comma + (around === undefined ? text : around(object, text));
    comma = ',';
  }
  yield ']}\n';
}

/** Texts of objects for as long as the objects live and the bounds allow; those that were used last are kept. */
export class ObjectTexts {
  private recent = new WeakMap<object, string>();
  private former = new WeakMap<object, string>();
  private characters = 0;

  get(object: object): string | undefined {
    return this.recent.get(object) ?? this.former.get(object);
  }

  keep(object: object, text: string): void {
    if (this.recent.has(object)) return;
    if (this.characters + text.length > KEPT_CHARACTERS) {
      this.former = this.recent;
      this.recent = new WeakMap();
      this.characters = 0;
    }
    this.recent.set(object, text);
    this.characters += text.length;
  }
}
