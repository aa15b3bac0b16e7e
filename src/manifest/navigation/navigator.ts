/**
 * Ways from a word to what it means: definition, references, rename, links, workspace symbols.
 * Invariant: answers come from the index; a text is read with its places only where an answer lies in it.
 * Counterpart: none.
 */
import { isMap, isScalar } from 'yaml';
import type { Path } from '../../apimachinery/field/path.ts';
import { findPair, resolveAlias } from '../yaml/document.ts';
import { shift } from '../documents.ts';
import { compare } from '../yaml/lines.ts';
import { locate, pathAt, rangeOf, type Cursor } from '../locate.ts';
import type { Position, Range, TextEdit } from '../model.ts';
import type { Places } from '../references/diagnose.ts';
import { groupKindOf } from '../references/world.ts';
import { sameNamespace, type IndexedObject, type WorkspaceIndex } from '../references/workspaceIndex.ts';
import { labelPlaces } from './labels.ts';
import { parentOf } from '../fixes.ts';
import { newNameProblem, writtenAs } from './newName.ts';
import { samePath } from './paths.ts';
import { keyPath, symbolAt, type Symbol } from './symbol.ts';

export interface TextPlace {
  readonly uri: string;
  readonly range: Range;
}

export interface Occurrence extends TextPlace {
  readonly role: 'definition' | 'reference';
  /** What stands around the name, such as quotes, is not in the range. */
  readonly quoted: boolean;
}

export interface WorkspaceSymbol extends TextPlace {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Either edits by file, or why there are none. */
export type Renamed = { readonly edits: Readonly<Record<string, readonly TextEdit[]>> } | { readonly refusal: string };

interface Word {
  readonly symbol: Symbol;
  readonly on: 'key' | 'value';
  readonly range: Range;
  readonly text: string;
}

export class Navigator {
  private readonly index: WorkspaceIndex;
  private readonly places: Places;

  constructor(index: WorkspaceIndex, places: Places) {
    this.index = index;
    this.places = places;
  }

  definition(uri: string, position: Position): readonly TextPlace[] {
    const word = this.wordAt(uri, position);
    return word === undefined ? [] : this.occurrences(word.symbol, word.on).filter(({ role }) => role === 'definition');
  }

  references(uri: string, position: Position, declaration: boolean): readonly TextPlace[] {
    const word = this.wordAt(uri, position);
    if (word === undefined) return [];
    return this.occurrences(word.symbol, word.on)
      .filter(({ role }) => declaration || role === 'reference')
      .toSorted(byPlace);
  }

  /** What would be renamed; undefined where nothing can be. */
  renameable(uri: string, position: Position): { readonly range: Range; readonly text: string } | undefined {
    const word = this.wordAt(uri, position);
    return word === undefined ? undefined : { range: word.range, text: word.text };
  }

  rename(uri: string, position: Position, newName: string): Renamed {
    const word = this.wordAt(uri, position);
    if (word === undefined) return { refusal: 'There is no name of an object, key or label here.' };
    const refusal = newNameProblem(word.symbol, word.on, newName);
    if (refusal !== undefined) return { refusal };
    const edits: Record<string, TextEdit[]> = {};
    for (const { uri: at, range, quoted } of this.occurrences(word.symbol, word.on))
      (edits[at] ??= []).push({ range, newText: quoted ? newName : writtenAs(newName) });
    return { edits };
  }

  /** Names in a file that lead somewhere, each with where it leads to first. */
  links(uri: string): readonly { readonly range: Range; readonly target: TextPlace }[] {
    return this.index.of(uri).flatMap((object) =>
      object.facts.references.flatMap((reference) => {
        const symbol = symbolAt(object, reference.path());
        const [target] = symbol === undefined ? [] : this.definitionsOf(symbol);
        const place = target === undefined ? undefined : this.place(object, reference.path(), 'value', 'reference');
        return target === undefined || place === undefined ? [] : [{ range: place.range, target }];
      }),
    );
  }

  /** @param query letters that a kind or name has in this order */
  symbols(query: string): readonly WorkspaceSymbol[] {
    const wanted = query.toLowerCase();
    const found: WorkspaceSymbol[] = [];
    for (const uri of this.index.uris()) {
      for (const object of this.index.of(uri)) {
        const { kind, namespace, name } = object.facts;
        const own = kind.slice(kind.lastIndexOf('/') + 1);
        if (name === '' || !hasLetters(`${own}/${name}`.toLowerCase(), wanted)) continue;
        const start = { line: object.line, character: 0 };
        found.push({ uri, range: { start, end: start }, kind: own, namespace, name });
        if (found.length >= MAX_SYMBOLS) return found;
      }
    }
    return found;
  }

