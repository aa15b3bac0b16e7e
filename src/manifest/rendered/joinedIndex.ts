import type { Selector } from '../../apimachinery/labels/selector.ts';
import type { IndexedObject, ObjectIndex } from '../references/workspaceIndex.ts';

/** Rendered objects, and beside them those of the workspace but for the files that they were made from. */
export class JoinedIndex implements ObjectIndex {
  private readonly own: ObjectIndex;
  private readonly others: ObjectIndex;
  private readonly leaveOut: (uri: string) => boolean;

  constructor(own: ObjectIndex, others: ObjectIndex, leaveOut: (uri: string) => boolean) {
    this.own = own;
    this.others = others;
    this.leaveOut = leaveOut;
  }

  of(uri: string): readonly IndexedObject[] {
    return [...this.own.of(uri), ...this.others.of(uri)];
  }

  textOf(uri: string): string {
    return this.own.textOf(uri) || this.others.textOf(uri);
  }

  hasMarks(uri: string): boolean {
    return this.own.hasMarks(uri) || this.others.hasMarks(uri);
  }

  named(groupKind: string, name: string): ReadonlySet<IndexedObject> {
    return this.joined(this.own.named(groupKind, name), this.others.named(groupKind, name));
  }

  kind(groupKind: string): ReadonlySet<IndexedObject> {
    return this.joined(this.own.kind(groupKind), this.others.kind(groupKind));
  }

  nodePort(port: number): ReadonlySet<IndexedObject> {
    return this.joined(this.own.nodePort(port), this.others.nodePort(port));
  }

  selected(selector: Selector, namespace: string): readonly IndexedObject[] {
    const others = this.others.selected(selector, namespace).filter(({ uri }) => !this.leaveOut(uri));
    return [...this.own.selected(selector, namespace), ...others];
  }

  private joined(own: ReadonlySet<IndexedObject>, others: ReadonlySet<IndexedObject>): ReadonlySet<IndexedObject> {
    return others.size === 0 ? own : new Set([...own, ...[...others].filter(({ uri }) => !this.leaveOut(uri))]);
  }
}
