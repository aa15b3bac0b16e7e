/**
 * Who uses an object and what it uses, object by object: by name, and by selectors of Pods.
 * Invariant: an item is plain data and found again by what it is called, wherever its text moved to.
 * Counterpart: none; the call hierarchy of editors, for objects in place of functions.
 */
import type { Path } from '../../apimachinery/field/path.ts';
import { matches } from '../../apimachinery/labels/selector.ts';
import { shift, wholeRange } from '../documents.ts';
import { locate } from '../locate.ts';
import type { Position, Range } from '../model.ts';
import type { Places } from '../references/diagnose.ts';
import { groupKindOf } from '../references/world.ts';
import { sameNamespace, type IndexedObject, type WorkspaceIndex } from '../references/workspaceIndex.ts';
import type { Navigator } from './navigator.ts';

export interface HierarchyItem {
  readonly uri: string;
  /** `apps/v1/Deployment` */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** The whole document. */
  readonly range: Range;
  /** Its name. */
  readonly selection: Range;
}

export interface HierarchyUse {
  readonly item: HierarchyItem;
  /** Where one names or selects the other, in the text of the one that uses. */
  readonly ranges: readonly Range[];
}

export class Hierarchy {
  private readonly index: WorkspaceIndex;
  private readonly places: Places;
  private readonly navigator: Navigator;

  constructor(index: WorkspaceIndex, places: Places, navigator: Navigator) {
    this.index = index;
    this.places = places;
    this.navigator = navigator;
  }

  /** The object that a name at the position stands for, else the one around it. */
  at(uri: string, position: Position): readonly HierarchyItem[] {
    const [definition] = this.navigator.definition(uri, position);
    const place = definition === undefined ? { uri, line: position.line } : { uri: definition.uri, line: definition.range.start.line };
    const object = this.index.of(place.uri).findLast(({ line, facts }) => line <= place.line && facts.name !== '');
    return object === undefined ? [] : [this.item(object)];
  }

  usersOf(item: HierarchyItem): readonly HierarchyUse[] {
    const object = this.find(item);
    if (object === undefined) return [];
    const uses: HierarchyUse[] = [];
    for (const uri of this.index.uris()) {
      for (const other of this.index.of(uri)) {
        const paths = other === object ? [] : mentions(other, object);
        if (paths.length > 0) uses.push({ item: this.item(other), ranges: paths.map((path) => this.rangeOf(other, path)) });
      }
    }
    return uses;
  }

  usedBy(item: HierarchyItem): readonly HierarchyUse[] {
    const object = this.find(item);
    if (object === undefined) return [];
    const { facts } = object;
    const candidates = new Set<IndexedObject>();
    for (const { to, name } of facts.references) for (const each of this.index.named(groupKindOf(to), name)) candidates.add(each);
    if (facts.selector !== undefined)
      for (const each of this.index.selected(facts.selector.selector, facts.namespace)) candidates.add(each);
    candidates.delete(object);
    return [...candidates].flatMap((each) => {
      const paths = mentions(object, each);
      return paths.length === 0 ? [] : [{ item: this.item(each), ranges: paths.map((path) => this.rangeOf(object, path)) }];
    });
  }

  private find({ uri, kind, namespace, name }: HierarchyItem): IndexedObject | undefined {
    return this.index.of(uri).find(({ facts }) => facts.kind === kind && facts.namespace === namespace && facts.name === name);
  }

  private item(object: IndexedObject): HierarchyItem {
    const { kind, namespace, name, at } = object.facts;
    const document = this.places.document(object);
    const selection = shift(locate(document, at().child('metadata', 'name')).value, object.line);
    return { uri: object.uri, kind, namespace, name, range: shift(wholeRange(document), object.line), selection };
  }

  private rangeOf(object: IndexedObject, path: Path): Range {
    const { value, key, node } = locate(this.places.document(object), path);
    return shift(typeof node === 'object' && node !== null && 'items' in node ? key : value, object.line);
  }
}

/** The places at which one object names or selects another. */
function mentions({ facts }: IndexedObject, { facts: target }: IndexedObject): readonly Path[] {
  const named = facts.references
    .filter(({ to, name, namespace }) => {
      if (name !== target.name || groupKindOf(to) !== target.groupKind) return false;
      return sameNamespace(namespace ?? facts.namespace, target.namespace);
    })
    .map(({ path }) => path());
  const { selector } = facts;
  const isSelected =
    selector !== undefined &&
    target.template !== undefined &&
    sameNamespace(facts.namespace, target.namespace) &&
    matches(selector.selector, target.template.labels);
  return isSelected ? [...named, selector.path()] : named;
}