  private wordAt(uri: string, position: Position): Word | undefined {
    const objects = this.index.of(uri);
    const line = objects.findLast((object) => object.line <= position.line)?.line;
    for (const object of objects) {
      if (object.line !== line) continue;
      const document = this.places.document(object);
      const offset = document.lines.offset({ line: position.line - line, character: position.character });
      const cursor = pathAt(document, offset);
      if (cursor.on === 'none' || cursor.range === undefined) continue;
      const symbol = symbolAt(object, cursor.path);
      if (symbol === undefined) continue;
      if (!isWordOf(object, symbol, cursor)) return undefined;
      const place = this.place(object, cursor.path, cursor.on, 'reference');
      if (place === undefined) continue;
      const text = symbol.type === 'label' ? symbol[cursor.on] : symbol.type === 'key' ? symbol.key : symbol.name;
      return { symbol, on: cursor.on, range: place.range, text };
    }
    return undefined;
  }

  private definitionsOf(symbol: Symbol): readonly Occurrence[] {
    if (symbol.type === 'label') return this.ofLabel(symbol, 'value').filter(({ role }) => role === 'definition');
    const objects = [...this.index.named(symbol.groupKind, symbol.name)].filter(({ facts }) =>
      sameNamespace(facts.namespace, symbol.namespace),
    );
    return objects.flatMap((object) => {
      const path = symbol.type === 'object' ? object.facts.at().child('metadata', 'name') : keyPath(object, symbol.key);
      if (path === undefined) return [];
      return this.place(object, path, symbol.type === 'object' ? 'value' : 'key', 'definition') ?? [];
    });
  }

  private occurrences(symbol: Symbol, on: 'key' | 'value'): readonly Occurrence[] {
    if (symbol.type === 'label') return this.ofLabel(symbol, on);
    const found = [...this.definitionsOf(symbol)];
    for (const uri of this.index.uris())
      for (const object of this.index.of(uri))
        for (const path of mentionsOf(object, symbol)) found.push(...[this.place(object, path, 'value', 'reference') ?? []].flat());
    return found;
  }

  private ofLabel(symbol: Symbol & { readonly type: 'label' }, on: 'key' | 'value'): readonly Occurrence[] {
    const found: Occurrence[] = [];
    for (const uri of this.index.uris()) {
      for (const object of this.index.of(uri)) {
        if (!object.text.includes(symbol.key) || !sameNamespace(object.facts.namespace, symbol.namespace)) continue;
        for (const { key, value, role, path } of labelPlaces(object)) {
          if (key !== symbol.key || value !== symbol.value) continue;
          const place = this.place(object, path(), on, role === 'label' ? 'definition' : 'reference');
          if (place !== undefined) found.push(place);
        }
      }
    }
    return found;
  }

  /** Undefined: the text has no such place of its own, as what an alias or a generator makes. */
  private place(object: IndexedObject, path: Path, on: 'key' | 'value', role: Occurrence['role']): Occurrence | undefined {
    const document = this.places.document(object);
    const found = locate(document, path);
    if (!found.complete) return undefined;
    let node = found.node;
    if (on === 'key') {
      const map = resolveAlias(document.root, locate(document, parentOf(path)).node);
      node = isMap(map) ? findPair(map, String(path.segments().at(-1)?.segment))?.key : undefined;
    }
    const range = isScalar(node) ? rangeOf(document, node) : undefined;
    if (range === undefined || !isScalar(node)) return undefined;
    const quoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE';
    const inner = quoted ? { start: moved(range.start, 1), end: moved(range.end, -1) } : range;
    return { uri: object.uri, range: shift(inner, object.line), role, quoted };
  }
}

function byPlace(a: TextPlace, b: TextPlace): number {
  return a.uri === b.uri ? compare(a.range.start, b.range.start) : a.uri < b.uri ? -1 : 1;
}

const MAX_SYMBOLS = 500;

function mentionsOf({ facts }: IndexedObject, symbol: Exclude<Symbol, { readonly type: 'label' }>): readonly Path[] {
  if (symbol.type === 'object' && symbol.groupKind === 'Namespace' && facts.namespace === symbol.name)
    return [facts.at().child('metadata', 'namespace')];
  return facts.references.flatMap((reference) => {
    const { to, name, namespace, keys, part, path } = reference;
    if (name !== symbol.name || groupKindOf(to) !== symbol.groupKind) return [];
    if (!sameNamespace(namespace ?? facts.namespace, symbol.namespace)) return [];
    if (symbol.type === 'object') return [path()];
    return part === 'key' ? keys.filter(({ value }) => String(value) === symbol.key).map((hit) => hit.path()) : [];
  });
}

/** The key of `name: web` is a word of Kubernetes; only keys of data and labels are words of the user. */
function isWordOf(object: IndexedObject, symbol: Symbol, { on, path }: Cursor): boolean {
  if (symbol.type === 'label') return true;
  const own = symbol.type === 'key' ? keyPath(object, symbol.key) : undefined;
  return (on === 'key') === (own !== undefined && samePath(own, path));
}

function moved({ line, character }: Position, by: number): Position {
  return { line, character: character + by };
}

/** As quick open finds names: the letters in their order, with others between them. */
function hasLetters(text: string, wanted: string): boolean {
  let at = 0;
  for (const letter of wanted) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
